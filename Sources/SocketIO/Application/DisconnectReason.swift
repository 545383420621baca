/// Why a socket ended, in the words of the reference implementation.
public enum DisconnectReason: String, Sendable {
  /// The client sent a DISCONNECT packet.
  case clientNamespaceDisconnect = "client namespace disconnect"
  /// The application called ``SocketIOServer/disconnect(_:close:)``.
  case serverNamespaceDisconnect = "server namespace disconnect"
  /// ``SocketIOServer/shutdown(grace:)`` was called.
  case serverShuttingDown = "server shutting down"
  /// The connection was closed by the client, or by the server because the client read too slowly.
  case transportClose = "transport close"
  /// The connection broke, or the client violated RFC 6455 or the order of polling requests.
  case transportError = "transport error"
  /// The client sent a packet that is none, or one that its state forbids.
  case parseError = "parse error"
  /// No pong came within ``SocketIOServer/Configuration/pingTimeout``.
  case pingTimeout = "ping timeout"

  /// Whether what the client had sent before still counts: the server has not turned it away.
  var keepsQueuedEvents: Bool {
    switch self {
    case .clientNamespaceDisconnect, .transportClose, .transportError, .parseError, .pingTimeout: true
    case .serverNamespaceDisconnect, .serverShuttingDown: false
    }
  }

  /// Whether the client may come back for its state: it has not left, nor been turned away.
  var isRecoverable: Bool {
    switch self {
    case .transportClose, .transportError, .pingTimeout: true
    case .clientNamespaceDisconnect, .serverNamespaceDisconnect, .serverShuttingDown, .parseError: false
    }
  }
}
