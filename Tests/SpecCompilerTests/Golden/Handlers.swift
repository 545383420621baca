// Generated from the spec. Do not edit: change the YAML.
import NIOCore
import ProtocolRuntime

/// The operations with the tag `things`. A handler throws only for faults; a refusal is an answer.
public protocol ThingsHandlers: Sendable {
  /// `GET /api/things/{thingId}`: Read a thing
  func getThing(_ input: Operations.GetThing.Input, caller: Caller, context: RequestContext) async throws -> Operations.GetThing.Output
  /// `PUT /api/things/{thingId}`:
  func renameThing(_ input: Operations.RenameThing.Input, caller: Caller, context: RequestContext) async throws -> Operations.RenameThing.Output
  /// `GET /api/picture.svg`:
  func getPicture(_ input: Operations.GetPicture.Input, context: RequestContext) async throws -> Operations.GetPicture.Output
  /// `GET /api/things/{thingId}/photo`:
  func getPhoto(_ input: Operations.GetPhoto.Input, caller: Caller, context: RequestContext) async throws -> Operations.GetPhoto.Output
  /// `PUT /api/things/{thingId}/photo`:
  func setPhoto(_ input: Operations.SetPhoto.Input, caller: Caller, context: RequestContext) async throws -> Operations.SetPhoto.Output
  /// `POST /api/scans`:
  func addScan(_ input: Operations.AddScan.Input, context: RequestContext) async throws -> Operations.AddScan.Output
  /// `GET /api/{shelf}/{box}/lid`:
  func getLid(_ input: Operations.GetLid.Input, context: RequestContext) async throws -> Operations.GetLid.Output
}

/// The client events with the tag `things`.
public protocol ThingsEventHandlers: Sendable {
  /// `touch_thing`: Touches a thing.
  func touchThing(_ input: Events.TouchThing.Input, caller: Caller, context: RequestContext) async throws -> Events.TouchThing.Output
}

/// The policies that `x-access` names. A handler never starts before its policy has granted access.
public protocol AccessPolicies: Sendable {
  /// `thing-owner`
  func thingOwner(_ subject: UUID, caller: Caller) async throws -> AccessDecision
}
