import Foundation
import Testing

@testable import SpecCompiler

/// The compiler reads what people type: no file may crash it, and none that lacks something may pass in silence where
/// the whole spec passed. Deterministic, so that a failure can be repeated.
@Suite struct MutationTests {
  private static let replacements = [
    "", "[]", "{}", "null", "-1", "true", "x: {y: [z]}", "'", "\t- a", "{$ref: '#/paths'}",
  ]

  /// scripts/test-long has each line changed in all three ways; else the lines take turns.
  private static let isThorough = ProcessInfo.processInfo.environment["LETSCHAT_THOROUGH"] != nil

  /// Each line in turn is left out, moved to the right, or gets another value.
  private func mutations(of text: String) -> [String] {
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    var result: [String] = []
    for (index, line) in lines.enumerated() where !line.isEmpty {
      for way in 0..<3 where Self.isThorough || index % 3 == way {
        var changed = lines
        switch way {
        case 0: changed.remove(at: index)
        case 1: changed[index] = "  " + line
        default:
          guard let colon = line.firstIndex(of: ":") else { continue }
          changed[index] = line[...colon] + " " + Self.replacements[index % Self.replacements.count]
        }
        result.append(changed.joined(separator: "\n"))
      }
    }
    return result
  }

  @Test func mutationsOfOpenAPI() async {
    for text in mutations(of: SpecFixture.openapi) {
      let result = SpecFixture.compile(openapi: text, profile: .house)
      #expect(result.hasErrors == (result.model == nil))
      // Others run on the same few threads.
      await Task.yield()
    }
  }

  @Test func mutationsOfEvents() async {
    for text in mutations(of: SpecFixture.events) {
      let result = SpecFixture.compile(events: text, profile: .house)
      #expect(result.hasErrors == (result.model == nil))
      await Task.yield()
    }
  }

  /// A folder whose files lead to each other in every way there is.
  private static let folder = [
    "openapi.yaml": """
    paths:
      /a: {$ref: './a/paths.yaml#/a'}
    components:
      schemas:
        Named: {$ref: './a/schemas.yaml#/Other'}
    """,
    "a/paths.yaml": """
    a:
      parameters: [{$ref: '../parts.yaml#/id'}]
      get: {$ref: '#/get'}
    get:
      responses:
        '200': {$ref: '../parts.yaml#/done'}
    """,
    "a/schemas.yaml": """
    Whole: {$ref: './whole.yaml'}
    Other:
      oneOf: [{$ref: '#/Whole'}]
      discriminator: {propertyName: kind, mapping: {a: './whole.yaml', b: '#/Other'}}
    """,
    "a/whole.yaml": """
    type: object
    properties: {other: {$ref: './schemas.yaml#/Other'}}
    """,
    "parts.yaml": """
    id: {name: id, in: query, schema: {$ref: a/whole.yaml}}
    done: {description: Done., content: {application/json: {schema: {$ref: './a/schemas.yaml#/Other'}}}}
    """,
  ]

  /// Of each file in turn. What is right is bundled: it refers to no other file any more.
  @Test func mutationsOfAFolder() async {
    let replacements = [
      "'#'", "./openapi.yaml", "'./whole.yaml'", "'../parts.yaml#/done'", "'#/Other'", "'./a/paths.yaml#/a'",
    ]
    for (name, text) in Self.folder {
      var texts = mutations(of: text)
      // Also each reference leads elsewhere.
      for part in text.split(separator: "$ref: ").dropFirst() {
        let reference = part.prefix { !"}\n,]".contains($0) }
        texts += replacements.map { text.replacing("$ref: \(reference)", with: "$ref: \($0)") }
      }
      for text in texts {
        var files = Self.folder
        files[name] = text
        let openapi = SpecFixture.complete(files.removeValue(forKey: "openapi.yaml") ?? "", from: SpecFixture.openapi)
        let result = SpecFixture.compile(openapi: openapi, others: files, profile: .house)
        #expect(result.hasErrors == (result.model == nil))
        if !result.hasErrors { #expect(result.documents?.openapiYAML.contains(".yaml") == false) }
        await Task.yield()
      }
    }
  }

  private static let story = """
    persons: {ada: Ada.}
    steps:
      - name: ada-looks
        as: ada
        operation: getThing
        parameters: {thingId: 019cadc7-84e0-7d15-a90f-08a575024650}
        answer: {status: 200, body: {id: 019cadc7-84e0-7d15-a90f-08a575024650, name: lamp, kind: big}}
      - name: ada-names-it
        as: ada
        operation: renameThing
        parameters: {thingId: 019cadc7-84e0-7d15-a90f-08a575024650}
        body: {name: lantern}
        answer:
          status: 204
        tells:
          - name: it-is-touched
            to: ada
            event: thing_touched
            payload: {thing_id: 019cadc7-84e0-7d15-a90f-08a575024650}
      - name: ada-touches-it
        as: ada
        event: touch_thing
        payload: {thing_id: 019cadc7-84e0-7d15-a90f-08a575024650}
        acknowledgement:
          message: touched
          payload: {ok: true, data: {times: 1}}
    """

  @Test func mutationsOfAStory() async {
    #expect(!SpecFixture.compile(others: ["stories/s.yaml": Self.story]).hasErrors)
    for text in mutations(of: Self.story) {
      let result = SpecFixture.compile(others: ["stories/s.yaml": text])
      #expect(result.hasErrors == (result.model == nil))
      _ = result.documents
      await Task.yield()
    }
  }

  /// Cut off anywhere, also within a character.
  @Test func truncations() async {
    let bytes = Array(SpecFixture.openapi.utf8)
    // Whole lines may be a whole spec.
    for end in stride(from: 97, to: bytes.count, by: 97) where !bytes[end - 1...end].contains(UInt8(ascii: "\n")) {
      let result = SpecCompiler.compile(
        openapi: SpecSource(path: "openapi.yaml", bytes: Array(bytes[..<end])),
        events: SpecSource(path: "events.yaml", text: SpecFixture.events))
      #expect(result.hasErrors)
      await Task.yield()
    }
  }
}
