// Generated from the spec. Do not edit: change the YAML.
import NIOCore
import ProtocolRuntime

/// Checks what a server sent against the spec, by the generated decoders.
public enum Validators {
  /// - Returns: nil for an operation or success status that the spec does not have.
  public static func response(operation: String, status: Int, body: ByteBuffer) throws -> [Violation]? {
    switch (operation, status) {
    case ("data", 200): return try violations(body, { (reader: inout JSONReader) throws(JSONSyntaxError) in try reader.array(maxItems: 3) { (reader: inout JSONReader) throws(JSONSyntaxError) in try reader.number() } })
    case ("init", 200): return try violations(body, { (reader: inout JSONReader) throws(JSONSyntaxError) in try reader.array() { (reader: inout JSONReader) throws(JSONSyntaxError) in try reader.nullable { (reader: inout JSONReader) throws(JSONSyntaxError) in try reader.integer(maximum: 9) } } })
    case ("self", 201): return try violations(body, { (reader: inout JSONReader) throws(JSONSyntaxError) in try reader.map() { (reader: inout JSONReader) throws(JSONSyntaxError) in try reader.array() { (reader: inout JSONReader) throws(JSONSyntaxError) in try reader.string() } } })
    case ("double", 200): return try violations(body, { (reader: inout JSONReader) throws(JSONSyntaxError) in try reader.boolean() })
    case ("none", 200): return try violations(body, { (reader: inout JSONReader) throws(JSONSyntaxError) in try reader.string(maxLength: 1000, pattern: Patterns.pattern1) })
    case ("await", 200): return try violations(body, { (reader: inout JSONReader) throws(JSONSyntaxError) in try reader.nullable { (reader: inout JSONReader) throws(JSONSyntaxError) in try reader.number() } })
    case ("some", 200): return try violations(body, { (reader: inout JSONReader) throws(JSONSyntaxError) in try reader.constantNull() })
    case ("refused", 200): return try violations(body, { (reader: inout JSONReader) throws(JSONSyntaxError) in try reader.nullable { (reader: inout JSONReader) throws(JSONSyntaxError) in try Result_.decode(from: &reader) } })
    case ("encode", 200): return try violations(body, { (reader: inout JSONReader) throws(JSONSyntaxError) in try reader.array() { (reader: inout JSONReader) throws(JSONSyntaxError) in try Values.decode(from: &reader) } })
    case ("decode", 200): return try violations(body, Odd.decode(from:))
    case ("type", 200): return try violations(body, Many.decode(from:))
    case ("hashValue", 200): return try violations(body, { (reader: inout JSONReader) throws(JSONSyntaxError) in try reader.string(maxLength: 1000, pattern: Patterns.pattern1) })
    case ("listChanges", 200): return try violations(body, Changes.decode(from:))
    default: return nil
    }
  }

  /// - Returns: nil for an event that the spec does not have.
  public static func event(_ name: String, payload: ByteBuffer) throws -> [Violation]? {
    switch name {
    case "name": return try violations(payload, Change.decode(from:))
    case "position": return try violations(payload, Change.decode(from:))
    case "encoded": return try violations(payload, Name_.decode(from:))
    case "following": return try violations(payload, Name_.decode(from:))
    case "self": return try violations(payload, Name_.decode(from:))
    case "init": return try violations(payload, Change.decode(from:))
    case "all_cases": return try violations(payload, Change.decode(from:))
    default: return nil
    }
  }

  /// - Parameter data: the `data` of an acknowledgement with `ok: true`.
  /// - Returns: nil for an event that the spec does not have, or one without data.
  public static func acknowledgement(event: String, data: ByteBuffer) throws -> [Violation]? {
    switch event {
    case "list": return try violations(data, { (reader: inout JSONReader) throws(JSONSyntaxError) in try reader.array() { (reader: inout JSONReader) throws(JSONSyntaxError) in try reader.integer() } })
    case "map": return try violations(data, { (reader: inout JSONReader) throws(JSONSyntaxError) in try reader.map() { (reader: inout JSONReader) throws(JSONSyntaxError) in try reader.number() } })
    case "text": return try violations(data, { (reader: inout JSONReader) throws(JSONSyntaxError) in try reader.string() })
    case "maybe": return try violations(data, { (reader: inout JSONReader) throws(JSONSyntaxError) in try reader.nullable { (reader: inout JSONReader) throws(JSONSyntaxError) in try reader.boolean() } })
    case "alias": return try violations(data, { (reader: inout JSONReader) throws(JSONSyntaxError) in try reader.array() { (reader: inout JSONReader) throws(JSONSyntaxError) in try reader.string() } })
    case "fixed": return try violations(data, { (reader: inout JSONReader) throws(JSONSyntaxError) in try reader.constant("here").map { _ in "here" } })
    case "bound": return try violations(data, { (reader: inout JSONReader) throws(JSONSyntaxError) in try reader.nullable { (reader: inout JSONReader) throws(JSONSyntaxError) in try Result_.decode(from: &reader) } })
    default: return nil
    }
  }

  private static func violations<Value>(_ json: ByteBuffer, _ read: (inout JSONReader) throws(JSONSyntaxError) -> Value?) throws -> [Violation] {
    var violations: [Violation] = []
    _ = try JSONReader.read(json, violations: &violations, read)
    return violations
  }
}
