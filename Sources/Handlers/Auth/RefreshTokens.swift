import Bytes
import ProtocolRuntime

/// A session's n-th refresh token. It is derived, so that the database holds nothing that could be stolen and used,
/// and so that a successor can be given out again when its first delivery was lost.
struct RefreshToken: Equatable, Sendable {
  var sessionID: UUID
  /// Counted from 0; every use starts the next one.
  var generation: Int
}

/// Writes and reads refresh tokens: the base64url of session (16 bytes), generation (4) and the HMAC-SHA-256 of both.
struct RefreshTokens: Sendable {
  /// Seconds from a token's making to its end.
  static let lifetime = 7 * 24 * 60 * 60

  /// Seconds from a login to the end of its session, however often it is refreshed.
  static let sessionLifetime = 90 * 24 * 60 * 60

  /// Seconds after the use of a token's successor in which the token is taken for late, and not for stolen.
  static let grace = 30

  private static let bodyLength = 20

  private let key: HMACKey

  init(secret: [UInt8]) throws {
    key = try HMACKey(secret: secret, label: "letschat refresh token 1")
  }

  func text(of token: RefreshToken) throws -> String {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(Self.bodyLength + 32)
    for word in [token.sessionID.high, token.sessionID.low] {
      withUnsafeBytes(of: word.bigEndian) { bytes += $0 }
    }
    // The database counts in 32 bits, so this cuts nothing off.
    withUnsafeBytes(of: UInt32(truncatingIfNeeded: token.generation).bigEndian) { bytes += $0 }
    let code = try bytes.withUnsafeBytes { bytes in try key.code(for: bytes) }
    code.withBytes { bytes += $0 }
    return Base64URL.encode(bytes)
  }

  /// The token that a text says, if this server made it; nil for anything else.
  func token(_ text: String) throws -> RefreshToken? {
    guard text.utf8.count <= 80, let bytes = Base64URL.decode(text), bytes.count == Self.bodyLength + 32 else {
      return nil
    }
    let computed = try bytes.withUnsafeBytes { bytes in
      try key.code(for: UnsafeRawBufferPointer(rebasing: bytes[..<Self.bodyLength]))
    }
    var claimed = Digest()
    withUnsafeMutableBytes(of: &claimed.words) { $0.copyBytes(from: bytes[Self.bodyLength...]) }
    guard computed.matches(claimed) else { return nil }
    func number(_ range: Range<Int>) -> UInt64 { bytes[range].reduce(0) { $0 << 8 | UInt64($1) } }
    return RefreshToken(
      sessionID: UUID(high: number(0..<8), low: number(8..<16)), generation: Int(number(16..<20)))
  }
}
