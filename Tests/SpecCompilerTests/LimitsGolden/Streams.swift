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

  /// - Parameter event: as it is called on the wire. Nil for an event that the spec does not have.
  public init?(_ event: String) {
    switch event {
    default: return nil
    }
  }
}
