/// A limit as the spec has it (`x-rate-limit`). The generator makes a table of them, and calls a ``RateLimiter`` with
/// their places in it.
public struct RateLimit: Sendable {
  /// For people and for other nodes, each once in the table: `user`, `login/ip+account`.
  public let name: StaticString
  /// So much every so many seconds.
  public let limit: Int
  public let seconds: Int
  /// What may come at once, after a while of nothing.
  public let burst: Int
  /// Whether the other nodes are asked before something passes; else they are told afterwards.
  public let asksFirst: Bool

  public init(_ name: StaticString, limit: Int, seconds: Int, burst: Int, asksFirst: Bool = false) {
    self.name = name
    self.limit = limit
    self.seconds = seconds
    self.burst = burst
    self.asksFirst = asksFirst
  }
}
