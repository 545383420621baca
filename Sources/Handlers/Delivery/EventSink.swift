import ProtocolRuntime

/// What delivers events to this node's connections: the server implements it over its sockets.
///
/// None of the methods blocks or calls back. They take effect in the order in which they were called (the streams call
/// them under a lock, and rely on that), also for a connection that is not accepted yet.
public protocol EventSink: Sendable {
  /// Sends an event to all connections in its position's room, in an order that all nodes share.
  func broadcast(_ event: EncodedEvent, at position: EventPosition)
  /// Sends an event that is in no order to all connections in a room but one.
  func broadcast(_ event: EncodedEvent, toRoom room: String, except connection: ConnectionID?)
  func send(_ event: EncodedEvent, to connection: ConnectionID)
  func join(_ connection: ConnectionID, room: String)
  func leave(_ connection: ConnectionID, room: String)
  /// Sends an event to all connections. Those that are away for a moment don't come back to where they were: what they
  /// missed is of no use to them.
  func beginAnew(_ event: EncodedEvent)
  /// Cuts a connection whose session has ended.
  func disconnect(_ connection: ConnectionID)
}
