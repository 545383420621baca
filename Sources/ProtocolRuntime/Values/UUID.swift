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
    let pairs = UnsafeRawPointer(Self.pairs.utf8Start)
    func put(_ word: UInt64, _ shift: UInt64, at offset: Int) {
      let byte = Int(truncatingIfNeeded: word >> shift & 0xff)
      let digits = pairs.loadUnaligned(fromByteOffset: byte &* 2, as: UInt16.self)
      target.storeBytes(of: digits, toByteOffset: offset, as: UInt16.self)
    }
    func dash(at offset: Int) { target.storeBytes(of: UInt8(ascii: "-"), toByteOffset: offset, as: UInt8.self) }
    put(high, 56, at: 0)
    put(high, 48, at: 2)
    put(high, 40, at: 4)
    put(high, 32, at: 6)
    dash(at: 8)
    put(high, 24, at: 9)
    put(high, 16, at: 11)
    dash(at: 13)
    put(high, 8, at: 14)
    put(high, 0, at: 16)
    dash(at: 18)
    put(low, 56, at: 19)
    put(low, 48, at: 21)
    dash(at: 23)
    put(low, 40, at: 24)
    put(low, 32, at: 26)
    put(low, 24, at: 28)
    put(low, 16, at: 30)
    put(low, 8, at: 32)
    put(low, 0, at: 34)
  }

  /// The two digits of each byte: a look at them takes fewer steps than the digits of half a word at once.
  private static let pairs: StaticString = """
    000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f202122232425262728292a2b2c2d2e2f\
    303132333435363738393a3b3c3d3e3f404142434445464748494a4b4c4d4e4f505152535455565758595a5b5c5d5e5f\
    606162636465666768696a6b6c6d6e6f707172737475767778797a7b7c7d7e7f808182838485868788898a8b8c8d8e8f\
    909192939495969798999a9b9c9d9e9fa0a1a2a3a4a5a6a7a8a9aaabacadaeafb0b1b2b3b4b5b6b7b8b9babbbcbdbebf\
    c0c1c2c3c4c5c6c7c8c9cacbcccdcecfd0d1d2d3d4d5d6d7d8d9dadbdcdddedfe0e1e2e3e4e5e6e7e8e9eaebecedeeef\
    f0f1f2f3f4f5f6f7f8f9fafbfcfdfeff
    """
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
