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
public enum Text: Sendable, Hashable {
  case first(First)
  case second(Second)
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
public struct First: Sendable, Hashable {
  /// h
  /// public let injected1 = 1
  /// public let injected2 = 1
  /// public let injected3 = 1
  /// public let injected4 = 1
  /// public let injected5 = 1
  /// public let injected6 = 1
  ///
  ///   \u{0}\u{1b}\u{202e}\u{2066}*/ "\(injected)" """ # \
  public var text: String
  /// h
  /// public let injected1 = 1
  /// public let injected2 = 1
  /// public let injected3 = 1
  /// public let injected4 = 1
  /// public let injected5 = 1
  /// public let injected6 = 1
  ///
  ///   \u{0}\u{1b}\u{202e}\u{2066}*/ "\(injected)" """ # \
  public var list: [String]?
  /// The properties that have no name in the spec.
  public var additionalProperties: [String: String]

  @inlinable
  public init(text: String = "h\r\npublic let injected1 = 1\rpublic let injected2 = 1\npublic let injected3 = 1\u{2028}public let injected4 = 1\u{2029}public let injected5 = 1\u{85}public let injected6 = 1\u{b}\u{c}\t\u{0}\u{1b}\u{202e}\u{2066}*/ \"\\(injected)\" \"\"\" # \\", list: [String]? = nil, additionalProperties: [String: String] = [:]) {
    self.text = text
    self.list = list
    self.additionalProperties = additionalProperties
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
public struct Second: Sendable, Hashable {

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
public struct Told: Sendable, Hashable {
  /// h
  /// public let injected1 = 1
  /// public let injected2 = 1
  /// public let injected3 = 1
  /// public let injected4 = 1
  /// public let injected5 = 1
  /// public let injected6 = 1
  ///
  ///   \u{0}\u{1b}\u{202e}\u{2066}*/ "\(injected)" """ # \
  public var id: UUID
  /// h
  /// public let injected1 = 1
  /// public let injected2 = 1
  /// public let injected3 = 1
  /// public let injected4 = 1
  /// public let injected5 = 1
  /// public let injected6 = 1
  ///
  ///   \u{0}\u{1b}\u{202e}\u{2066}*/ "\(injected)" """ # \
  public var rev: Int

  @inlinable
  public init(id: UUID, rev: Int) {
    self.id = id
    self.rev = rev
  }
}

