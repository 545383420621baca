import NIOCore
import NIOHTTP1

/// What a ``SocketIOServer`` serves on a namespace.
///
/// Everything is called on the event loop of the connection, so nothing here may block. The asynchronous calls of one
/// connection never overlap: `connect`, then each `receive` in the order of arrival, then `disconnected`; if a client is
/// connected to several namespaces over one connection, this holds for all of them together.
public protocol SocketIOApplication: Sendable {
  /// A client asks to connect to the namespace.
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
  func receive(_ event: IncomingEvent, from socket: SocketID) async -> Arguments?

  /// The socket lost its connection, and its client may come back for it: until then, or until
  /// ``disconnected(_:reason:)``, it stays in its rooms, and what is sent to it waits.
  func suspended(_ socket: SocketID, reason: DisconnectReason)

  /// A suspended socket's client is back, and has been sent what it missed. If the socket was another node's, it is new
  /// to this one, and this is called in place of ``connected(_:)``.
  func recovered(_ socket: SocketID)

  /// The socket's client is back on another node, which asks for it: what the application there needs to know of it
  /// (``Handover/Contents/state``). Then the socket ends.
  func handOver(_ socket: SocketID) -> ByteBuffer

  /// The socket has ended, and its last `receive` has returned.
  ///
  /// Called exactly once for each `connect` that answered ``ConnectDecision/accept(rooms:recoverable:)``; if the
  /// connection was lost while `connect` was still deciding, without a call of `connected`.
  func disconnected(_ socket: SocketID, reason: DisconnectReason)
}

extension SocketIOApplication {
  public func connected(_ socket: SocketID) {}
  public func suspended(_ socket: SocketID, reason: DisconnectReason) {}
  public func recovered(_ socket: SocketID) {}
  public func handOver(_ socket: SocketID) -> ByteBuffer { ByteBuffer() }
}

/// A CONNECT packet, and where it comes from.
public struct ConnectRequest: Sendable {
  public var socket: SocketID
  /// What clients see of the socket's name, once it is accepted: 22 characters that nobody can guess. A room with this
  /// name has the socket as its only member.
  public var sid: String
  public var namespace: String
  /// The client's `auth`: a well-formed JSON object, or empty if it sent none. Shorter than `maxConnectBytes` in
  /// a first CONNECT, than `maxPayload` in others. A client that
  /// wants its connection state back adds `pid` and `offset`.
  public var auth: ByteBuffer
  /// Those headers of the HTTP handshake that ``SocketIOServer/Configuration/handshakeHeaders`` names.
  public var headers: HTTPHeaders
  /// The peer of the TCP connection: a proxy's address, if there is one.
  public var remoteAddress: SocketAddress?
  /// The socket that this client had before it lost its connection, if what it missed is at hand: answer
  /// ``ConnectDecision/recover(rooms:known:)`` to give it back, after having authenticated the client again.
  public var recovery: RecoverableSocket?
  /// The same for a client whose socket was another node's: answer ``ConnectDecision/recover(rooms:known:)`` after having
  /// taken it. A socket that is not taken waits there for as long as it may.
  public internal(set) var handover: Handover?

  public init(
    socket: SocketID, sid: String, namespace: String, auth: ByteBuffer, headers: HTTPHeaders,
    remoteAddress: SocketAddress?,
    recovery: RecoverableSocket? = nil
  ) {
    self.socket = socket
    self.sid = sid
    self.namespace = namespace
    self.auth = auth
    self.headers = headers
    self.remoteAddress = remoteAddress
    self.recovery = recovery
  }
}

/// A suspended socket that a client asks for.
public struct RecoverableSocket: Sendable, Equatable {
  public var socket: SocketID
  /// The rooms that it is in now.
  public var rooms: [String]
  /// The number of the last kept packet that its client has.
  let after: UInt64
}

/// The answer to a ``ConnectRequest``.
public enum ConnectDecision: Sendable {
  /// The client is in, and in these rooms: there is no moment between its CONNECT packet and the rooms' broadcasts.
  ///
  /// - Parameter recoverable: Whether the client may have its connection state back after a short loss of its connection
  ///   (``SocketIOServer/Configuration/recovery``). Such a client gets one argument more with each event, a text that
  ///   says how far it is.
  case accept(rooms: [String] = [], recoverable: Bool = false)
  /// The client gets the socket back that ``ConnectRequest/recovery`` offered, or what ``ConnectRequest/handover`` has
  /// taken, with what it missed in its rooms. To answer `accept` instead ends that socket and begins anew. Without an
  /// offer this is `accept`.
  ///
  /// - Parameters:
  ///   - rooms: The rooms that it may be in now; the others are left, and what was sent to them is not sent again. nil:
  ///     those that it is in, and what it missed in one that it was taken out of meanwhile, up to then.
  ///   - known: With a handover: how far the client is in streams of the application's, if that is more than what it was
  ///     sent.
  case recover(rooms: Set<String>? = nil, known: [StreamPosition] = [])
  /// The client gets `connect_error` with this message, and `data` (JSON) as its `data`. It may try again on the same
  /// connection until the connect timeout.
  case refuse(message: String, data: ByteBuffer? = nil)
}

/// An EVENT packet.
public struct IncomingEvent: Sendable, Equatable {
  /// Never one of the reserved names (`connect`, `connect_error`, `disconnect`, `disconnecting`, `newListener`,
  /// `removeListener`).
  public var name: String
  /// The whole event, the name first.
  public var arguments: Arguments
  /// The JSON of the first argument; empty if there is none.
  public var payload: ByteBuffer
  /// Whether the client waits for an acknowledgement.
  public var wantsAcknowledgement: Bool

  public init(name: String, arguments: Arguments, payload: ByteBuffer, wantsAcknowledgement: Bool) {
    self.name = name
    self.arguments = arguments
    self.payload = payload
    self.wantsAcknowledgement = wantsAcknowledgement
  }
}
