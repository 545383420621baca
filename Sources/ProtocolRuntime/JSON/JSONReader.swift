import Bytes
import NIOCore

/// The bytes are not a JSON text (RFC 8259), or not one that we take (RFC 7493: no duplicate names, no lone
/// surrogates; at most `JSONReader.maxDepth` levels).
public struct JSONSyntaxError: Error, Sendable, Equatable {
  /// Counted in bytes from 0.
  public let offset: Int
  public let reason: String
}

/// A value that reads itself from JSON and checks itself in the same pass.
public protocol JSONDecodable: Sendable {
  /// Reads one value. What breaks the schema goes into the reader's `violations`.
  ///
  /// - Returns: nil where no value can be made of it, in which case there is a violation.
  /// - Throws: `JSONSyntaxError`; the reader is of no more use then.
  static func decode(from reader: inout JSONReader) throws(JSONSyntaxError) -> Self?
}

extension JSONDecodable {
  /// Reads a whole JSON text.
  ///
  /// - Parameter violations: what breaks the schema is added here, at most `JSONReader.maxViolations`.
  /// - Throws: `ProblemDetails` `malformed_body`.
  public static func decode(json: ByteBuffer, violations: inout [Violation]) throws -> Self? {
    try JSONReader.read(json, violations: &violations, decode(from:))
  }

  /// Reads an event's argument, which may be missing.
  ///
  /// - Parameters:
  ///   - argument: a JSON text, or empty where the event came without one.
  ///   - violations: what breaks the schema is added here.
  /// - Throws: `ProblemDetails` `malformed_body`.
  public static func decode(argument: ByteBuffer, violations: inout [Violation]) throws -> Self? {
    try JSONReader.read(argument: argument, violations: &violations, decode(from:))
  }
}

extension JSONReader {
  /// Reads an event's argument of any type, which may be missing.
  ///
  /// - Parameters:
  ///   - argument: a JSON text, or empty where the event came without one.
  ///   - violations: what breaks the schema is added here.
  /// - Throws: `ProblemDetails` `malformed_body`.
  public static func read<Value>(
    argument: ByteBuffer, violations: inout [Violation],
    _ body: (inout JSONReader) throws(JSONSyntaxError) -> Value?
  ) throws -> Value? {
    guard argument.readableBytes > 0 else {
      violations.append(Violation(pointer: "", keyword: "type", message: "must be an object, which is missing"))
      return nil
    }
    return try read(argument, violations: &violations, body)
  }
}

/// Reads JSON from bytes, without a tree between: generated decoders pull what they expect.
///
/// The bytes must outlive the reader; it is made and used within one `withUnsafeBytes`.
public struct JSONReader: ~Copyable {
  /// Levels of arrays and objects that a text may nest.
  public static let maxDepth = 64
  /// Violations that are collected before the rest is left unsaid.
  public static let maxViolations = 32

  let bytes: UnsafeRawBufferPointer
  var position = 0
  var depth = 0
  var path = JSONPath()
  public private(set) var violations: [Violation] = []
  /// Also of those that were left unsaid.
  var violationCount = 0
  /// Bytes that were read to find out which form of several a value has.
  var reread = 0

  /// - Throws: `JSONSyntaxError` for bytes that are not UTF-8.
  public init(_ bytes: UnsafeRawBufferPointer) throws(JSONSyntaxError) {
    self.bytes = bytes
    if let offset = UTF8Check.firstInvalid(in: bytes.bindMemory(to: UInt8.self).span) {
      throw JSONSyntaxError(offset: offset, reason: "the bytes are not UTF-8")
    }
    skipWhitespace()
  }

  /// Reads a whole JSON text by a function that reads its value.
  ///
  /// - Parameter violations: what breaks the schema is added here, at most `maxViolations`.
  /// - Throws: `ProblemDetails` `malformed_body`.
  public static func read<Value>(
    _ json: ByteBuffer, violations: inout [Violation],
    _ value: (inout JSONReader) throws(JSONSyntaxError) -> Value?
  ) throws -> Value? {
    do throws(JSONSyntaxError) {
      return try json.withUnsafeReadableBytes { (bytes) throws(JSONSyntaxError) in
        var reader = try JSONReader(bytes)
        let value = try value(&reader)
        try reader.finish()
        violations += reader.violations
        return value
      }
    } catch {
      throw ProblemDetails("malformed_body", "Not acceptable as JSON at byte \(error.offset): \(error.reason).")
    }
  }

  /// After the value only white space may follow.
  public mutating func finish() throws(JSONSyntaxError) {
    skipWhitespace()
    if position < bytes.count { throw error("there is something after the value") }
  }

  // MARK: - Violations

  /// Reports that the value at the current place breaks a keyword.
  public mutating func violate(_ keyword: StaticString, _ message: String) {
    violationCount += 1
    guard violations.count < Self.maxViolations else { return }
    violations.append(Violation(pointer: pointer(below: []), keyword: keyword.description, message: message))
  }

  /// Forgets what was reported since, for a look ahead.
  mutating func restore(violations: [Violation], count: Int) {
    self.violations = violations
    violationCount = count
  }

  /// The same for a property of the current object.
  mutating func violate(_ keyword: StaticString, at name: String, _ message: String) {
    violate(keyword, below: [name], message)
  }

  /// The same for what lies within the value at the current place.
  ///
  /// - Parameter below: names and indices.
  mutating func violate(_ keyword: StaticString, below: [String], _ message: String) {
    violationCount += 1
    guard violations.count < Self.maxViolations else { return }
    violations.append(Violation(pointer: pointer(below: below), keyword: keyword.description, message: message))
  }

  /// RFC 6901.
  private func pointer(below: [String]) -> String {
    var text = ""
    for step in path.steps {
      switch step {
      case .name(let offset): text += "/" + Self.token(name(at: offset))
      case .index(let index): text += "/\(index)"
      }
    }
    for name in below { text += "/" + Self.token(name) }
    return text
  }

  /// A name within a pointer (RFC 6901 §3): its first hundred characters.
  static func token(_ name: String) -> String {
    let token = String(name.prefix(100))
    guard token.utf8.contains(where: { [0, UInt8(ascii: "~"), UInt8(ascii: "/")].contains($0) }) else { return token }
    // A name that a client made up may hold U+0000, which no text of ours does.
    return token.reduce(into: "") { $0 += $1 == "~" ? "~0" : $1 == "/" ? "~1" : $1 == "\0" ? "\u{FFFD}" : String($1) }
  }

  func error(_ reason: String) -> JSONSyntaxError {
    JSONSyntaxError(offset: position, reason: reason)
  }

  // MARK: - Tokens

  mutating func skipWhitespace() {
    while position < bytes.count {
      switch bytes[position] {
      case 0x20, 0x09, 0x0a, 0x0d: position += 1
      default: return
      }
    }
  }

  /// The next byte, or 0 at the end: no token begins with 0.
  var next: UInt8 { position < bytes.count ? bytes[position] : 0 }

  mutating func expect(_ byte: Unicode.Scalar) throws(JSONSyntaxError) {
    guard next == UInt8(ascii: byte) else {
      throw error(position < bytes.count ? "expected `\(byte)`" : "the text ends too early, before a `\(byte)`")
    }
    position += 1
  }

  mutating func enter() throws(JSONSyntaxError) {
    depth += 1
    if depth > Self.maxDepth { throw error("nested deeper than \(Self.maxDepth) levels") }
    position += 1
    skipWhitespace()
  }

  mutating func leave() {
    depth -= 1
    position += 1
  }

  /// What kind of value comes next, as JSON Schema names it.
  var nextKind: String {
    switch next {
    case UInt8(ascii: "{"): "object"
    case UInt8(ascii: "["): "array"
    case UInt8(ascii: "\""): "string"
    case UInt8(ascii: "t"), UInt8(ascii: "f"): "boolean"
    case UInt8(ascii: "n"): "null"
    default: "number"
    }
  }

  /// Reports a value of the wrong type and skips it.
  mutating func refuseType(expected: String) throws(JSONSyntaxError) {
    violate("type", "must be \(expected), not \(nextKind)")
    try skipValue()
  }

  // MARK: - Skipping

  /// Skips a value of any kind, checking that it is JSON, in constant memory.
  public mutating func skipValue() throws(JSONSyntaxError) {
    // A bit a level: set for an object. maxDepth levels fit.
    var isObject: UInt64 = 0
    let outer = depth
    while true {
      switch next {
      case UInt8(ascii: "{"), UInt8(ascii: "["):
        let opensObject = next == UInt8(ascii: "{")
        try enter()
        isObject = isObject << 1 | (opensObject ? 1 : 0)
        if next == (opensObject ? UInt8(ascii: "}") : UInt8(ascii: "]")) {
          break
        }
        if opensObject { try skipName() }
        continue
      default:
        try skipScalar()
      }
      // A value has ended: close what ends with it, or go on to the next.
      while true {
        if depth == outer { return }
        skipWhitespace()
        let inObject = isObject & 1 == 1
        if next == (inObject ? UInt8(ascii: "}") : UInt8(ascii: "]")) {
          leave()
          isObject >>= 1
          continue
        }
        try expect(",")
        skipWhitespace()
        if inObject { try skipName() }
        break
      }
    }
  }

  private mutating func skipName() throws(JSONSyntaxError) {
    _ = try readName()
    skipWhitespace()
    try expect(":")
    skipWhitespace()
  }

  private mutating func skipScalar() throws(JSONSyntaxError) {
    switch next {
    case UInt8(ascii: "\""):
      let token = try scanString()
      if token.hasEscapes { _ = try unescape(token.range) }
    case UInt8(ascii: "t"): try literal("true")
    case UInt8(ascii: "f"): try literal("false")
    case UInt8(ascii: "n"): try literal("null")
    default: _ = try scanNumber()
    }
  }

  mutating func literal(_ text: StaticString) throws(JSONSyntaxError) {
    let count = text.utf8CodeUnitCount
    guard position + count <= bytes.count,
      UnsafeRawBufferPointer(rebasing: bytes[position..<position + count])
        .hasSameBytes(as: UnsafeRawBufferPointer(start: text.utf8Start, count: count))
    else { throw error("expected a value") }
    position += count
  }
}
