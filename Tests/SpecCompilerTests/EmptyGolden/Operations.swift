// Generated from the spec. Do not edit: change the YAML.
import NIOCore
import ProtocolRuntime

/// Every REST operation of the spec.
public enum Operations {
}
