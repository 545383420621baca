import CYAML

/// Anchors and aliases (YAML 1.2.2 §3.2.2.2), which documents of others may have: an alias is the node that its anchor
/// names, at the place where that is written, as a `$ref` would be.
extension YAMLParser {
  /// Of the nodes that all aliases of a file stand for: a few that stand for each other could be without end.
  static let aliasLimit = 100_000

  struct Anchored {
    let node: Node
    let count: Int
    let height: Int
  }

  /// The name of a node, nil where it has none or none may be used.
  func anchor(of event: yaml_event_t) -> String? {
    guard source.isForeign else { return nil }
    let name =
      switch event.type {
      case YAML_SCALAR_EVENT: event.data.scalar.anchor
      case YAML_SEQUENCE_START_EVENT: event.data.sequence_start.anchor
      case YAML_MAPPING_START_EVENT: event.data.mapping_start.anchor
      default: nil as UnsafeMutablePointer<yaml_char_t>?
      }
    return name.map { String(cString: $0) }
  }

  /// - Parameter count: of the nodes that were read before it.
  mutating func keep(_ node: Node, as anchor: String?, since count: Int) {
    guard let anchor else { return }
    anchors[anchor] = Anchored(node: node, count: nodeCount - count, height: height)
  }

  /// What an alias stands for.
  ///
  /// - Throws: `Failure`, told, where that is more than a file may have.
  mutating func node(
    of event: yaml_event_t, at location: SourceLocation, path: NodePath, keyLocation: SourceLocation?, depth: Int
  ) throws -> Node {
    let name = String(cString: event.data.alias.anchor)
    guard let anchored = anchors[name] else {
      report(.yamlAnchor, at: location, "no node before this one has the anchor '\(name)'", path)
      height = 0
      return Node(content: .null, location: location, keyLocation: keyLocation, path: path)
    }
    guard depth + anchored.height <= Self.depthLimit else {
      report(.compilerLimit, at: location, "nested deeper than \(Self.depthLimit) levels", path)
      throw Failure()
    }
    aliasedCount += anchored.count
    guard aliasedCount <= Self.aliasLimit else {
      report(
        .compilerLimit, at: location, "the aliases of this file stand for more than \(Self.aliasLimit) values", path)
      throw Failure()
    }
    nodeCount += anchored.count
    height = anchored.height
    let node = anchored.node
    return Node(content: node.content, location: node.location, keyLocation: keyLocation, path: node.path)
  }
}
