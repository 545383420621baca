import ProtocolRuntime

/// What the head of a request leads to.
enum HTTPRoute: Sendable {
  /// Runs when the body has come, on the connection's event loop.
  case operation(OperationTraits, @Sendable (Request) async -> Response)
  case notFound
  /// An OPTIONS request to a known path, with the methods that it has: `GET, HEAD, PUT, OPTIONS`.
  case options(allow: String)
  /// The path is known, with other methods.
  case methodNotAllowed(allow: String)
}

/// What the HTTP server serves.
protocol HTTPApplication: Sendable {
  /// Status and title of `not_found`, `method_not_allowed`, `payload_too_large`, `unsupported_media_type`, `unavailable`
  /// and what `Request.check(_:)` throws.
  var problems: ProblemCatalog { get }
  /// Runs for each request when its head has come.
  ///
  /// - Parameter path: absolute, percent-encoded, without the query.
  func route(method: String, path: String) -> HTTPRoute
  /// The answer to a request for an operation that is refused for what its head tells, before its body has come.
  func refuse(_ problem: ProblemDetails, context: RequestContext) -> Response
}
