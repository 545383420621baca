import NIOCore

extension SocketIOServer {
  /// The server's limits. The defaults are the reference's where it has the setting.
  public struct Configuration: Sendable {
    /// Requests whose path begins so are the server's. Begins and ends with a slash.
    public var path = "/socket.io/"
    /// The time between a pong and the next ping.
    public var pingInterval = TimeAmount.seconds(25)
    /// The time that a client has to answer a ping.
    public var pingTimeout = TimeAmount.seconds(20)
    /// The time from the handshake to an accepted CONNECT, and from a DISCONNECT to the next.
    public var connectTimeout = TimeAmount.seconds(45)
    /// The time that a client has to answer a closing handshake (RFC 6455 §7.1.1) before the connection is cut.
    public var closeTimeout = TimeAmount.seconds(3)
    /// The longest message from a client, in bytes, fragments counted together. Told to the client.
    public var maxPayload = 1_000_000
    /// The origins that browsers may connect from; nil: any. Requests without an Origin header are not a browser's
    /// cross-origin ones, and always pass.
    public var allowedOrigins: Set<String>?
    /// Handshakes beyond this many connections get 503.
    public var maxConnections = 1_000_000
    /// When so many events of one socket, or so many bytes of them, wait for the application, no more are read.
    public var eventQueueCount = 64
    public var eventQueueBytes = 1 << 20
    /// The bytes that may wait for one client beyond what the channel takes (its high-water mark, 64 KiB). A client
    /// that would need more is cut off with ``DisconnectReason/transportClose``, from which clients recover.
    public var sendQueueBytes = 1 << 20
    /// The headers of the handshake that ``ConnectRequest/headers`` keeps, in lower case. Others are forgotten, for
    /// what is kept costs memory on every connection.
    public var handshakeHeaders = ["user-agent", "origin", "x-forwarded-for", "x-request-id"]

    public init() {}
  }
}
