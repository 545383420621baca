/// Strings of JSON (RFC 8259 §7).
public enum JSONString {
  // MARK: - Reading

  /// The end of the string that begins at `start`, its quotes included. The JSON is known to be well-formed.
  public static func end(ofStringAt start: Int, _ bytes: Span<UInt8>) -> Int {
    var position = start + 1
    while bytes[position] != UInt8(ascii: "\"") { position += bytes[position] == UInt8(ascii: "\\") ? 2 : 1 }
    return position + 1
  }

  /// The text of a well-formed string, whose quotes `range` includes. Half of a surrogate pair becomes U+FFFD, as
  /// JavaScript makes of it when it writes UTF-8, and so do bytes that are no UTF-8.
  public static func decode(_ bytes: Span<UInt8>, _ range: Range<Int>) -> String {
    var text = ""
    var run: [UInt8] = []
    var units: [UInt16] = []
    var position = range.lowerBound + 1
    while position < range.upperBound - 1 {
      let byte = bytes[position]
      position += 1
      guard byte == UInt8(ascii: "\\") else {
        if !units.isEmpty { text += String(decoding: units, as: UTF16.self) }
        units.removeAll(keepingCapacity: true)
        run.append(byte)
        continue
      }
      // Pairs of escapes are one character: they are collected until something else comes.
      if !run.isEmpty { text += String(decoding: run, as: UTF8.self) }
      run.removeAll(keepingCapacity: true)
      let escape = bytes[position]
      position += 1
      if escape == UInt8(ascii: "u") {
        units.append((0..<4).reduce(0) { $0 << 4 | UInt16(bytes[position + $1].hexadecimalValue ?? 0) })
        position += 4
      } else {
        units.append(UInt16(unescaped(escape) ?? escape))
      }
    }
    return text + String(decoding: units, as: UTF16.self) + String(decoding: run, as: UTF8.self)
  }

  /// What the character behind a backslash stands for, `u` aside; nil if it is no escape.
  public static func unescaped(_ escape: UInt8) -> UInt8? {
    switch escape {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): escape
    case UInt8(ascii: "b"): 0x08
    case UInt8(ascii: "f"): 0x0C
    case UInt8(ascii: "n"): 0x0A
    case UInt8(ascii: "r"): 0x0D
    case UInt8(ascii: "t"): 0x09
    default: nil
    }
  }

  // MARK: - Writing

  @inlinable
  public static func needsEscape(_ byte: UInt8) -> Bool {
    byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\")
  }

  /// Sixteen bytes at a time, to the end: most texts have nothing to escape, and are long.
  @inlinable
  public static func needsEscape(_ bytes: UnsafeRawBufferPointer) -> Bool {
    guard let start = bytes.baseAddress else { return false }
    guard bytes.count >= 16 else { return bytes.contains { needsEscape($0) } }
    let last = bytes.count &- 16
    var found = SIMD2<UInt64>()
    var position = 0
    while position < last {
      found |= escapes(start.loadUnaligned(fromByteOffset: position, as: SIMD2<UInt64>.self))
      position &+= 16
    }
    // The last sixteen: some of them were looked at before.
    found |= escapes(start.loadUnaligned(fromByteOffset: last, as: SIMD2<UInt64>.self))
    return (found[0] | found[1]) & 0x8080_8080_8080_8080 != 0
  }

  /// How many bytes at the beginning need no escape, and so do not end a string; perhaps too few.
  @inlinable
  public static func plainCount(in bytes: UnsafeRawBufferPointer) -> Int {
    let highBits: UInt64 = 0x8080_8080_8080_8080
    var position = 0
    while position &+ 16 <= bytes.count {
      let found = escapes(bytes.loadUnaligned(fromByteOffset: position, as: SIMD2<UInt64>.self))
      // The lowest byte that is marked is right: those above may only have been borrowed from.
      let (first, second) = (found[0].littleEndian & highBits, found[1].littleEndian & highBits)
      if first != 0 { return position &+ first.trailingZeroBitCount / 8 }
      if second != 0 { return position &+ 8 &+ second.trailingZeroBitCount / 8 }
      position &+= 16
    }
    return position
  }

  /// The high bit of a byte is set where one of the word's must be escaped.
  @inlinable @inline(__always)
  static func escapes(_ words: SIMD2<UInt64>) -> SIMD2<UInt64> {
    let ones: UInt64 = 0x0101_0101_0101_0101
    // With one bit turned, the quote is the next above the control characters, and the space is not.
    let controlOrQuote = (words ^ 0x02 &* ones) &- 0x21 &* ones
    let backslash = (words ^ UInt64(UInt8(ascii: "\\")) &* ones) &- ones
    // A subtraction borrows into the high bit of a byte that is too small. Whether others get one is of no matter then,
    // but those that had it before, beyond ASCII, are left out.
    return (controlOrQuote | backslash) & ~words
  }

  /// Writes bytes with what must be escaped, and no more, escaped; without quotes. The bytes are not looked at for
  /// being UTF-8.
  @inlinable
  public static func escape(_ bytes: UnsafeRawBufferPointer, _ write: (UInt8) -> Void) {
    for byte in bytes {
      guard needsEscape(byte) else {
        write(byte)
        continue
      }
      write(UInt8(ascii: "\\"))
      switch byte {
      case UInt8(ascii: "\""), UInt8(ascii: "\\"): write(byte)
      case 0x0A: write(UInt8(ascii: "n"))
      case 0x0D: write(UInt8(ascii: "r"))
      case 0x09: write(UInt8(ascii: "t"))
      default:
        for digit in [UInt8(ascii: "u"), UInt8(ascii: "0"), UInt8(ascii: "0")] { write(digit) }
        write(UInt8(hexadecimalDigit: byte >> 4))
        write(UInt8(hexadecimalDigit: byte))
      }
    }
  }

  /// The JSON string, quotes included, that denotes a text.
  public static func encode(_ text: String) -> String {
    var text = text
    return text.withUTF8 { utf8 in
      var json: [UInt8] = []
      json.reserveCapacity(utf8.count + 2)
      json.append(UInt8(ascii: "\""))
      escape(UnsafeRawBufferPointer(utf8)) { json.append($0) }
      json.append(UInt8(ascii: "\""))
      return String(decoding: json, as: UTF8.self)
    }
  }
}
