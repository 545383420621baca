// Generated from the spec. Do not edit: change the YAML.
import NIOCore
import ProtocolRuntime

/// Every client event that is not another door to a REST operation.
public enum Events {
}
