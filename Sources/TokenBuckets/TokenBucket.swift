/// One bucket by itself: see ``TokenBuckets``.
public struct TokenBucket: Sendable {
  private var fullAt: UInt64 = 0

  /// A full one.
  public init() {}

  /// Takes a token; false where there is none.
  ///
  /// - Parameter now: nanoseconds of a clock that never goes back, below 2^62.
  public mutating func spend(_ rate: TokenRate, now: UInt64) -> Bool {
    let debt = (fullAt > now ? fullAt - now : 0) + rate.interval
    guard debt <= rate.filling else { return false }
    fullAt = now + debt
    return true
  }
}
