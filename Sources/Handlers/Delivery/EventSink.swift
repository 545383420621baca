import Generated
import ProtocolRuntime

/// What delivers events to this node's connections: the server implements it over its sockets.
///
/// None of the methods blocks or calls back. They take effect in the order in which they were called (the streams call
/// them under a lock, and rely on that), also for a connection that is not accepted yet.
public protocol EventSink: Sendable {
  /// Sends an event to all connections in a room, in an order that all nodes share.
  func broadcast(_ event: EncodedEvent, toRoom room: String, at position: EventPosition)
  /// Sends an event to all connections in a room but one. It may be dropped for a slow connection.
  func broadcastVolatile(_ event: EncodedEvent, toRoom room: String, except connection: ConnectionID?)
  func send(_ event: EncodedEvent, to connection: ConnectionID, isVolatile: Bool)
  func join(_ connection: ConnectionID, room: String)
  func leave(_ connection: ConnectionID, room: String)
  /// Cuts a connection whose session has ended.
  func disconnect(_ connection: ConnectionID)
}

/// An event's place among those of its room, by which a node knows what another has sent.
public enum EventPosition: Sendable, Equatable {
  /// In the order of the chat's durable events.
  case rev(Int)
  /// A member has read up to this seq.
  case mark(of: UUID, seq: Int)

  init(_ mark: MessageReadEvent) { self = .mark(of: mark.userID, seq: mark.upToSeq) }
}

/// The names of rooms.
enum Room {
  /// The durable events of a chat, and read marks.
  static func chat(_ id: UUID) -> String { "chat:\(id)" }
  /// The fleeting events of a chat: for connections that look at it.
  static func open(_ id: UUID) -> String { "open:\(id)" }
  /// All connections of a user.
  static func user(_ id: UUID) -> String { "user:\(id)" }
}
