import Contract
import JSONSchema
import Testing

@testable import Verification

private let openapi = """
  {"openapi": "3.1.0", "paths": {}, "components": {"schemas": {
    "Base": {"type": "object", "required": ["name"],
      "properties": {"name": {"type": "string", "minLength": 2, "maxLength": 3, "pattern": "^[a-z]*$"}}},
    "Thing": {"allOf": [{"$ref": "#/components/schemas/Base"}], "unevaluatedProperties": false,
      "properties": {"count": {"type": "integer", "minimum": 1, "maximum": 9},
        "ids": {"type": "array", "minItems": 1, "maxItems": 2, "uniqueItems": true,
          "items": {"type": "string", "format": "uuid"}}}}}}}
  """

private let place = SchemaPlace(
  document: "openapi.json", pointer: JSONPointer(tokens: ["components", "schemas", "Thing"]))

private func contract() throws -> Contract {
  try Contract(openapi: openapi.utf8, events: #"{"asyncapi": "3.0.0"}"#.utf8)
}

private func derived(_ valid: String) throws -> Derived {
  try Derived(place, valid: try JSONValue(parsing: valid.utf8), in: contract())
}

@Test func eachConstraintIsBrokenByItself() throws {
  let broken = try derived(#"{"name": "ab", "count": 5}"#).broken
  #expect(
    Set(broken.map { "\($0.pointer) \($0.keyword)" }) == [
      // No object; a member that nobody knows, or one without which it is none.
      " type", "/surprise unevaluatedProperties", "/name required",
      "/name type", "/name minLength", "/name maxLength", "/name pattern",
      "/count type", "/count minimum", "/count maximum",
      "/ids type", "/ids minItems", "/ids maxItems", "/ids uniqueItems", "/ids/0 type", "/ids/0 format",
    ])
  // Each once, and with nothing else that is wrong.
  #expect(broken.count == 16)
  var contract = try contract()
  for each in broken { #expect(try contract.findings(in: each.value, by: place).count == 1) }
}

@Test func whatLiesAtABoundIsKept() throws {
  let kept = try derived(#"{"name": "ab", "count": 5}"#).bounds.map {
    String(decoding: $0.value.encoded, as: UTF8.self)
  }
  for value in [#"{"name":"aaa","count":5}"#, #"{"name":"ab","count":1}"#, #"{"name":"ab","count":9}"#] {
    #expect(kept.contains(value))
  }
  #expect(kept.contains { $0.contains(#""ids":["01900000-0000-7000-8000-000000000000","01900000"#) })
}

@Test func anExampleThatBreaksItsSchemaIsTold() {
  #expect(throws: ClientError.self) { try derived(#"{"name": "AB"}"#) }
}

@Test func aReportCounts() {
  var report = Report()
  report.add("one", faults: [])
  #expect(!report.hasFailed)
  report.add("two", faults: ["a", "b", "a"])
  report.add("three", .notChecked("why"))
  #expect(report.hasFailed)
  #expect(
    report.lines == [
      "passed       one", "failed       two", "             a", "             b", "not checked  three: why",
      "1 passed, 1 failed, 1 not checked",
    ])
}
