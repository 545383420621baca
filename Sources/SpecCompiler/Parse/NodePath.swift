/// The way from a document's root to a node. Nodes share it with all that is above them, and the pointer is made where
/// it is asked for: as texts, the pointers of a small file could take gigabytes.
final class NodePath: Sendable {
  private let parent: NodePath?
  private let key: String
  /// How many keys and indices lead here.
  let depth: Int
  /// Of the pointer, in bytes.
  let length: Int

  static let root = NodePath()

  private init() {
    parent = nil
    key = ""
    depth = 0
    length = 0
  }

  private init(_ key: String, in parent: NodePath) {
    self.parent = parent
    self.key = key
    depth = parent.depth + 1
    length = parent.length + 1 + JSONPointer.escape(key).utf8.count
  }

  func child(_ key: String) -> NodePath { NodePath(key, in: self) }

  func child(_ index: Int) -> NodePath { NodePath(String(index), in: self) }

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

  /// RFC 6901.
  var pointer: String { keys.map { "/" + JSONPointer.escape($0) }.joined() }
}
