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

  private func receiveRing(_ payload: ByteBuffer, _ caller: Caller, _ context: RequestContext) async throws -> Acknowledgement {
    var report = RateLimitReport()
    try limiter.spend(6, .user(caller.userID), &report)
    switch try await self.doors.ring(caller: caller, context: context) {
    case .done: return .done
    case .refused(let refusal): throw ProblemDetails(refusal)
    }
  }

  private func receiveKnock(_ payload: ByteBuffer, _ caller: Caller, _ context: RequestContext) async throws -> Acknowledgement {
    var report = RateLimitReport()
    try limiter.spend(7, .user(caller.userID), &report)
    switch try await self.doors.knock(caller: caller, context: context) {
    case .done: return .done
    case .refused(let refusal): throw ProblemDetails(refusal)
    }
  }

  private func receiveCall(_ payload: ByteBuffer, _ caller: Caller, _ context: RequestContext) async throws -> Acknowledgement {
    var report = RateLimitReport()
    try limiter.spend(9, .address(context.address), &report)
    try limiter.spend(6, .user(caller.userID), &report)
    var violations: [Violation] = []
    let decoded = try Name_.decode(argument: payload, violations: &violations)
    guard violations.isEmpty, let input = decoded else { throw Parameters.invalid(violations) }
    try await limiter.spendAsking(8, .account(input.name, address: context.address), &report)
    switch try await self.doors.call(input, caller: caller, context: context) {
    case .done: return .done
    case .refused(let refusal): throw ProblemDetails(refusal)
    }
  }

  private func receiveRename(_ payload: ByteBuffer, _ caller: Caller, _ context: RequestContext) async throws -> Acknowledgement {
    var report = RateLimitReport()
    try limiter.spend(10, .user(caller.userID), &report)
    var violations: [Violation] = []
    let decoded = try Name_.decode(argument: payload, violations: &violations)
    guard violations.isEmpty, let input = decoded else { throw Parameters.invalid(violations) }
    switch try await self.doors.rename(.init(body: Name_(name: input.name)), caller: caller, context: context) {
    case .noContent: return .done
    case .refused(let refusal): throw ProblemDetails(refusal)
    }
  }

}
