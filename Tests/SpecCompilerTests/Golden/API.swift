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
public final class API<ThingsHandler: ThingsHandlers & ThingsEventHandlers, PolicyHandler: AccessPolicies, TokenHandler: Authenticator>: Sendable {
  let things: ThingsHandler
  let policies: PolicyHandler
  let authenticator: TokenHandler
  /// Told of every fault: an error that is neither a refusal nor a dependency that is away.
  private let onFault: @Sendable (any Error, RequestContext) -> Void

  public init(things: ThingsHandler, policies: PolicyHandler, authenticator: TokenHandler, onFault: @escaping @Sendable (any Error, RequestContext) -> Void) {
    self.things = things
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
  /// - Parameter segments: as `Route.operation` has them.
  public func respond(to request: Request, operation: OperationID, segments: PathSegments) async -> Response {
    var response = Response(status: 500)
    do {
      switch operation {
      case .getThing: try await respondGetThing(request, segments, &response)
      case .renameThing: try await respondRenameThing(request, segments, &response)
      case .getPicture: try await respondGetPicture(request, segments, &response)
      case .getPhoto: try await respondGetPhoto(request, segments, &response)
      case .setPhoto: try await respondSetPhoto(request, segments, &response)
      case .addScan: try await respondAddScan(request, segments, &response)
      case .getLid: try await respondGetLid(request, segments, &response)
      }
      return response
    } catch {
      return self.problem(problem(of: error, context: request.context), context: request.context)
    }
  }
}

extension API {
  /// Handles a client event: decodes, checks access, calls the handler and encodes its answer.
  ///
  /// - Parameter payload: the JSON of the event's first argument; empty if it has none.
  public func receive(event: String, payload: ByteBuffer, caller: Caller, context: RequestContext) async -> Acknowledgement {
    do {
      switch event {
      case "touch_thing": return try await receiveTouchThing(payload, caller, context)
      case "rename_thing": return try await receiveRenameThing(payload, caller, context)
      default:
        throw ProblemDetails("not_found", "There is no event `\(event.prefix(100))`.")
      }
    } catch {
      let problem = problem(of: error, context: context)
      return .problem(problem, context: context, catalog: problemCatalog)
    }
  }
}
