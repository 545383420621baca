/// `x-rate-limit`: a bucket for each of those whom it counts. It holds `burst` tokens, and `limit` come every `seconds`.
public struct RateLimit: Sendable, Equatable {
  public enum Key: Sendable, Equatable {
    case address
    case user
    /// An address together with the account that the body names: the names of the properties that lead to it.
    case account([String])

    /// As the spec has it.
    public var name: String {
      switch self {
      case .address: "ip"
      case .user: "user"
      case .account: "ip+account"
      }
    }
  }

  /// Each once: `user`, `login/ip+account`, `events/user`.
  public var name: String
  public var limit: Int
  public var seconds: Int
  public var burst: Int
  public var by: Key
  /// `shared: first`.
  public var asksFirst: Bool
}
