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
public final class API<InitHandler: InitHandlers, SelfHandler: SelfHandlers & SelfEventHandlers, PolicyHandler_: PolicyHandlers, TokenHandler_: TokenHandlers, OnFaultHandler: OnFaultHandlers, PolicyHandler: AccessPolicies, TokenHandler: Authenticator>: Sendable {
  let init_: InitHandler
  let self_: SelfHandler
  let policy: PolicyHandler_
  let token: TokenHandler_
  let onFault_: OnFaultHandler
  let policies: PolicyHandler
  let authenticator: TokenHandler
  /// Told of every fault: an error that is neither a refusal nor a dependency that is away.
  private let onFault: @Sendable (any Error, RequestContext) -> Void

  public init(init_: InitHandler, self_: SelfHandler, policy: PolicyHandler_, token: TokenHandler_, onFault_: OnFaultHandler, policies: PolicyHandler, authenticator: TokenHandler, onFault: @escaping @Sendable (any Error, RequestContext) -> Void) {
    self.init_ = init_
    self.self_ = self_
    self.policy = policy
    self.token = token
    self.onFault_ = onFault_
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
      case .data: try await respondData(request, segments, &response)
      case .init_: try await respondInit(request, segments, &response)
      case .self_: try await respondSelf(request, segments, &response)
      case .double: try await respondDouble(request, segments, &response)
      case .none_: try await respondNone(request, segments, &response)
      case .await: try await respondAwait(request, segments, &response)
      case .some_: try await respondSome(request, segments, &response)
      case .refused: try await respondRefused(request, segments, &response)
      case .encode_: try await respondEncode(request, segments, &response)
      case .decode_: try await respondDecode(request, segments, &response)
      case .traits_: try await respondTraits(request, segments, &response)
      case .type: try await respondType(request, segments, &response)
      case .hashValue_: try await respondHashValue(request, segments, &response)
      case .input: try await respondInput(request, segments, &response)
      case .listChanges: try await respondListChanges(request, segments, &response)
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
      case "list": return try await receiveInit(payload, caller, context)
      case "map": return try await receiveSelf(payload, caller, context)
      case "text": return try await receiveRefused(payload, caller, context)
      case "maybe": return try await receiveSome(payload, caller, context)
      case "alias": return try await receiveData(payload, caller, context)
      case "fixed": return try await receiveAwait(payload, caller, context)
      case "bound": return try await receiveBound(payload, caller, context)
      default:
        throw ProblemDetails("not_found", "There is no event `\(event.prefix(100))`.")
      }
    } catch {
      let problem = problem(of: error, context: context)
      return .problem(problem, context: context, catalog: problemCatalog)
    }
  }
}
