import Glibc

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
    let dash = UInt8(ascii: "-")
    guard bytes.count == 36, bytes[8] == dash, bytes[13] == dash, bytes[18] == dash, bytes[23] == dash else {
      return nil
    }
    func eight(_ offset: Int) -> UInt64 {
      UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
    }
    func four(_ offset: Int) -> UInt64 {
      UInt64(UInt32(bigEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt32.self)))
    }
    guard let first = HexadecimalWord(digits: eight(0)), let second = HexadecimalWord(digits: four(9) << 32 | four(14)),
      let third = HexadecimalWord(digits: four(19) << 32 | four(24)), let fourth = HexadecimalWord(digits: eight(28))
    else { return nil }
    high = first.value << 32 | second.value
    low = third.value << 32 | fourth.value
  }

  /// A new UUIDv7 (RFC 9562 §5.7): 48 bits of Unix time in milliseconds, 74 random bits.
  public static func v7() -> UUID {
    let milliseconds = UInt64(bitPattern: Timestamp.now().millisecondsSinceEpoch)
    var random: (UInt64, UInt64) = (0, 0)
    // Both at once: Swift's generator makes a system call for each number.
    let status = withUnsafeMutableBytes(of: &random) { getentropy($0.baseAddress, $0.count) }
    // getentropy(3) fails only where the kernel does not know the call.
    precondition(status == 0, "the system gives no random numbers")
    return UUID(
      high: milliseconds << 16 | 0x7000 | random.0 & 0x0fff,
      low: 0x8000_0000_0000_0000 | random.1 >> 2)
  }

  public static func < (left: UUID, right: UUID) -> Bool {
    (left.high, left.low) < (right.high, right.low)
  }

  public var description: String {
    String(unsafeUninitializedCapacity: 36) { target in
      if let start = target.baseAddress { write(into: UnsafeMutableRawPointer(start)) }
      return 36
    }
  }

  /// Writes the 36 ASCII characters.
  ///
  /// - Parameter target: at least 36 bytes.
  func write(into target: UnsafeMutableRawPointer) {
    let bytes = unsafeBitCast(SIMD2(high.bigEndian, low.bigEndian), to: SIMD16<UInt8>.self)
    var digits = SIMD32<UInt8>()
    digits.evenHalf = Self.digits(bytes &>> 4)
    digits.oddHalf = Self.digits(bytes & 0x0f)
    // In the order of memory: the first digit is the lowest byte.
    let words = unsafeBitCast(digits, to: SIMD4<UInt64>.self)
    func put(_ word: UInt64, at offset: Int) {
      target.storeBytes(of: word.littleEndian, toByteOffset: offset, as: UInt64.self)
    }
    // Each writes eight bytes, and the next one writes over what of them is not its own.
    let dash = UInt64(UInt8(ascii: "-"))
    put(words[0], at: 0)
    put(dash | words[1] << 8, at: 8)
    put(dash | (words[1] >> 32) << 8, at: 13)
    put(dash | words[2] << 8, at: 18)
    put(dash | (words[2] >> 32) << 8, at: 23)
    put(words[3], at: 28)
  }

  /// The characters of 16 nibbles at once.
  @inline(__always)
  private static func digits(_ nibbles: SIMD16<UInt8>) -> SIMD16<UInt8> {
    // 1 for a letter.
    let letters = (nibbles &+ 6) &>> 4
    return nibbles &+ UInt8(ascii: "0") &+ (0 &- letters) & (UInt8(ascii: "a") - UInt8(ascii: "0") - 10)
  }
}

/// 32 bits, read from their eight hexadecimal digits all at once within a register: branches on each digit of a random
/// number are mispredicted every third time.
private struct HexadecimalWord {
  /// Less than 2³².
  let value: UInt64

  private static let ones: UInt64 = 0x0101_0101_0101_0101
  private static let lowHalves = 0x0f * ones
  private static let highHalves = 0xf0 * ones

  /// Eight ASCII characters, the first in the highest byte; nil if one of them is no digit.
  init?(digits: UInt64) {
    // Letters, of either case, and no digits have this bit.
    let letters = digits >> 6 & Self.ones
    var nibbles = (digits & Self.lowHalves) &+ letters &* 9
    // What is no digit comes out as another character, or as more than 15.
    let lowercased = digits | letters << 5
    guard nibbles & Self.highHalves == 0, Self.characters(nibbles) == lowercased else { return nil }
    nibbles = (nibbles | nibbles >> 4) & 0x00ff_00ff_00ff_00ff
    nibbles = (nibbles | nibbles >> 8) & 0x0000_ffff_0000_ffff
    value = (nibbles | nibbles >> 16) & 0xffff_ffff
  }

  /// From a number below 16 in each byte.
  private static func characters(_ nibbles: UInt64) -> UInt64 {
    let letters = (nibbles &+ 0x76 * ones) >> 7 & ones
    return nibbles &+ UInt64(UInt8(ascii: "0")) * ones &+ letters &* UInt64(UInt8(ascii: "a") - UInt8(ascii: "0") - 10)
  }
}
