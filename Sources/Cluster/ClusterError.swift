/// What is wrong with a message between nodes. Its description holds no content of the message.
public struct ClusterError: Error, Sendable, Hashable, CustomStringConvertible {
  /// The kind of trouble. More kinds can come.
  public struct Code: Hashable, Sendable, CustomStringConvertible {
    private enum Base: Hashable { case malformed, tooLarge, unknownType, notInFormat }
    private let base: Base

    /// The bytes are not what the format has: not JSON, not MessagePack, or a field is missing or of another type.
    public static let malformed = Code(base: .malformed)
    /// A bound of ``ClusterLimits`` is exceeded.
    public static let tooLarge = Code(base: .tooLarge)
    /// A well-formed message of a type that is not known: a newer peer's. To be ignored.
    public static let unknownType = Code(base: .unknownType)
    /// This message has no form in the chosen format: a heartbeat in the classic one, for example.
    public static let notInFormat = Code(base: .notInFormat)

    public var description: String { "\(base)" }
  }

  public var code: Code
  public var message: String

  public init(_ code: Code, _ message: String) {
    self.code = code
    self.message = message
  }

  static func malformed(_ message: String) -> ClusterError { ClusterError(.malformed, message) }

  public var description: String { "cluster message \(code): \(message)" }
}

/// What a message from Redis may cost. Redis may be shared, so nothing that it says is trusted.
public struct ClusterLimits: Sendable, Hashable {
  /// The longest payload that is decoded, and the longest JSON that may come of it, in bytes.
  public var maxBytes = 64 << 20
  /// How deep arrays and objects may be nested, envelope included.
  public var maxDepth = 1_024

  public init() {}
}
