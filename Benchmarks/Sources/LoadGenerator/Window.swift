import NIOCore

/// A bounded stretch of load.
public struct Window: Sendable {
  /// No request is issued after this time; those in flight are waited for.
  public let duration: TimeAmount
  /// No more requests than this are issued.
  public let maximumRequests: Int
  /// Requests a second of all participants together; nil: each issues its next when the last was answered.
  public let rate: Double?

  /// The longest window that can be asked for, in seconds.
  public static let longest = 600.0

  /// - Parameters:
  ///   - seconds: More than 0, at most ``longest``; nil comes back otherwise.
  ///   - maximumRequests: At least 1.
  ///   - rate: More than 0, or nil.
  public init?(seconds: Double, maximumRequests: Int = 50_000_000, rate: Double? = nil) {
    guard seconds > 0, seconds <= Self.longest, maximumRequests > 0, rate ?? 1 > 0 else { return nil }
    self.duration = .nanoseconds(Int64(seconds * 1e9))
    self.maximumRequests = maximumRequests
    self.rate = rate
  }
}
