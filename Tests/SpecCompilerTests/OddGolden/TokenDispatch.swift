// Generated from the spec. Do not edit: change the YAML.
import NIOCore
import ProtocolRuntime

extension API {
  @inline(never)
  func respondRefused(_ request: Request, _ segments: PathSegments, _ response: inout Response) async throws {
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
  func respondEncode(_ request: Request, _ segments: PathSegments, _ response: inout Response) async throws {
    try request.requireAcceptable("application/json")
    let caller = try await request.authenticated(by: authenticator)
    var parameters = Parameters(query: nil)
    let optionalPathID = parameters.pathString("id", String(segments[1]))
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
  func respondDecode(_ request: Request, _ segments: PathSegments, _ response: inout Response) async throws {
    try request.requireAcceptable("application/json")
    let caller = try await request.authenticated(by: authenticator)
    var parameters = Parameters(query: nil)
    let optionalPathID = parameters.pathString("id", String(segments[1]))
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
  func respondTraits(_ request: Request, _ segments: PathSegments, _ response: inout Response) async throws {
    let caller = try await request.authenticated(by: authenticator)
    var parameters = Parameters(query: nil)
    let optionalPathID = parameters.pathString("id", String(segments[1]))
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
  func respondType(_ request: Request, _ segments: PathSegments, _ response: inout Response) async throws {
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

  func receiveBound(_ payload: ByteBuffer, _ caller: Caller, _ context: RequestContext) async throws -> Acknowledgement {
    var violations: [Violation] = []
    let decoded = try Result_.decode(argument: payload, violations: &violations)
    guard violations.isEmpty, let input = decoded else { throw Parameters.invalid(violations) }
    switch try await self.token.refused(.init(body: ResultAlias(ok: input.ok, string: input.string, never: input.never, optional: input.optional, pattern: input.pattern, parameters: input.parameters, nullable: input.nullable, content: input.content, operations: input.operations, kind: input.kind, things: input.things)), context: context) {
    case .ok(let value): return .data { writer in if let value = value { value.encode(into: &writer) } else { writer.null() } }
    case .refused(let refusal): throw ProblemDetails(refusal)
    }
  }

}
