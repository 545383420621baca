import NIOCore

/// Limits and times of the HTTP server.
struct HTTPConfiguration: Sendable {
  /// Bytes of a request's body.
  var bodyLimit = 1 << 20
  /// Bytes of a request's target and of each header field, and of all of them together.
  var headerFieldLimit = 16 << 10
  var headerLimit = 32 << 10
  /// From the connection's start to the end of the first request's head.
  var headerTimeout = TimeAmount.seconds(30)
  /// From a request's head to the end of its body.
  var bodyTimeout = TimeAmount.seconds(30)
  /// From an answer to the end of the next request's head.
  var idleTimeout = TimeAmount.seconds(60)
  /// How long what a client still sends is read after an answer that closes the connection.
  var lingerTimeout = TimeAmount.seconds(5)
  /// How often times are looked at, and log lines handed on.
  var sweepInterval = TimeAmount.milliseconds(500)
  /// Connections at once; more wait in the kernel's queue.
  var maxConnections = 10_000
  /// Origins of browsers that may call with credentials: `https://chat.example`.
  var allowedOrigins: [String] = []
  var trustedProxies = AddressRanges()
}
