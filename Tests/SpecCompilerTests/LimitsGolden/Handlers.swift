// Generated from the spec. Do not edit: change the YAML.
import NIOCore
import ProtocolRuntime

/// The operations with the tag `doors`. A handler throws only for faults; a refusal is an answer.
public protocol DoorsHandlers: Sendable {
  /// `GET /time`:
  func getTime(_ input: Operations.GetTime.Input, context: RequestContext) async throws -> Operations.GetTime.Output
  /// `GET /me`:
  func getMe(_ input: Operations.GetMe.Input, caller: Caller, context: RequestContext) async throws -> Operations.GetMe.Output
  /// `PUT /name`:
  func rename(_ input: Operations.Rename.Input, caller: Caller, context: RequestContext) async throws -> Operations.Rename.Output
  /// `POST /sessions`:
  func login(_ input: Operations.Login.Input, context: RequestContext) async throws -> Operations.Login.Output
  /// `POST /users`:
  func register(_ input: Operations.Register.Input, context: RequestContext) async throws -> Operations.Register.Output
}

/// The client events with the tag `doors`.
public protocol DoorsEventHandlers: Sendable {
  /// `ring`:
  func ring(caller: Caller, context: RequestContext) async throws -> Events.Ring.Output
  /// `knock`:
  func knock(caller: Caller, context: RequestContext) async throws -> Events.Knock.Output
  /// `call`:
  func call(_ input: Events.Call.Input, caller: Caller, context: RequestContext) async throws -> Events.Call.Output
}

/// The policies that `x-access` names. A handler never starts before its policy has granted access.
public protocol AccessPolicies: Sendable {
}
