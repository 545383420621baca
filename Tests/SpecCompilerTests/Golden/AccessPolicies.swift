// Generated from the spec. Do not edit: change the YAML.
import NIOCore
import ProtocolRuntime

/// The policies that `x-access` names. A handler never starts before its policy has granted access.
public protocol AccessPolicies: Sendable {
  /// `thing-owner`
  func thingOwner(_ subject: UUID, caller: Caller) async throws -> AccessDecision
}
