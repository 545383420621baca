/// The bundle: both documents as they are served, each in two forms.
public struct SpecDocuments: Sendable, Equatable {
  public var openapiYAML: String
  /// Compact, keys in the order of the YAML.
  public var openapiJSON: String
  public var eventsYAML: String
  /// Compact; references to `./openapi.yaml` are ones to `./openapi.json` here.
  public var eventsJSON: String

  public init(openapiYAML: String, openapiJSON: String, eventsYAML: String, eventsJSON: String) {
    self.openapiYAML = openapiYAML
    self.openapiJSON = openapiJSON
    self.eventsYAML = eventsYAML
    self.eventsJSON = eventsJSON
  }

  init(_ bundle: Bundler.Bundle) {
    let (openapi, events) = (bundle.resolver.openapi, bundle.resolver.events)
    let linked = bundle.linked
    var renderer = JSONRenderer(specNames: [openapi.source.fileName, events.source.fileName])
    self.init(
      openapiYAML: YAMLWriter.write(linked),
      openapiJSON: renderer.render(linked),
      eventsYAML: YAMLWriter.write(events.root),
      eventsJSON: renderer.render(events.root))
  }
}

/// Writes a document as compact JSON (RFC 8259).
struct JSONRenderer {
  /// Names of the spec files, whose `.yaml` in a `$ref` becomes `.json`.
  let specNames: [String]
  private var output = ""

  init(specNames: [String]) {
    self.specNames = specNames
  }

  /// A value as it is.
  static func text(of node: Node) -> String {
    var renderer = JSONRenderer(specNames: [])
    return renderer.render(node)
  }

  mutating func render(_ root: Node) -> String {
    output = ""
    write(root)
    return output
  }

  /// `key` is the one that leads to the node.
  private mutating func write(_ node: Node, key: String = "", isReference: Bool = false) {
    switch node.content {
    case .null: output += "null"
    case .boolean(let value): output += value ? "true" : "false"
    case .integer(let value): output += String(value)
    case .number(let value): output += String(describing: value)
    case .string(let text): output += jsonString(isReference ? renamed(text) : text)
    case .sequence(let items):
      output += "["
      for (index, item) in items.enumerated() {
        if index > 0 { output += "," }
        write(item)
      }
      output += "]"
    case .mapping(let entries):
      output += "{"
      for (index, entry) in entries.enumerated() {
        if index > 0 { output += "," }
        output += jsonString(entry.key)
        output += ":"
        // A discriminator's `mapping` has references for values.
        write(entry.value, key: entry.key, isReference: entry.key == "$ref" || key == "mapping")
      }
      output += "}"
    }
  }

  private func renamed(_ reference: String) -> String {
    for name in specNames where name.hasSuffix(".yaml") {
      for prefix in ["./\(name)#", "\(name)#"] where reference.hasPrefix(prefix) {
        return "\(prefix.dropLast(5))json#" + reference.dropFirst(prefix.count)
      }
    }
    return reference
  }
}
