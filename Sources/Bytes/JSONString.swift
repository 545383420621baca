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

  /// Eight bytes at a time: most texts have nothing to escape, and are long.
  @inlinable
  public static func needsEscape(_ bytes: UnsafeRawBufferPointer) -> Bool {
    guard let start = bytes.baseAddress else { return false }
    let ones: UInt64 = 0x0101_0101_0101_0101
    let quotes = UInt64(UInt8(ascii: "\"")) &* ones
    let backslashes = UInt64(UInt8(ascii: "\\")) &* ones
    var position = 0
    while position &+ 8 <= bytes.count {
      let word = start.loadUnaligned(fromByteOffset: position, as: UInt64.self)
      // A subtraction borrows into the high bit of a byte that is too small. Whether others get one is of no matter
      // then, but those that had it before, beyond ASCII, are left out.
      let found = (word &- 0x20 &* ones) | ((word ^ quotes) &- ones) | ((word ^ backslashes) &- ones)
      if found & ~word & (0x80 &* ones) != 0 { return true }
      position &+= 8
    }
    while position < bytes.count {
      if needsEscape(start.load(fromByteOffset: position, as: UInt8.self)) { return true }
      position &+= 1
    }
    return false
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
