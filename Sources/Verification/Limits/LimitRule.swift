import JSONSchema

/// A limit as the documents have it (`x-rate-limit`): so much each so many seconds, and a burst after a while of nothing.
struct LimitRule: Sendable, Equatable {
  /// Whom it counts.
  enum Spender: String, Sendable {
    case address = "ip"
    case user
    /// An address together with an account in the body.
    case account = "ip+account"
  }

  /// More, no Integer of RateLimit-Policy can say (RFC 9651 §3.3.1).
  private static let most = 999_999_999_999_999

  let limit: Int
  let seconds: Int
  let burst: Int
  let by: Spender
  /// Of an account: where in the body it is, by the names on the way.
  let account: [String]

  /// The rules of a document's root, an operation or an event: one, a list of them, or none.
  ///
  /// - Throws: `ClientError` for what says no limit.
  static func all(of owner: JSONValue) throws -> [LimitRule] {
    guard let node = owner["x-rate-limit"] else { return [] }
    return try (node.items ?? [node]).map(Self.init)
  }

  init(_ node: JSONValue) throws {
    guard let limit = node["limit"]?.integer, (1...Self.most).contains(limit),
      let burst = (node["burst"] ?? node["limit"])?.integer, (1...Self.most).contains(burst),
      let seconds = node["per"]?.text.flatMap(Self.seconds), let by = node["by"]?.text.flatMap(Spender.init)
    else { throw ClientError("\(String(decoding: node.encoded, as: UTF8.self)) is no limit") }
    self.limit = limit
    self.burst = burst
    self.seconds = seconds
    self.by = by
    account = (node["account"]?.text ?? "").split(separator: "/").map(String.init)
  }

  /// `30s`, `1m`, `1h`.
  private static func seconds(_ text: String) -> Int? {
    guard let unit = text.last, let length = ["s": 1, "m": 60, "h": 3600][unit], let count = Int(text.dropLast()),
      (1...86_400).contains(count)
    else { return nil }
    return count * length
  }

  /// In which an empty bucket is full again.
  var filling: Double { Double(seconds) * Double(burst) / Double(limit) }
}
