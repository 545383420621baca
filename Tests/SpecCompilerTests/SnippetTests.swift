import Foundation
import Testing

@testable import SpecCompiler

/// What a few lines of YAML become: a file of Snippets has a snippet of openapi.yaml, and below it the Swift of the schemas
/// and operations in it. What the snippet lacks is taken from Fixtures.
///
/// `SPEC_SNIPPET_RECORD=1 swift test --filter SnippetTests` writes the Swift anew, to be reviewed like code.
@Suite struct SnippetTests {
  static let names: [String] = {
    let folder = SpecFixture.folder.appending(path: "Snippets").path()
    return ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).sorted()
  }()

  @Test func snippetsAreThere() { #expect(Self.names.count > 13) }

  @Test(arguments: names) func becomes(_ name: String) throws {
    let text = SpecFixture.read("Snippets/\(name)")
    let yaml = try #require(Self.block("yaml", of: text))
    let emitted = try emit(yaml)
    if ProcessInfo.processInfo.environment["SPEC_SNIPPET_RECORD"] != nil {
      let heading = text.prefix { $0 != "`" }
      try "\(heading)```yaml\n\(yaml)```\n\n```swift\n\(emitted)```\n"
        .write(to: SpecFixture.folder.appending(path: "Snippets/\(name)"), atomically: true, encoding: .utf8)
    }
    #expect(emitted == Self.block("swift", of: SpecFixture.read("Snippets/\(name)")))
  }

  private static func block(_ language: String, of text: String) -> String? {
    guard let start = text.firstRange(of: "```\(language)\n")?.upperBound,
      let end = text[start...].firstRange(of: "```")?.lowerBound
    else { return nil }
    return String(text[start..<end])
  }

  private func emit(_ yaml: String) throws -> String {
    // The events of Fixtures are other doors to its operations.
    let hasPaths = yaml.hasPrefix("paths:")
    let result = SpecFixture.compile(
      openapi: SpecFixture.complete(yaml, from: SpecFixture.openapi),
      events: hasPaths ? SpecFixture.read("Fixtures/empty-events.yaml") : SpecFixture.events)
    #expect(result.diagnostics.filter { $0.severity == .error && $0.location.file == "openapi.yaml" } == [])
    let model = try #require(result.model)
    var diagnostics = Diagnostics()
    let root = YAMLParser.parse(SpecSource(path: "snippet.yaml", text: yaml), into: &diagnostics)
    let schemas = Set((root?["components"]?["schemas"]?.entries ?? []).map(\.key))
    let operations = Set(
      (root?["paths"]?.entries ?? []).flatMap { $0.value.entries.compactMap { $0.value["operationId"]?.string } })
    let group = FileGroup(
      name: FileGroup.shared, types: model.types.filter { schemas.contains($0.name) },
      operations: model.operations.filter { operations.contains($0.id) })
    let emitter = Emitter(model: model)
    var writer = SwiftWriter()
    if !group.types.isEmpty {
      emitter.emitTypes(group, &writer)
      emitter.emitCodecs(group, &writer)
    }
    if !group.operations.isEmpty {
      emitter.emitOperations(group, &writer)
      emitter.emitDispatch(group, &writer)
    }
    return writer.text
  }
}
