/// The way from a document's root to a node. Nodes share it with all that is above them, and the pointer is made where
/// it is asked for: as texts, the pointers of a small file could take gigabytes.
final class NodePath: Sendable {
  private let parent: NodePath?
  private let key: String
  /// The file that the way begins in, or the root whose bundle the node belongs to: `spec/openapi.yaml`.
  let document: String
  /// Where a node of a bundle is written, if that is not here.
  private let origin: NodePath?
  /// How many keys and indices lead here.
  let depth: Int
  /// Of the pointer, in bytes.
  let length: Int

  /// The way to a document's root.
  init(document: String) {
    parent = nil
    key = ""
    self.document = document
    origin = nil
    depth = 0
    length = 0
  }

  private init(_ key: String, in parent: NodePath, origin: NodePath?) {
    self.parent = parent
    self.key = key
    document = parent.document
    self.origin = origin
    depth = parent.depth + 1
    length = parent.length + 1 + JSONPointer.escape(key).utf8.count
  }

  /// - Parameter origin: where the node is written, if that is in another place.
  func child(_ key: String, origin: NodePath? = nil) -> NodePath { NodePath(key, in: self, origin: origin) }

  func child(_ index: Int, origin: NodePath? = nil) -> NodePath { NodePath(String(index), in: self, origin: origin) }

  /// The same place, for what is written elsewhere, or here for nil.
  func written(at origin: NodePath?) -> NodePath {
    parent.map { NodePath(key, in: $0, origin: origin) } ?? NodePath(document: document)
  }

  /// The keys and indices from the root on.
  var keys: [String] {
    var keys: [String] = []
    var path = self
    while let parent = path.parent {
      keys.append(path.key)
      path = parent
    }
    return keys.reversed()
  }

  /// What leads here, the nearest first, the node itself among it.
  var ways: some Sequence<NodePath> { sequence(first: self) { $0.parent } }

  /// RFC 6901, in the document.
  var pointer: String { keys.map { "/" + JSONPointer.escape($0) }.joined() }

  /// RFC 6901, in the file where the node is written.
  var writtenPointer: String { (origin ?? self).pointer }
}
