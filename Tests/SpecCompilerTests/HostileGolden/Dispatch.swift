// Generated from the spec. Do not edit: change the YAML.
import NIOCore
import ProtocolRuntime

/// The protocol over what people write by hand, a value for each tag: bytes in, bytes out.
///
/// A class, so that whoever keeps it keeps one reference; each handler is called by its own type's witness.
public final class API<TextsHandler: TextsHandlers & TextsEventHandlers, PolicyHandler: AccessPolicies, TokenHandler: Authenticator>: Sendable {
  let texts: TextsHandler
  let policies: PolicyHandler
  let authenticator: TokenHandler
  /// Told of every fault: an error that is neither a refusal nor a dependency that is away.
  private let onFault: @Sendable (any Error, RequestContext) -> Void

  public init(texts: TextsHandler, policies: PolicyHandler, authenticator: TokenHandler, onFault: @escaping @Sendable (any Error, RequestContext) -> Void) {
    self.texts = texts
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
    var response = Response(status: 500)
    do {
      switch operation {
      case .addText: try await respondAddText(request, parameters, &response)
      case .listTexts: try await respondListTexts(request, parameters, &response)
      case .addForm: try await respondAddForm(request, parameters, &response)
      }
      return response
    } catch {
      return self.problem(problem(of: error, context: request.context), context: request.context)
    }
  }
}

extension API {
  @inline(never)
  private func respondAddText(_ request: Request, _ segments: [String], _ response: inout Response) async throws {
    try request.requireAcceptable("application/octet-stream")
    var parameters = Parameters(query: request.query)
    let optionalPathID = parameters.pathString("id", segments[0])
    let queryInQuery = parameters.string("in-query") ?? "h\r\npublic let injected1 = 1\rpublic let injected2 = 1\npublic let injected3 = 1\u{2028}public let injected4 = 1\u{2029}public let injected5 = 1\u{85}public let injected6 = 1\u{b}\u{c}\t\u{0}\u{1b}\u{202e}\u{2066}*/ \"\\(injected)\" \"\"\" # \\"
    let headerXHeader = parameters.header("X-Header", of: request).flatMap { parameters.pathConstant("X-Header", $0, "h\r\npublic let injected1 = 1\rpublic let injected2 = 1\npublic let injected3 = 1\u{2028}public let injected4 = 1\u{2029}public let injected5 = 1\u{85}public let injected6 = 1\u{b}\u{c}\t\u{0}\u{1b}\u{202e}\u{2066}*/ \"\\(injected)\" \"\"\" # \\") }
    let optionalBody = try request.decodeBody(Text.self, violations: &parameters.violations)
    try parameters.requireValid()
    guard let pathID = optionalPathID, let body = optionalBody else { throw Parameters.invalid([]) }
    let output = try await self.texts.addText(.init(path: .init(id: pathID), query: .init(inQuery: queryInQuery), header: .init(xHeader: headerXHeader), body: body), context: request.context)
    switch output {
    case .ok(let content): response = Response(status: 200, contentType: "application/octet-stream", content: content)
    case .refused(let refusal): throw ProblemDetails(refusal)
    }
  }

  @inline(never)
  private func respondListTexts(_ request: Request, _ segments: [String], _ response: inout Response) async throws {
    try request.requireAcceptable("application/json")
    let output = try await self.texts.listTexts(.init(), context: request.context)
    switch output {
    case .ok(let value): response = Response.json(200, value)
    case .refused(let refusal): throw ProblemDetails(refusal)
    }
  }

  @inline(never)
  private func respondAddForm(_ request: Request, _ segments: [String], _ response: inout Response) async throws {
    let body = try request.formBody(Operations.AddForm.BodyPart.self)
    let output = try await self.texts.addForm(.init(body: body), context: request.context)
    switch output {
    case .noContent: response = Response(status: 204)
    case .refused(let refusal): throw ProblemDetails(refusal)
    }
  }

}
