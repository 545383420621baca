/// A limit as an answer tells of it, in the fields RateLimit and RateLimit-Policy
/// (draft-ietf-httpapi-ratelimit-headers-10). A class, so that an answer has one reference to it.
public final class RateLimitPolicy: Sendable {
  /// `"user"`: its name as a String of Structured Fields (RFC 9651 §3.3.3).
  public let name: String
  /// `"user";q=600;w=60`: so many requests in so many seconds.
  public let field: String

  init(_ name: StaticString, quota: UInt64, window: UInt64) {
    self.name = "\"\(name)\""
    field = "\(self.name);q=\(quota);w=\(window)"
  }
}

/// How a limit stands after a request.
public struct RateLimitState: Sendable {
  public let policy: RateLimitPolicy
  /// Requests that may come at once.
  public let remaining: Int
  /// Seconds until there is one more.
  public let reset: Int
}

/// What the limits of one request say of themselves.
public struct RateLimitReport: Sendable {
  /// The one that has least left.
  public private(set) var nearest: RateLimitState?

  public init() {}

  mutating func note(_ state: RateLimitState) {
    if let nearest, nearest.remaining <= state.remaining { return }
    nearest = state
  }
}
