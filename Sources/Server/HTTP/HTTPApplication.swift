import ProtocolRuntime

/// What the head of a request leads to.
enum HTTPRoute<Operation: Sendable>: Sendable {
  case operation(Operation)
  case notFound
  /// The path is known, with other methods: `GET, PUT`.
  case methodNotAllowed(allow: String)
}

/// What the HTTP server serves.
protocol HTTPApplication: Sendable {
  associatedtype Operation: Sendable
  /// Runs for each request when its head has come. HEAD is asked as GET.
  ///
  /// - Parameter path: absolute, percent-encoded, without the query.
  func route(method: String, path: String) -> HTTPRoute<Operation>
  /// Runs when the body has come, on the connection's event loop.
  func respond(to request: Request, operation: Operation) async -> Response
}
