import NIOCore
import TokenBuckets

extension SocketIOServer {
  /// So many each period, and `burst` at once after a while of nothing.
  public struct Rate: Sendable, Hashable {
    let tokens: TokenRate

    /// - Parameters:
    ///   - count: at least 1.
    ///   - period: above zero.
    ///   - burst: at least 1.
    ///   - scale: above zero; multiplies count and burst.
    public init(_ count: Int, per period: TimeAmount, burst: Int, scale: Double = 1) {
      self.tokens = TokenRate(count, per: .nanoseconds(period.nanoseconds), burst: burst, scale: scale)
    }
  }
}

/// Counts the handshakes of addresses. Bounded: of a flood of addresses those are forgotten that came least often.
struct HandshakeCount {
  private static let addressLimit = 4096

  private var buckets = TokenBuckets(capacity: Self.addressLimit)

  /// Seconds after which the address may come again; nil where it may come now.
  mutating func refuse(_ address: String, rate: SocketIOServer.Rate, now: NIODeadline) -> Int? {
    let hash = UInt64(truncatingIfNeeded: address.hashValue)
    let outcome = self.buckets.spend(
      TokenBuckets.Key(limit: 0, high: hash, low: 0), rate: rate.tokens, now: now.uptimeNanoseconds)
    return outcome.isAllowed ? nil : max(1, Int((outcome.nextToken + 999_999_999) / 1_000_000_000))
  }
}
