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
  /// In no stream: what is lost is lost.
  case ephemeral(Ephemeral)
  /// Durable, in the order of the thing's rev.
  case thingLog(ThingLogEvent.Name)
  /// A watermark of the thing, which only rises.
  case thingMark(ThingMark)

  public enum Ephemeral: String, Sendable, Hashable, CaseIterable {
    case thingTouched = "thing_touched"
  }

  public enum ThingMark: String, Sendable, Hashable, CaseIterable {
    case thingWorn = "thing_worn"
  }

  /// - Parameter event: as it is called on the wire. Nil for an event that the spec does not have.
  public init?(_ event: String) {
    switch event {
    case "thing_touched": self = .ephemeral(.thingTouched)
    case "thing_moved": self = .thingLog(.thingMoved)
    case "thing_changed": self = .thingLog(.thingChanged)
    case "thing_worn": self = .thingMark(.thingWorn)
    default: return nil
    }
  }
}

/// The durable events of a thing, each told in the order of its rev.
public enum ThingLogEvent: Sendable, Hashable {
  /// Tells where it lies.
  case thingMoved(ThingMove)
  /// Tells what it is.
  case thingChanged(ThingChange)

  public enum Name: String, Sendable, Hashable, CaseIterable {
    case thingMoved = "thing_moved"
    case thingChanged = "thing_changed"
  }

  public var name: Name {
    switch self {
    case .thingMoved: .thingMoved
    case .thingChanged: .thingChanged
    }
  }

  public var position: LogPosition {
    switch self {
    case .thingMoved(let event): LogPosition(key: event.to.thingID, rev: event.to.rev, prev: event.to.prevRev)
    case .thingChanged(let event): LogPosition(key: event.thing.id, rev: event.rev, prev: event.prevRev)
    }
  }

  public var encoded: EncodedEvent {
    switch self {
    case .thingMoved(let event): ServerEvents.thingMoved(event)
    case .thingChanged(let event): ServerEvents.thingChanged(event)
    }
  }

  /// The same event, when the rev that was told before it is this one: what fills a hole is chained.
  public func following(_ prev: Int) -> Self {
    switch self {
    case .thingMoved(var event):
      event.to.prevRev = prev
      return .thingMoved(event)
    case .thingChanged(var event):
      event.prevRev = prev
      return .thingChanged(event)
    }
  }
}

extension ThingLogEvent.Name {
  /// The position in a payload that another node has encoded, by three of its fields.
  ///
  /// - Returns: nil where one is missing; nothing else is looked at.
  public func position(in payload: ByteBuffer) -> LogPosition? {
    switch self {
    case .thingMoved: LogPosition(skimming: payload, key: "/to/thing_id", rev: "/to/rev", prev: "/to/prev_rev")
    case .thingChanged: LogPosition(skimming: payload, key: "/thing/id", rev: "/rev", prev: "/prev_rev")
    }
  }

  /// Reads an event's payload by its schema.
  ///
  /// - Parameter violations: what breaks the schema is added here.
  /// - Returns: nil where no value can be made of it.
  /// - Throws: `ProblemDetails` `malformed_body`.
  public func decode(_ payload: ByteBuffer, violations: inout [Violation]) throws -> ThingLogEvent? {
    switch self {
    case .thingMoved: try ThingMove.decode(json: payload, violations: &violations).map { .thingMoved($0) }
    case .thingChanged: try ThingChange.decode(json: payload, violations: &violations).map { .thingChanged($0) }
    }
  }
}

/// Tells the changes of a thing again, read from where they are kept. A change is told by one event, which says what
/// it says now; each requirement is nil for a change that its event does not tell.
public protocol ThingLogReplay {
  associatedtype Change
  func thingMoved(_ change: Change) -> ThingMove?
  func thingChanged(_ change: Change) -> ThingChange?
}

extension ThingLogReplay {
  /// The first event that tells the change, in the order of the spec; nil if none does.
  public func event(of change: Change) -> ThingLogEvent? {
    if let event = thingMoved(change) { return .thingMoved(event) }
    if let event = thingChanged(change) { return .thingChanged(event) }
    return nil
  }
}
