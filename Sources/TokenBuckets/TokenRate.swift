/// How fast a bucket of tokens fills, and how many it holds. What is limited takes a token each time; an empty bucket
/// refuses.
public struct TokenRate: Sendable, Hashable {
  /// Nanoseconds until there is one token more; from 1 to 2^57.
  public let interval: UInt64
  /// What a full bucket holds, at least 1; with ``interval`` no more than 2^60 ns together, some 36 years.
  public let capacity: UInt64

  private static let longestInterval = 1 << 57
  private static let longestFilling: UInt64 = 1 << 60

  /// - Parameters:
  ///   - tokens: that come in each period; at least 1.
  ///   - period: above zero.
  ///   - burst: what a full bucket holds; at least 1.
  ///   - scale: multiplies tokens and burst. A bucket always holds one token at least.
  public init(_ tokens: Int, per period: Duration, burst: Int, scale: Double = 1) {
    precondition(tokens > 0 && burst > 0 && period > .zero && scale > 0, "a rate is more than nothing")
    let nanoseconds = (period / .nanoseconds(1)) / (Double(tokens) * scale)
    interval = UInt64(min(max(nanoseconds.rounded(), 1), Double(Self.longestInterval)))
    capacity = min(UInt64(max((Double(burst) * scale).rounded(), 1).bounded), Self.longestFilling / interval)
  }

  /// Nanoseconds in which an empty bucket fills.
  public var filling: UInt64 { interval * capacity }
}

extension Double {
  fileprivate var bounded: Double { Swift.min(self, 0x1p60) }
}
