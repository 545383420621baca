import Testing

@testable import SpecCompiler

/// The compiler reads what people type: no file may crash it, and none that lacks something may pass in silence where
/// the whole spec passed. Deterministic, so that a failure can be repeated.
@Suite struct MutationTests {
  private static let replacements = [
    "", "[]", "{}", "null", "-1", "true", "x: {y: [z]}", "'", "\t- a", "{$ref: '#/paths'}",
  ]

  /// Each line in turn is left out, moved to the right, or gets another value.
  private func mutations(of text: String) -> [String] {
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    var result: [String] = []
    for (index, line) in lines.enumerated() where !line.isEmpty {
      var changed = lines
      changed.remove(at: index)
      result.append(changed.joined(separator: "\n"))
      changed = lines
      changed[index] = "  " + line
      result.append(changed.joined(separator: "\n"))
      guard let colon = line.firstIndex(of: ":") else { continue }
      changed = lines
      changed[index] = line[...colon] + " " + Self.replacements[index % Self.replacements.count]
      result.append(changed.joined(separator: "\n"))
    }
    return result
  }

  @Test func mutationsOfOpenAPI() {
    for text in mutations(of: SpecFixture.openapi) {
      let result = SpecFixture.compile(openapi: text, profile: .house)
      #expect(result.hasErrors == (result.model == nil))
    }
  }

  @Test func mutationsOfEvents() {
    for text in mutations(of: SpecFixture.events) {
      let result = SpecFixture.compile(events: text, profile: .house)
      #expect(result.hasErrors == (result.model == nil))
    }
  }

  /// Cut off anywhere, also within a character.
  @Test func truncations() {
    let bytes = Array(SpecFixture.openapi.utf8)
    for end in stride(from: 0, to: bytes.count, by: 97) {
      let result = SpecCompiler.compile(
        openapi: SpecSource(path: "openapi.yaml", bytes: Array(bytes[..<end])),
        events: SpecSource(path: "events.yaml", text: SpecFixture.events))
      #expect(result.hasErrors)
    }
  }
}
