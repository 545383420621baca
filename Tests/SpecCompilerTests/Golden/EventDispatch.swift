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

  private func receiveTouchThing(_ payload: ByteBuffer, _ caller: Caller, _ context: RequestContext) async throws -> Acknowledgement {
    var violations: [Violation] = []
    let decoded = try ThingTouch.decode(argument: payload, violations: &violations)
    guard violations.isEmpty, let input = decoded else { throw Parameters.invalid(violations) }
    try await policies.thingOwner(input.thingID, caller: caller).require()
    switch try await self.things.touchThing(input, caller: caller, context: context) {
    case .ok(let value): return .data(value)
    case .refused(let refusal): throw ProblemDetails(refusal)
    }
  }

  private func receiveRenameThing(_ payload: ByteBuffer, _ caller: Caller, _ context: RequestContext) async throws -> Acknowledgement {
    var violations: [Violation] = []
    let decoded = try ThingRename.decode(argument: payload, violations: &violations)
    guard violations.isEmpty, let input = decoded else { throw Parameters.invalid(violations) }
    try await policies.thingOwner(input.thingID, caller: caller).require()
    switch try await self.things.renameThing(.init(path: .init(thingID: input.thingID), body: ThingName(name: input.name)), caller: caller, context: context) {
    case .noContent: return .done
    case .refused(let refusal): throw ProblemDetails(refusal)
    }
  }

}
