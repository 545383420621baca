// Generated from the spec. Do not edit: change the YAML.
import NIOCore
import ProtocolRuntime

/// A thing's id.
public typealias ThingID = UUID

/// What it is.
public enum ThingKind: String, Sendable, Hashable, CaseIterable {
  case big = "big"
  case verySmall = "very_small"
}

/// A name.
public struct ThingName: Sendable, Hashable {
  /// What it is called.
  public var name: String

  @inlinable
  public init(name: String) {
    self.name = name
  }
}

/// What all things have.
public struct ThingBase: Sendable, Hashable {
  /// A thing's id.
  public var id: ThingID
  /// Its kind.
  public var kind: ThingKind

  @inlinable
  public init(id: ThingID, kind: ThingKind = .big) {
    self.id = id
    self.kind = kind
  }
}

/// A thing.
public struct Thing: Sendable, Hashable {
  /// A thing's id.
  public var id: ThingID
  /// Its kind.
  public var kind: ThingKind
  /// Its name.
  public var name: String
  /// In kg.
  public var weight: Nullable<Double>?
  /// What it is made of.
  public var parts: [Part]?
  /// Whatever.
  public var labels: [String: Int]?

  @inlinable
  public init(id: ThingID, kind: ThingKind = .big, name: String, weight: Nullable<Double>? = nil, parts: [Part]? = nil, labels: [String: Int]? = nil) {
    self.id = id
    self.kind = kind
    self.name = name
    self.weight = weight
    self.parts = parts
    self.labels = labels
  }

  /// What it has in common with others, and the rest.
  @inlinable
  public init(_ base1_: ThingBase, name: String, weight: Nullable<Double>? = nil, parts: [Part]? = nil, labels: [String: Int]? = nil) {
    self.id = base1_.id
    self.kind = base1_.kind
    self.name = name
    self.weight = weight
    self.parts = parts
    self.labels = labels
  }
}

extension ThingBase {
  /// What it has in common with others.
  @inlinable
  public init(_ whole_: Thing) {
    self.init(id: whole_.id, kind: whole_.kind)
  }
}

/// Something in a thing.
public enum Part: Sendable, Hashable {
  case screw(Screw)
  case board(Board)
}

/// A screw.
public struct Screw: Sendable, Hashable {

  @inlinable
  public init() {
  }
}

/// A board.
public struct Board: Sendable, Hashable {
  /// What it lies on, if anything.
  public var liesOn: [Thing]

  @inlinable
  public init(liesOn: [Thing]) {
    self.liesOn = liesOn
  }
}

/// A touch.
public struct ThingTouch: Sendable, Hashable {
  /// A thing's id.
  public var thingID: ThingID

  @inlinable
  public init(thingID: ThingID) {
    self.thingID = thingID
  }
}

/// A thing and its name.
public struct ThingRename: Sendable, Hashable {
  /// A thing's id.
  public var thingID: ThingID
  /// What it is called.
  public var name: String

  @inlinable
  public init(thingID: ThingID, name: String) {
    self.thingID = thingID
    self.name = name
  }

  /// What it has in common with others, and the rest.
  @inlinable
  public init(_ base1_: ThingTouchBase, _ base2_: ThingNameBase) {
    self.thingID = base1_.thingID
    self.name = base2_.name
  }
}

extension ThingTouchBase {
  /// What it has in common with others.
  @inlinable
  public init(_ whole_: ThingRename) {
    self.init(thingID: whole_.thingID)
  }
}

extension ThingNameBase {
  /// What it has in common with others.
  @inlinable
  public init(_ whole_: ThingRename) {
    self.init(name: whole_.name)
  }
}

/// Which thing.
public struct ThingTouchBase: Sendable, Hashable {
  /// A thing's id.
  public var thingID: ThingID

  @inlinable
  public init(thingID: ThingID) {
    self.thingID = thingID
  }
}

/// Which name.
public struct ThingNameBase: Sendable, Hashable {
  /// What it is called.
  public var name: String

  @inlinable
  public init(name: String) {
    self.name = name
  }
}

/// How often it was touched.
public struct TouchResult: Sendable, Hashable {
  /// How often.
  public var times: Int

  @inlinable
  public init(times: Int) {
    self.times = times
  }
}

