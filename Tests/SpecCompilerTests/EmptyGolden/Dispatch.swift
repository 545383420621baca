// Generated from the spec. Do not edit: change the YAML.
import NIOCore
import ProtocolRuntime

/// The protocol over what people write by hand, a value for each tag: bytes in, bytes out.
///
/// A class, so that whoever keeps it keeps one reference; each handler is called by its own type's witness.
public final class API<PolicyHandler: AccessPolicies, TokenHandler: Authenticator>: Sendable {
  let policies: PolicyHandler
  let authenticator: TokenHandler
  /// Told of every fault: an error that is neither a refusal nor a dependency that is away.
  private let onFault: @Sendable (any Error, RequestContext) -> Void

  public init(policies: PolicyHandler, authenticator: TokenHandler, onFault: @escaping @Sendable (any Error, RequestContext) -> Void) {
    self.policies = policies
    self.authenticator = authenticator
    self.onFault = onFault
  }

  /// A problem as an answer.
  public func problem(_ problem: ProblemDetails, context: RequestContext) -> Response {
    Response.problem(problem, requestID: context.requestID, catalog: problemCatalog)
  }

  /// Looks up what an error is for the client, and tells of it if it is a fault.
  func problem(of error: any Error, context: RequestContext) -> ProblemDetails {
    let problem = ProblemDetails(error)
    if problemCatalog[problem.code].status == 500 { onFault(error, context) }
    return problem
  }

  /// Authenticates, decodes, checks access, calls the handler and encodes its answer.
  ///
  /// - Parameter parameters: as `Route.operation` has them.
  public func respond(to request: Request, operation: OperationID, parameters: [String]) async -> Response {
    self.problem(ProblemDetails("not_found", "There is no operation."), context: request.context)
  }
}

extension API {
}
