import Foundation
import Testing

@testable import SpecCompiler

/// Bad specs, each with what the compiler has to say about it, word for word.
///
/// A file of Corpus is a snippet of openapi.yaml, then, below `# file: events.yaml`, one of events.yaml; what is
/// missing is taken from Fixtures. `# expect:` gives the report in order, each diagnostic with its line and caret;
/// `# profile: house` turns the house rules on, `# profile: off` takes the document for one of others, `# warnings` lets warnings count. With SPEC_CORPUS_RECORD=1 the expectations are written anew: review them.
@Suite struct CorpusTests {
  static let names: [String] = {
    let folder = SpecFixture.folder.appending(path: "Corpus").path()
    let files = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    return files.filter { $0.hasSuffix(".yaml") }.sorted()
  }()

  @Test func corpusIsThere() {
    #expect(Self.names.count > 100)
  }

  @Test(arguments: names) func diagnostics(name: String) throws {
    let text = SpecFixture.read("Corpus/\(name)")
    if ProcessInfo.processInfo.environment["SPEC_CORPUS_RECORD"] == "1" { try record(name, text) }
    let lines = SpecFixture.read("Corpus/\(name)").split(separator: "\n", omittingEmptySubsequences: false)
    let expected = lines.filter { $0.hasPrefix("# expect: ") }.map { String($0.dropFirst(10)) }
    #expect(!expected.isEmpty)
    #expect(diagnose(lines) == expected)
  }

  private func diagnose(_ lines: [Substring]) -> [String] {
    let divider = lines.firstIndex(of: "# file: events.yaml") ?? lines.count
    let isBare = lines.contains("# bare")
    let openapi = lines[..<divider].joined(separator: "\n") + "\n"
    // Blank lines keep the numbers of the second part.
    let events = String(repeating: "\n", count: divider) + lines[divider...].joined(separator: "\n") + "\n"
    let sources = [
      SpecSource(
        path: "openapi.yaml", text: isBare ? openapi : SpecFixture.complete(openapi, from: SpecFixture.openapi)),
      SpecSource(path: "events.yaml", text: SpecFixture.complete(events, from: SpecFixture.events)),
    ]
    let result =
      lines.contains("# profile: off")
      ? SpecCompiler.compile(foreign: sources[0])
      : SpecCompiler.compile(
        openapi: sources[0], events: sources[1], profile: lines.contains("# profile: house") ? .house : .none)
    let countsWarnings = lines.contains("# warnings")
    let diagnostics = result.diagnostics.filter { countsWarnings || $0.severity != .warning }
    // The last line counts them.
    return DiagnosticReport(diagnostics, sources: sources, limit: .max).lines.dropLast()
  }

  private func record(_ name: String, _ text: String) throws {
    let body = text.split(separator: "\n", omittingEmptySubsequences: false).filter { !$0.hasPrefix("# expect: ") }
    let count = diagnose(body).count
    let header = Array(repeating: Substring("# expect: "), count: count)
    let expected = diagnose(header + body).map { Substring("# expect: " + $0) }
    let file = SpecFixture.folder.appending(path: "Corpus/\(name)")
    try (expected + body).joined(separator: "\n").write(to: file, atomically: true, encoding: .utf8)
  }
}
