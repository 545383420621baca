/// What an answer says of the limit that is the nearest: RateLimit and RateLimit-Policy
/// (draft-ietf-httpapi-ratelimit-headers-10 §3 and §4).
struct RateLimitFields: Sendable, Equatable {
  /// Of the limit, as the server calls it.
  let name: String
  /// `q` and `w`: what there is, and the seconds in which it comes again.
  let quota: Int
  let window: Int
  /// `r` and `t`: what may come at once, and the seconds until there is one more.
  let remaining: Int
  let reset: Int

  /// - Returns: nil where one of the two is missing, says nothing of the other's limit, or can't be read.
  init?(_ fields: [(name: String, value: String)]) {
    func item(_ name: String) -> (name: String, parameters: [String: Int])? {
      fields.first { $0.name.lowercased() == name }.flatMap { Self.item($0.value) }
    }
    guard let policy = item("ratelimit-policy"), let state = item("ratelimit"), policy.name == state.name,
      let quota = policy.parameters["q"], let window = policy.parameters["w"],
      let remaining = state.parameters["r"], let reset = state.parameters["t"]
    else { return nil }
    (name, self.quota, self.window, self.remaining, self.reset) = (policy.name, quota, window, remaining, reset)
  }

  /// An Integer has at most fifteen digits (RFC 9651 §3.3.1).
  private static let mostInteger = 999_999_999_999_999

  /// One String of Structured Fields with parameters that are Integers (RFC 9651 §3.3).
  private static func item(_ text: String) -> (name: String, parameters: [String: Int])? {
    let parts = text.split(separator: ";", omittingEmptySubsequences: false)
    guard let name = parts.first, name.count > 2, name.hasPrefix("\""), name.hasSuffix("\"") else { return nil }
    var parameters: [String: Int] = [:]
    for part in parts.dropFirst() {
      let sides = part.split(separator: "=")
      guard sides.count == 2, let value = Int(sides[1]), (0...mostInteger).contains(value) else { return nil }
      parameters[String(sides[0])] = value
    }
    return (String(name.dropFirst().dropLast()), parameters)
  }
}
