/// Why a text is no JSON that can be judged.
public struct JSONSyntaxError: Error, Sendable, CustomStringConvertible {
  public let what: String
  /// In bytes from the beginning.
  public let offset: Int

  public var description: String { "\(what) at byte \(offset)" }
}

extension JSONValue {
  /// Arrays and objects in each other that `init(parsing:)` takes.
  public static let defaultMaxDepth = 128

  /// Reads one JSON text (RFC 8259) in UTF-8, strictly: duplicate names, lone surrogates, and numbers whose exponent is
  /// beyond ±10^9 are refused (RFC 7493 §2.3).
  ///
  /// - Parameter maxDepth: arrays and objects in each other. More than a thousand need a large stack.
  /// - Throws: at the first fault. Nothing of the text is in the error.
  public init(
    parsing bytes: some Sequence<UInt8>, maxDepth: Int = JSONValue.defaultMaxDepth
  ) throws(JSONSyntaxError) {
    var parser = JSONParser(bytes: Array(bytes), maxDepth: maxDepth)
    self = try parser.parse()
  }
}

private struct JSONParser {
  let bytes: [UInt8]
  let maxDepth: Int
  var offset = 0
  var depth = 0

  init(bytes: [UInt8], maxDepth: Int) {
    self.bytes = bytes
    self.maxDepth = maxDepth
  }

  mutating func parse() throws(JSONSyntaxError) -> JSONValue {
    let value = try value()
    skipSpace()
    guard offset == bytes.count else { throw fault("more than one value") }
    return value
  }

  private func fault(_ what: String) -> JSONSyntaxError { JSONSyntaxError(what: what, offset: offset) }

  private var next: UInt8? { offset < bytes.count ? bytes[offset] : nil }

  private mutating func skipSpace() {
    while let byte = next, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { offset += 1 }
  }

  private mutating func take(_ byte: Unicode.Scalar) -> Bool {
    guard next == UInt8(ascii: byte) else { return false }
    offset += 1
    return true
  }

  private mutating func value() throws(JSONSyntaxError) -> JSONValue {
    skipSpace()
    guard let next else { throw fault("the text ends early") }
    switch next {
    case UInt8(ascii: "{"): return .object(try object())
    case UInt8(ascii: "["): return .array(try array())
    case UInt8(ascii: "\""): return .string(try text())
    case UInt8(ascii: "t"): return try word("true", .bool(true))
    case UInt8(ascii: "f"): return try word("false", .bool(false))
    case UInt8(ascii: "n"): return try word("null", .null)
    case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return .number(try number())
    default: throw fault("an unexpected byte")
    }
  }

  private mutating func word(_ word: StaticString, _ value: JSONValue) throws(JSONSyntaxError) -> JSONValue {
    let isThere = word.withUTF8Buffer { bytes[offset...].starts(with: $0) }
    guard isThere else { throw fault("an unknown word") }
    offset += word.utf8CodeUnitCount
    return value
  }

  private mutating func enter() throws(JSONSyntaxError) {
    depth += 1
    guard depth <= maxDepth else { throw fault("more than \(maxDepth) levels") }
    offset += 1
    skipSpace()
  }

  private mutating func array() throws(JSONSyntaxError) -> JSONArray {
    try enter()
    defer { depth -= 1 }
    var items: [JSONValue] = []
    if take("]") { return JSONArray(items) }
    while true {
      items.append(try value())
      skipSpace()
      if take("]") { return JSONArray(items) }
      guard take(",") else { throw fault("neither a comma nor the array's end") }
    }
  }

  private mutating func object() throws(JSONSyntaxError) -> JSONObject {
    try enter()
    defer { depth -= 1 }
    var members: [(name: JSONText, value: JSONValue)] = []
    if !take("}") {
      repeat {
        skipSpace()
        guard next == UInt8(ascii: "\"") else { throw fault("no name of a member") }
        let name = try text()
        skipSpace()
        guard take(":") else { throw fault("no colon behind a name") }
        members.append((name, try value()))
        skipSpace()
      } while take(",")
      guard take("}") else { throw fault("neither a comma nor the object's end") }
    }
    guard let object = JSONObject(members) else { throw fault("a name is twice in the object that ends") }
    return object
  }

  private mutating func number() throws(JSONSyntaxError) -> DecimalNumber {
    let isNegative = take("-")
    var digits: [UInt8] = []
    let whole = try digitRun(into: &digits)
    if whole > 1, digits[0] == 0 { throw fault("a number that begins with 0") }
    var exponent = 0
    if take(".") { exponent = -(try digitRun(into: &digits)) }
    if take("e") || take("E") {
      let isBelow = take("-")
      if !isBelow { _ = take("+") }
      var power: [UInt8] = []
      _ = try digitRun(into: &power)
      var size = 0
      for digit in power { size = min(size * 10 + Int(digit), DecimalNumber.maxExponent + 1) }
      guard size <= DecimalNumber.maxExponent else { throw fault("an exponent beyond 10^9") }
      exponent += isBelow ? -size : size
    }
    return DecimalNumber(isNegative: isNegative, digits: digits, exponent: exponent)
  }

  private mutating func digitRun(into digits: inout [UInt8]) throws(JSONSyntaxError) -> Int {
    let start = offset
    while let byte = next, byte >= UInt8(ascii: "0"), byte <= UInt8(ascii: "9") {
      digits.append(byte - UInt8(ascii: "0"))
      offset += 1
    }
    guard offset > start else { throw fault("no digit") }
    return offset - start
  }

  private mutating func text() throws(JSONSyntaxError) -> JSONText {
    offset += 1
    var text: [UInt8] = []
    while true {
      guard let byte = next else { throw fault("the text ends in a string") }
      offset += 1
      switch byte {
      case UInt8(ascii: "\""):
        guard let string = String(validating: text, as: UTF8.self) else { throw fault("a string that is no UTF-8") }
        return JSONText(string)
      case UInt8(ascii: "\\"): text.append(contentsOf: Array(String(try escape()).utf8))
      case 0..<0x20: throw fault("a control character in a string")
      default: text.append(byte)
      }
    }
  }

  private mutating func escape() throws(JSONSyntaxError) -> Unicode.Scalar {
    guard let byte = next else { throw fault("the text ends in an escape") }
    offset += 1
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return Unicode.Scalar(byte)
    case UInt8(ascii: "b"): return "\u{8}"
    case UInt8(ascii: "f"): return "\u{C}"
    case UInt8(ascii: "n"): return "\n"
    case UInt8(ascii: "r"): return "\r"
    case UInt8(ascii: "t"): return "\t"
    case UInt8(ascii: "u"): return try unicodeEscape()
    default: throw fault("an unknown escape")
    }
  }

  private mutating func unicodeEscape() throws(JSONSyntaxError) -> Unicode.Scalar {
    let first = try codeUnit()
    if let scalar = Unicode.Scalar(first) { return scalar }
    guard (0xD800..<0xDC00).contains(first), take("\\"), take("u") else { throw fault("a lone surrogate") }
    let second = try codeUnit()
    guard (0xDC00..<0xE000).contains(second),
      let scalar = Unicode.Scalar(0x10000 + (first - 0xD800) << 10 + (second - 0xDC00))
    else { throw fault("a lone surrogate") }
    return scalar
  }

  private mutating func codeUnit() throws(JSONSyntaxError) -> UInt32 {
    var unit: UInt32 = 0
    for _ in 0..<4 {
      guard let byte = next, let digit = Character(Unicode.Scalar(byte)).hexDigitValue else {
        throw fault("no hexadecimal digit in an escape")
      }
      offset += 1
      unit = unit << 4 | UInt32(digit)
    }
    return unit
  }
}
