#if NUMBERED_CHECKS
  /// A check of generated code that a test can switch off by its number.
  public struct NumberedCheck: Sendable {
    public enum Kind: Sendable {
      /// A bound: off, or one beside itself.
      case bound
      /// Anything else that is checked or not.
      case rule
      /// What stands for a value that is left out: off is another value.
      case fallback
      /// Spends of a rate limit.
      case limit
    }

    public let number: Int
    public let kind: Kind
    /// A type or an operation, a property or parameter of it, and the keyword.
    public let name: String
    /// The file of the spec and the line in it.
    public let place: String

    public init(_ number: Int, _ kind: Kind, _ name: String, _ place: String) {
      self.number = number
      self.kind = kind
      self.name = name
      self.place = place
    }
  }
#endif
