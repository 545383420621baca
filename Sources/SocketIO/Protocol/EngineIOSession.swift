import NIOCore

/// The state of an Engine.IO session, whatever transport carries it: packets and deadlines in, what to do out.
///
/// The server pings; a client that does not answer in time is gone.
struct EngineIOSession {
  private enum State {
    /// The next ping will be sent at the ping deadline.
    case idle
    /// A ping is under way, and its answer due at the pong deadline.
    case awaitingPong
    case closed
  }

  enum Output: Equatable {
    case nothing
    /// For the protocol above.
    case message(EngineIOMessage)
    /// Send a ping, and call ``pongIsDue(mayLive:)`` after the ping timeout.
    case ping
    /// The client lives: drop the pong deadline, and call ``pingIsDue()`` after the ping interval.
    case alive
    /// Call ``pongIsDue(mayLive:)`` once more after the ping timeout.
    case waitAgain
    case close(DisconnectReason)
  }

  private var state = State.idle

  /// Whether a ping is under way.
  var isAwaitingPong: Bool { self.state == .awaitingPong }

  mutating func receive(_ packet: EngineIOPacket) throws(PacketError) -> Output {
    guard self.state != .closed else { return .nothing }
    switch packet.kind {
    case .message:
      return .message(packet.isBinary ? .binary(packet.data) : .text(packet.data))
    case .pong:
      // One that nobody asked for does not move the deadlines: a client must not be able to avoid being asked.
      guard self.state == .awaitingPong else { return .nothing }
      self.state = .idle
      return .alive
    case .close:
      return self.close(.transportClose)
    case .ping:
      // In protocol 4 the server pings; the reference closes with "invalid heartbeat direction", too.
      throw .outOfOrder("ping from the client")
    case .open, .upgrade, .noop:
      return .nothing
    }
  }

  mutating func pingIsDue() -> Output {
    guard self.state == .idle else { return .nothing }
    self.state = .awaitingPong
    return .ping
  }

  /// A missing pong says nothing about a client that the server itself doesn't read, or that has sent anything since:
  /// the pong may be behind it (`mayLive`).
  mutating func pongIsDue(mayLive: Bool) -> Output {
    guard self.state == .awaitingPong else { return .nothing }
    return mayLive ? .waitAgain : self.close(.pingTimeout)
  }

  mutating func close(_ reason: DisconnectReason) -> Output {
    guard self.state != .closed else { return .nothing }
    self.state = .closed
    return .close(reason)
  }
}

/// What an Engine.IO MESSAGE packet carries.
public enum EngineIOMessage: Sendable, Equatable {
  /// Well-formed UTF-8.
  case text(ByteBuffer)
  case binary(ByteBuffer)
}
