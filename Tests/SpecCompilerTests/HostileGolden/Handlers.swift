// Generated from the spec. Do not edit: change the YAML.
import NIOCore
import ProtocolRuntime

/// The operations with the tag `texts`. A handler throws only for faults; a refusal is an answer.
public protocol TextsHandlers: Sendable {
  /// `POST /apih
  /// public let injected1 = 1
  /// public let injected2 = 1
  /// public let injected3 = 1
  /// public let injected4 = 1
  /// public let injected5 = 1
  /// public let injected6 = 1
  ///
  ///   \u{0}\u{1b}\u{202e}\u{2066}*/ "\(injected)" """ # \/texts/{id}`: h
  /// public let injected1 = 1
  /// public let injected2 = 1
  /// public let injected3 = 1
  /// public let injected4 = 1
  /// public let injected5 = 1
  /// public let injected6 = 1
  ///
  ///   \u{0}\u{1b}\u{202e}\u{2066}*/ "\(injected)" """ # \
  func addText(_ input: Operations.AddText.Input, context: RequestContext) async throws -> Operations.AddText.Output
  /// `GET /apih
  /// public let injected1 = 1
  /// public let injected2 = 1
  /// public let injected3 = 1
  /// public let injected4 = 1
  /// public let injected5 = 1
  /// public let injected6 = 1
  ///
  ///   \u{0}\u{1b}\u{202e}\u{2066}*/ "\(injected)" """ # \/texts`:
  func listTexts(_ input: Operations.ListTexts.Input, context: RequestContext) async throws -> Operations.ListTexts.Output
  /// `POST /apih
  /// public let injected1 = 1
  /// public let injected2 = 1
  /// public let injected3 = 1
  /// public let injected4 = 1
  /// public let injected5 = 1
  /// public let injected6 = 1
  ///
  ///   \u{0}\u{1b}\u{202e}\u{2066}*/ "\(injected)" """ # \/forms`:
  func addForm(_ input: Operations.AddForm.Input, context: RequestContext) async throws -> Operations.AddForm.Output
}

/// The client events with the tag `texts`.
public protocol TextsEventHandlers: Sendable {
  /// `add_text`: h
  /// public let injected1 = 1
  /// public let injected2 = 1
  /// public let injected3 = 1
  /// public let injected4 = 1
  /// public let injected5 = 1
  /// public let injected6 = 1
  ///
  ///   \u{0}\u{1b}\u{202e}\u{2066}*/ "\(injected)" """ # \
  func addOne(_ input: Events.AddOne.Input, caller: Caller, context: RequestContext) async throws -> Events.AddOne.Output
}

/// The policies that `x-access` names. A handler never starts before its policy has granted access.
public protocol AccessPolicies: Sendable {
}
