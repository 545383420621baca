// Generated from the spec. Do not edit: change the YAML.
import NIOCore
import ProtocolRuntime

extension API {
  /// Handles a client event: decodes, checks access, calls the handler and encodes its answer.
  ///
  /// - Parameter payload: the JSON of the event's first argument; empty if it has none.
  public func receive(event: String, payload: ByteBuffer, caller: Caller, context: RequestContext) async -> Acknowledgement {
    do {
      switch event {
      default:
        throw ProblemDetails("not_found", "There is no event `\(event.prefix(100))`.")
      }
    } catch {
      let problem = problem(of: error, context: context)
      return .problem(problem, context: context, catalog: problemCatalog)
    }
  }

}
