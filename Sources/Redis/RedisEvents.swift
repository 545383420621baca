import NIOCore

/// A message that was published on a channel to which the client is subscribed.
public struct RedisPush: Sendable, Hashable {
  public enum Kind: Sendable, Hashable {
    /// SUBSCRIBE.
    case channel
    /// PSUBSCRIBE: all channels whose names match a pattern.
    case pattern
    /// SSUBSCRIBE: sharded pub/sub.
    case shard
  }

  public var kind: Kind
  public var channel: String
  /// The pattern that the channel matched; nil unless it is of that kind. A message that matches several comes several
  /// times.
  public var pattern: String?
  public var payload: ByteBuffer
}

/// What the owner of a client should know.
public enum RedisEvent: Sendable, Hashable {
  public enum Link: Sendable, Hashable {
    case commands
    case subscriptions
  }

  /// The connection stands. `version` is what Redis says in INFO: `7.0.15`; nil if it does not tell.
  case connected(Link, version: String?)
  /// The connection is lost. On ``Link/subscriptions`` messages are missed from now on.
  case disconnected(Link, RedisError)
  /// All subscriptions are in force again, or for the first time: what is published from now on arrives. What was
  /// published since ``disconnected(_:_:)`` is lost: compare what you have with the truth.
  case subscriptionsRestored
  /// So many messages were not published, or perhaps not: they did not fit, waited too long, were under way when the
  /// connection broke, or Redis refused them. Others miss them.
  case publishesLost(Int)
  /// What was asked for is not done, and will not be on this server: sharded subscriptions before Redis 7.0, or
  /// channels that the user's ACL does not allow.
  case refused(RedisError)
}
