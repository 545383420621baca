import Bytes

extension JSONReader {
  /// The characters between the quotes.
  struct StringToken {
    var range: Range<Int>
    var hasEscapes: Bool
  }

  /// Moves over a string; the escapes are not looked at yet.
  mutating func scanString() throws(JSONSyntaxError) -> StringToken {
    position += 1
    let start = position
    var hasEscapes = false
    while position < bytes.count {
      position &+= JSONString.plainCount(in: UnsafeRawBufferPointer(rebasing: bytes[position...]))
      guard position < bytes.count else { break }
      switch bytes[position] {
      case UInt8(ascii: "\""):
        position += 1
        return StringToken(range: start..<position - 1, hasEscapes: hasEscapes)
      case UInt8(ascii: "\\"):
        hasEscapes = true
        position += 1
        guard position < bytes.count else { throw error("the text ends within a string") }
      case 0..<0x20: throw error("a control character must be escaped")
      default: break
      }
      position += 1
    }
    throw error("the text ends within a string")
  }

  /// Replaces the escapes of RFC 8259 §7.
  func unescape(_ range: Range<Int>) throws(JSONSyntaxError) -> String {
    var output: [UInt8] = []
    output.reserveCapacity(range.count)
    var index = range.lowerBound
    while index < range.upperBound {
      let byte = bytes[index]
      guard byte == UInt8(ascii: "\\") else {
        output.append(byte)
        index += 1
        continue
      }
      index += 1
      switch bytes[index] {
      case UInt8(ascii: "u"):
        let scalar = try unicodeEscape(&index, end: range.upperBound)
        output.append(contentsOf: Array(String(Character(scalar)).utf8))
        continue
      case let escape:
        guard let byte = JSONString.unescaped(escape) else {
          throw JSONSyntaxError(offset: index, reason: "an unknown escape")
        }
        output.append(byte)
      }
      index += 1
    }
    return String(decoding: output, as: UTF8.self)
  }

  /// `\uXXXX`, or two of them for a code point beyond the basic plane. `index` is at the `u`, and moves past the end.
  private func unicodeEscape(_ index: inout Int, end: Int) throws(JSONSyntaxError) -> Unicode.Scalar {
    let first = try hexDigits(at: index + 1, end: end)
    index += 5
    if let scalar = Unicode.Scalar(first) { return scalar }
    guard (0xD800..<0xDC00).contains(first), index + 1 < end, bytes[index] == UInt8(ascii: "\\"),
      bytes[index + 1] == UInt8(ascii: "u")
    else { throw JSONSyntaxError(offset: index, reason: "a surrogate without its pair") }
    let second = try hexDigits(at: index + 2, end: end)
    guard (0xDC00..<0xE000).contains(second),
      let scalar = Unicode.Scalar(0x10000 + (first - 0xD800) << 10 + (second - 0xDC00))
    else { throw JSONSyntaxError(offset: index, reason: "a surrogate without its pair") }
    index += 6
    return scalar
  }

  private func hexDigits(at start: Int, end: Int) throws(JSONSyntaxError) -> UInt32 {
    guard start + 4 <= end else { throw JSONSyntaxError(offset: start, reason: "expected four hexadecimal digits") }
    var value: UInt32 = 0
    for index in start..<start + 4 {
      guard let digit = bytes[index].hexadecimalValue else {
        throw JSONSyntaxError(offset: index, reason: "expected four hexadecimal digits")
      }
      value = value << 4 | UInt32(digit)
    }
    return value
  }

  // MARK: - Values

  /// A string, with the keywords of its schema.
  ///
  /// - Parameters:
  ///   - minLength: in code points, like `maxLength`.
  ///   - format: asserted.
  public mutating func string(
    minLength: Int = 0, maxLength: Int = .max, pattern: Pattern? = nil, format: TextFormat? = nil
  ) throws(JSONSyntaxError) -> String? {
    guard let value = try anyString() else { return nil }
    return checked(value, minLength: minLength, maxLength: maxLength, pattern: pattern, format: format) ? value : nil
  }

  /// A string that is one of an enumeration's.
  @inlinable
  public mutating func enumeration<Value: TextEnumeration>(_ type: Value.Type) throws(JSONSyntaxError) -> Value? {
    guard let text = try textBytes() else { return nil }
    guard let value = text.read({ Value(utf8: $0) }) else {
      violate("enum", "must be one of \(Value.allCases.map { "\"\($0.rawValue)\"" }.joined(separator: ", "))")
      return nil
    }
    return value
  }

  /// The bytes of a text: those of the JSON, or others where it has escapes.
  @usableFromInline
  struct TextBytes {
    @usableFromInline let written: UnsafeRawBufferPointer
    @usableFromInline let unescaped: String?

    init(written: UnsafeRawBufferPointer, unescaped: String?) {
      self.written = written
      self.unescaped = unescaped
    }

    @inlinable
    func read<Value>(_ read: (UnsafeRawBufferPointer) -> Value?) -> Value? {
      guard var unescaped else { return read(written) }
      return unescaped.withUTF8 { read(UnsafeRawBufferPointer($0)) }
    }
  }

  @usableFromInline
  mutating func textBytes() throws(JSONSyntaxError) -> TextBytes? {
    guard next == UInt8(ascii: "\"") else {
      try refuseType(expected: "a string")
      return nil
    }
    let token = try scanString()
    let unescaped = token.hasEscapes ? try unescape(token.range) : nil
    return TextBytes(written: UnsafeRawBufferPointer(rebasing: bytes[token.range]), unescaped: unescaped)
  }

  public mutating func uuid() throws(JSONSyntaxError) -> UUID? {
    // The common case without making a string of it.
    if next == UInt8(ascii: "\""), position + 38 <= bytes.count, bytes[position + 37] == UInt8(ascii: "\""),
      let value = UUID(ascii: UnsafeRawBufferPointer(rebasing: bytes[position + 1..<position + 37]))
    {
      position += 38
      return value
    }
    guard let text = try anyString() else { return nil }
    guard let value = UUID(text) else {
      violate("format", TextFormat.uuid.expectation)
      return nil
    }
    return value
  }

  public mutating func timestamp() throws(JSONSyntaxError) -> Timestamp? {
    guard let text = try textBytes() else { return nil }
    guard let value = text.read({ Timestamp(ascii: $0) }) else {
      violate("format", TextFormat.dateTime.expectation)
      return nil
    }
    return value
  }

  /// A string that must be just this one.
  ///
  /// - Returns: whether it is.
  public mutating func constant(_ expected: StaticString) throws(JSONSyntaxError) -> Bool? {
    guard let text = try anyString() else { return nil }
    guard text.hasSameBytes(as: expected.description) else {
      violate("const", "must be \"\(expected)\"")
      return nil
    }
    return true
  }

  private mutating func anyString() throws(JSONSyntaxError) -> String? {
    guard next == UInt8(ascii: "\"") else {
      try refuseType(expected: "a string")
      return nil
    }
    let token = try scanString()
    return token.hasEscapes ? try unescape(token.range) : String(decoding: bytes[token.range], as: UTF8.self)
  }

  private mutating func checked(
    _ value: String, minLength: Int, maxLength: Int, pattern: Pattern?, format: TextFormat?
  ) -> Bool {
    var isValid = true
    // Nothing to tell, in the common case without an array of it: a code point has one byte or more.
    let bytes = value.utf8.count
    if minLength <= min(bytes, 1), bytes <= maxLength, format == nil, pattern?.matches(value) ?? true { return true }
    for (keyword, message) in StringRules.broken(
      value, minLength: minLength, maxLength: maxLength, pattern: pattern, format: format)
    {
      violate(keyword, message)
      isValid = false
    }
    return isValid
  }
}

/// The keywords of strings, for bodies and parameters alike.
enum StringRules {
  static func broken(
    _ value: String, minLength: Int, maxLength: Int, pattern: Pattern?, format: TextFormat?
  ) -> [(StaticString, String)] {
    var broken: [(StaticString, String)] = []
    if minLength > 0 || maxLength < .max {
      // A code point has one to four bytes: mostly the bytes alone decide.
      let bytes = value.utf8.count
      if bytes > maxLength || bytes < minLength * 4 {
        let length = value.unicodeScalars.count
        if length < minLength { broken.append(("minLength", "must have \(minLength) characters or more")) }
        if length > maxLength { broken.append(("maxLength", "must have \(maxLength) characters or fewer")) }
      }
    }
    if let pattern, !pattern.matches(value) { broken.append(("pattern", "must match \(pattern.source)")) }
    if let format, !format.accepts(value) { broken.append(("format", format.expectation)) }
    return broken
  }
}
