// Generated from the spec. Do not edit: change the YAML.
import NIOCore
import ProtocolRuntime

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

