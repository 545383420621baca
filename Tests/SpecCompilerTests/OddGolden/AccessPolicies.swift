// Generated from the spec. Do not edit: change the YAML.
import NIOCore
import ProtocolRuntime

/// The policies that `x-access` names. A handler never starts before its policy has granted access.
public protocol AccessPolicies: Sendable {
  /// `self`
  func self_(_ subject: String, caller: Caller) async throws -> AccessDecision
  /// `init`
  func init_(_ subject: String, caller: Caller) async throws -> AccessDecision
  /// `await`
  func `await`(_ subject: String, caller: Caller) async throws -> AccessDecision
}
