// Generated from the spec. Do not edit: change the YAML.
import NIOCore
import ProtocolRuntime

///
public struct Asked: Sendable, Hashable {
  ///
  public var id: String
  ///
  public var self_: String?

  @inlinable
  public init(id: String, self_: String? = nil) {
    self.id = id
    self.self_ = self_
  }
}

