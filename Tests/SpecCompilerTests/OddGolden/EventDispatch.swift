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

  private func receiveInit(_ payload: ByteBuffer, _ caller: Caller, _ context: RequestContext) async throws -> Acknowledgement {
    var violations: [Violation] = []
    let decoded = try Asked.decode(argument: payload, violations: &violations)
    guard violations.isEmpty, let input = decoded else { throw Parameters.invalid(violations) }
    try await policies.self_(input.id, caller: caller).require()
    switch try await self.self_.init_(input, caller: caller, context: context) {
    case .ok(let value): return .data { writer in writer.array(value) { writer, element in writer.integer(element) } }
    case .refused(let refusal): throw ProblemDetails(refusal)
    }
  }

  private func receiveSelf(_ payload: ByteBuffer, _ caller: Caller, _ context: RequestContext) async throws -> Acknowledgement {
    var violations: [Violation] = []
    let decoded = try Asked.decode(argument: payload, violations: &violations)
    guard violations.isEmpty, let input = decoded else { throw Parameters.invalid(violations) }
    switch try await self.self_.self_(input, caller: caller, context: context) {
    case .ok(let value): return .data { writer in writer.object(value) { writer, element in writer.number(element) } }
    case .refused(let refusal): throw ProblemDetails(refusal)
    }
  }

  private func receiveRefused(_ payload: ByteBuffer, _ caller: Caller, _ context: RequestContext) async throws -> Acknowledgement {
    var violations: [Violation] = []
    let decoded = try Asked.decode(argument: payload, violations: &violations)
    guard violations.isEmpty, let input = decoded else { throw Parameters.invalid(violations) }
    switch try await self.self_.refused(input, caller: caller, context: context) {
    case .ok(let value): return .data { writer in writer.string(value) }
    case .refused(let refusal): throw ProblemDetails(refusal)
    }
  }

  private func receiveSome(_ payload: ByteBuffer, _ caller: Caller, _ context: RequestContext) async throws -> Acknowledgement {
    var violations: [Violation] = []
    let decoded = try Asked.decode(argument: payload, violations: &violations)
    guard violations.isEmpty, let input = decoded else { throw Parameters.invalid(violations) }
    switch try await self.self_.some_(input, caller: caller, context: context) {
    case .ok(let value): return .data { writer in if let value = value { writer.boolean(value) } else { writer.null() } }
    case .refused(let refusal): throw ProblemDetails(refusal)
    }
  }

  private func receiveData(_ payload: ByteBuffer, _ caller: Caller, _ context: RequestContext) async throws -> Acknowledgement {
    var violations: [Violation] = []
    let decoded = try Asked.decode(argument: payload, violations: &violations)
    guard violations.isEmpty, let input = decoded else { throw Parameters.invalid(violations) }
    switch try await self.self_.data(input, caller: caller, context: context) {
    case .ok(let value): return .data { writer in writer.array(value) { writer, element in writer.string(element) } }
    case .refused(let refusal): throw ProblemDetails(refusal)
    }
  }

  private func receiveAwait(_ payload: ByteBuffer, _ caller: Caller, _ context: RequestContext) async throws -> Acknowledgement {
    var violations: [Violation] = []
    let decoded = try Asked.decode(argument: payload, violations: &violations)
    guard violations.isEmpty, let input = decoded else { throw Parameters.invalid(violations) }
    switch try await self.self_.await(input, caller: caller, context: context) {
    case .ok(let value): return .data { writer in writer.string(value) }
    case .refused(let refusal): throw ProblemDetails(refusal)
    }
  }

  private func receiveBound(_ payload: ByteBuffer, _ caller: Caller, _ context: RequestContext) async throws -> Acknowledgement {
    var violations: [Violation] = []
    let decoded = try Result_.decode(argument: payload, violations: &violations)
    guard violations.isEmpty, let input = decoded else { throw Parameters.invalid(violations) }
    switch try await self.token.refused(.init(body: ResultAlias(ok: input.ok, string: input.string, never: input.never, optional: input.optional, pattern: input.pattern, parameters: input.parameters, nullable: input.nullable, content: input.content, operations: input.operations, kind: input.kind, things: input.things)), context: context) {
    case .ok(let value): return .data { writer in if let value = value { value.encode(into: &writer) } else { writer.null() } }
    case .refused(let refusal): throw ProblemDetails(refusal)
    }
  }

}
