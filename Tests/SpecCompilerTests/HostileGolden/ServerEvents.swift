// Generated from the spec. Do not edit: change the YAML.
import NIOCore
import ProtocolRuntime

/// Encoders of every event that the server sends.
public enum ServerEvents {
  /// h
  /// public let injected1 = 1
  /// public let injected2 = 1
  /// public let injected3 = 1
  /// public let injected4 = 1
  /// public let injected5 = 1
  /// public let injected6 = 1
  ///
  ///   \u{0}\u{1b}\u{202e}\u{2066}*/ "\(injected)" """ # \
  public static func textTold(_ payload: Told) -> EncodedEvent {
    EncodedEvent(name: "text_told", payload: payload)
  }

}
