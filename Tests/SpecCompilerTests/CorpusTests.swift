import Foundation
import Testing

@testable import SpecCompiler

/// Bad specs, each with what the compiler has to say about it, word for word.
///
/// A file of Corpus is a snippet of openapi.yaml, then, below `# file: events.yaml`, one of events.yaml; what is
/// missing is taken from Fixtures. Other names after `# file:` are those of further files, which are whole. `# expect:` gives
/// the report in order, each diagnostic with its line and caret; `# profile: house` turns the house rules on, `# profile: off`
/// takes the documents for those of others, where either may be missing, `# warnings` lets warnings count. With SPEC_CORPUS_RECORD=1 the expectations are
/// written anew: review them.
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
    let isBare = lines.contains("# bare")
    var files = files(lines)
    if lines.contains("# profile: off") { return diagnoseForeign(files, lines) }
    let openapi = files.removeValue(forKey: "openapi.yaml") ?? ""
    let events = files.removeValue(forKey: "events.yaml") ?? String(repeating: "\n", count: lines.count + 1)
    let sources =
      [
        SpecSource(
          path: "openapi.yaml", text: isBare ? openapi : SpecFixture.complete(openapi, from: SpecFixture.openapi)),
        SpecSource(path: "events.yaml", text: SpecFixture.complete(events, from: SpecFixture.events)),
      ] + files.sorted { $0.key < $1.key }.map { SpecSource(path: $0.key, text: $0.value) }
    let result = SpecCompiler.compile(
      openapi: sources[0], events: sources[1], others: Array(sources.dropFirst(2)),
      profile: lines.contains("# profile: house") ? .house : .none)
    return report(result, sources, lines)
  }

  private func diagnoseForeign(_ files: [String: String], _ lines: [Substring]) -> [String] {
    let sources = ["openapi.yaml", "events.yaml"].map { name -> SpecSource? in
      guard let text = files[name], text.split(separator: "\n").contains(where: { !$0.hasPrefix("#") }) else {
        return nil
      }
      return SpecSource(path: name, text: text)
    }
    let result = SpecCompiler.compile(foreign: sources[0], events: sources[1])
    return report(result, sources.compactMap { $0 }, lines)
  }

  private func report(_ result: SpecCompiler.Result, _ sources: [SpecSource], _ lines: [Substring]) -> [String] {
    let countsWarnings = lines.contains("# warnings")
    let diagnostics = result.diagnostics.filter { countsWarnings || $0.severity != .warning }
    // The last line counts them.
    return DiagnosticReport(diagnostics, sources: sources, limit: .max).lines.dropLast()
  }

  /// Blank lines keep the numbers of each part.
  private func files(_ lines: [Substring]) -> [String: String] {
    var files: [String: String] = [:]
    var name = "openapi.yaml"
    var part: [Substring] = []
    for (index, line) in lines.enumerated() {
      if line.hasPrefix("# file: ") {
        files[name] = part.joined(separator: "\n") + "\n"
        name = String(line.dropFirst(8))
        part = Array(repeating: "", count: index)
      }
      part.append(line)
    }
    files[name] = part.joined(separator: "\n") + "\n"
    return files
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
