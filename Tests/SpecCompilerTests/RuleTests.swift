import Foundation
import Testing

@testable import SpecCompiler

/// The rules are public, so docs/diagnostics.md has each of them, with an example that is really said.
@Suite struct RuleTests {
  private static let document = SpecFixture.folder.appending(path: "../../docs/diagnostics.md")

  /// Those of which no bad spec of the corpus can be the example, and what is said.
  private static let elsewhere: [Rule: String] = [
    .tooManyDiagnostics: "there are more than 10000 errors; what is found after this one is left out",
    .unwatchedFile:
      "the build was planned without this file and does not notice when it changes; touch Package.swift",
  ]

  /// The shortest message of each rule in the corpus, the first of several.
  private static func examples() -> [Rule: String] {
    var examples = elsewhere
    for name in CorpusTests.names {
      for line in SpecFixture.read("Corpus/\(name)").split(separator: "\n") where line.hasPrefix("# expect: ") {
        guard let match = line.firstMatch(of: /^.*?: (?:error|warning): (.*) \[([a-z0-9-]+)\](?: \(at .*\))?$/),
          let rule = Rule(rawValue: String(match.2))
        else { continue }
        let message = String(match.1)
        if message.count < examples[rule]?.count ?? .max { examples[rule] = message }
      }
    }
    return examples
  }

  /// The table's rows: a rule, whether it is an error, what it finds, and an example.
  private static func rows(_ examples: [Rule: String]) -> [String] {
    Rule.allCases.map { rule in
      let example = (examples[rule] ?? "").replacing("|", with: "\\|")
      return "| `\(rule.rawValue)` | \(rule.isWarning ? "warning" : "error") | \(rule.meaning) | `\(example)` |"
    }
  }

  @Test func `each rule has an example`() {
    let examples = Self.examples()
    for rule in Rule.allCases { #expect(examples[rule] != nil, "no bad spec of the corpus shows \(rule.rawValue)") }
  }

  @Test func `names are in kebab-case`() {
    for rule in Rule.allCases {
      #expect(rule.rawValue.wholeMatch(of: /[a-z0-9]+(-[a-z0-9]+)*/) != nil)
      #expect(rule.meaning.hasSuffix("."))
    }
  }

  /// With SPEC_CORPUS_RECORD=1 the table is written anew, behind what is recorded of the corpus: review it.
  @Test func `the document has just these rules`() throws {
    let rows = Self.rows(Self.examples())
    let text = try String(contentsOf: Self.document, encoding: .utf8)
    if ProcessInfo.processInfo.environment["SPEC_CORPUS_RECORD"] == "1" {
      let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
      // It is the last one.
      let first = try #require(lines.lastIndex { $0.hasPrefix("| ---") }) + 1
      let recorded = (lines[..<first] + rows).joined(separator: "\n") + "\n"
      try recorded.write(to: Self.document, atomically: true, encoding: .utf8)
    }
    let table = try String(contentsOf: Self.document, encoding: .utf8).split(separator: "\n").map(String.init)
    let first = try #require(table.lastIndex { $0.hasPrefix("| ---") }) + 1
    #expect(Array(table[first...]) == rows)
  }
}
