// Generated from the spec. Do not edit: change the YAML.
import NIOCore
import ProtocolRuntime

/// Encoders of every event that the server sends.
public enum ServerEvents {
}
