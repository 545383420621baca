import Testing

@testable import SpecCompiler

/// The code of a build that switches off checks by their numbers. That the ordinary one has none is what GoldenTests see.
@Suite struct NumberedChecksTests {
  private struct Entry {
    let number: Int
    let name: String
    let file: String
    let line: Int
  }

  private static let specs = ["", "odd-", "limits-"]

  private func emit(_ prefix: String, numbersChecks: Bool) throws -> String {
    let result = SpecFixture.compile(
      openapi: SpecFixture.read("Fixtures/\(prefix)openapi.yaml"),
      events: SpecFixture.read("Fixtures/\(prefix)events.yaml"))
    return try Emitter(model: #require(result.model), numbersChecks: numbersChecks).emit().map(\.contents)
      .joined(separator: "\n")
  }

  private func table(_ code: String) throws -> [Entry] {
    try code.matches(of: /NumberedCheck\((\d+), \.\w+, "([^"]*)", "([^"]*):(\d+)"\)/).map {
      Entry(
        number: try #require(Int($0.1)), name: String($0.2), file: String($0.3), line: try #require(Int($0.4)))
    }
  }

  /// The numbers by which checks are asked, a mask with one for each of its bits.
  private func asked(_ code: String) throws -> [Int] {
    try code.matches(of: /Checks\.(\w+)\((\d+)(?:, (\d+))?/).flatMap { match in
      let first = try #require(Int(match.2))
      let count = match.1 == "required" ? try #require(match.3.flatMap { UInt64($0) }).nonzeroBitCount : 1
      return Array(first..<first + count)
    }
  }

  @Test(arguments: specs) func eachCheckHasItsNumberOnce(_ prefix: String) throws {
    let code = try emit(prefix, numbersChecks: true)
    let numbers = try table(code).map(\.number)
    #expect(!numbers.isEmpty && numbers == Array(0..<numbers.count))
    #expect(try asked(code).sorted() == numbers)
  }

  @Test(arguments: specs) func withoutNumbersNothingAsksForOne(_ prefix: String) throws {
    let code = try emit(prefix, numbersChecks: false)
    #expect(!code.contains("Checks.") && !code.contains("NumberedCheck"))
  }

  /// A number's name begins with a type, operation or event, and goes on with a member of it.
  @Test(arguments: specs) func placesAreThoseOfTheSpec(_ prefix: String) throws {
    for entry in try table(emit(prefix, numbersChecks: true)) {
      let lines = SpecFixture.read("Fixtures/\(prefix)\(entry.file)")
        .split(separator: "\n", omittingEmptySubsequences: false)
      let line = try #require(lines.indices.contains(entry.line - 1) ? String(lines[entry.line - 1]) : nil)
      let parts = entry.name.split(separator: " ")
      let isOfType = parts[0].first?.isUppercase == true
      if let member = parts.first(where: { $0.hasPrefix("/") })?.dropFirst() {
        #expect(line.contains(member), "\(entry.name): \(line)")
      } else if isOfType {
        #expect(line.contains(parts[0]), "\(entry.name): \(line)")
      } else {
        #expect(line.contains(/^ *\w+:/), "\(entry.name): \(line)")
      }
    }
  }
}
