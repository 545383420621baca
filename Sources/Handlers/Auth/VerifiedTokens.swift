import ProtocolRuntime
import Synchronization

/// What an access token says.
struct TokenClaims: Sendable {
  var caller: Caller
  /// Seconds since 1970.
  var issuedAt: Int
  var expiresAt: Int
}

/// What the tokens say whose signatures were found to be right: a client sends the same one with each request for a
/// quarter of an hour, and to verify it costs a tenth of a small request. It says nothing of time or revocation, which
/// are looked at with every request.
///
/// The whole token is the key, so that whatever differs from one that was verified is verified itself.
final class VerifiedTokens: Sendable {
  /// Some 8 MB. Only tokens of ours get in, each of a user who signed in within a quarter of an hour.
  static let capacity = 16_384

  private let claims = Mutex<[String: TokenClaims]>([:])

  func claims(of token: String) -> TokenClaims? {
    // Strings are equal when they are canonically equivalent (U+212A is a K), tokens when their bytes are.
    guard token.utf8.allSatisfy({ $0 < 0x80 }) else { return nil }
    return claims.withLock { $0[token] }
  }

  func insert(_ new: TokenClaims, of token: String) {
    claims.withLock { claims in
      // Full: it costs a verification for each to begin again, and expired ones go.
      if claims.count >= Self.capacity { claims.removeAll(keepingCapacity: true) }
      claims[token] = new
    }
  }

  var count: Int { claims.withLock { $0.count } }
}
