import NIOCore
import NIOHTTP1

extension SocketIOServer {
  /// The server's limits. The defaults are the reference's where it has the setting.
  public struct Configuration: Sendable {
    /// Requests whose path begins so are the server's. Begins and ends with a slash.
    public var path = "/socket.io/"
    /// What clients may begin with, and upgrade to.
    public var transports: Set<Transport> = [.polling, .webSocket]
    /// Whether a session that began with polling may go on over WebSocket.
    public var allowsUpgrades = true
    /// The time between a pong and the next ping.
    public var pingInterval = TimeAmount.seconds(25)
    /// The time that a client has to answer a ping.
    public var pingTimeout = TimeAmount.seconds(20)
    /// The time from the handshake to an accepted CONNECT, and from the last DISCONNECT to the next; to be refused does
    /// not prolong it. The reference's 45 s let whoever never connects hold a place for as long. A client needs one round
    /// trip and the application's decision: 15 s leave a phone on a bad line several attempts at both.
    public var connectTimeout = TimeAmount.seconds(15)
    /// The time that a client has to complete an upgrade, from the WebSocket's handshake on.
    public var upgradeTimeout = TimeAmount.seconds(10)
    /// The time that a client has to answer a closing handshake (RFC 6455 §7.1.1), or to poll for the last packets,
    /// before the connection is cut.
    public var closeTimeout = TimeAmount.seconds(3)
    /// The longest message from a client, in bytes, fragments counted together; also the longest body of a POST. Told to
    /// the client.
    public var maxPayload = 1_000_000
    /// The longest message, and the longest body of a POST, in bytes, of a client whose CONNECT has not been accepted yet:
    /// room for a CONNECT packet with its `auth`, and for nothing else. A frame that announces more ends the connection.
    public var maxConnectBytes = 8192
    /// What is kept of messages and POST bodies whose rest has not come, in bytes, for all clients together. Who needs more
    /// is cut off, with status 1013 or 503: 64 of the longest messages may be under way at once.
    public var maxUnfinishedBytes = 64 << 20
    /// Bytes a second: a client that owes a pong, and is in the middle of a message, is waited for as long as it sends so
    /// much. A line of 9,600 bit/s does; a byte now and then does not keep a dead client alive.
    public var minUploadRate = 1000
    /// The attachments of one event together, in bytes.
    public var maxAttachmentBytes = 4_000_000
    /// The origins that browsers may connect from; nil: any. Requests without an Origin header are not a browser's
    /// cross-origin ones, and always pass.
    public var allowedOrigins: Set<String>?
    /// What browsers are told about requests from other origins; nil: nothing, so that they keep what polling would
    /// answer from pages of another origin.
    public var crossOrigin: CrossOrigin?
    /// Header fields that are added to each answer under ``path``, for its request and status, also that of a handshake
    /// (101); nil: none. A field that the answer has of its own is left as it is. Called on the connection's event loop.
    public var answerFields: (@Sendable (HTTPRequestHead, HTTPResponseStatus) -> HTTPHeaders)?
    /// A cookie with the session's id, set by the handshake, for load balancers that know sessions by it; nil: none.
    public var cookie: Cookie?
    /// Handshakes beyond this many connections get 503.
    public var maxConnections = 1_000_000
    /// Handshakes beyond this many connections of one address get 429.
    public var maxConnectionsPerAddress = Int.max
    /// Beyond so many connections of one address whose CONNECT has not been accepted yet, the oldest of them makes place for
    /// the new one; where ``maxConnections`` is reached, the oldest of all addresses. A school of 2,000 behind one address
    /// that comes back after a restart has some 200 of these at once: official clients spread over 5 s, and each takes a
    /// round trip to come in.
    public var maxNewcomersPerAddress = 1000
    /// Handshakes of one address beyond this rate get 429 with Retry-After, whatever becomes of them; nil: any number. The
    /// upgrade of a session is none. A school of 2,000 behind one address that comes back at once must fit into the burst.
    public var handshakeRate: Rate?
    /// What a client may send: WebSocket frames, control frames and fragments too, or packets of POSTs. They are counted
    /// before they are decoded, and who sends more is cut off, with status 1008; nil: any number. Clients come back by
    /// themselves, so leave room for what they send at once after a time without a connection.
    public var packetRate: Rate?
    /// Whose connection this is, for these limits; nil: not counted. The default is the peer of the TCP connection, which
    /// is the proxy's address where there is one.
    public var address: @Sendable (HTTPHeaders, SocketAddress?) -> String? = { _, peer in peer?.ipAddress }
    /// When so many events of one socket, or so many bytes of them, wait for the application, no more are read.
    public var eventQueueCount = 64
    public var eventQueueBytes = 1 << 20
    /// The bytes that may wait for one client beyond what the channel takes (its high-water mark, 64 KiB): so many of
    /// events, and so many of what the client has asked for (acknowledgements, what it missed). A client for which more
    /// events would have to wait is cut off with ``DisconnectReason/transportClose``, from which clients recover; one
    /// that does not take its answers is given no more of them, its next events wait. One packet passes whatever its
    /// length, where none of its kind waits.
    public var sendQueueBytes = 1 << 20
    /// The headers of the handshake that ``ConnectRequest/headers`` keeps, in lower case. Others are forgotten, for
    /// what is kept costs memory on every connection.
    public var handshakeHeaders = ["user-agent", "origin", "x-forwarded-for", "x-request-id"]
    /// Whether clients may have their state back after a loss of their connection; nil: no.
    public var recovery: Recovery?
    /// Makes it a server of plain Engine.IO, without Socket.IO on top: each message is given to this function on the
    /// connection's event loop, and what it returns is sent back.
    public var engineMessage: (@Sendable (EngineIOMessage) -> EngineIOMessage?)?

    public init() {}

    var leastBytesPerPingTimeout: Int {
      let (product, isTooMuch) = Int(self.pingTimeout.nanoseconds / 1_000_000)
        .multipliedReportingOverflow(by: self.minUploadRate)
      return isTooMuch ? .max : product / 1000
    }

    var placeLimits: Places.Limits {
      Places.Limits(
        connections: self.maxConnections, connectionsOfAddress: self.maxConnectionsPerAddress,
        newcomersOfAddress: self.maxNewcomersPerAddress)
    }
  }

  /// How bytes travel.
  public enum Transport: String, Sendable {
    case polling
    case webSocket = "websocket"
  }

  /// Connection state recovery: a client that lost its connection and is back in time gets what it missed.
  ///
  /// Source: the reference's `connectionStateRecovery`; docs/socket.io-protocol/v5-current.md, "History".
  public struct Recovery: Sendable {
    /// For how long a socket waits for its client, and for how long what was sent is kept.
    public var maxDisconnection = TimeAmount.seconds(120)
    /// The bytes of what was sent that are kept on this node, for all clients together, with 128 for each packet, and
    /// 128 for each of them and each event loop; as many again of what clients from other nodes have missed there. A
    /// client whose place in it is no longer there connects anew.
    public var maxPacketBytes = 64 << 20
    /// The sockets that may wait for their clients; beyond it, a socket ends with its connection.
    public var maxSuspendedSockets = 100_000
    /// What a client that is back gets for a broadcast whose subject a later one that it missed is about as well, so that
    /// nobody is told what is not so any more: made of the earlier one and the latest, whose place in the order stays the
    /// earlier one's. What this returns nil for is left out. nil: the broadcast goes out as it was.
    ///
    /// Called on an event loop: it must not block. See ``LocalSockets/broadcast(_:to:volatile:at:about:)``.
    public var restate: (@Sendable (_ earlier: Arguments, _ latest: Arguments) -> Arguments?)?

    public init() {}
  }

  /// The reference's `cors`.
  public struct CrossOrigin: Sendable {
    /// `*` in the answers: any page may read them, but without credentials.
    public static let any = CrossOrigin(origins: nil, allowsCredentials: false)

    /// nil: any.
    public var origins: Set<String>?
    /// Whether a page may send cookies and HTTP authentication along. Needs `origins`.
    public var allowsCredentials: Bool

    public init(origins: Set<String>?, allowsCredentials: Bool) {
      self.origins = origins
      self.allowsCredentials = allowsCredentials
    }
  }

  /// The reference's `cookie`. RFC 6265
  public struct Cookie: Sendable {
    public var name = "io"
    public var path = "/"
    public var isHTTPOnly = true
    /// `Strict`, `Lax` or `None`.
    public var sameSite = "Lax"
    public var isSecure = false
    /// In seconds; nil: until the browser is closed.
    public var maxAge: Int?

    public init() {}

    func field(sid: String) -> String {
      var field = "\(self.name)=\(sid)"
      if let maxAge = self.maxAge { field += "; Max-Age=\(maxAge)" }
      field += "; Path=\(self.path)"
      if self.isHTTPOnly { field += "; HttpOnly" }
      if self.isSecure { field += "; Secure" }
      return field + "; SameSite=\(self.sameSite)"
    }
  }
}
