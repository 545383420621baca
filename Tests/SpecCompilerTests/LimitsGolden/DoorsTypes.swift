// Generated from the spec. Do not edit: change the YAML.
import NIOCore
import ProtocolRuntime

///
public struct Name_: Sendable, Hashable {
  ///
  public var name: String

  @inlinable
  public init(name: String) {
    self.name = name
  }
}

///
public struct LoginRequest: Sendable, Hashable {
  ///
  public var who: Name_
  ///
  public var password: String

  @inlinable
  public init(who: Name_, password: String) {
    self.who = who
    self.password = password
  }
}

