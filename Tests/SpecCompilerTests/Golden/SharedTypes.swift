// Generated from the spec. Do not edit: change the YAML.
import NIOCore
import ProtocolRuntime

/// A refusal.
public struct Problem: Sendable, Hashable {
  /// Which.
  public var code: String
  /// The HTTP status.
  public var status: Int

  @inlinable
  public init(code: String, status: Int) {
    self.code = code
    self.status = status
  }
}

/// It was touched.
public struct TouchAcknowledgement: Sendable, Hashable {
  /// How often it was touched.
  public var data: TouchResult

  @inlinable
  public init(data: TouchResult) {
    self.data = data
  }
}

/// It is done.
public struct DoneAcknowledgement: Sendable, Hashable {

  @inlinable
  public init() {
  }
}

/// It is not done.
public struct RefusedAcknowledgement: Sendable, Hashable {
  /// A refusal.
  public var error: Problem

  @inlinable
  public init(error: Problem) {
    self.error = error
  }
}

/// A thing's place in the order of its changes.
public struct ThingPlace: Sendable, Hashable {
  /// A thing's id.
  public var thingID: ThingID
  /// Which change.
  public var rev: Int
  /// Which was told before.
  public var prevRev: Int

  @inlinable
  public init(thingID: ThingID, rev: Int, prevRev: Int) {
    self.thingID = thingID
    self.rev = rev
    self.prevRev = prevRev
  }
}

/// A thing lies elsewhere.
public struct ThingMove: Sendable, Hashable {
  /// A thing's place in the order of its changes.
  public var to: ThingPlace
  /// A thing.
  public var thing: Thing

  @inlinable
  public init(to: ThingPlace, thing: Thing) {
    self.to = to
    self.thing = thing
  }
}

/// A thing is another one.
public struct ThingChange: Sendable, Hashable {
  /// A thing.
  public var thing: Thing
  /// Which change.
  public var rev: Int
  /// Which was told before.
  public var prevRev: Int

  @inlinable
  public init(thing: Thing, rev: Int, prevRev: Int) {
    self.thing = thing
    self.rev = rev
    self.prevRev = prevRev
  }
}

/// A thing was used.
public struct ThingWear: Sendable, Hashable {
  /// A thing's id.
  public var thingID: ThingID
  /// How often.
  public var times: Int

  @inlinable
  public init(thingID: ThingID, times: Int) {
    self.thingID = thingID
    self.times = times
  }
}

