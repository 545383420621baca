import Bytes
import NIOCore

/// Reads and checks an operation's path and query parameters, and collects what is wrong with them.
public struct Parameters {
  /// At most `JSONReader.maxViolations`.
  public var violations: [Violation] = []
  let query: [(name: String, value: String)]

  /// - Parameter query: the target's query, still percent-encoded.
  public init(query: String?) {
    guard var query, !query.isEmpty else {
      self.query = []
      return
    }
    self.query = query.withUTF8 { Self.pairs(of: $0) }
  }

  /// The first 64, and what follows them as one more.
  private static func pairs(of query: UnsafeBufferPointer<UInt8>) -> [(name: String, value: String)] {
    // URLSearchParams and HTML forms write a space as `+` (WHATWG URL §5.1).
    func decoded(_ range: Range<Int>) -> String? {
      PercentEncoding.decoded(UnsafeBufferPointer(rebasing: query[range]), plusIsSpace: true)
    }
    var pairs: [(name: String, value: String)] = []
    var start = 0
    while start < query.count {
      let next = pairs.count < 64 ? query[start...].firstIndex(of: UInt8(ascii: "&")) : nil
      let end = next ?? query.count
      if end > start {
        let mark = query[start..<end].firstIndex(of: UInt8(ascii: "=")) ?? end
        let value = mark < end ? decoded(mark + 1..<end) ?? "\u{0}" : ""
        pairs.append((decoded(start..<mark) ?? "", value))
      }
      start = end + 1
    }
    return pairs
  }

  mutating func violate(_ name: StaticString, _ keyword: StaticString, _ message: String) {
    violate(at: "/\(name)", keyword.description, message)
  }

  mutating func violate(at pointer: String, _ keyword: String, _ message: String) {
    guard violations.count < JSONReader.maxViolations else { return }
    violations.append(Violation(pointer: pointer, keyword: keyword, message: message))
  }

  /// The texts of a query parameter, in their order.
  func texts(_ name: StaticString) -> [String] {
    let wanted = name.description
    return query.filter { $0.name == wanted }.map(\.value)
  }

  /// The text of a query parameter that is there once.
  public mutating func text(_ name: StaticString, required: Bool = false) -> String? {
    let wanted = name.description
    var found: String?
    for (candidate, value) in query where candidate == wanted {
      if found != nil {
        violate(name, "maxItems", "must be there once")
        return nil
      }
      found = value
    }
    if found == nil, required { violate(name, "required", "is required") }
    return found
  }

  /// A value that has to meet a schema as well.
  ///
  /// - Parameter json: the value of JSON that it stands for.
  public mutating func checked<Value>(
    _ name: StaticString, _ schema: Int, of table: SchemaTable, _ value: Value?, _ json: (Value) -> JSONValue
  ) -> Value? {
    guard let value else { return nil }
    let findings = table.violations(of: json(value), schema, size: 0)
    for finding in findings { violate(name, finding.keyword, finding.message) }
    return findings.isEmpty ? value : nil
  }

  /// A value by the JSON that its text stands for: itself where that is a number, a truth value or null and such a value
  /// is taken, else a string.
  public mutating func decoded<Value>(
    _ name: StaticString, _ text: String, _ read: (inout JSONReader) throws(JSONSyntaxError) -> Value?
  ) -> Value? {
    var writer = JSONWriter(capacity: text.utf8.count + 2)
    writer.string(text)
    var texts = [writer.finish()]
    if ["true", "false", "null"].contains(text) || JSONReader.isNumber(text) {
      texts.insert(ByteBuffer(string: text), at: 0)
    }
    var found: [Violation] = []
    for json in texts {
      found = []
      if let value = try? JSONReader.read(json, violations: &found, read), found.isEmpty { return value }
    }
    violate(name, "type", found.first?.message ?? "has no form that is known here")
    return nil
  }

  // MARK: - Query

  public mutating func string(
    _ name: StaticString, required: Bool = false, minLength: Int = 0, maxLength: Int = .max, pattern: Pattern? = nil,
    format: TextFormat? = nil
  ) -> String? {
    guard let text = text(name, required: required) else { return nil }
    return pathString(name, text, minLength: minLength, maxLength: maxLength, pattern: pattern, format: format)
  }

  public mutating func integer(
    _ name: StaticString, required: Bool = false, minimum: Int = .min, maximum: Int = .max, multipleOf: Int? = nil
  ) -> Int? {
    guard let text = text(name, required: required) else { return nil }
    return pathInteger(name, text, minimum: minimum, maximum: maximum, multipleOf: multipleOf)
  }

  public mutating func number(
    _ name: StaticString, required: Bool = false, minimum: Double? = nil, maximum: Double? = nil,
    exclusiveMinimum: Double? = nil, exclusiveMaximum: Double? = nil, multipleOf: DecimalStep? = nil
  ) -> Double? {
    guard let text = text(name, required: required) else { return nil }
    return pathNumber(
      name, text, minimum: minimum, maximum: maximum, exclusiveMinimum: exclusiveMinimum,
      exclusiveMaximum: exclusiveMaximum, multipleOf: multipleOf)
  }

  public mutating func boolean(_ name: StaticString, required: Bool = false) -> Bool? {
    text(name, required: required).flatMap { pathBoolean(name, $0) }
  }

  public mutating func uuid(_ name: StaticString, required: Bool = false) -> UUID? {
    text(name, required: required).flatMap { pathUUID(name, $0) }
  }

  public mutating func timestamp(_ name: StaticString, required: Bool = false) -> Timestamp? {
    text(name, required: required).flatMap { pathTimestamp(name, $0) }
  }

  public mutating func enumeration<Value: TextEnumeration>(
    _ name: StaticString, required: Bool = false, _ type: Value.Type
  ) -> Value? {
    text(name, required: required).flatMap { pathEnumeration(name, $0, type) }
  }

  // MARK: - Path

  // Of a text that is there: a segment of the path, the value of a header or of a form's field.

  public mutating func pathString(
    _ name: StaticString, _ text: String, minLength: Int = 0, maxLength: Int = .max, pattern: Pattern? = nil,
    format: TextFormat? = nil
  ) -> String? {
    let broken = StringRules.broken(text, minLength: minLength, maxLength: maxLength, pattern: pattern, format: format)
    return checked(text, name, broken)
  }

  public mutating func pathInteger(
    _ name: StaticString, _ text: String, minimum: Int = .min, maximum: Int = .max, multipleOf: Int? = nil
  ) -> Int? {
    guard let value = Int(text), !text.hasPrefix("+") else {
      violate(name, "type", "must be an integer")
      return nil
    }
    return checked(
      value, name, NumberRules.broken(value, minimum: minimum, maximum: maximum, multipleOf: multipleOf))
  }

  /// A number as JSON writes it.
  public mutating func pathNumber(
    _ name: StaticString, _ text: String, minimum: Double? = nil, maximum: Double? = nil,
    exclusiveMinimum: Double? = nil, exclusiveMaximum: Double? = nil, multipleOf: DecimalStep? = nil
  ) -> Double? {
    guard JSONReader.isNumber(text), let value = Double(text) else {
      violate(name, "type", "must be a number")
      return nil
    }
    let broken = NumberRules.broken(
      value, written: text.utf8, minimum: minimum, maximum: maximum, exclusiveMinimum: exclusiveMinimum,
      exclusiveMaximum: exclusiveMaximum, multipleOf: multipleOf)
    return checked(value, name, broken)
  }

  public mutating func pathBoolean(_ name: StaticString, _ text: String) -> Bool? {
    guard text == "true" || text == "false" else {
      violate(name, "type", "must be true or false")
      return nil
    }
    return text == "true"
  }

  public mutating func pathUUID(_ name: StaticString, _ text: String) -> UUID? {
    required(UUID(text), name, "format", TextFormat.uuid.expectation)
  }

  public mutating func pathUUID(_ name: StaticString, _ segment: PathSegments.Segment) -> UUID? {
    required(UUID(segment), name, "format", TextFormat.uuid.expectation)
  }

  public mutating func pathTimestamp(_ name: StaticString, _ text: String) -> Timestamp? {
    required(Timestamp(text), name, "format", TextFormat.dateTime.expectation)
  }

  public mutating func pathEnumeration<Value: TextEnumeration>(
    _ name: StaticString, _ text: String, _ type: Value.Type
  ) -> Value? {
    var text = text
    return required(
      text.withUTF8 { Value(utf8: UnsafeRawBufferPointer($0)) }, name, "enum",
      "must be one of \(Value.allCases.map(\.rawValue).joined(separator: ", "))")
  }

  /// A text that must be just this one.
  public mutating func pathConstant(_ name: StaticString, _ text: String, _ expected: StaticString) -> String? {
    required(text.hasSameBytes(as: expected.description) ? text : nil, name, "const", "must be \(expected)")
  }

  // MARK: - Header

  /// The text of a header parameter, whose value is then checked like that of a path's.
  public mutating func header(_ name: StaticString, of request: Request, required: Bool = false) -> String? {
    let text = request.fields[name.description.lowercased()]
    if text == nil, required { violate(name, "required", "is required") }
    return text
  }

  /// The text of a cookie (RFC 6265 §4.2.1), whose value is then checked like that of a path's parameter.
  public mutating func cookie(_ name: StaticString, of request: Request, required: Bool = false) -> String? {
    let wanted = name.description + "="
    for pair in (request.fields["cookie"] ?? "").split(separator: ";") {
      let pair = pair.trimmingWhitespace()
      if pair.hasPrefix(wanted) { return String(pair.dropFirst(wanted.count)) }
    }
    if required { violate(name, "required", "is required") }
    return nil
  }

  // MARK: - Checks

  /// The value, if nothing is broken.
  private mutating func checked<Value>(
    _ value: Value, _ name: StaticString, _ broken: [(StaticString, String)]
  ) -> Value? {
    for (keyword, message) in broken { violate(name, keyword, message) }
    return broken.isEmpty ? value : nil
  }

  /// The value, which is missing where the text is none of its kind.
  private mutating func required<Value>(
    _ value: Value?, _ name: StaticString, _ keyword: StaticString, _ message: @autoclosure () -> String
  ) -> Value? {
    if value == nil { violate(name, keyword, message()) }
    return value
  }

  // MARK: - End

  /// Ends the request if something breaks its schema.
  ///
  /// - Throws: `ProblemDetails` `validation_failed`.
  public func requireValid() throws {
    guard violations.isEmpty else { throw Self.invalid(violations) }
  }

  /// The problem of an input that breaks its schema.
  public static func invalid(_ violations: [Violation]) -> ProblemDetails {
    let count = violations.count
    return ProblemDetails(
      "validation_failed",
      count == 1
        ? "One value breaks the schema; `errors` says which."
        : "\(count) values break the schema; `errors` says which.",
      errors: violations)
  }
}
