// Generated from the spec. Do not edit: change the YAML.
import NIOCore
import ProtocolRuntime

