import Foundation
import Testing

@testable import SpecCompiler

/// What programs read.
@Suite struct DiagnosticDocumentTests {
  private let source = SpecSource(path: "spec/a b.yaml", text: "maxlength: 5\n\"hoiust\": 'x'\n")

  private func diagnostic(
    _ severity: Diagnostic.Severity, _ rule: Rule, _ line: Int, column: Int = 1, file: String = "spec/a b.yaml",
    _ message: String, context: String = "", _ written: String? = nil, _ replacement: String = ""
  ) -> Diagnostic {
    Diagnostic(
      severity, rule, at: .init(file: file, line: line, column: column), message, context: context,
      suggestion: written.map { Suggestion(written: $0, replacement: replacement) })
  }

  private var diagnostics: [Diagnostic] {
    [
      diagnostic(
        .error, .unknownKeyword, 1, "unknown keyword 'maxlength'", context: "/a~1b/maxlength", "maxlength", "maxLength"),
      diagnostic(.note, .unknownKeyword, 2, "'x' is here"),
      diagnostic(.error, .unknownKey, 2, "unknown key 'hoiust'", "hoiust", "ho\u{202E}st"),
      diagnostic(.warning, .unusedComponent, 2, column: 11, "nothing refers to 'y\u{202E}'", "y", "z"),
      diagnostic(.error, .unreadableFile, 1, file: "/none.yaml", "the file can't be read"),
    ]
  }

  private func object(_ text: String) throws -> [String: Any] {
    try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
  }

  @Test func json() throws {
    #expect(
      DiagnosticDocument(Array(diagnostics.prefix(2)), sources: [source]).json == """
        {
          "diagnostics": [
            {
              "severity": "error",
              "rule": "unknown-keyword",
              "file": "spec/a b.yaml",
              "line": 1,
              "column": 1,
              "message": "unknown keyword 'maxlength'",
              "context": "/a~1b/maxlength",
              "suggestion": "maxLength",
              "excerpt": {
                "text": "maxlength: 5",
                "caret": 0
              },
              "notes": [
                {
                  "file": "spec/a b.yaml",
                  "line": 2,
                  "column": 1,
                  "message": "'x' is here"
                }
              ]
            }
          ],
          "counts": {
            "errors": 1,
            "warnings": 0
          }
        }
        """)
    let text = DiagnosticDocument(diagnostics, sources: [source]).json
    #expect(!text.contains("\u{202E}"))
    let all = try object(text)
    #expect(all["counts"] as? [String: Int] == ["errors": 3, "warnings": 1])
    let items = try #require(all["diagnostics"] as? [[String: Any]])
    #expect(items.compactMap { $0["severity"] as? String } == ["error", "error", "warning", "error"])
    // It is data, so it is what to write.
    #expect(items[1]["suggestion"] as? String == "ho\u{202E}st")
    #expect(items[3]["excerpt"] == nil)
  }

  @Test func nothing() throws {
    #expect(try object(DiagnosticDocument([], sources: []).json)["diagnostics"] as? [String] == [])
    let run = try #require((try object(DiagnosticDocument([], sources: []).sarif)["runs"] as? [[String: Any]])?.first)
    #expect(run["results"] as? [String] == [])
  }

  /// No package has the schema of the standard, so what it requires of the objects that are written is said here:
  /// sarifLog, run, tool, toolComponent, reportingDescriptor, result, message, location, physicalLocation, region, fix,
  /// artifactChange and replacement.
  @Test func sarif() throws {
    let text = DiagnosticDocument(diagnostics, sources: [source]).sarif
    #expect(!text.contains("\u{202E}"))
    let log = try object(text)
    #expect(Set(log.keys) == ["$schema", "version", "runs"])
    #expect(log["version"] as? String == "2.1.0")
    let run = try #require((log["runs"] as? [[String: Any]])?.first)
    #expect(Set(run.keys) == ["tool", "columnKind", "newlineSequences", "results"])
    #expect(run["columnKind"] as? String == "unicodeCodePoints")
    #expect((run["newlineSequences"] as? [String])?.contains("\r\n") == true)
    let driver = try #require((run["tool"] as? [String: Any])?["driver"] as? [String: Any])
    #expect(driver["name"] as? String == "SpecTool")
    let rules = try #require(driver["rules"] as? [[String: Any]])
    #expect(rules.compactMap { $0["id"] as? String } == Rule.allCases.map(\.rawValue))
    for rule in rules {
      #expect(((rule["shortDescription"] as? [String: Any])?["text"] as? String)?.isEmpty == false)
      #expect(["error", "warning"].contains((rule["defaultConfiguration"] as? [String: Any])?["level"] as? String))
    }

    let results = try #require(run["results"] as? [[String: Any]])
    #expect(results.compactMap { $0["level"] as? String } == ["error", "error", "warning", "error"])
    for result in results {
      let id = try #require(result["ruleId"] as? String)
      let index = try #require(result["ruleIndex"] as? Int)
      #expect(rules[index]["id"] as? String == id)
      #expect(((result["message"] as? [String: Any])?["text"] as? String)?.isEmpty == false)
      for location in try #require(result["locations"] as? [[String: Any]]) { try check(location: location) }
      for location in result["relatedLocations"] as? [[String: Any]] ?? [] {
        try check(location: location)
        #expect((location["message"] as? [String: Any])?["text"] as? String == "'x' is here")
      }
    }
    #expect((results[0]["relatedLocations"] as? [Any])?.count == 1)
    #expect(try fix(results[0]) == "1:1-10 maxLength")
    #expect(try fix(results[1]) == "2:2-8 ho\u{202E}st")
    // It is not written there, so there is nothing to replace.
    #expect(results[2]["fixes"] == nil)
    #expect(results[3]["fixes"] == nil)
  }

  private func check(location: [String: Any]) throws {
    let physical = try #require(location["physicalLocation"] as? [String: Any])
    let uri = try #require((physical["artifactLocation"] as? [String: Any])?["uri"] as? String)
    #expect(["spec/a%20b.yaml", "file:///none.yaml"].contains(uri))
    let region = try #require(physical["region"] as? [String: Int])
    #expect(region.keys.sorted() == ["startColumn", "startLine"])
    #expect(region.values.allSatisfy { $0 >= 1 })
    for logical in location["logicalLocations"] as? [[String: String]] ?? [] {
      #expect(logical == ["fullyQualifiedName": "/a~1b/maxlength"])
    }
  }

  private func fix(_ result: [String: Any]) throws -> String {
    let fix = try #require((result["fixes"] as? [[String: Any]])?.first)
    #expect(((fix["description"] as? [String: String])?["text"])?.hasPrefix("write '") == true)
    let change = try #require((fix["artifactChanges"] as? [[String: Any]])?.first)
    #expect((change["artifactLocation"] as? [String: String])?["uri"] == "spec/a%20b.yaml")
    let replacement = try #require((change["replacements"] as? [[String: Any]])?.first)
    let region = try #require(replacement["deletedRegion"] as? [String: Int])
    let text = (replacement["insertedContent"] as? [String: String])?["text"] ?? ""
    return "\(region["startLine"] ?? 0):\(region["startColumn"] ?? 0)-\(region["endColumn"] ?? 0) \(text)"
  }
}
