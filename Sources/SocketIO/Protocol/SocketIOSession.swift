import NIOCore

/// The Socket.IO state of one client: packets and decisions in, what to do out. One namespace, `/`.
///
/// What the reference answers with closing the connection (`Client.ondecoded`: "invalid state") is thrown here.
struct SocketIOSession {
  enum State: Equatable {
    /// No socket: the client owes a CONNECT.
    case unconnected
    /// The application is deciding on a CONNECT.
    case connecting(SocketID)
    case connected(SocketID)
    case closed
  }

  enum Output: Equatable {
    case nothing
    /// Ask the application, and tell ``accept(_:sid:)`` or ``refuse(_:message:data:)`` what it decided.
    case connect(SocketID, auth: ByteBuffer)
    /// Hand the event to the application; with an id, send what it answers as that acknowledgement.
    case event(IncomingEvent, SocketID, acknowledgement: UInt64?)
    case send(SocketIOPacket)
    /// The client has left the namespace.
    case disconnected
  }

  private(set) var state = State.unconnected

  /// The socket that exists now: connecting or connected.
  var socket: SocketID? {
    switch self.state {
    case .connecting(let socket), .connected(let socket): socket
    case .unconnected, .closed: nil
    }
  }

  var isConnected: Bool {
    if case .connected = self.state { true } else { false }
  }

  /// Takes a packet from the client; `makeSocket` gives the next socket its name.
  mutating func receive(_ packet: SocketIOPacket, makeSocket: () -> SocketID) throws(PacketError) -> Output {
    guard self.state != .closed else { return .nothing }
    guard packet.namespace == "/" else {
      guard packet.kind == .connect else { throw .outOfOrder("packet for a namespace that is not connected") }
      return .send(.connectError(namespace: packet.namespace, message: "Invalid namespace"))
    }
    switch (packet.kind, self.state) {
    case (.connect, .unconnected):
      guard packet.payload.readableBytes == 0 || packet.payload.isJSON(beginningWith: UInt8(ascii: "{")) else {
        throw .malformed("the payload of CONNECT is not an object")
      }
      let socket = makeSocket()
      self.state = .connecting(socket)
      return .connect(socket, auth: packet.payload)
    case (.event, .connected(let socket)):
      let arguments = try EventArguments(decoding: packet.payload)
      let event = IncomingEvent(
        name: arguments.name, arguments: packet.payload, payload: arguments.first,
        wantsAcknowledgement: packet.id != nil)
      return .event(event, socket, acknowledgement: packet.id)
    case (.acknowledgement, .connected):
      guard packet.payload.isJSON(beginningWith: UInt8(ascii: "[")) else {
        throw .malformed("the payload of ACK is not an array")
      }
      // The server asks for none: as with the reference, one that belongs to nothing is ignored.
      return .nothing
    case (.disconnect, .connected):
      guard packet.payload.readableBytes == 0 else { throw .malformed("DISCONNECT with a payload") }
      return .disconnected
    case (.connect, _): throw .outOfOrder("CONNECT while connected or connecting")
    case (.connectError, _): throw .outOfOrder("CONNECT_ERROR from a client")
    case (.event, _), (.acknowledgement, _), (.disconnect, _): throw .outOfOrder("packet before CONNECT")
    case (.binaryEvent, _), (.binaryAcknowledgement, _): throw .unsupported("binary packet")
    }
  }

  /// The application let the socket in.
  ///
  /// - Returns: The CONNECT packet to send; nil if the socket has ended meanwhile.
  mutating func accept(_ socket: SocketID, sid: String) -> SocketIOPacket? {
    guard self.state == .connecting(socket) else { return nil }
    self.state = .connected(socket)
    return .connected(sid: sid)
  }

  /// The application refused the socket.
  ///
  /// - Returns: The CONNECT_ERROR packet to send; nil if the socket has ended meanwhile.
  mutating func refuse(_ socket: SocketID, message: String, data: ByteBuffer?) -> SocketIOPacket? {
    guard self.state == .connecting(socket) else { return nil }
    self.state = .unconnected
    return .connectError(namespace: "/", message: message, data: data)
  }

  /// The socket is over; the client may CONNECT again.
  mutating func endSocket() {
    if self.state != .closed { self.state = .unconnected }
  }

  /// The connection is over.
  mutating func close() {
    self.state = .closed
  }
}
