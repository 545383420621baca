/// A UUID (RFC 9562): 16 bytes, written in lower case.
public struct UUID: Hashable, Sendable, Comparable, CustomStringConvertible {
  /// The first eight bytes, big-endian.
  public let high: UInt64
  /// The last eight bytes, big-endian.
  public let low: UInt64

  public init(high: UInt64, low: UInt64) {
    self.high = high
    self.low = low
  }

  /// Reads the 36 characters of RFC 9562 §4, in either case; nil for anything else.
  public init?(_ text: some StringProtocol) {
    guard let parsed = text.utf8.withContiguousStorageIfAvailable({ UUID(ascii: UnsafeRawBufferPointer($0)) }) else {
      var copy = String(text)
      let parsed = copy.withUTF8 { UUID(ascii: UnsafeRawBufferPointer($0)) }
      guard let parsed else { return nil }
      self = parsed
      return
    }
    guard let parsed else { return nil }
    self = parsed
  }

  /// Reads the 36 characters of RFC 9562 §4 from ASCII bytes; nil for anything else.
  public init?(ascii bytes: UnsafeRawBufferPointer) {
    guard bytes.count == 36 else { return nil }
    var halves: (UInt64, UInt64) = (0, 0)
    var digits = 0
    for index in 0..<36 {
      let byte = bytes[index]
      if index == 8 || index == 13 || index == 18 || index == 23 {
        guard byte == UInt8(ascii: "-") else { return nil }
        continue
      }
      let value: UInt8
      switch byte {
      case UInt8(ascii: "0")...UInt8(ascii: "9"): value = byte - UInt8(ascii: "0")
      case UInt8(ascii: "a")...UInt8(ascii: "f"): value = byte - UInt8(ascii: "a") + 10
      case UInt8(ascii: "A")...UInt8(ascii: "F"): value = byte - UInt8(ascii: "A") + 10
      default: return nil
      }
      if digits < 16 {
        halves.0 = halves.0 << 4 | UInt64(value)
      } else {
        halves.1 = halves.1 << 4 | UInt64(value)
      }
      digits += 1
    }
    high = halves.0
    low = halves.1
  }

  /// A new UUIDv7 (RFC 9562 §5.7): 48 bits of Unix time in milliseconds, 74 random bits.
  public static func v7() -> UUID {
    let milliseconds = UInt64(bitPattern: Timestamp.now().millisecondsSinceEpoch)
    let random = UInt64.random(in: 0...UInt64.max)
    return UUID(
      high: milliseconds << 16 | 0x7000 | random & 0x0fff,
      low: 0x8000_0000_0000_0000 | UInt64.random(in: 0...UInt64.max) >> 2)
  }

  public static func < (left: UUID, right: UUID) -> Bool {
    (left.high, left.low) < (right.high, right.low)
  }

  public var description: String {
    String(unsafeUninitializedCapacity: 36) { target in
      write(into: UnsafeMutableRawBufferPointer(target))
      return 36
    }
  }

  /// Writes the 36 ASCII characters.
  ///
  /// - Parameter target: at least 36 bytes.
  func write(into target: UnsafeMutableRawBufferPointer) {
    var index = 0
    for nibble in 0..<32 {
      if nibble == 8 || nibble == 12 || nibble == 16 || nibble == 20 {
        target[index] = UInt8(ascii: "-")
        index += 1
      }
      let half = nibble < 16 ? high : low
      let digit = UInt8(truncatingIfNeeded: half >> UInt64(60 - 4 * (nibble & 15))) & 0x0f
      target[index] = digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") + digit - 10
      index += 1
    }
  }
}
