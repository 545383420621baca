/// One connection of a crowd: what is known of it between two turns of the loop.
final class Member {
  enum Phase {
    /// Not yet, or no more.
    case away
    /// TCP's handshake.
    case connecting
    /// The request is sent.
    case upgrading
    /// A WebSocket; Engine.IO's handshake is awaited.
    case opening
    /// The namespace is asked for.
    case joining
    case joined
  }

  let number: Int
  /// The JSON that the namespace is asked for with; empty for none.
  let auth: String
  var phase = Phase.away
  var descriptor: CInt = -1
  /// When the connection was begun, on ``MonotonicClock``.
  var begun: UInt64 = 0
  /// The octets of a frame that is not all there yet.
  var unread: [UInt8] = []
  /// What the kernel did not take yet.
  var unsent: [UInt8] = []

  init(number: Int, auth: String) {
    self.number = number
    self.auth = auth
  }
}
