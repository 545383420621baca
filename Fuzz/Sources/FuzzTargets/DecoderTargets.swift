import NIOCore
import OddProtocol

@testable import ProtocolRuntime

/// The decoders for what is seldom said: types whose names are Swift's, choices by a discriminator, and what the
/// generator writes for `oneOf`, `anyOf` and for a schema that no type says whole.
enum DecoderTarget {
  static func play(_ bytes: ByteBuffer) throws {
    try read(Values.decode(from:), bytes) { $1.encode(into: &$0) }
    try read(Odd.decode(from:), bytes) { $1.encode(into: &$0) }
    try read(Operations_.decode(from:), bytes) { $1.encode(into: &$0) }
    try read(Many.decode(from:), bytes) { $1.encode(into: &$0) }
    try read(Changes.decode(from:), bytes) { $1.encode(into: &$0) }
    try read(JSONValue.decode(from:), bytes) { $1.encode(into: &$0) }
    for isExclusive in [true, false] {
      try read(
        { (reader) throws(JSONSyntaxError) in try Choice.decode(from: &reader, exactlyOne: isExclusive, level: 0) },
        bytes
      ) { $1.encode(into: &$0) }
    }
    for schema in table.schemas.indices {
      try read({ (reader) throws(JSONSyntaxError) in try reader.json(schema, of: table) }, bytes) {
        $1.encode(into: &$0)
      }
      try read(
        { (reader) throws(JSONSyntaxError) in
          try reader.checked(schema, of: table) { (reader) throws(JSONSyntaxError) in try reader.json() }
        }, bytes
      ) { $1.encode(into: &$0) }
    }
  }

  private static func read<Value>(
    _ decode: (inout JSONReader) throws(JSONSyntaxError) -> Value?, _ bytes: ByteBuffer,
    _ encode: (inout JSONWriter, Value) -> Void
  ) throws {
    var violations: [Violation] = []
    let value: Value?
    do {
      value = try JSONReader.read(bytes, violations: &violations, decode)
    } catch {
      return
    }
    try check(violations.count <= JSONReader.maxViolations)
    for violation in violations {
      try check(violation.pointer.isEmpty || violation.pointer.hasPrefix("/"), violation.pointer)
    }
    guard let value, violations.isEmpty else { return try check(!violations.isEmpty, "neither a value nor a reason") }
    let written = written(value, encode)
    let again = try JSONReader.read(written, violations: &violations, decode)
    // 1e9 is written longer, and then its choices take more than a text of that length may.
    if violations.contains(where: { $0.message == "has too many possible forms" }) { return }
    try check(violations.isEmpty, "\(String(buffer: written)): \(violations)")
    try check(again.map { Self.written($0, encode) } == written, String(buffer: written))
  }

  private static func written<Value>(_ value: Value, _ encode: (inout JSONWriter, Value) -> Void) -> ByteBuffer {
    var writer = JSONWriter(capacity: 64)
    encode(&writer, value)
    return writer.finish()
  }

  /// Each keyword of JSON Schema that a table may hold; the third contains itself.
  private static let table = SchemaTable(
    """
    [{"type":["object","array"],"properties":{"a":{"type":"integer","minimum":-5,"exclusiveMaximum":1e3,\
    "multipleOf":[5,0]},"b":{"enum":["x",1,null,{"y":[]}]}},"required":["a"],"additionalProperties":{"$ref":2},\
    "patternProperties":[[0,{"type":"string","maxLength":3,"minLength":1}]],"propertyNames":{"maxLength":8},\
    "minProperties":1,"maxProperties":4,"dependentRequired":{"b":["a"]},"dependentSchemas":{"c":{"required":["b"]}},\
    "uniqueItems":true,"maxItems":5,"contains":{"const":1},"minContains":0,"maxContains":2},\
    {"oneOf":[{"multipleOf":[3,-1]},{"type":"string","format":"date-time"},{"type":"array","prefixItems":[{"const":1.0}],\
    "items":false}],"not":{"const":0.3}},\
    {"anyOf":[{"type":"array","items":{"$ref":2},"minItems":1},{"type":"boolean"},{"type":"object",\
    "additionalProperties":{"$ref":2}}],"if":{"type":"array"},"then":{"maxItems":2},"else":{"allOf":[true]}}]
    """,
    patterns: [
      Pattern(
        source: "^[a-z]*$", ranges: [(0x61, 0x7A, 1)], classCount: 2, transitions: [.max, 0], accepting: [true])
    ])

  /// As the generator writes a choice: of itself too, so that what is read to find a branch doubles with each level.
  indirect enum Choice {
    case text(String)
    case whole(Int)
    case number(Double)
    case one(Choice)
    case list([Choice])
    case object([String: Choice])

    static func decode(
      from reader: inout JSONReader, exactlyOne: Bool, level: Int
    ) throws(JSONSyntaxError) -> Choice? {
      // JSONReader.maxDepth ends it before.
      precondition(level <= JSONReader.maxDepth)
      let element: JSONBranch<Choice>.Read = { (reader) throws(JSONSyntaxError) in
        try decode(from: &reader, exactlyOne: exactlyOne, level: level + 1)
      }
      return try reader.choice(
        [
          JSONBranch(.string) { (reader) throws(JSONSyntaxError) in try reader.string(maxLength: 4).map { .text($0) } },
          JSONBranch(.string) { (reader) throws(JSONSyntaxError) in
            try reader.string(minLength: 3, format: .email).map { .text($0) }
          },
          JSONBranch(.number) { (reader) throws(JSONSyntaxError) in
            try reader.integer(minimum: 0, maximum: 9).map { .whole($0) }
          },
          JSONBranch(.number) { (reader) throws(JSONSyntaxError) in
            try reader.number(exclusiveMinimum: 5).map { .number($0) }
          },
          JSONBranch(.array) { (reader) throws(JSONSyntaxError) in
            try reader.array(minItems: 1, maxItems: 1, element).flatMap(\.first).map { .one($0) }
          },
          JSONBranch(.array) { (reader) throws(JSONSyntaxError) in
            try reader.array(minItems: 2, element).map { .list($0) }
          },
          JSONBranch(.object) { (reader) throws(JSONSyntaxError) in
            try reader.map(maxProperties: 2, element).map { .object($0) }
          },
        ], exactlyOne: exactlyOne)
    }

    func encode(into writer: inout JSONWriter) {
      switch self {
      case .text(let text): writer.string(text)
      case .whole(let number): writer.integer(number)
      case .number(let number): writer.number(number)
      case .one(let one): writer.array([one]) { $1.encode(into: &$0) }
      case .list(let list): writer.array(list) { $1.encode(into: &$0) }
      case .object(let values): writer.object(values) { $1.encode(into: &$0) }
      }
    }
  }
}
