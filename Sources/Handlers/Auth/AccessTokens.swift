import NIOCore
import ProtocolRuntime

/// Makes and reads access tokens: JWTs (RFC 7519) with the user (`sub`), the session (`sid`), two times
/// of the token and the time at which the session ends unless it is refreshed again (`end`).
struct AccessTokens: Sendable {
  /// Seconds for which a token is good.
  static let lifetime = 15 * 60

  /// Seconds by which another node's clock may be ahead.
  static let skew = 60

  private let key: HMACKey
  let verified = VerifiedTokens()

  init(secret: [UInt8]) throws {
    key = try HMACKey(secret: secret, label: "letschat access token 1")
  }

  /// - Parameters:
  ///   - lifetime: seconds; at least 1.
  ///   - secondsLeft: until the session ends.
  func issue(
    for caller: Caller, lifetime: Int = AccessTokens.lifetime, secondsLeft: Int = RefreshTokens.lifetime,
    at now: Timestamp
  ) throws -> String {
    let seconds = Int(now.millisecondsSinceEpoch / 1000)
    var writer = JSONWriter(capacity: 192)
    writer.raw("{\"sub\":")
    writer.uuid(caller.userID)
    writer.raw(",\"sid\":")
    writer.uuid(caller.sessionID)
    writer.raw(",\"iat\":")
    writer.integer(seconds)
    writer.raw(",\"exp\":")
    writer.integer(seconds + lifetime)
    writer.raw(",\"end\":")
    writer.integer(seconds + max(0, secondsLeft))
    writer.raw("}")
    return try JSONWebToken.sign(writer.finish(), key: key)
  }

  /// What a token says; nil for one that is forged, malformed, expired or not yet good.
  ///
  /// - Parameter remembers: Whether it may soon come again, and is to be cheaper then.
  func verify(_ token: String, at now: Timestamp, remembers: Bool = true) throws -> TokenClaims? {
    guard let claims = try verified.claims(of: token) ?? signed(token, remembers: remembers) else { return nil }
    let seconds = Int(now.millisecondsSinceEpoch / 1000)
    // RFC 7519 §4.1.4: on or after `exp` it must not be accepted.
    guard seconds < claims.expiresAt, claims.issuedAt <= seconds + Self.skew,
      claims.issuedAt < claims.expiresAt
    else { return nil }
    return claims
  }

  /// What a token says, if its signature is right.
  private func signed(_ token: String, remembers: Bool) throws -> TokenClaims? {
    guard let payload = try JSONWebToken.verify(token, key: key), let claims = Self.claims(payload) else { return nil }
    if remembers { verified.insert(claims, of: token) }
    return claims
  }

  private static let properties = PropertyTable(
    ["sub", "sid", "iat", "exp", "end"], required: 0b1111, refusesUnknown: false)

  private static func claims(_ payload: [UInt8]) -> TokenClaims? {
    JSONWebToken.read(payload) { (reader) throws(JSONSyntaxError) in
      guard var object = try reader.beginObject(properties) else { return nil }
      var userID: UUID?
      var sessionID: UUID?
      var issuedAt: Int?
      var expiresAt: Int?
      var sessionEndsAt: Int?
      while let property = try reader.nextProperty(&object) {
        switch property {
        case 0: userID = try reader.uuid()
        case 1: sessionID = try reader.uuid()
        case 2: issuedAt = try reader.integer()
        case 3: expiresAt = try reader.integer()
        default: sessionEndsAt = try reader.integer()
        }
      }
      guard let userID, let sessionID, let issuedAt, let expiresAt else { return nil }
      return TokenClaims(
        caller: Caller(userID: userID, sessionID: sessionID), issuedAt: issuedAt, expiresAt: expiresAt,
        sessionEndsAt: sessionEndsAt ?? .max)
    }
  }
}
