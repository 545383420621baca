/// What can be said of an operation's requests before their bodies have come. The generator makes it of the spec.
public struct OperationTraits: Sendable {
  /// Bytes of a body where the spec does not say it with `x-body-limit`.
  public static let defaultBodyLimit = 1 << 20

  /// What becomes of a body. The media type may be a range: `image/*`, `*/*`.
  public enum Body: Sendable {
    /// It takes none; one that comes is read and dropped.
    case none
    /// It is collected before the operation begins.
    case whole(StaticString)
    /// The operation begins with the head, and reads it as it comes.
    case stream(StaticString)

    /// What the body may be; nil where there is none.
    public var mediaType: StaticString? {
      switch self {
      case .none: nil
      case .whole(let mediaType), .stream(let mediaType): mediaType
      }
    }
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
  /// Cache-Control of a success (RFC 9111 §5.2); nil where nobody may keep one.
  public var cacheControl: StaticString?
  /// The header parameters.
  public var fields: [StaticString]

  public init(
    body: Body = .none, bodyLimit: Int = Self.defaultBodyLimit, needsCaller: Bool = false,
    answers: StaticString? = nil, acceptsRanges: Bool = false, cacheControl: StaticString? = nil,
    fields: [StaticString] = []
  ) {
    self.body = body
    self.bodyLimit = bodyLimit
    self.needsCaller = needsCaller
    self.answers = answers
    self.acceptsRanges = acceptsRanges
    self.cacheControl = cacheControl
    self.fields = fields
  }
}
