import NIOCore
import NIOHTTP1

/// What a ``SocketIOServer`` serves.
///
/// Everything is called on the event loop of the connection, so nothing here may block. The asynchronous calls of one
/// connection never overlap: `connect`, then each `receive` in the order of arrival, then `disconnected`.
public protocol SocketIOApplication: Sendable {
  /// A client asks to connect to the namespace `/`.
  ///
  /// From here on ``SocketIOServer/join(_:room:)``, `leave`, `leaveAll` and `disconnect` work for the request's socket:
  /// what is called before the acceptance is kept and applied, in order, on top of the rooms of the acceptance.
  func connect(_ request: ConnectRequest) async -> ConnectDecision

  /// The socket is connected: its CONNECT packet is written and its rooms are joined, in this very turn of the loop.
  func connected(_ socket: SocketID)

  /// A client sent an event.
  ///
  /// - Returns: The acknowledgement's arguments as a JSON array, say `[{"ok":true}]`. It is sent if the client asked for
  ///   one (``IncomingEvent/wantsAcknowledgement``), after all that this call told the server to send.
  func receive(_ event: IncomingEvent, from socket: SocketID) async -> ByteBuffer?

  /// The socket has ended, and its last `receive` has returned.
  ///
  /// Called exactly once for each `connect` that answered ``ConnectDecision/accept(rooms:)``; if the connection was lost
  /// while `connect` was still deciding, without a call of `connected`.
  func disconnected(_ socket: SocketID, reason: DisconnectReason)
}

extension SocketIOApplication {
  public func connected(_ socket: SocketID) {}
}

/// A CONNECT packet, and where it comes from.
public struct ConnectRequest: Sendable {
  public var socket: SocketID
  /// Always `/` for now.
  public var namespace: String
  /// The client's `auth`: a well-formed JSON object, or empty if it sent none. At most `maxPayload` bytes.
  public var auth: ByteBuffer
  /// Those headers of the HTTP handshake that ``SocketIOServer/Configuration/handshakeHeaders`` names.
  public var headers: HTTPHeaders
  /// The peer of the TCP connection: a proxy's address, if there is one.
  public var remoteAddress: SocketAddress?

  public init(
    socket: SocketID, namespace: String, auth: ByteBuffer, headers: HTTPHeaders, remoteAddress: SocketAddress?
  ) {
    self.socket = socket
    self.namespace = namespace
    self.auth = auth
    self.headers = headers
    self.remoteAddress = remoteAddress
  }
}

/// The answer to a ``ConnectRequest``.
public enum ConnectDecision: Sendable {
  /// The client is in, and in these rooms: there is no moment between its CONNECT packet and the rooms' broadcasts.
  case accept(rooms: [String] = [])
  /// The client gets `connect_error` with this message, and `data` (JSON) as its `data`. It may try again on the same
  /// connection until the connect timeout.
  case refuse(message: String, data: ByteBuffer? = nil)
}

/// An EVENT packet.
public struct IncomingEvent: Sendable, Equatable {
  /// Never one of the reserved names (`connect`, `connect_error`, `disconnect`, `disconnecting`, `newListener`,
  /// `removeListener`).
  public var name: String
  /// The whole JSON array, the name first. Well-formed JSON in well-formed UTF-8, at most 1,024 levels deep.
  public var arguments: ByteBuffer
  /// The JSON of the first argument; empty if there is none.
  public var payload: ByteBuffer
  /// Whether the client waits for an acknowledgement.
  public var wantsAcknowledgement: Bool

  public init(name: String, arguments: ByteBuffer, payload: ByteBuffer, wantsAcknowledgement: Bool) {
    self.name = name
    self.arguments = arguments
    self.payload = payload
    self.wantsAcknowledgement = wantsAcknowledgement
  }
}
