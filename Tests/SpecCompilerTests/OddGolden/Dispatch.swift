// Generated from the spec. Do not edit: change the YAML.
import NIOCore
import ProtocolRuntime

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
  /// - Parameter parameters: as `Route.operation` has them.
  public func respond(to request: Request, operation: OperationID, parameters: [String]) async -> Response {
    var response = Response(status: 500)
    do {
      switch operation {
      case .data: try await respondData(request, parameters, &response)
      case .init_: try await respondInit(request, parameters, &response)
      case .self_: try await respondSelf(request, parameters, &response)
      case .double: try await respondDouble(request, parameters, &response)
      case .none_: try await respondNone(request, parameters, &response)
      case .await: try await respondAwait(request, parameters, &response)
      case .some_: try await respondSome(request, parameters, &response)
      case .refused: try await respondRefused(request, parameters, &response)
      case .encode_: try await respondEncode(request, parameters, &response)
      case .decode_: try await respondDecode(request, parameters, &response)
      case .traits_: try await respondTraits(request, parameters, &response)
      case .type: try await respondType(request, parameters, &response)
      case .hashValue_: try await respondHashValue(request, parameters, &response)
      case .input: try await respondInput(request, parameters, &response)
      case .listChanges: try await respondListChanges(request, parameters, &response)
      }
      return response
    } catch {
      return self.problem(problem(of: error, context: request.context), context: request.context)
    }
  }
}

extension API {
  @inline(never)
  private func respondData(_ request: Request, _ segments: [String], _ response: inout Response) async throws {
    try request.requireAcceptable("application/json")
    let output = try await self.init_.data(.init(), context: request.context)
    switch output {
    case .ok(let value): response = Response.json(200) { writer in writer.array(value) { writer, element in writer.number(element) } }
    case .refused(let refusal): throw ProblemDetails(refusal)
    }
  }

  @inline(never)
  private func respondInit(_ request: Request, _ segments: [String], _ response: inout Response) async throws {
    try request.requireAcceptable("application/json")
    var parameters = Parameters(query: nil)
    let optionalBody = try request.decodeBody(violations: &parameters.violations) { (reader: inout JSONReader) throws(JSONSyntaxError) in try reader.array(minItems: 1) { (reader: inout JSONReader) throws(JSONSyntaxError) in try reader.integer(maximum: 9) } }
    try parameters.requireValid()
    guard let body = optionalBody else { throw Parameters.invalid([]) }
    let output = try await self.init_.init_(.init(body: body), context: request.context)
    switch output {
    case .ok(let value): response = Response.json(200) { writer in writer.array(value) { writer, element in if let value = copy element { writer.integer(value) } else { writer.null() } } }
    case .refused(let refusal): throw ProblemDetails(refusal)
    }
  }

  @inline(never)
  private func respondSelf(_ request: Request, _ segments: [String], _ response: inout Response) async throws {
    try request.requireAcceptable("application/json")
    let caller = try await request.authenticated(by: authenticator)
    var parameters = Parameters(query: nil)
    let body = try request.decodeBody(required: false, violations: &parameters.violations) { (reader: inout JSONReader) throws(JSONSyntaxError) in try reader.map(maxProperties: 2) { (reader: inout JSONReader) throws(JSONSyntaxError) in try reader.nullable { (reader: inout JSONReader) throws(JSONSyntaxError) in try reader.string(pattern: Patterns.pattern3) } } }
    try parameters.requireValid()
    let output = try await self.self_.self_(.init(body: body), caller: caller, context: request.context)
    switch output {
    case .created(let value): response = Response.json(201) { writer in writer.object(value) { writer, element in writer.array(element) { writer, element in writer.string(element) } } }
    case .refused(let refusal): throw ProblemDetails(refusal)
    }
  }

  @inline(never)
  private func respondDouble(_ request: Request, _ segments: [String], _ response: inout Response) async throws {
    try request.requireAcceptable("application/json")
    let output = try await self.policy.double(.init(), context: request.context)
    switch output {
    case .ok(let value): response = Response.json(200) { writer in writer.boolean(value) }
    case .refused(let refusal): throw ProblemDetails(refusal)
    }
  }

  @inline(never)
  private func respondNone(_ request: Request, _ segments: [String], _ response: inout Response) async throws {
    try request.requireAcceptable("application/json")
    var parameters = Parameters(query: nil)
    let optionalBody = try request.decodeBody(violations: &parameters.violations) { (reader: inout JSONReader) throws(JSONSyntaxError) in try reader.array(maxItems: 3) { (reader: inout JSONReader) throws(JSONSyntaxError) in try reader.number() } }
    try parameters.requireValid()
    guard let body = optionalBody else { throw Parameters.invalid([]) }
    let output = try await self.policy.none_(.init(body: body), context: request.context)
    switch output {
    case .ok(let value): response = Response.json(200) { writer in writer.string(value) }
    case .refused(let refusal): throw ProblemDetails(refusal)
    }
  }

  @inline(never)
  private func respondAwait(_ request: Request, _ segments: [String], _ response: inout Response) async throws {
    try request.requireAcceptable("application/json")
    var parameters = Parameters(query: nil)
    let optionalBody = try request.decodeBody(violations: &parameters.violations) { (reader: inout JSONReader) throws(JSONSyntaxError) in try reader.nullable { (reader: inout JSONReader) throws(JSONSyntaxError) in try reader.string(minLength: 2) } }
    try parameters.requireValid()
    guard let body = optionalBody else { throw Parameters.invalid([]) }
    let output = try await self.policy.await(.init(body: body), context: request.context)
    switch output {
    case .ok(let value): response = Response.json(200) { writer in if let value = value { writer.number(value) } else { writer.null() } }
    case .refused(let refusal): throw ProblemDetails(refusal)
    }
  }

  @inline(never)
  private func respondSome(_ request: Request, _ segments: [String], _ response: inout Response) async throws {
    try request.requireAcceptable("application/json")
    var parameters = Parameters(query: nil)
    let optionalBody = try request.decodeBody(violations: &parameters.violations) { (reader: inout JSONReader) throws(JSONSyntaxError) in try reader.integer(minimum: 7, maximum: 7) }
    try parameters.requireValid()
    guard let body = optionalBody else { throw Parameters.invalid([]) }
    let output = try await self.policy.some_(.init(body: body), context: request.context)
    switch output {
    case .ok(_): response = Response.json(200) { writer in writer.null() }
    case .refused(let refusal): throw ProblemDetails(refusal)
    }
  }

  @inline(never)
  private func respondRefused(_ request: Request, _ segments: [String], _ response: inout Response) async throws {
    try request.requireAcceptable("application/json")
    var parameters = Parameters(query: nil)
    let body = try request.decodeBody(Result_.self, required: false, violations: &parameters.violations)
    try parameters.requireValid()
    let output = try await self.token.refused(.init(body: body), context: request.context)
    switch output {
    case .ok(let value): response = Response.json(200) { writer in if let value = value { value.encode(into: &writer) } else { writer.null() } }
    case .refused(let refusal): throw ProblemDetails(refusal)
    }
  }

  @inline(never)
  private func respondEncode(_ request: Request, _ segments: [String], _ response: inout Response) async throws {
    try request.requireAcceptable("application/json")
    let caller = try await request.authenticated(by: authenticator)
    var parameters = Parameters(query: nil)
    let optionalPathID = parameters.pathString("id", segments[0])
    try parameters.requireValid()
    guard let pathID = optionalPathID else { throw Parameters.invalid([]) }
    try await policies.self_(pathID, caller: caller).require()
    let output = try await self.token.encode_(.init(path: .init(id: pathID)), caller: caller, context: request.context)
    switch output {
    case .ok(let value): response = Response.json(200) { writer in writer.array(value) { writer, element in element.encode(into: &writer) } }
    case .refused(let refusal): throw ProblemDetails(refusal)
    }
  }

  @inline(never)
  private func respondDecode(_ request: Request, _ segments: [String], _ response: inout Response) async throws {
    try request.requireAcceptable("application/json")
    let caller = try await request.authenticated(by: authenticator)
    var parameters = Parameters(query: nil)
    let optionalPathID = parameters.pathString("id", segments[0])
    let optionalBody = try request.decodeBody(Odd.self, violations: &parameters.violations)
    try parameters.requireValid()
    guard let pathID = optionalPathID, let body = optionalBody else { throw Parameters.invalid([]) }
    try await policies.init_(pathID, caller: caller).require()
    let output = try await self.token.decode_(.init(path: .init(id: pathID), body: body), caller: caller, context: request.context)
    switch output {
    case .ok(let value): response = Response.json(200, value)
    case .refused(let refusal): throw ProblemDetails(refusal)
    }
  }

  @inline(never)
  private func respondTraits(_ request: Request, _ segments: [String], _ response: inout Response) async throws {
    let caller = try await request.authenticated(by: authenticator)
    var parameters = Parameters(query: nil)
    let optionalPathID = parameters.pathString("id", segments[0])
    try parameters.requireValid()
    guard let pathID = optionalPathID else { throw Parameters.invalid([]) }
    try await policies.await(pathID, caller: caller).require()
    let output = try await self.token.traits_(.init(path: .init(id: pathID)), caller: caller, context: request.context)
    switch output {
    case .noContent: response = Response(status: 204)
    case .refused(let refusal): throw ProblemDetails(refusal)
    }
  }

  @inline(never)
  private func respondType(_ request: Request, _ segments: [String], _ response: inout Response) async throws {
    try request.requireAcceptable("application/json")
    var parameters = Parameters(query: nil)
    let optionalBody = try request.decodeBody(Many.self, violations: &parameters.violations)
    try parameters.requireValid()
    guard let body = optionalBody else { throw Parameters.invalid([]) }
    let output = try await self.token.type(.init(body: body), context: request.context)
    switch output {
    case .ok(let value): response = Response.json(200, value)
    case .refused(let refusal): throw ProblemDetails(refusal)
    }
  }

  @inline(never)
  private func respondHashValue(_ request: Request, _ segments: [String], _ response: inout Response) async throws {
    try request.requireAcceptable("application/json")
    var parameters = Parameters(query: request.query)
    let optionalPathFlag = parameters.pathBoolean("flag", segments[0])
    let optionalPathAt = parameters.pathTimestamp("at", segments[1])
    let optionalPathRatio = parameters.pathNumber("ratio", segments[2], maximum: 10.0, exclusiveMinimum: 0.0, multipleOf: DecimalStep(5, exponent: -1))
    let optionalPathDay = parameters.pathString("day", segments[3], format: .date)
    let optionalPathFixed = parameters.pathConstant("fixed", segments[4], "here")
    let optionalPathYes = parameters.pathConstant("yes", segments[5], "true").map { _ in true }
    let optionalPathSeven = parameters.pathInteger("seven", segments[6], minimum: 7, maximum: 7)
    let optionalPathHalf = parameters.pathNumber("half", segments[7], minimum: 0.5, maximum: 0.5)
    let queryFlag = parameters.boolean("flag")
    let queryAt = parameters.timestamp("at")
    let queryRatio = parameters.number("ratio", maximum: 10.0, exclusiveMinimum: 0.0, multipleOf: DecimalStep(5, exponent: -1))
    let queryDay = parameters.string("day", format: .date)
    let queryFixed = parameters.text("fixed").flatMap { parameters.pathConstant("fixed", $0, "here") }
    let queryYes = parameters.text("yes").flatMap { parameters.pathConstant("yes", $0, "true").map { _ in true } }
    let querySeven = parameters.text("seven").flatMap { parameters.pathInteger("seven", $0, minimum: 7, maximum: 7) }
    let queryHalf = parameters.text("half").flatMap { parameters.pathNumber("half", $0, minimum: 0.5, maximum: 0.5) }
    let optionalQuerySelf = parameters.number("self", required: true)
    let queryInit = parameters.boolean("init") ?? true
    let queryLet = parameters.enumeration("let", Kind.self) ?? .none_
    let queryKind = parameters.number("kind") ?? 2.0
    let headerFlag = parameters.header("flag", of: request).flatMap { parameters.pathBoolean("flag", $0) }
    let headerAt = parameters.header("at", of: request).flatMap { parameters.pathTimestamp("at", $0) }
    let headerRatio = parameters.header("ratio", of: request).flatMap { parameters.pathNumber("ratio", $0, maximum: 10.0, exclusiveMinimum: 0.0, multipleOf: DecimalStep(5, exponent: -1)) }
    let headerDay = parameters.header("day", of: request).flatMap { parameters.pathString("day", $0, format: .date) }
    let headerFixed = parameters.header("fixed", of: request).flatMap { parameters.pathConstant("fixed", $0, "here") }
    let headerYes = parameters.header("yes", of: request).flatMap { parameters.pathConstant("yes", $0, "true").map { _ in true } }
    let headerSeven = parameters.header("seven", of: request).flatMap { parameters.pathInteger("seven", $0, minimum: 7, maximum: 7) }
    let headerHalf = parameters.header("half", of: request).flatMap { parameters.pathNumber("half", $0, minimum: 0.5, maximum: 0.5) }
    try parameters.requireValid()
    guard let pathFlag = optionalPathFlag, let pathAt = optionalPathAt, let pathRatio = optionalPathRatio, let pathDay = optionalPathDay, let pathFixed = optionalPathFixed, let pathYes = optionalPathYes, let pathSeven = optionalPathSeven, let pathHalf = optionalPathHalf, let querySelf = optionalQuerySelf else { throw Parameters.invalid([]) }
    let output = try await self.onFault_.hashValue_(.init(path: .init(flag: pathFlag, at: pathAt, ratio: pathRatio, day: pathDay, fixed: pathFixed, yes: pathYes, seven: pathSeven, half: pathHalf), query: .init(flag: queryFlag, at: queryAt, ratio: queryRatio, day: queryDay, fixed: queryFixed, yes: queryYes, seven: querySeven, half: queryHalf, self_: querySelf, init_: queryInit, let: queryLet, kind: queryKind), header: .init(flag: headerFlag, at: headerAt, ratio: headerRatio, day: headerDay, fixed: headerFixed, yes: headerYes, seven: headerSeven, half: headerHalf)), context: request.context)
    switch output {
    case .ok(let value): response = Response.json(200) { writer in writer.string(value) }
    case .refused(let refusal): throw ProblemDetails(refusal)
    }
  }

  @inline(never)
  private func respondInput(_ request: Request, _ segments: [String], _ response: inout Response) async throws {
    let body = try request.formBody(Operations.Input_.BodyPart.self)
    let output = try await self.onFault_.input(.init(body: body), context: request.context)
    switch output {
    case .noContent: response = Response(status: 204)
    case .refused(let refusal): throw ProblemDetails(refusal)
    }
  }

  @inline(never)
  private func respondListChanges(_ request: Request, _ segments: [String], _ response: inout Response) async throws {
    try request.requireAcceptable("application/json")
    let output = try await self.onFault_.listChanges(.init(), context: request.context)
    switch output {
    case .ok(let value): response = Response.json(200, value)
    case .refused(let refusal): throw ProblemDetails(refusal)
    }
  }

}
