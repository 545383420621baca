import Foundation
import Testing

@testable import SpecCompiler

/// The Swift of small specs, byte for byte. The folders are targets of the package too, so that what is golden also
/// compiles without a warning, and GeneratedCodeTests can use it.
@Suite struct GoldenTests {
  /// A pair of Fixtures and the folder of what is made of it.
  struct Spec: Sendable, CustomTestStringConvertible {
    let prefix: String
    let folder: String

    var testDescription: String { folder }

    func emit() throws -> [GeneratedFile] {
      let result = SpecFixture.compile(
        openapi: SpecFixture.read("Fixtures/\(prefix)openapi.yaml"),
        events: SpecFixture.read("Fixtures/\(prefix)events.yaml"))
      #expect(result.diagnostics.filter { $0.severity == .error } == [])
      return try Emitter(model: #require(result.model)).emit() + [Emitter.emit(#require(result.documents))]
    }
  }

  @Test(arguments: specs) func listsItsFiles(_ spec: Spec) throws {
    let folder = SpecFixture.folder.appending(path: spec.folder)
    #expect(
      try Set(FileManager.default.contentsOfDirectory(atPath: folder.path()))
        == Set(spec.emit().map(\.name)), "a file that nothing emits is golden no more")
  }

  static let specs = [
    Spec(prefix: "", folder: "Golden"), Spec(prefix: "odd-", folder: "OddGolden"),
    Spec(prefix: "hostile-", folder: "HostileGolden"), Spec(prefix: "empty-", folder: "EmptyGolden"),
    Spec(prefix: "limits-", folder: "LimitsGolden"),
  ]

  @Test(arguments: specs) func emitsTheGoldenFiles(_ spec: Spec) throws {
    let files = try spec.emit()
    let folder = SpecFixture.folder.appending(path: spec.folder)
    // `SPEC_GOLDEN_RECORD=1 swift test --filter GoldenTests` writes them anew, to be reviewed like code.
    if ProcessInfo.processInfo.environment["SPEC_GOLDEN_RECORD"] != nil {
      for file in files {
        try file.contents.write(to: folder.appending(path: file.name), atomically: true, encoding: .utf8)
      }
    }
    for file in files {
      let golden = try String(contentsOf: folder.appending(path: file.name), encoding: .utf8)
      #expect(file.contents == golden, "\(file.name) differs from \(spec.folder)/\(file.name)")
    }
  }

  @Test(arguments: specs) func isDeterministic(_ spec: Spec) throws {
    #expect(try spec.emit() == spec.emit())
  }

  /// Each free text of the hostile spec tries to begin a line of its own; none of its lines is code.
  @Test func noTextOfTheSpecBecomesCode() throws {
    for file in try Self.specs[2].emit() {
      for line in file.contents.split(whereSeparator: \.isNewline) where line.contains("injected") {
        let begin = line.drop { $0 == " " }
        let beforeText = begin.prefix { $0 != "\"" }
        #expect(begin.hasPrefix("///") || !beforeText.contains("injected"), "\(file.name): \(line)")
      }
    }
  }
}
