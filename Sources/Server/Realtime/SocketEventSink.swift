import Handlers
import ProtocolRuntime
import SocketIO

/// Delivers the domain's events over this node's sockets. Other nodes deliver them over theirs, each in its own time.
struct SocketEventSink: EventSink {
  let sockets: SocketIOServer
  /// Whether there are other nodes, which have to know an event by its position.
  let hasNodes: Bool

  func broadcast(_ event: EncodedEvent, toRoom room: String, at position: EventPosition) {
    sockets.local.broadcast(
      Arguments(event.arguments), to: .room(room), at: hasNodes ? StreamPosition(position, in: room) : nil,
      about: MessageEvents.subject(of: event))
  }

  func broadcastVolatile(_ event: EncodedEvent, toRoom room: String, except connection: ConnectionID?) {
    sockets.local.broadcast(
      Arguments(event.arguments), to: .room(room, except: connection.map(SocketID.init)), volatile: true)
  }

  func send(_ event: EncodedEvent, to connection: ConnectionID, isVolatile: Bool) {
    sockets.emit(Arguments(event.arguments), to: SocketID(connection), volatile: isVolatile)
  }

  func join(_ connection: ConnectionID, room: String) {
    sockets.join(SocketID(connection), room: room)
  }

  func leave(_ connection: ConnectionID, room: String) {
    sockets.leave(SocketID(connection), room: room)
  }

  func disconnect(_ connection: ConnectionID) {
    sockets.disconnect(SocketID(connection))
  }
}

extension StreamPosition {
  init(_ position: EventPosition, in room: String) {
    switch position {
    case .rev(let rev): self.init(stream: room, number: UInt64(max(0, rev)))
    case .mark(let user, let seq): self.init(stream: "\(room) \(user)", number: UInt64(max(0, seq)))
    }
  }
}

extension SocketID {
  init(_ connection: ConnectionID) {
    self.init(rawValue: connection.rawValue)
  }
}

extension ConnectionID {
  init(_ socket: SocketID) {
    self.init(rawValue: socket.rawValue)
  }
}
