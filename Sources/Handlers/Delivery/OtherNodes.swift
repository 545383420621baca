import ProtocolRuntime

/// The other nodes of this server, as the domain speaks to them; there is none of it on a node that is alone. What is
/// said may be lost, and nobody is told of that here: see `HeadWatch`.
///
/// None of the methods blocks. What one thread says arrives in its order.
public protocol OtherNodes: Sendable {
  /// Whether what is said arrives, and what the others say.
  var isReachable: Bool { get }

  /// Tells what happened to those who are in the room, but for those who are also in the other one.
  func publish(_ event: EncodedEvent, toRoom room: String, exceptRoom: String?)
  /// Tells that a session has ended.
  func sessionEnded(_ session: UUID)
}
