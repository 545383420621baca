/// The way from a document's root to a node. Nodes share it with all that is above them, and the pointer is made where
/// it is asked for: as texts, the pointers of a small file could take gigabytes.
final class NodePath: Sendable {
  private let parent: NodePath?
  private let token: String
  /// Of the pointer, in bytes.
  let length: Int

  static let root = NodePath()

  private init() {
    parent = nil
    token = ""
    length = 0
  }

  private init(_ token: String, in parent: NodePath) {
    self.parent = parent
    self.token = token
    length = parent.length + 1 + token.utf8.count
  }

  func child(_ key: String) -> NodePath { NodePath(JSONPointer.escape(key), in: self) }

  func child(_ index: Int) -> NodePath { NodePath(String(index), in: self) }

  /// RFC 6901.
  var pointer: String {
    var tokens: [String] = []
    var path = self
    while let parent = path.parent {
      tokens.append(path.token)
      path = parent
    }
    return tokens.reversed().reduce(into: "") { $0 += "/" + $1 }
  }
}
