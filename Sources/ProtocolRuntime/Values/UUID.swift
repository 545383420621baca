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
    guard bytes.count == 36, let base = bytes.baseAddress else { return nil }
    let hyphen = UInt8(ascii: "-")
    func byte(_ offset: Int) -> UInt8 { base.load(fromByteOffset: offset, as: UInt8.self) }
    guard byte(8) == hyphen, byte(13) == hyphen, byte(18) == hyphen, byte(23) == hyphen else { return nil }
    // Bits above the lowest four of `flaw` are set by any character that is no digit.
    var flaw: UInt8 = 0
    func digits(_ start: Int, _ count: Int) -> UInt64 {
      var value: UInt64 = 0
      for offset in start..<start + count {
        let digit = Self.value(ofDigit: byte(offset))
        flaw |= digit
        value = value << 4 | UInt64(digit & 0x0f)
      }
      return value
    }
    high = digits(0, 8) << 32 | digits(9, 4) << 16 | digits(14, 4)
    low = digits(19, 4) << 48 | digits(24, 12)
    guard flaw < 16 else { return nil }
  }

  /// The value of a hexadecimal digit, or 255.
  private static func value(ofDigit character: UInt8) -> UInt8 {
    let decimal = character &- UInt8(ascii: "0")
    if decimal < 10 { return decimal }
    // Letters of both cases differ in one bit.
    let letter = (character | 0x20) &- UInt8(ascii: "a")
    return letter < 6 ? letter + 10 : 255
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
    guard let base = target.baseAddress, target.count >= 36 else { return }
    func put(_ half: UInt64, shift: Int, count: Int, at start: Int) {
      for index in 0..<count {
        let digit = UInt8(truncatingIfNeeded: half >> UInt64(shift - 4 * index)) & 0x0f
        // Without a branch: 39 is the way from what follows "9" to "a".
        let letter = ((9 &- digit) >> 7) &* 39
        base.storeBytes(of: UInt8(ascii: "0") &+ digit &+ letter, toByteOffset: start + index, as: UInt8.self)
      }
    }
    put(high, shift: 60, count: 8, at: 0)
    put(high, shift: 28, count: 4, at: 9)
    put(high, shift: 12, count: 4, at: 14)
    put(low, shift: 60, count: 4, at: 19)
    put(low, shift: 44, count: 12, at: 24)
    target[8] = UInt8(ascii: "-")
    target[13] = UInt8(ascii: "-")
    target[18] = UInt8(ascii: "-")
    target[23] = UInt8(ascii: "-")
  }
}
