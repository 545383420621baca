// Generated from the spec. Do not edit: change the YAML.
import NIOCore
import ProtocolRuntime

/// Encoders of every event that the server sends.
public enum ServerEvents {
  ///
  public static func name_(_ payload: Change) -> EncodedEvent {
    EncodedEvent(name: "name", payload: payload)
  }

  ///
  public static func position_(_ payload: Change) -> EncodedEvent {
    EncodedEvent(name: "position", payload: payload)
  }

  ///
  public static func encoded_(_ payload: Name_) -> EncodedEvent {
    EncodedEvent(name: "encoded", payload: payload)
  }

  ///
  public static func following_(_ payload: Name_) -> EncodedEvent {
    EncodedEvent(name: "following", payload: payload)
  }

  ///
  public static func self_(_ payload: Name_) -> EncodedEvent {
    EncodedEvent(name: "self", payload: payload)
  }

  ///
  public static func init_(_ payload: Change) -> EncodedEvent {
    EncodedEvent(name: "init", payload: payload)
  }

  ///
  public static func allCases_(_ payload: Change) -> EncodedEvent {
    EncodedEvent(name: "all_cases", payload: payload)
  }

}
