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
  /// Durable, in the order of the text's rev.
  case textLog(TextLogEvent.Name)

  /// - Parameter event: as it is called on the wire. Nil for an event that the spec does not have.
  public init?(_ event: String) {
    switch event {
    case "text_told": self = .textLog(.textTold)
    default: return nil
    }
  }
}

/// The durable events of a text, each told in the order of its rev.
public enum TextLogEvent: Sendable, Hashable {
  /// h
  /// public let injected1 = 1
  /// public let injected2 = 1
  /// public let injected3 = 1
  /// public let injected4 = 1
  /// public let injected5 = 1
  /// public let injected6 = 1
  ///
  ///   \u{0}\u{1b}\u{202e}\u{2066}*/ "\(injected)" """ # \
  case textTold(Told)

  public enum Name: String, Sendable, Hashable, CaseIterable {
    case textTold = "text_told"
  }

  public var name: Name {
    switch self {
    case .textTold: .textTold
    }
  }

  public var position: LogPosition {
    switch self {
    case .textTold(let event): LogPosition(key: event.id, rev: event.rev, prev: event.rev &- 1)
    }
  }

  public var encoded: EncodedEvent {
    switch self {
    case .textTold(let event): ServerEvents.textTold(event)
    }
  }
}

extension TextLogEvent.Name {
  /// The position in a payload that another node has encoded, by three of its fields.
  ///
  /// - Returns: nil where one is missing; nothing else is looked at.
  public func position(in payload: ByteBuffer) -> LogPosition? {
    switch self {
    case .textTold: LogPosition(skimming: payload, key: "/id", rev: "/rev", prev: nil)
    }
  }

  /// Reads an event's payload by its schema.
  ///
  /// - Parameter violations: what breaks the schema is added here.
  /// - Returns: nil where no value can be made of it.
  /// - Throws: `ProblemDetails` `malformed_body`.
  public func decode(_ payload: ByteBuffer, violations: inout [Violation]) throws -> TextLogEvent? {
    switch self {
    case .textTold: try Told.decode(json: payload, violations: &violations).map { .textTold($0) }
    }
  }
}

/// Tells the changes of a text again, read from where they are kept. A change is told by one event, which says what
/// it says now; each requirement is nil for a change that its event does not tell.
public protocol TextLogReplay {
  associatedtype Change
  func textTold(_ change: Change) -> Told?
}

extension TextLogReplay {
  /// The first event that tells the change, in the order of the spec; nil if none does.
  public func event(of change: Change) -> TextLogEvent? {
    if let event = textTold(change) { return .textTold(event) }
    return nil
  }
}
