// Generated from the spec. Do not edit: change the YAML.
import NIOCore
import ProtocolRuntime

///
public typealias Numbers = [Double]

///
public typealias Text = String

///
public enum Kind: String, Sendable, Hashable, CaseIterable {
  case none_ = "none"
  case some_ = "some"
  case big = "big"
}

///
public enum RawValue_: String, Sendable, Hashable, CaseIterable {
  case init_ = "init"
  case self_ = "self"
  case none_ = "none"
  case some_ = "some"
  case refused = "refused"
  case data = "data"
  case `default` = "default"
  case rawValue_ = "raw_value"
  case allCases_ = "all_cases"
  case encode_ = "encode"
  case decode_ = "decode"
  case hash_ = "hash"
  case description = "description"
  case type = "Type"
  case `await` = "await"
  case `let` = "let"
}

///
public typealias Content_ = [String]

///
public typealias UUID_ = UUID

///
public struct Changes: Sendable, Hashable {
  ///
  public var change: Change?
  ///
  public var name: Name_?
  ///
  public var names: [Name_]?

  @inlinable
  public init(change: Change? = nil, name: Name_? = nil, names: [Name_]? = nil) {
    self.change = change
    self.name = name
    self.names = names
  }
}

///
public struct Change: Sendable, Hashable {
  ///
  public var id: UUID_
  ///
  public var rev: Int

  @inlinable
  public init(id: UUID_, rev: Int) {
    self.id = id
    self.rev = rev
  }
}

///
public struct Name_: Sendable, Hashable {
  ///
  public var self_: UUID_
  ///
  public var init_: Int

  @inlinable
  public init(self_: UUID_, init_: Int) {
    self.self_ = self_
    self.init_ = init_
  }
}

///
public struct Problem: Sendable, Hashable {
  ///
  public var code: String
  ///
  public var status: Int

  @inlinable
  public init(code: String, status: Int) {
    self.code = code
    self.status = status
  }
}

///
public struct ListAnswer: Sendable, Hashable {
  ///
  public var data: [Int]

  @inlinable
  public init(data: [Int]) {
    self.data = data
  }
}

///
public struct MapAnswer: Sendable, Hashable {
  ///
  public var data: [String: Double]

  @inlinable
  public init(data: [String: Double]) {
    self.data = data
  }
}

///
public struct TextAnswer: Sendable, Hashable {
  ///
  public var data: String

  @inlinable
  public init(data: String) {
    self.data = data
  }
}

///
public struct MaybeAnswer: Sendable, Hashable {
  ///
  public var data: Bool?

  @inlinable
  public init(data: Bool?) {
    self.data = data
  }
}

///
public struct AliasAnswer: Sendable, Hashable {
  ///
  public var data: Content_

  @inlinable
  public init(data: Content_) {
    self.data = data
  }
}

///
public struct FixedAnswer: Sendable, Hashable {

  @inlinable
  public init() {
  }
}

///
public struct BoundAnswer: Sendable, Hashable {
  ///
  public var data: Result_?

  @inlinable
  public init(data: Result_?) {
    self.data = data
  }
}

///
public struct Refusal_: Sendable, Hashable {
  ///
  public var error: Problem

  @inlinable
  public init(error: Problem) {
    self.error = error
  }
}

