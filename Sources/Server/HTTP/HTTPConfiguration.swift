import NIOCore

/// Limits and times of the HTTP server.
struct HTTPConfiguration: Sendable {
  /// Bytes of a body that nobody takes, up to which it is read and dropped, so that the connection can go on.
  var skippedBodyLimit = 1 << 20
  /// Bytes of a request's target and of each header field, and of all of them together.
  var headerFieldLimit = 16 << 10
  var headerLimit = 32 << 10
  /// From the connection's start to the end of the first request's head. Short, for it costs the client nothing.
  var headerTimeout = TimeAmount.seconds(10)
  /// From a request's head to the end of its body.
  var bodyTimeout = TimeAmount.seconds(30)
  /// From the moment that an answer has left to the end of the next request's head. A client that takes nothing of an
  /// answer for so long is cut, too.
  var idleTimeout = TimeAmount.seconds(60)
  /// How long what a client still sends is read after an answer that closes the connection.
  var lingerTimeout = TimeAmount.seconds(5)
  /// How often times are looked at, and log lines handed on.
  var sweepInterval = TimeAmount.milliseconds(500)
  /// Connections at once; more wait in the kernel's queue.
  var maxConnections = 10_000
  /// Bytes of bodies that have not come whole and of answers that have not left, for all connections. A quarter of it is
  /// for one network.
  var heldLimit = 256 << 20
  /// Origins of browsers that may call with credentials: `https://chat.example`.
  var allowedOrigins: [String] = []
  var trustedProxies = AddressRanges()
}
