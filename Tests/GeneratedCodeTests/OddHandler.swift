import NIOCore
import OddProtocol
import ProtocolRuntime

/// Every handler of the odd spec: each answers with what it got.
struct OddHandler: InitHandlers, SelfHandlers, SelfEventHandlers, PolicyHandlers, TokenHandlers, OnFaultHandlers {
  func init_(_ input: Operations.Init.Input, context: RequestContext) async throws -> Operations.Init.Output {
    if input.body == [4] { return .refused(.rawValue_, "Four is odd enough.") }
    var answer: [Int?] = input.body
    answer.insert(nil, at: 1)
    return .ok(answer)
  }

  func data(_ input: Operations.Data.Input, context: RequestContext) async throws -> Operations.Data.Output {
    .ok([0.5])
  }

  func self_(
    _ input: Operations.Self_.Input, caller: Caller, context: RequestContext
  ) async throws -> Operations.Self_.Output {
    .created((input.body ?? [:]).mapValues { text in text.map { [$0] } ?? [] })
  }

  func await(_ input: Operations.Await.Input, context: RequestContext) async throws -> Operations.Await.Output {
    .ok(input.body.flatMap { Double($0) })
  }

  func none_(_ input: Operations.None.Input, context: RequestContext) async throws -> Operations.None.Output {
    .ok(input.body.reduce(0, +).description)
  }

  func some_(_ input: Operations.Some.Input, context: RequestContext) async throws -> Operations.Some.Output {
    .ok(nil)
  }

  func double(_ input: Operations.Double_.Input, context: RequestContext) async throws -> Operations.Double_.Output {
    .ok(true)
  }

  func refused(_ input: Operations.Refused.Input, context: RequestContext) async throws -> Operations.Refused.Output {
    .ok(input.body)
  }

  func encode_(
    _ input: Operations.Encode.Input, caller: Caller, context: RequestContext
  ) async throws -> Operations.Encode.Output {
    .ok([Values(list: [1], map: nil, flags: [], kind: .big)])
  }

  func decode_(
    _ input: Operations.Decode.Input, caller: Caller, context: RequestContext
  ) async throws -> Operations.Decode.Output {
    .ok(input.body)
  }

  func traits_(
    _ input: Operations.Traits.Input, caller: Caller, context: RequestContext
  ) async throws -> Operations.Traits.Output {
    .noContent
  }

  func type(_ input: Operations.Type_.Input, context: RequestContext) async throws -> Operations.Type_.Output {
    .ok(input.body)
  }

  func hashValue_(
    _ input: Operations.HashValue.Input, context: RequestContext
  ) async throws -> Operations.HashValue.Output {
    let (path, query, header) = (input.path, input.query, input.header)
    func text(_ values: [(any CustomStringConvertible)?]) -> String {
      let known = values.compactMap { $0?.description }
      return known.isEmpty ? "-" : known.joined(separator: " ")
    }
    return .ok(
      [
        text([path.flag, path.at, path.ratio, path.day, path.fixed, path.yes, path.seven, path.half]),
        text([query.flag, query.at, query.ratio, query.day, query.fixed, query.yes, query.seven, query.half]),
        text([header.flag, header.at, header.ratio, header.day, header.fixed, header.yes, header.seven, header.half]),
        text([query.self_, query.init_, query.let.rawValue, query.kind]),
      ].joined(separator: "|"))
  }

  func input(_ input: Operations.Input_.Input, context: RequestContext) async throws -> Operations.Input_.Output {
    .noContent
  }

  func listChanges(
    _ input: Operations.ListChanges.Input, context: RequestContext
  ) async throws -> Operations.ListChanges.Output {
    .ok(Changes())
  }

  // MARK: - Events

  func init_(_ input: Asked, caller: Caller, context: RequestContext) async throws -> Events.Init.Output {
    .ok([1, 2])
  }

  func self_(_ input: Asked, caller: Caller, context: RequestContext) async throws -> Events.Self_.Output {
    .ok(["a": 0.5])
  }

  func refused(_ input: Asked, caller: Caller, context: RequestContext) async throws -> Events.Refused.Output {
    .ok("text")
  }

  func some_(_ input: Asked, caller: Caller, context: RequestContext) async throws -> Events.Some.Output { .ok(nil) }

  func data(_ input: Asked, caller: Caller, context: RequestContext) async throws -> Events.Data.Output { .ok(["a"]) }

  func await(_ input: Asked, caller: Caller, context: RequestContext) async throws -> Events.Await.Output {
    .ok("here")
  }
}

struct OddPolicies: AccessPolicies {
  private func decide(_ subject: String) -> AccessDecision { subject == "1" ? .granted : .notFound("There is none.") }

  func self_(_ subject: String, caller: Caller) async throws -> AccessDecision { decide(subject) }
  func init_(_ subject: String, caller: Caller) async throws -> AccessDecision { decide(subject) }
  func await(_ subject: String, caller: Caller) async throws -> AccessDecision { decide(subject) }
}

struct Anybody: Authenticator {
  func authenticate(_ accessToken: String) async throws -> Caller? { Caller(userID: .v7(), sessionID: .v7()) }
}
