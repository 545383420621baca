// Generated from the spec. Do not edit: change the YAML.
import NIOCore
import ProtocolRuntime

/// Encoders of every event that the server sends.
public enum ServerEvents {
  /// Tells of a touch.
  public static func thingTouched(_ payload: ThingTouch) -> EncodedEvent {
    EncodedEvent(name: "thing_touched", payload: payload, isVolatile: true)
  }

  /// Tells where it lies.
  public static func thingMoved(_ payload: ThingMove) -> EncodedEvent {
    EncodedEvent(name: "thing_moved", payload: payload)
  }

  /// Tells what it is.
  public static func thingChanged(_ payload: ThingChange) -> EncodedEvent {
    EncodedEvent(name: "thing_changed", payload: payload)
  }

  /// Tells how often it was used.
  public static func thingWorn(_ payload: ThingWear) -> EncodedEvent {
    EncodedEvent(name: "thing_worn", payload: payload)
  }

}
