/// Any value of JSON (RFC 8259): what a schema gives no type to.
public enum JSONValue: Sendable, Hashable {
  case null
  case boolean(Bool)
  case number(JSONNumber)
  case string(String)
  case array([JSONValue])
  case object([String: JSONValue])
}

extension JSONValue {
  /// By code points, as JSON Schema compares (Core §4.2.2): Swift takes texts for equal that Unicode calls equivalent.
  public static func == (left: JSONValue, right: JSONValue) -> Bool {
    switch (left, right) {
    case (.null, .null): true
    case (.boolean(let left), .boolean(let right)): left == right
    case (.number(let left), .number(let right)): left == right
    case (.string(let left), .string(let right)): left.hasSameBytes(as: right)
    case (.array(let left), .array(let right)): left == right
    case (.object(let left), .object(let right)):
      left.count == right.count
        && left.allSatisfy { name, value in
          right.index(forKey: name).map { right[$0].key.hasSameBytes(as: name) && right[$0].value == value } ?? false
        }
    default: false
    }
  }
}

extension String {
  func hasSameBytes(as other: String) -> Bool { utf8.elementsEqual(other.utf8) }
}

extension JSONValue: JSONDecodable, JSONEncodable {
  public static func decode(from reader: inout JSONReader) throws(JSONSyntaxError) -> JSONValue? {
    try reader.json()
  }

  /// The properties of objects are sorted by their names.
  public func encode(into writer: inout JSONWriter) {
    switch self {
    case .null: writer.null()
    case .boolean(let value): writer.boolean(value)
    case .number(let value): writer.unquoted(value.text)
    case .string(let value): writer.string(value)
    case .array(let elements): writer.array(elements) { $1.encode(into: &$0) }
    case .object(let values): writer.object(values) { $1.encode(into: &$0) }
    }
  }
}

extension JSONReader {
  private static let everyProperty = PropertyTable([], required: 0)

  /// A value of any kind. It is at most ``maxDepth`` levels deep, so that this calls itself no oftener.
  public mutating func json() throws(JSONSyntaxError) -> JSONValue? {
    switch next {
    case UInt8(ascii: "{"):
      guard var object = try beginObject(Self.everyProperty) else { return nil }
      var values: [String: JSONValue] = [:]
      while try nextProperty(&object) != nil { values[object.unknownName] = try json() }
      return .object(values)
    case UInt8(ascii: "["):
      return try array { (reader) throws(JSONSyntaxError) in try reader.json() }.map { .array($0) }
    case UInt8(ascii: "\""): return try string().map { .string($0) }
    case UInt8(ascii: "t"), UInt8(ascii: "f"): return try boolean().map { .boolean($0) }
    case UInt8(ascii: "n"):
      try literal("null")
      return .null
    default:
      let token = try scanNumber()
      return .number(JSONNumber(text: String(decoding: bytes[token.range], as: UTF8.self)))
    }
  }
}
