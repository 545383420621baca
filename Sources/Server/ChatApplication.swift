import Generated
import Handlers
import ProtocolRuntime

/// The generated API as the HTTP server serves it.
struct ChatApplication: HTTPApplication {
  let api: ChatAPI

  var problems: ProblemCatalog { problemCatalog }

  func route(method: String, path: String) -> HTTPRoute {
    switch Route.match(method: method, path: path) {
    case .operation(let id, let segments):
      .operation(id.traits) { [api] request in
        await api.respond(to: request, operation: id, segments: segments)
      }
    case .options(let allow): .options(allow: allow)
    case .methodNotAllowed(let allow): .methodNotAllowed(allow: allow)
    case .notFound: .notFound
    }
  }

  func refuse(_ problem: ProblemDetails, context: RequestContext) -> Response {
    api.refuse(problem, context: context)
  }
}
