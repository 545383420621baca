extension JSONReader {
  public mutating func boolean() throws(JSONSyntaxError) -> Bool? {
    switch next {
    case UInt8(ascii: "t"):
      try literal("true")
      return true
    case UInt8(ascii: "f"):
      try literal("false")
      return false
    default:
      try refuseType(expected: "a boolean")
      return nil
    }
  }

  /// A boolean that must be just this one.
  public mutating func constant(_ expected: Bool) throws(JSONSyntaxError) -> Bool? {
    guard let value = try boolean() else { return nil }
    guard value == expected else {
      violate("const", "must be \(expected)")
      return nil
    }
    return true
  }

  /// Whether null comes next, which is then read.
  public mutating func null() throws(JSONSyntaxError) -> Bool {
    guard next == UInt8(ascii: "n") else { return false }
    try literal("null")
    return true
  }

  /// A value that may be null, by a function that reads any other.
  ///
  /// - Returns: `.some(nil)` for null; nil where there is no value.
  public mutating func nullable<Value>(
    _ value: (inout JSONReader) throws(JSONSyntaxError) -> Value?
  ) throws(JSONSyntaxError) -> Value?? {
    if try null() { return .some(nil) }
    guard let value = try value(&self) else { return nil }
    return .some(value)
  }

  /// A value that must be null.
  public mutating func constantNull() throws(JSONSyntaxError) -> Never?? {
    if try null() { return .some(nil) }
    violate("const", "must be null, not \(nextKind)")
    try skipValue()
    return nil
  }

  // MARK: - Numbers

  struct NumberToken {
    var range: Range<Int>
    var isInteger: Bool
  }

  /// Moves over a number (RFC 8259 §6).
  mutating func scanNumber() throws(JSONSyntaxError) -> NumberToken {
    let start = position
    if next == UInt8(ascii: "-") { position += 1 }
    if next == UInt8(ascii: "0") {
      position += 1
    } else {
      guard skipDigits() else { throw error(position < bytes.count ? "expected a value" : "the text ends too early") }
    }
    var isInteger = true
    if next == UInt8(ascii: ".") {
      isInteger = false
      position += 1
      guard skipDigits() else { throw error("expected a digit") }
    }
    if next == UInt8(ascii: "e") || next == UInt8(ascii: "E") {
      isInteger = false
      position += 1
      if next == UInt8(ascii: "+") || next == UInt8(ascii: "-") { position += 1 }
      guard skipDigits() else { throw error("expected a digit") }
    }
    return NumberToken(range: start..<position, isInteger: isInteger)
  }

  /// Whether a text is a number of JSON, and nothing else.
  static func isNumber(_ text: String) -> Bool {
    var text = text
    return text.withUTF8 { bytes in
      do throws(JSONSyntaxError) {
        var reader = try JSONReader(UnsafeRawBufferPointer(bytes))
        return try reader.scanNumber().range == 0..<bytes.count
      } catch {
        return false
      }
    }
  }

  private mutating func skipDigits() -> Bool {
    let start = position
    while next >= UInt8(ascii: "0"), next <= UInt8(ascii: "9") { position += 1 }
    return position > start
  }

  private var isAtNumber: Bool {
    next == UInt8(ascii: "-") || (next >= UInt8(ascii: "0") && next <= UInt8(ascii: "9"))
  }

  /// An integer. `1.0` and `1e2` are integers too (JSON Schema Core §4.2.3); one beyond 64 bits is out of any bounds.
  public mutating func integer(
    minimum: Int = .min, maximum: Int = .max, multipleOf: Int? = nil
  ) throws(JSONSyntaxError) -> Int? {
    guard isAtNumber else {
      try refuseType(expected: "an integer")
      return nil
    }
    let token = try scanNumber()
    let text = bytes[token.range]
    let whole = token.isInteger ? Self.shortInteger(UnsafeRawBufferPointer(rebasing: text)) : nil
    guard let value = whole ?? DecimalInteger.value(of: text) else {
      violate("type", "must be an integer")
      return nil
    }
    if value >= minimum, value <= maximum, multipleOf == nil { return value }
    var isValid = true
    for (keyword, message) in NumberRules.broken(value, minimum: minimum, maximum: maximum, multipleOf: multipleOf) {
      violate(keyword, message)
      isValid = false
    }
    return isValid ? value : nil
  }

  /// The value of an integer as JSON writes it; nil for one of more than 18 digits, which 64 bits might not hold.
  private static func shortInteger(_ text: UnsafeRawBufferPointer) -> Int? {
    let isNegative = text.first == UInt8(ascii: "-")
    guard text.count <= 18 else { return nil }
    var value = 0
    for index in (isNegative ? 1 : 0)..<text.count { value = value &* 10 &+ Int(text[index] & 0x0F) }
    return isNegative ? 0 &- value : value
  }

  /// A number, judged by its decimal digits: 0.3 is a multiple of 0.1.
  public mutating func number(
    minimum: Double? = nil, maximum: Double? = nil, exclusiveMinimum: Double? = nil, exclusiveMaximum: Double? = nil,
    multipleOf: DecimalStep? = nil
  ) throws(JSONSyntaxError) -> Double? {
    guard isAtNumber else {
      try refuseType(expected: "a number")
      return nil
    }
    let token = try scanNumber()
    let text = bytes[token.range]
    let value = Double(String(decoding: text, as: UTF8.self)) ?? .nan
    let broken = NumberRules.broken(
      value, written: text, minimum: minimum, maximum: maximum, exclusiveMinimum: exclusiveMinimum,
      exclusiveMaximum: exclusiveMaximum, multipleOf: multipleOf)
    for (keyword, message) in broken { violate(keyword, message) }
    return broken.isEmpty ? value : nil
  }

  // MARK: - Arrays and maps

  /// An array, by a function that reads one element. Elements beyond `maxItems` are checked but not kept.
  ///
  /// Compiled where it is called, for the type of its elements: one that knows no size is copied by calls.
  @inlinable
  public mutating func array<Element>(
    minItems: Int = 0, maxItems: Int = .max,
    _ element: (inout JSONReader) throws(JSONSyntaxError) -> Element?
  ) throws(JSONSyntaxError) -> [Element]? {
    guard try beginArray() else { return nil }
    var elements: [Element] = []
    var count = 0
    var isValid = true
    while try nextElement(count) {
      count += 1
      if count > maxItems {
        try skipValue()
      } else if let value = try element(&self) {
        elements.append(value)
      } else {
        isValid = false
      }
    }
    return checkItemCount(count, minimum: minItems, maximum: maxItems) && isValid ? elements : nil
  }

  /// Begins an array; false for any other value, which is reported and skipped.
  @usableFromInline
  mutating func beginArray() throws(JSONSyntaxError) -> Bool {
    guard next == UInt8(ascii: "[") else {
      try refuseType(expected: "an array")
      return false
    }
    try enter()
    return true
  }

  /// Moves to the element of an index, from the one before it; false at the end.
  @usableFromInline
  mutating func nextElement(_ index: Int) throws(JSONSyntaxError) -> Bool {
    if index > 0 { path.removeLast() }
    skipWhitespace()
    if next == UInt8(ascii: "]") {
      leave()
      return false
    }
    if index > 0 {
      try expect(",")
      skipWhitespace()
    }
    path.append(index: index)
    return true
  }

  /// `minItems` and `maxItems`.
  @usableFromInline
  mutating func checkItemCount(_ count: Int, minimum minItems: Int, maximum maxItems: Int) -> Bool {
    var isValid = true
    if count < minItems {
      violate("minItems", "must have \(minItems) items or more")
      isValid = false
    }
    if count > maxItems {
      violate("maxItems", "must have \(maxItems) items or fewer")
      isValid = false
    }
    return isValid
  }

  /// The same, without equal elements.
  public mutating func uniqueArray<Element: Hashable>(
    minItems: Int = 0, maxItems: Int = .max,
    _ element: (inout JSONReader) throws(JSONSyntaxError) -> Element?
  ) throws(JSONSyntaxError) -> [Element]? {
    guard let elements = try array(minItems: minItems, maxItems: maxItems, element) else { return nil }
    guard Set(elements).count == elements.count else {
      violate("uniqueItems", "must not have an item twice")
      return nil
    }
    return elements
  }

  /// An object of unknown names with values of one type.
  public mutating func map<Value>(
    minProperties: Int = 0, maxProperties: Int = .max,
    _ value: (inout JSONReader) throws(JSONSyntaxError) -> Value?
  ) throws(JSONSyntaxError) -> [String: Value]? {
    guard var object = try beginObject(PropertyTable([], required: 0)) else { return nil }
    var values: [String: Value] = [:]
    var isValid = true
    while try nextProperty(&object) != nil {
      if object.count > maxProperties {
        try skipValue()
      } else if let value = try value(&self) {
        values[object.unknownName] = value
      } else {
        isValid = false
      }
    }
    return checkPropertyCount(object.count, minimum: minProperties, maximum: maxProperties) && isValid ? values : nil
  }

  /// `minProperties` and `maxProperties`.
  public mutating func checkPropertyCount(_ count: Int, minimum: Int, maximum: Int) -> Bool {
    if count < minimum { violate("minProperties", "must have \(minimum) properties or more") }
    if count > maximum { violate("maxProperties", "must have \(maximum) properties or fewer") }
    return count >= minimum && count <= maximum
  }

  /// The value of a discriminator property, found ahead; the reader stays where it is.
  ///
  /// - Returns: nil where the value is no object or has no such string, which is reported; the value is skipped then.
  public mutating func discriminator(_ name: StaticString) throws(JSONSyntaxError) -> String? {
    guard next == UInt8(ascii: "{") else {
      try refuseType(expected: "an object")
      return nil
    }
    let start = position
    let startDepth = depth
    let startPath = path.count
    let (startViolations, startCount) = (violations, violationCount)
    var found: String?
    if var object = try beginObject(PropertyTable([name], required: 1, refusesUnknown: false)) {
      while try nextProperty(&object) != nil { found = try string() }
    }
    path.count = startPath
    guard let found else { return nil }
    restore(violations: startViolations, count: startCount)
    position = start
    depth = startDepth
    return found
  }

  /// Reports a discriminator that names no branch, and skips the value.
  public mutating func refuseDiscriminator(_ name: StaticString, known: String) throws(JSONSyntaxError) {
    violate("oneOf", at: name.description, "must be one of \(known)")
    try skipValue()
  }
}
