import NIOCore
import Testing

@testable import ProtocolRuntime

/// Values of any kind, and the schemas that they are put to.
@Suite struct SchemaTableTests {
  /// What is wrong, as `pointer keyword`.
  private func findings(_ json: String, _ schemas: StaticString, patterns: [Pattern] = []) throws -> [String] {
    let table = SchemaTable(schemas, patterns: patterns)
    var violations: [Violation] = []
    let value = try JSONReader.read(ByteBuffer(string: json), violations: &violations) {
      (reader) throws(JSONSyntaxError) in try reader.json(0, of: table)
    }
    #expect((value == nil) == !violations.isEmpty)
    return violations.map { "\($0.pointer) \($0.keyword)" }
  }

  @Test(arguments: [
    ("1", "1.0", true), ("100", "1e2", true), ("0", "-0", true), ("1", "true", false),
    ("1", "1.00000000000000000001", false),
    ("{\"a\":1,\"b\":2}", "{\"b\":2,\"a\":1.0}", true), ("[1,2]", "[2,1]", false),
    ("\"\\u00e4\"", "\"a\\u0308\"", false),
    ("{\"\\u00e4\":1}", "{\"a\\u0308\":1}", false),
  ])
  func `values are the same by what they say`(left: String, right: String, areEqual: Bool) throws {
    var violations: [Violation] = []
    let values = try [left, right].map { json in
      try #require(try JSONValue.decode(json: ByteBuffer(string: json), violations: &violations))
    }
    #expect((values[0] == values[1]) == areEqual)
    if areEqual { #expect(values[0].hashValue == values[1].hashValue) }
  }

  @Test func `a place within the value is told`() throws {
    let schema: StaticString = #"[{"properties":{"a":{"items":{"type":"integer","minimum":3}}},"required":["b"]}]"#
    #expect(try findings(#"{"a":[3,2,"x"],"b":0}"#, schema) == ["/a/1 minimum", "/a/2 type"])
    #expect(try findings(#"{"a":[3]}"#, schema) == [" required"])
    #expect(try findings("7", schema) == [])
  }

  @Test func `conditions choose what follows`() throws {
    let schema: StaticString = #"[{"if":{"const":1},"then":{"type":"integer"},"else":{"type":"string"}}]"#
    #expect(try findings("1", schema) == [])
    #expect(try findings("2", schema) == [" type"])
    #expect(try findings("\"a\"", schema) == [])
  }

  @Test func `at most as many findings are told as a reader has`() throws {
    let json = "[" + Array(repeating: "0", count: 100).joined(separator: ",") + "]"
    #expect(try findings(json, #"[{"items":{"type":"string"}}]"#).count == JSONReader.maxViolations)
  }

  /// No way through the value ends it.
  @Test(
    arguments: [
      #"[{"$ref":0}]"#, #"[{"anyOf":[{"$ref":0}]}]"#, #"[{"not":{"$ref":0}}]"#, #"[{"allOf":[{"$ref":0},{"$ref":0}]}]"#,
    ] as [StaticString])
  func `a schema of itself ends`(schema: StaticString) throws {
    #expect(try findings("1", schema) == [" $ref"])
  }

  /// 2^40 ways.
  @Test func `choices within choices end`() throws {
    let schema: StaticString = #"[{"anyOf":[{"items":{"$ref":0},"minItems":1},{"items":{"$ref":0},"minItems":1}]}]"#
    let json = String(repeating: "[", count: 40) + String(repeating: "]", count: 40)
    #expect(try findings(json, schema).isEmpty == false)
  }
}
