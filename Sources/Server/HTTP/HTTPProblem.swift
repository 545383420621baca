import ProtocolRuntime

/// What goes wrong before a request reaches an operation.
enum HTTPProblem: Sendable {
  case malformed, headersTooLarge, timeout, tooLarge, expectation, notFound, methodNotAllowed

  private static let catalog = ProblemCatalog([
    "malformed_request": .init(status: 400, title: "Malformed request"),
    "headers_too_large": .init(status: 431, title: "Header fields too large"),
    "request_timeout": .init(status: 408, title: "Request timeout"),
    "payload_too_large": .init(status: 413, title: "Payload too large"),
    "expectation_failed": .init(status: 417, title: "Expectation failed"),
    "not_found": .init(status: 404, title: "Not found"),
    "method_not_allowed": .init(status: 405, title: "Method not allowed"),
  ])

  func response(requestID: String) -> Response {
    Response.problem(details, requestID: requestID, catalog: Self.catalog)
  }

  private var details: ProblemDetails {
    switch self {
    case .malformed: ProblemDetails("malformed_request", "The bytes are not an HTTP/1.1 request.")
    case .headersTooLarge: ProblemDetails("headers_too_large", "The target or the header fields are too long.")
    case .timeout: ProblemDetails("request_timeout", "The request did not arrive in time.")
    case .tooLarge: ProblemDetails("payload_too_large", "The body is longer than the server takes.")
    case .expectation: ProblemDetails("expectation_failed", "The only expectation that is met is 100-continue.")
    case .notFound: ProblemDetails("not_found", "There is nothing at this path.")
    case .methodNotAllowed: ProblemDetails("method_not_allowed", "The path is known, but not with this method.")
    }
  }
}
