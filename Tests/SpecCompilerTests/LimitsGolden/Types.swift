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

///
public struct Problem: Sendable, Hashable {
  ///
  public var code: String

  @inlinable
  public init(code: String) {
    self.code = code
  }
}

///
public struct Done: Sendable, Hashable {

  @inlinable
  public init() {
  }
}

///
public struct Refused: Sendable, Hashable {
  ///
  public var error: Problem

  @inlinable
  public init(error: Problem) {
    self.error = error
  }
}

