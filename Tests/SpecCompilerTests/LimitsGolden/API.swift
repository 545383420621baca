// Generated from the spec. Do not edit: change the YAML.
import NIOCore
import ProtocolRuntime

/// Every REST operation of the spec.
public enum Operations {}

/// Every client event that is not another door to a REST operation.
public enum Events {}

/// The protocol over what people write by hand, a value for each tag: bytes in, bytes out.
///
/// A class, so that whoever keeps it keeps one reference; each handler is called by its own type's witness.
public final class API<DoorsHandler: DoorsHandlers & DoorsEventHandlers, PolicyHandler: AccessPolicies, TokenHandler: Authenticator>: Sendable {
  let doors: DoorsHandler
  let policies: PolicyHandler
  let authenticator: TokenHandler
  let limiter: RateLimiter
  /// Told of every fault: an error that is neither a refusal nor a dependency that is away.
  private let onFault: @Sendable (any Error, RequestContext) -> Void

  public init(doors: DoorsHandler, policies: PolicyHandler, authenticator: TokenHandler, limiter: RateLimiter, onFault: @escaping @Sendable (any Error, RequestContext) -> Void) {
    self.doors = doors
    self.policies = policies
    self.authenticator = authenticator
    self.limiter = limiter
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
  /// - Parameter segments: as `Route.operation` has them.
  public func respond(to request: Request, operation: OperationID, segments: PathSegments) async -> Response {
    var response = Response(status: 500)
    var report = RateLimitReport()
    do {
      switch operation {
      case .getTime: try await respondGetTime(request, segments, &report, &response)
      case .getMe: try await respondGetMe(request, segments, &report, &response)
      case .rename: try await respondRename(request, segments, &report, &response)
      case .login: try await respondLogin(request, segments, &report, &response)
      case .register: try await respondRegister(request, segments, &report, &response)
      }
    } catch {
      let counted = limiter.counting(problem(of: error, context: request.context), against: 0, address: request.context.address, &report)
      response = self.problem(counted, context: request.context)
    }
    response.rateLimit = report.nearest
    return response
  }

  /// The answer to a request whose head has this problem.
  public func refuse(_ problem: ProblemDetails, context: RequestContext) -> Response {
    var report = RateLimitReport()
    var response = Response(status: 500)
    let counted = limiter.counting(problem, against: 0, address: context.address, &report)
    response = self.problem(counted, context: context)
    response.rateLimit = report.nearest
    return response
  }
}

extension API {
  /// Handles a client event: decodes, checks access, calls the handler and encodes its answer.
  ///
  /// - Parameter payload: the JSON of the event's first argument; empty if it has none.
  public func receive(event: String, payload: ByteBuffer, caller: Caller, context: RequestContext) async -> Acknowledgement {
    do {
      switch event {
      case "ring": return try await receiveRing(payload, caller, context)
      case "knock": return try await receiveKnock(payload, caller, context)
      case "call": return try await receiveCall(payload, caller, context)
      case "rename": return try await receiveRename(payload, caller, context)
      default:
        var report = RateLimitReport()
        try limiter.spend(6, .user(caller.userID), &report)
        throw ProblemDetails("not_found", "There is no event `\(event.prefix(100))`.")
      }
    } catch {
      let problem = problem(of: error, context: context)
      return .problem(problem, context: context, catalog: problemCatalog)
    }
  }
}
