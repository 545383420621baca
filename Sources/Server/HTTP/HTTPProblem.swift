import ProtocolRuntime

/// What goes wrong before a request reaches an operation.
enum HTTPProblem: Sendable {
  case malformed, headersTooLarge, timeout, expectation, notFound, methodNotAllowed
  case tooLarge(limit: Int)
  /// The body is coded in a way that nobody here undoes.
  case coded
  /// The content has so many bytes, and none of those that are asked for.
  case range(length: Int)
  /// The server holds too much already.
  case overloaded

  /// What is about HTTP itself, which no spec of operations names.
  private static let catalog = ProblemCatalog([
    "malformed_request": .init(status: 400, title: "The bytes are not an HTTP request"),
    "headers_too_large": .init(status: 431, title: "The header fields are too large"),
    "request_timeout": .init(status: 408, title: "The request took too long"),
    "expectation_failed": .init(status: 417, title: "The expectation cannot be met"),
  ])

  /// Whether a code is about HTTP itself.
  static func isAboutHTTP(_ code: String) -> Bool { catalog[code].status != 500 }

  /// - Parameter catalog: the application's, for what its spec names.
  func response(requestID: String, catalog: ProblemCatalog) -> Response {
    func problem(_ code: String, _ detail: String, _ catalog: ProblemCatalog = Self.catalog) -> Response {
      Response.problem(ProblemDetails(code, detail), requestID: requestID, catalog: catalog)
    }
    return switch self {
    case .malformed: problem("malformed_request", "Send a request as RFC 9112 has it.")
    case .headersTooLarge: problem("headers_too_large", "Send a shorter target or fewer and shorter header fields.")
    case .timeout: problem("request_timeout", "The request did not arrive in time.")
    case .expectation: problem("expectation_failed", "The only expectation that is met is 100-continue.")
    case .tooLarge(let limit): problem("payload_too_large", "The body may have \(limit) bytes.", catalog)
    case .coded:
      // RFC 9110 §15.5.16: with what would be taken.
      problem("unsupported_media_type", "Send the body as it is, without a Content-Encoding.", catalog)
        .adding("Accept-Encoding", "identity")
    case .range(let length):
      problem("range_not_satisfiable", "The content has \(length) bytes.", catalog)
        .adding("Content-Range", "bytes */\(length)")
    case .overloaded:
      Response.problem(
        ProblemDetails("unavailable", "Too much is under way here. Try again in a moment.", retryAfter: 2),
        requestID: requestID, catalog: catalog)
    case .notFound: problem("not_found", "There is nothing at this path.", catalog)
    case .methodNotAllowed: problem("method_not_allowed", "The path does not know this method.", catalog)
    }
  }
}
