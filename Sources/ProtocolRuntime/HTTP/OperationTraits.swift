/// What can be said of an operation's requests before their bodies have come. The generator makes it of the spec.
public struct OperationTraits: Sendable {
  /// Bytes of a body where the spec does not say it with `x-body-limit`.
  public static let defaultBodyLimit = 1 << 20

  public enum Body: Sendable {
    /// It takes none; one that comes is read and dropped.
    case none
    case json
    /// Bytes of any media type.
    case bytes
  }

  public var body: Body
  /// Bytes of a body.
  public var bodyLimit: Int
  /// Whether only users may call it.
  public var needsCaller: Bool
  /// The media type of a success; nil where it has no content.
  public var answers: StaticString?
  /// Whether a part of its content may be asked for (RFC 9110 §14).
  public var acceptsRanges: Bool
  /// The header parameters.
  public var fields: [StaticString]

  public init(
    body: Body = .none, bodyLimit: Int = Self.defaultBodyLimit, needsCaller: Bool = false,
    answers: StaticString? = nil, acceptsRanges: Bool = false, fields: [StaticString] = []
  ) {
    self.body = body
    self.bodyLimit = bodyLimit
    self.needsCaller = needsCaller
    self.answers = answers
    self.acceptsRanges = acceptsRanges
    self.fields = fields
  }
}
