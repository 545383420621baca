import Handlers
import ProtocolRuntime
import SocketIO

/// Delivers the domain's events over this node's sockets. Other nodes deliver them over theirs, each in its own time.
struct SocketEventSink: EventSink {
  let sockets: SocketIOServer

  func broadcast(_ event: EncodedEvent, toRoom room: String, except connection: ConnectionID?, isVolatile: Bool) {
    sockets.local.broadcast(
      Arguments(event.arguments), to: .room(room, except: connection.map(SocketID.init)), volatile: isVolatile)
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
