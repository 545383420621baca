import JSONSchema

/// Judges each example of the bundle by the schema beside it, as JSON Schema is read by everybody, and tells it where it
/// is written: in a story, as a rule.
///
/// What is answered with `validation_failed`, by the example of the same name, is to break its schema; all others are to
/// keep it.
struct ExampleJudge {
  private enum Side { case request, answer }

  private static let refusal = "validation_failed"
  /// What holds data, and no examples of anything.
  private static let data: Set<String> = ["example", "examples", "default", "const", "enum", "x-example-scenario"]

  private let bundle: ReferenceResolver
  private var library = SchemaLibrary()
  private var diagnostics: Diagnostics
  /// Names of examples that are refused for their form.
  private var refused: Set<String> = []

  static func run(_ bundle: ReferenceResolver, into diagnostics: inout Diagnostics) {
    var judge = ExampleJudge(bundle: bundle, diagnostics: diagnostics)
    judge.run()
    diagnostics = judge.diagnostics
  }

  private init(bundle: ReferenceResolver, diagnostics: Diagnostics) {
    self.bundle = bundle
    self.diagnostics = diagnostics
  }

  private mutating func run() {
    let documents = [bundle.openapi, bundle.events]
    for document in documents {
      let schemas = (document.root["components"]?["schemas"]?.entries ?? []).map {
        JSONSchema.JSONPointer(tokens: ["components", "schemas", $0.key])
      }
      // What can't be judged by is told elsewhere: the compiler itself has read each schema.
      guard let json = JSONValue(document.root),
        (try? library.add(json, as: document.source.fileName, schemas: schemas)) != nil
      else { return }
    }
    for document in documents { findRefusals(document.root) }
    for document in documents {
      visit(document.root, SchemaPlace(document: document.source.fileName), .answer)
    }
  }

  private mutating func findRefusals(_ node: Node) {
    for entry in node["examples"]?.entries ?? [] where isRefusal(entry.value["value"]) { refused.insert(entry.key) }
    for example in node["examples"]?.items ?? [] where isRefusal(example["payload"]?["error"]) {
      if let name = example["name"]?.string { refused.insert(name) }
    }
    for entry in node.entries where !Self.data.contains(entry.key) { findRefusals(entry.value) }
    for item in node.items { findRefusals(item) }
  }

  private func isRefusal(_ problem: Node?) -> Bool { problem?["code"]?.string == Self.refusal }

  // MARK: - Examples

  /// - Parameter side: whether what is below is what a client sends over REST.
  private mutating func visit(_ node: Node, _ place: SchemaPlace, _ side: Side) {
    if node["schema"] != nil {
      let schema = place.appending("schema")
      for entry in node["examples"]?.entries ?? [] {
        guard let value = entry.value["value"] else { continue }
        judge(value, by: schema, isRefused: side == .request && refused.contains(entry.key))
      }
      if let value = node["example"] { judge(value, by: schema, isRefused: false) }
    }
    if node["payload"] != nil {
      for example in node["examples"]?.items ?? [] {
        guard let value = example["payload"] else { continue }
        // The acknowledgement that refuses an event has the same name, and an `ok`.
        let isRefused = value["ok"] == nil && refused.contains(example["name"]?.string ?? "")
        judge(value, by: place.appending("payload"), isRefused: isRefused)
      }
    }
    for entry in node.entries where !Self.data.contains(entry.key) {
      visit(entry.value, place.appending(entry.key), entry.key == "requestBody" ? .request : side)
    }
    for (index, item) in node.items.enumerated() { visit(item, place.appending(String(index)), side) }
  }

  private mutating func judge(_ example: Node, by place: SchemaPlace, isRefused: Bool) {
    guard let value = JSONValue(example), let schema = try? library.schema(at: place) else { return }
    let findings = library.findings(in: value, by: schema)
    if isRefused {
      if findings.isEmpty { report(example, "it is answered with \(Self.refusal), and breaks no schema") }
      return
    }
    for finding in findings {
      let path = finding.pointer.tokens
      let part = path.isEmpty ? "" : " at \(finding.pointer)"
      report(
        example.nearest(to: path), "the example breaks its schema\(part): it \(finding.message) (\(finding.schema))")
    }
  }

  private mutating func report(_ node: Node, _ message: String) {
    diagnostics.report(Diagnostic(.error, .invalidExample, at: node.location, message, context: node.pointer))
  }
}

extension Node {
  /// What is at a path within it, or the last on the way there.
  fileprivate func nearest(to path: [String]) -> Node {
    var node = self
    for token in path {
      let next =
        node.isSequence ? Int(token).flatMap { node.items.indices.contains($0) ? node.items[$0] : nil } : node[token]
      guard let next else { break }
      node = next
    }
    return node
  }
}

extension JSONValue {
  /// Nil for a mapping that has a key twice in the eyes of JSON.
  init?(_ node: Node) {
    switch node.content {
    case .null: self = .null
    case .boolean(let value): self = .bool(value)
    case .integer(let value): self = .number(DecimalNumber(value))
    case .number(let value):
      guard let number = try? JSONValue(parsing: String(describing: value).utf8) else { return nil }
      self = number
    case .string(let text): self = .string(JSONText(text))
    case .sequence(let items):
      let values = items.compactMap { JSONValue($0) }
      guard values.count == items.count else { return nil }
      self = .array(JSONArray(values))
    case .mapping(let entries):
      let members = entries.compactMap { entry in JSONValue(entry.value).map { (name: JSONText(entry.key), value: $0) }
      }
      guard members.count == entries.count, let object = JSONObject(members) else { return nil }
      self = .object(object)
    }
  }
}
