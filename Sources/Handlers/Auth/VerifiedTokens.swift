import ProtocolRuntime
import Synchronization

/// What an access token says.
public struct TokenClaims: Sendable, Equatable {
  public var caller: Caller
  /// Seconds since 1970, like the others; any number: whoever calculates with it has to bound it.
  var issuedAt: Int
  var expiresAt: Int
  /// When the session ends, unless it is refreshed: `Int.max` where the token does not say.
  var sessionEndsAt = Int.max
}

/// What the tokens say whose signatures were found to be right: a client sends the same one with each request for a
/// quarter of an hour, and to verify it costs a tenth of a small request. It says nothing of time or revocation, which
/// are looked at with every request.
///
/// The whole token is the key, so that whatever differs from one that was verified is verified itself.
final class VerifiedTokens: Sendable {
  /// Some 8 MB. Only tokens of ours get in, each of a user who signed in within a quarter of an hour.
  static let capacity = 16_384

  private struct Key: Hashable {
    /// Base64url and dots: strings are equal when they are canonically equivalent (U+212A is a K), tokens when their
    /// bytes are.
    let token: String

    /// Nil for a text that is no ASCII.
    init?(_ token: String) {
      // All bytes at once, since to stop at the first that is none would keep the compiler from vectors.
      guard token.utf8.withContiguousStorageIfAvailable({ $0.reduce(0, |) < 0x80 }) == true else { return nil }
      self.token = token
    }

    /// The end of the signature, which is as good as random: a forger finds another token's bucket at most.
    func hash(into hasher: inout Hasher) {
      token.utf8.withContiguousStorageIfAvailable {
        hasher.combine(bytes: UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer($0).suffix(16)))
      }
    }
  }

  private let claims = Mutex<[Key: TokenClaims]>([:])

  func claims(of token: String) -> TokenClaims? {
    guard let key = Key(token) else { return nil }
    return claims.withLock { $0[key] }
  }

  func insert(_ new: TokenClaims, of token: String) {
    guard let key = Key(token) else { return }
    claims.withLock { claims in
      // Full: it costs a verification for each to begin again, and expired ones go.
      if claims.count >= Self.capacity { claims.removeAll(keepingCapacity: true) }
      claims[key] = new
    }
  }

  var count: Int { claims.withLock { $0.count } }
}
