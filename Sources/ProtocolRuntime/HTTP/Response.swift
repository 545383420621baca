import NIOCore

/// An HTTP answer. The server adds what every answer has: date, length, security headers, request id.
public struct Response: Sendable {
  public var status: Int
  /// Nil where there is no content.
  public var contentType: StaticString?
  public var retryAfter: Int?
  /// The code of a problem, for the log; nil for a success.
  public var problemCode: String?
  public var body: ByteBuffer

  public init(status: Int, contentType: StaticString? = nil, body: ByteBuffer = ByteBuffer()) {
    self.status = status
    self.contentType = contentType
    self.body = body
  }

  public static func json(_ status: Int, _ value: some JSONEncodable) -> Response {
    var writer = JSONWriter(capacity: 1024)
    value.encode(into: &writer)
    return Response(status: status, contentType: "application/json", body: writer.finish())
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
