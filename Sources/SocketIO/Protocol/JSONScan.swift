/// A strict RFC 8259 scan over bytes that are known to be UTF-8, without a tree and without recursion: what a client
/// nests costs one bit a level, on the stack.
struct JSONScan {
  /// Deeper than any payload that is meant well, and a bound for those who decode it recursively.
  static let maxDepth = 1024

  /// The next byte to look at.
  private(set) var position: Int

  init(at position: Int = 0) {
    self.position = position
  }

  /// Passes one value with the white space before it.
  ///
  /// - Returns: The value's bytes, or nil if there is no well-formed value here.
  mutating func value(_ bytes: Span<UInt8>) -> Range<Int>? {
    self.whitespace(bytes)
    let start = self.position
    var nesting = Nesting()
    repeat {
      guard self.scalarOrOpening(bytes, &nesting), self.closings(bytes, &nesting) else { return nil }
    } while !nesting.isEmpty
    return start..<self.position
  }

  /// Passes a string, quotes included.
  mutating func string(_ bytes: Span<UInt8>) -> Range<Int>? {
    let start = self.position
    guard self.take(UInt8(ascii: "\""), bytes) else { return nil }
    while self.position < bytes.count {
      let byte = bytes[self.position]
      self.position += 1
      switch byte {
      case UInt8(ascii: "\""): return start..<self.position
      case UInt8(ascii: "\\"): guard self.escape(bytes) else { return nil }
      case 0..<0x20: return nil
      default: continue
      }
    }
    return nil
  }

  mutating func whitespace(_ bytes: Span<UInt8>) {
    while self.position < bytes.count {
      switch bytes[self.position] {
      case 0x20, 0x09, 0x0A, 0x0D: self.position += 1
      default: return
      }
    }
  }

  /// Passes this byte if it is the next one.
  mutating func take(_ byte: UInt8, _ bytes: Span<UInt8>) -> Bool {
    guard self.position < bytes.count, bytes[self.position] == byte else { return false }
    self.position += 1
    return true
  }

  // MARK: - Values

  /// Passes scalars whole, and of objects and arrays what stands before their first element.
  private mutating func scalarOrOpening(_ bytes: Span<UInt8>, _ nesting: inout Nesting) -> Bool {
    while true {
      self.whitespace(bytes)
      guard self.position < bytes.count else { return false }
      switch bytes[self.position] {
      case UInt8(ascii: "{"):
        self.position += 1
        self.whitespace(bytes)
        if self.take(UInt8(ascii: "}"), bytes) { return true }
        guard nesting.push(isObject: true), self.key(bytes) else { return false }
      case UInt8(ascii: "["):
        self.position += 1
        self.whitespace(bytes)
        if self.take(UInt8(ascii: "]"), bytes) { return true }
        guard nesting.push(isObject: false) else { return false }
      case UInt8(ascii: "\""): return self.string(bytes) != nil
      case UInt8(ascii: "t"): return self.literal("true", bytes)
      case UInt8(ascii: "f"): return self.literal("false", bytes)
      case UInt8(ascii: "n"): return self.literal("null", bytes)
      default: return self.number(bytes)
      }
    }
  }

  /// After a value: passes what ends here, up to the comma and the key before the next value.
  private mutating func closings(_ bytes: Span<UInt8>, _ nesting: inout Nesting) -> Bool {
    while !nesting.isEmpty {
      self.whitespace(bytes)
      guard self.position < bytes.count else { return false }
      let byte = bytes[self.position]
      self.position += 1
      switch (byte, nesting.isInObject) {
      case (UInt8(ascii: ","), true):
        self.whitespace(bytes)
        return self.key(bytes)
      case (UInt8(ascii: ","), false): return true
      case (UInt8(ascii: "}"), true), (UInt8(ascii: "]"), false): nesting.pop()
      default: return false
      }
    }
    return true
  }

  private mutating func key(_ bytes: Span<UInt8>) -> Bool {
    guard self.string(bytes) != nil else { return false }
    self.whitespace(bytes)
    return self.take(UInt8(ascii: ":"), bytes)
  }

  private mutating func literal(_ literal: StaticString, _ bytes: Span<UInt8>) -> Bool {
    for offset in 0..<literal.utf8CodeUnitCount {
      guard self.take(literal.utf8Start[offset], bytes) else { return false }
    }
    return true
  }

  private mutating func number(_ bytes: Span<UInt8>) -> Bool {
    _ = self.take(UInt8(ascii: "-"), bytes)
    if !self.take(UInt8(ascii: "0"), bytes) {
      guard self.digits(bytes) else { return false }
    }
    if self.take(UInt8(ascii: "."), bytes) {
      guard self.digits(bytes) else { return false }
    }
    if self.take(UInt8(ascii: "e"), bytes) || self.take(UInt8(ascii: "E"), bytes) {
      if !self.take(UInt8(ascii: "+"), bytes) { _ = self.take(UInt8(ascii: "-"), bytes) }
      guard self.digits(bytes) else { return false }
    }
    return true
  }

  private mutating func digits(_ bytes: Span<UInt8>) -> Bool {
    let start = self.position
    while self.position < bytes.count, 0x30...0x39 ~= bytes[self.position] { self.position += 1 }
    return self.position > start
  }

  private mutating func escape(_ bytes: Span<UInt8>) -> Bool {
    guard self.position < bytes.count else { return false }
    let byte = bytes[self.position]
    self.position += 1
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"), UInt8(ascii: "b"), UInt8(ascii: "f"),
      UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"):
      return true
    case UInt8(ascii: "u"):
      guard self.position + 4 <= bytes.count else { return false }
      for offset in 0..<4 where hexadecimal(bytes[self.position + offset]) == nil { return false }
      self.position += 4
      return true
    default:
      return false
    }
  }
}

/// Which of the open brackets are objects': a stack of bits.
private struct Nesting {
  private var words = InlineArray<16, UInt64>(repeating: 0)
  private var depth = 0

  var isEmpty: Bool { self.depth == 0 }
  var isInObject: Bool {
    let top = self.depth - 1
    return self.words[top >> 6] >> UInt64(top & 63) & 1 == 1
  }

  mutating func push(isObject: Bool) -> Bool {
    guard self.depth < JSONScan.maxDepth else { return false }
    let bit: UInt64 = 1 << UInt64(self.depth & 63)
    if isObject { self.words[self.depth >> 6] |= bit } else { self.words[self.depth >> 6] &= ~bit }
    self.depth += 1
    return true
  }

  mutating func pop() { self.depth -= 1 }
}

private func hexadecimal(_ byte: UInt8) -> UInt16? {
  switch byte {
  case 0x30...0x39: UInt16(byte - 0x30)
  case 0x41...0x46: UInt16(byte - 0x41 + 10)
  case 0x61...0x66: UInt16(byte - 0x61 + 10)
  default: nil
  }
}

enum JSONString {
  /// The text of a string that ``JSONScan/string(_:)`` has passed. Lone surrogates become U+FFFD.
  static func decode(_ bytes: Span<UInt8>, _ range: Range<Int>) -> String {
    var units: [UInt16] = []
    var text = ""
    var run: [UInt8] = []
    var position = range.lowerBound + 1
    func endUnits() {
      text += String(decoding: units, as: UTF16.self)
      units.removeAll()
    }
    func endRun() {
      text += String(decoding: run, as: UTF8.self)
      run.removeAll()
    }
    while position < range.upperBound - 1 {
      let byte = bytes[position]
      position += 1
      guard byte == UInt8(ascii: "\\") else {
        endUnits()
        run.append(byte)
        continue
      }
      let escape = bytes[position]
      position += 1
      endRun()
      guard escape == UInt8(ascii: "u") else {
        units.append(self.unescaped(escape))
        continue
      }
      units.append((0..<4).reduce(0) { $0 << 4 | (hexadecimal(bytes[position + $1]) ?? 0) })
      position += 4
    }
    endUnits()
    endRun()
    return text
  }

  private static func unescaped(_ escape: UInt8) -> UInt16 {
    switch escape {
    case UInt8(ascii: "b"): 0x08
    case UInt8(ascii: "f"): 0x0C
    case UInt8(ascii: "n"): 0x0A
    case UInt8(ascii: "r"): 0x0D
    case UInt8(ascii: "t"): 0x09
    default: UInt16(escape)
    }
  }

  /// The JSON string, quotes included, that denotes this text.
  static func encode(_ text: String) -> String {
    var json = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": json += "\\\""
      case "\\": json += "\\\\"
      case "\u{0}"..<"\u{20}":
        let digits = String(scalar.value, radix: 16)
        json += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: json.unicodeScalars.append(scalar)
      }
    }
    return json + "\""
  }
}
