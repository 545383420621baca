import NIOCore

/// An HTTP answer. The server adds what every answer has: date, length, security headers, request id.
public struct Response: Sendable {
  public var status: Int
  /// Nil where there is no content.
  public var contentType: StaticString?
  /// In its place, where the spec says no single one.
  public var mediaType: String?
  public var retryAfter: Int?
  /// How the limit stands that the request came nearest to; nil where none looked at it.
  public var rateLimit: RateLimitState?
  /// The code of a problem, for the log; nil for a success.
  public var problemCode: String?
  /// What stands for the content, with its quotes (RFC 9110 §8.8.3). The server answers 304 to who has it already.
  public var entityTag: String?
  /// Fields that few answers have.
  public var fields: [Field] = []
  public var body: ResponseBody

  public struct Field: Sendable {
    public let name: StaticString
    public let value: String

    /// - Parameter value: control characters in it, which could end the field, become spaces (RFC 9110 §5.5).
    public init(_ name: StaticString, _ value: String) {
      self.name = name
      let isPlain = value.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7F }
      self.value =
        isPlain ? value : String(value.unicodeScalars.map { $0.value < 0x20 || $0.value == 0x7F ? " " : Character($0) })
    }
  }

  public init(status: Int, contentType: StaticString? = nil, body: ByteBuffer = ByteBuffer()) {
    self.status = status
    self.contentType = contentType
    self.body = .bytes(body)
  }

  /// An answer of any media type.
  public init(status: Int, contentType: StaticString, content: Content) {
    self.init(status: status, contentType: contentType)
    body = content.body
    entityTag = content.entityTag
    if let mediaType = content.mediaType {
      self.mediaType = mediaType
    } else if contentType.description.hasSuffix("*") {
      mediaType = "application/octet-stream"
    }
    fields = content.fields
  }

  /// The same with a field more.
  public func adding(_ name: StaticString, _ value: String) -> Response {
    var response = self
    response.fields.append(Field(name, value))
    return response
  }

  public static func json(
    _ status: Int, as mediaType: StaticString = "application/json", _ value: some JSONEncodable
  ) -> Response {
    json(status, as: mediaType) { value.encode(into: &$0) }
  }

  public static func json(
    _ status: Int, as mediaType: StaticString = "application/json", _ write: (inout JSONWriter) -> Void
  ) -> Response {
    var writer = JSONWriter(capacity: 1024)
    write(&writer)
    return Response(status: status, contentType: mediaType, body: writer.finish())
  }

  public static func problem(_ problem: ProblemDetails, requestID: String, catalog: ProblemCatalog) -> Response {
    var writer = JSONWriter(capacity: 512)
    problem.encode(into: &writer, requestID: requestID, catalog: catalog)
    var response = Response(
      status: catalog[problem.code].status, contentType: "application/problem+json", body: writer.finish())
    response.retryAfter = problem.retryAfter
    response.problemCode = problem.code
    return response
  }
}
