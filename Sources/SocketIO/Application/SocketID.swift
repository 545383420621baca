/// Names one connected socket of this server, for as long as the process lives.
///
/// A client that leaves the namespace and connects again gets a new one. It is not what clients see: they get a random
/// `sid` of 120 bits that nobody can guess, while this one can be counted.
public struct SocketID: Hashable, Sendable, CustomStringConvertible {
  /// From high to low: 10 bits for the event loop, 22 for the slot on that loop, 32 that count the loop's sockets.
  public let rawValue: UInt64

  public init(rawValue: UInt64) {
    self.rawValue = rawValue
  }

  static let maxLoops = 1 << 10
  static let maxSlots = 1 << 22

  init(loop: Int, slot: UInt32, count: UInt32) {
    self.rawValue = UInt64(loop) << 54 | UInt64(slot) << 32 | UInt64(count)
  }

  /// The loop that the socket's connection belongs to, and its place there: a lookup is two array accesses.
  var loop: Int { Int(self.rawValue >> 54) }
  var slot: UInt32 { UInt32(truncatingIfNeeded: self.rawValue >> 32) & UInt32(Self.maxSlots - 1) }

  public var description: String { String(self.rawValue, radix: 16) }
}
