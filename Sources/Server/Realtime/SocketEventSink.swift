import Handlers
import ProtocolRuntime
import SocketIO

/// Delivers the domain's events over this node's sockets. Other nodes deliver them over theirs, each in its own time.
struct SocketEventSink: EventSink {
  let sockets: SocketIOServer
  /// Whether there are other nodes, which have to know an event by its position.
  let hasNodes: Bool
  /// Nil where nobody looks at events.
  let check: ResponseCheck?

  func broadcast(_ event: EncodedEvent, at position: EventPosition) {
    check?.look(at: event, isBroadcast: true)
    sockets.local.broadcast(
      Arguments(event.arguments), to: .room(position.room), at: hasNodes ? StreamPosition(position) : nil,
      about: MessageEvents.subject(of: event))
  }

  func broadcast(_ event: EncodedEvent, toRoom room: String, except connection: ConnectionID?) {
    check?.look(at: event, isBroadcast: true)
    sockets.local.broadcast(
      Arguments(event.arguments), to: .room(room, except: connection.map(SocketID.init)), volatile: event.isVolatile)
  }

  func send(_ event: EncodedEvent, to connection: ConnectionID) {
    check?.look(at: event, isBroadcast: false)
    sockets.emit(Arguments(event.arguments), to: SocketID(connection), volatile: event.isVolatile)
  }

  func join(_ connection: ConnectionID, room: String) {
    sockets.join(SocketID(connection), room: room)
  }

  func leave(_ connection: ConnectionID, room: String) {
    sockets.leave(SocketID(connection), room: room)
  }

  func beginAnew(_ event: EncodedEvent) {
    // Each connection for itself, which happens to be every one.
    check?.look(at: event, isBroadcast: false)
    sockets.local.endRecovery()
    sockets.local.broadcast(Arguments(event.arguments), to: .everyone())
  }

  func disconnect(_ connection: ConnectionID) {
    sockets.disconnect(SocketID(connection))
  }
}

extension StreamPosition {
  init(_ position: EventPosition) {
    let (stream, number) = position.count
    self.init(stream: stream, number: UInt64(max(0, number)))
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
