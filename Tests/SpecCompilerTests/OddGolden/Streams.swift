// Generated from the spec. Do not edit: change the YAML.
import NIOCore
import ProtocolRuntime

/// What `x-stream` says, for a stream of each `of`, here X:
///
/// - `EventStream`: for each event the stream that it is in, by its name on the wire.
/// - `XLogEvent`: the durable events with their payloads; `position` is an event's key, rev and prev, `following` makes
///   it one that comes after another rev, `encoded` is what goes out. `XLogEvent.Name` has their names, and reads what
///   another node has encoded: the position by three fields, the whole by the schema.
/// - `XLogReplay`: who reads changes again must say for each durable event which changes it tells.
public enum EventStream: Sendable, Hashable {
  /// Durable, in the order of the init's rev.
  case initLog(InitLogEvent.Name)

  /// - Parameter event: as it is called on the wire. Nil for an event that the spec does not have.
  public init?(_ event: String) {
    switch event {
    case "name": self = .initLog(.name_)
    case "position": self = .initLog(.position_)
    case "encoded": self = .initLog(.encoded_)
    case "following": self = .initLog(.following_)
    case "self": self = .initLog(.self_)
    case "init": self = .initLog(.init_)
    case "all_cases": self = .initLog(.allCases_)
    default: return nil
    }
  }
}

/// The durable events of a init, each told in the order of its rev.
public enum InitLogEvent: Sendable, Hashable {
  ///
  case name_(Change)
  ///
  case position_(Change)
  ///
  case encoded_(Name_)
  ///
  case following_(Name_)
  ///
  case self_(Name_)
  ///
  case init_(Change)
  ///
  case allCases_(Change)

  public enum Name: String, Sendable, Hashable, CaseIterable {
    case name_ = "name"
    case position_ = "position"
    case encoded_ = "encoded"
    case following_ = "following"
    case self_ = "self"
    case init_ = "init"
    case allCases_ = "all_cases"
  }

  public var name: Name {
    switch self {
    case .name_: .name_
    case .position_: .position_
    case .encoded_: .encoded_
    case .following_: .following_
    case .self_: .self_
    case .init_: .init_
    case .allCases_: .allCases_
    }
  }

  public var position: LogPosition {
    switch self {
    case .name_(let event): LogPosition(key: event.id, rev: event.rev, prev: event.rev &- 1)
    case .position_(let event): LogPosition(key: event.id, rev: event.rev, prev: event.rev &- 1)
    case .encoded_(let event): LogPosition(key: event.self_, rev: event.init_, prev: event.init_ &- 1)
    case .following_(let event): LogPosition(key: event.self_, rev: event.init_, prev: event.init_ &- 1)
    case .self_(let event): LogPosition(key: event.self_, rev: event.init_, prev: event.init_ &- 1)
    case .init_(let event): LogPosition(key: event.id, rev: event.rev, prev: event.rev &- 1)
    case .allCases_(let event): LogPosition(key: event.id, rev: event.rev, prev: event.rev &- 1)
    }
  }

  public var encoded: EncodedEvent {
    switch self {
    case .name_(let event): ServerEvents.name_(event)
    case .position_(let event): ServerEvents.position_(event)
    case .encoded_(let event): ServerEvents.encoded_(event)
    case .following_(let event): ServerEvents.following_(event)
    case .self_(let event): ServerEvents.self_(event)
    case .init_(let event): ServerEvents.init_(event)
    case .allCases_(let event): ServerEvents.allCases_(event)
    }
  }
}

extension InitLogEvent.Name {
  /// The position in a payload that another node has encoded, by three of its fields.
  ///
  /// - Returns: nil where one is missing; nothing else is looked at.
  public func position(in payload: ByteBuffer) -> LogPosition? {
    switch self {
    case .name_: LogPosition(skimming: payload, key: "/id", rev: "/rev", prev: nil)
    case .position_: LogPosition(skimming: payload, key: "/id", rev: "/rev", prev: nil)
    case .encoded_: LogPosition(skimming: payload, key: "/self", rev: "/init", prev: nil)
    case .following_: LogPosition(skimming: payload, key: "/self", rev: "/init", prev: nil)
    case .self_: LogPosition(skimming: payload, key: "/self", rev: "/init", prev: nil)
    case .init_: LogPosition(skimming: payload, key: "/id", rev: "/rev", prev: nil)
    case .allCases_: LogPosition(skimming: payload, key: "/id", rev: "/rev", prev: nil)
    }
  }

  /// Reads an event's payload by its schema.
  ///
  /// - Parameter violations: what breaks the schema is added here.
  /// - Returns: nil where no value can be made of it.
  /// - Throws: `ProblemDetails` `malformed_body`.
  public func decode(_ payload: ByteBuffer, violations: inout [Violation]) throws -> InitLogEvent? {
    switch self {
    case .name_: try Change.decode(json: payload, violations: &violations).map { .name_($0) }
    case .position_: try Change.decode(json: payload, violations: &violations).map { .position_($0) }
    case .encoded_: try Name_.decode(json: payload, violations: &violations).map { .encoded_($0) }
    case .following_: try Name_.decode(json: payload, violations: &violations).map { .following_($0) }
    case .self_: try Name_.decode(json: payload, violations: &violations).map { .self_($0) }
    case .init_: try Change.decode(json: payload, violations: &violations).map { .init_($0) }
    case .allCases_: try Change.decode(json: payload, violations: &violations).map { .allCases_($0) }
    }
  }
}

/// Tells the changes of a init again, read from where they are kept. A change is told by one event, which says what
/// it says now; each requirement is nil for a change that its event does not tell.
public protocol InitLogReplay {
  associatedtype Change_
  func name_(_ change: Change_) -> Change?
  func position_(_ change: Change_) -> Change?
  func encoded_(_ change: Change_) -> Name_?
  func following_(_ change: Change_) -> Name_?
  func self_(_ change: Change_) -> Name_?
  func init_(_ change: Change_) -> Change?
  func allCases_(_ change: Change_) -> Change?
}

extension InitLogReplay {
  /// The first event that tells the change, in the order of the spec; nil if none does.
  public func event(of change: Change_) -> InitLogEvent? {
    if let event = name_(change) { return .name_(event) }
    if let event = position_(change) { return .position_(event) }
    if let event = encoded_(change) { return .encoded_(event) }
    if let event = following_(change) { return .following_(event) }
    if let event = self_(change) { return .self_(event) }
    if let event = init_(change) { return .init_(event) }
    if let event = allCases_(change) { return .allCases_(event) }
    return nil
  }
}
