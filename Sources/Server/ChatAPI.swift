import Generated
import Handlers
import ProtocolRuntime

/// The generated API as the HTTP server serves it.
struct ChatAPI: HTTPApplication {
  /// An operation with its path parameters.
  struct Operation: Sendable {
    let id: OperationID
    let parameters: [String]
  }

  let api: API<ChatService>

  var problems: ProblemCatalog { problemCatalog }

  func route(method: String, path: String) -> HTTPRoute<Operation> {
    switch Route.match(method: method, path: path) {
    case .operation(let id, let parameters): .operation(Operation(id: id, parameters: parameters))
    case .options(let allow): .options(allow: allow)
    case .methodNotAllowed(let allow): .methodNotAllowed(allow: allow)
    case .notFound: .notFound
    }
  }

  func respond(to request: Request, operation: Operation) async -> Response {
    await api.respond(to: request, operation: operation.id, parameters: operation.parameters)
  }
}
