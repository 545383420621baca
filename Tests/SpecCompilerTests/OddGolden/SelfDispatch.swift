// Generated from the spec. Do not edit: change the YAML.
import NIOCore
import ProtocolRuntime

extension API {
  @inline(never)
  func respondSelf(_ request: Request, _ segments: PathSegments, _ response: inout Response) async throws {
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

  func receiveInit(_ payload: ByteBuffer, _ caller: Caller, _ context: RequestContext) async throws -> Acknowledgement {
    var violations: [Violation] = []
    let decoded = try Asked.decode(argument: payload, violations: &violations)
    guard violations.isEmpty, let input = decoded else { throw Parameters.invalid(violations) }
    try await policies.self_(input.id, caller: caller).require()
    switch try await self.self_.init_(input, caller: caller, context: context) {
    case .ok(let value): return .data { writer in writer.array(value) { writer, element in writer.integer(element) } }
    case .refused(let refusal): throw ProblemDetails(refusal)
    }
  }

  func receiveSelf(_ payload: ByteBuffer, _ caller: Caller, _ context: RequestContext) async throws -> Acknowledgement {
    var violations: [Violation] = []
    let decoded = try Asked.decode(argument: payload, violations: &violations)
    guard violations.isEmpty, let input = decoded else { throw Parameters.invalid(violations) }
    switch try await self.self_.self_(input, caller: caller, context: context) {
    case .ok(let value): return .data { writer in writer.object(value) { writer, element in writer.number(element) } }
    case .refused(let refusal): throw ProblemDetails(refusal)
    }
  }

  func receiveRefused(_ payload: ByteBuffer, _ caller: Caller, _ context: RequestContext) async throws -> Acknowledgement {
    var violations: [Violation] = []
    let decoded = try Asked.decode(argument: payload, violations: &violations)
    guard violations.isEmpty, let input = decoded else { throw Parameters.invalid(violations) }
    switch try await self.self_.refused(input, caller: caller, context: context) {
    case .ok(let value): return .data { writer in writer.string(value) }
    case .refused(let refusal): throw ProblemDetails(refusal)
    }
  }

  func receiveSome(_ payload: ByteBuffer, _ caller: Caller, _ context: RequestContext) async throws -> Acknowledgement {
    var violations: [Violation] = []
    let decoded = try Asked.decode(argument: payload, violations: &violations)
    guard violations.isEmpty, let input = decoded else { throw Parameters.invalid(violations) }
    switch try await self.self_.some_(input, caller: caller, context: context) {
    case .ok(let value): return .data { writer in if let value = value { writer.boolean(value) } else { writer.null() } }
    case .refused(let refusal): throw ProblemDetails(refusal)
    }
  }

  func receiveData(_ payload: ByteBuffer, _ caller: Caller, _ context: RequestContext) async throws -> Acknowledgement {
    var violations: [Violation] = []
    let decoded = try Asked.decode(argument: payload, violations: &violations)
    guard violations.isEmpty, let input = decoded else { throw Parameters.invalid(violations) }
    switch try await self.self_.data(input, caller: caller, context: context) {
    case .ok(let value): return .data { writer in writer.array(value) { writer, element in writer.string(element) } }
    case .refused(let refusal): throw ProblemDetails(refusal)
    }
  }

  func receiveAwait(_ payload: ByteBuffer, _ caller: Caller, _ context: RequestContext) async throws -> Acknowledgement {
    var violations: [Violation] = []
    let decoded = try Asked.decode(argument: payload, violations: &violations)
    guard violations.isEmpty, let input = decoded else { throw Parameters.invalid(violations) }
    switch try await self.self_.await(input, caller: caller, context: context) {
    case .ok(let value): return .data { writer in writer.string(value) }
    case .refused(let refusal): throw ProblemDetails(refusal)
    }
  }

}
