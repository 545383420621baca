// Generated from the spec. Do not edit: change the YAML.
import NIOCore
import ProtocolRuntime

/// Encoders of every event that the server sends.
public enum ServerEvents {
  /// Tells of a touch.
  public static func thingTouched(_ payload: ThingTouch) -> EncodedEvent {
    EncodedEvent(name: "thing_touched", payload: payload)
  }

}
