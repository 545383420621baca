// Generated from the spec. Do not edit: change the YAML.
import NIOCore
import ProtocolRuntime

/// The operations with the tag `init`. A handler throws only for faults; a refusal is an answer.
public protocol InitHandlers: Sendable {
  /// `GET /lists`:
  func data(_ input: Operations.Data.Input, context: RequestContext) async throws -> Operations.Data.Output
  /// `POST /lists`:
  func init_(_ input: Operations.Init.Input, context: RequestContext) async throws -> Operations.Init.Output
}

/// The operations with the tag `self`. A handler throws only for faults; a refusal is an answer.
public protocol SelfHandlers: Sendable {
  /// `PUT /maps`:
  func self_(_ input: Operations.Self_.Input, caller: Caller, context: RequestContext) async throws -> Operations.Self_.Output
}

/// The operations with the tag `policy`. A handler throws only for faults; a refusal is an answer.
public protocol PolicyHandlers: Sendable {
  /// `GET /scalars`:
  func double(_ input: Operations.Double_.Input, context: RequestContext) async throws -> Operations.Double_.Output
  /// `PUT /scalars`:
  func none_(_ input: Operations.None.Input, context: RequestContext) async throws -> Operations.None.Output
  /// `POST /scalars`:
  func `await`(_ input: Operations.Await.Input, context: RequestContext) async throws -> Operations.Await.Output
  /// `PATCH /scalars`:
  func some_(_ input: Operations.Some.Input, context: RequestContext) async throws -> Operations.Some.Output
}

/// The operations with the tag `token`. A handler throws only for faults; a refusal is an answer.
public protocol TokenHandlers: Sendable {
  /// `POST /objects`:
  func refused(_ input: Operations.Refused.Input, context: RequestContext) async throws -> Operations.Refused.Output
  /// `GET /objects/{id}`:
  func encode_(_ input: Operations.Encode.Input, caller: Caller, context: RequestContext) async throws -> Operations.Encode.Output
  /// `PUT /objects/{id}`:
  func decode_(_ input: Operations.Decode.Input, caller: Caller, context: RequestContext) async throws -> Operations.Decode.Output
  /// `DELETE /objects/{id}`:
  func traits_(_ input: Operations.Traits.Input, caller: Caller, context: RequestContext) async throws -> Operations.Traits.Output
  /// `PUT /many`:
  func type(_ input: Operations.Type_.Input, context: RequestContext) async throws -> Operations.Type_.Output
}

/// The operations with the tag `on-fault`. A handler throws only for faults; a refusal is an answer.
public protocol OnFaultHandlers: Sendable {
  /// `GET /parameters/{flag}/{at}/{ratio}/{day}/{fixed}/{yes}/{seven}/{half}`:
  func hashValue_(_ input: Operations.HashValue.Input, context: RequestContext) async throws -> Operations.HashValue.Output
  /// `POST /forms`:
  func input(_ input: Operations.Input_.Input, context: RequestContext) async throws -> Operations.Input_.Output
  /// `GET /changes`:
  func listChanges(_ input: Operations.ListChanges.Input, context: RequestContext) async throws -> Operations.ListChanges.Output
}

/// The client events with the tag `self`.
public protocol SelfEventHandlers: Sendable {
  /// `list`:
  func init_(_ input: Events.Init.Input, caller: Caller, context: RequestContext) async throws -> Events.Init.Output
  /// `map`:
  func self_(_ input: Events.Self_.Input, caller: Caller, context: RequestContext) async throws -> Events.Self_.Output
  /// `text`:
  func refused(_ input: Events.Refused.Input, caller: Caller, context: RequestContext) async throws -> Events.Refused.Output
  /// `maybe`:
  func some_(_ input: Events.Some.Input, caller: Caller, context: RequestContext) async throws -> Events.Some.Output
  /// `alias`:
  func data(_ input: Events.Data.Input, caller: Caller, context: RequestContext) async throws -> Events.Data.Output
  /// `fixed`:
  func `await`(_ input: Events.Await.Input, caller: Caller, context: RequestContext) async throws -> Events.Await.Output
}

/// The policies that `x-access` names. A handler never starts before its policy has granted access.
public protocol AccessPolicies: Sendable {
  /// `self`
  func self_(_ subject: String, caller: Caller) async throws -> AccessDecision
  /// `init`
  func init_(_ subject: String, caller: Caller) async throws -> AccessDecision
  /// `await`
  func `await`(_ subject: String, caller: Caller) async throws -> AccessDecision
}
