// Generated from the spec. Do not edit: change the YAML.
import NIOCore
import ProtocolRuntime

/// h
/// public let injected1 = 1
/// public let injected2 = 1
/// public let injected3 = 1
/// public let injected4 = 1
/// public let injected5 = 1
/// public let injected6 = 1
///
///   \u{0}\u{1b}\u{202e}\u{2066}*/ "\(injected)" """ # \
public enum Kind: String, Sendable, Hashable, CaseIterable {
  case one = "one"
  case two = "two"
}

/// h
/// public let injected1 = 1
/// public let injected2 = 1
/// public let injected3 = 1
/// public let injected4 = 1
/// public let injected5 = 1
/// public let injected6 = 1
///
///   \u{0}\u{1b}\u{202e}\u{2066}*/ "\(injected)" """ # \
public typealias Alias = String

/// h
/// public let injected1 = 1
/// public let injected2 = 1
/// public let injected3 = 1
/// public let injected4 = 1
/// public let injected5 = 1
/// public let injected6 = 1
///
///   \u{0}\u{1b}\u{202e}\u{2066}*/ "\(injected)" """ # \
public struct Problem: Sendable, Hashable {
  /// h
  /// public let injected1 = 1
  /// public let injected2 = 1
  /// public let injected3 = 1
  /// public let injected4 = 1
  /// public let injected5 = 1
  /// public let injected6 = 1
  ///
  ///   \u{0}\u{1b}\u{202e}\u{2066}*/ "\(injected)" """ # \
  public var code: String
  /// h
  /// public let injected1 = 1
  /// public let injected2 = 1
  /// public let injected3 = 1
  /// public let injected4 = 1
  /// public let injected5 = 1
  /// public let injected6 = 1
  ///
  ///   \u{0}\u{1b}\u{202e}\u{2066}*/ "\(injected)" """ # \
  public var status: Int

  @inlinable
  public init(code: String, status: Int) {
    self.code = code
    self.status = status
  }
}

/// h
/// public let injected1 = 1
/// public let injected2 = 1
/// public let injected3 = 1
/// public let injected4 = 1
/// public let injected5 = 1
/// public let injected6 = 1
///
///   \u{0}\u{1b}\u{202e}\u{2066}*/ "\(injected)" """ # \
public struct Added: Sendable, Hashable {

  @inlinable
  public init() {
  }
}

/// h
/// public let injected1 = 1
/// public let injected2 = 1
/// public let injected3 = 1
/// public let injected4 = 1
/// public let injected5 = 1
/// public let injected6 = 1
///
///   \u{0}\u{1b}\u{202e}\u{2066}*/ "\(injected)" """ # \
public struct Refused: Sendable, Hashable {
  /// h
  /// public let injected1 = 1
  /// public let injected2 = 1
  /// public let injected3 = 1
  /// public let injected4 = 1
  /// public let injected5 = 1
  /// public let injected6 = 1
  ///
  ///   \u{0}\u{1b}\u{202e}\u{2066}*/ "\(injected)" """ # \
  public var error: Problem

  @inlinable
  public init(error: Problem) {
    self.error = error
  }
}

