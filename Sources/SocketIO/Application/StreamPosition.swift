/// A broadcast's place in an order that all nodes share: by it a node knows what a client was told by another.
///
/// Each node must carry out the broadcasts of one stream in the order of their numbers. Those of an application that
/// names none get one of the node that they are called on.
public struct StreamPosition: Sendable, Hashable {
  /// What counts: a chat, say, or a node.
  public var stream: String
  /// Rises with each broadcast; there may be holes.
  public var number: UInt64

  public init(stream: String, number: UInt64) {
    self.stream = stream
    self.number = number
  }
}
