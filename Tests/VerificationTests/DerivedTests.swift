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

private func inner(_ schema: String, _ valid: String) throws -> Derived {
  let openapi = #"{"openapi": "3.1.0", "paths": {}, "components": {"schemas": {"Thing": \#(schema)}}}"#
  return try Derived(
    place, valid: try JSONValue(parsing: valid.utf8),
    in: try Contract(openapi: openapi.utf8, events: #"{"asyncapi": "3.0.0"}"#.utf8))
}

private func kept(_ derived: Derived) -> [String] {
  derived.bounds.map { String(decoding: $0.value.encoded, as: UTF8.self) }
}

private func broken(_ derived: Derived) -> Set<String> {
  Set(derived.broken.map { "\($0.pointer) \($0.keyword)" })
}

@Test func itemsAreBrokenAndKeptByThemselves() throws {
  let schema = #"""
    {"type": "object", "properties": {
      "names": {"type": "array", "items": {"type": "string", "minLength": 2, "maxLength": 3}},
      "things": {"type": "array", "minItems": 2, "maxItems": 3, "uniqueItems": true, "items": {"type": "object",
        "required": ["count"], "properties": {"count": {"type": "integer", "minimum": 1, "maximum": 9}}}},
      "pair": {"type": "array", "prefixItems": [{"const": "a"}, {"type": "integer", "maximum": 5}]}}}
    """#
  let derived = try inner(schema, #"{"names": ["abc"], "things": [{"count": 4}, {"count": 5}], "pair": ["a"]}"#)
  #expect(
    broken(derived).isSuperset(of: [
      "/names/0 type", "/names/0 minLength", "/names/0 maxLength", "/things/0 type", "/things/0/count required",
      "/things/0/count type", "/things/0/count minimum", "/things/0/count maximum", "/things minItems",
      "/things maxItems", "/things uniqueItems", "/pair/0 const", "/pair/1 type", "/pair/1 maximum",
    ]))
  let texts = kept(derived)
  for part in [
    #""names":["aa"]"#, #""names":["aaa"]"#, #""names":[]"#, #""things":[{"count":1},{"count":5}]"#,
    #""things":[{"count":9},{"count":5}]"#, #""things":[{"count":1},{"count":2}]"#,
    #""things":[{"count":1},{"count":2},{"count":3}]"#, #""pair":["a",5]"#,
  ] {
    #expect(texts.contains { $0.contains(part) }, "\(part)")
  }
}

@Test func whatNoExampleHasIsEnteredToo() throws {
  let schema = #"""
    {"type": "object", "properties": {"inner": {"type": "object", "required": ["count"], "additionalProperties": false,
      "properties": {"count": {"type": "integer", "minimum": 1}, "ids": {"type": "array", "maxItems": 2,
        "items": {"type": "string", "format": "uuid"}}}}}, "additionalProperties": {"type": "integer", "maximum": 3}}
    """#
  let derived = try inner(schema, #"{"other": 2}"#)
  #expect(
    broken(derived).isSuperset(of: [
      "/inner type", "/inner/count required", "/inner/count minimum", "/inner/surprise additionalProperties",
      "/inner/ids maxItems", "/inner/ids/0 format", "/other maximum",
    ]))
  #expect(kept(derived).contains(#"{"other":3}"#))
}

@Test func objectsHaveAsManyMembersAsTheyMay() throws {
  let schema = #"""
    {"type": "object", "minProperties": 2, "maxProperties": 4, "required": ["a"], "additionalProperties": {"const": "x"},
      "properties": {"a": {"type": "integer"}, "b": {"type": "boolean"}}}
    """#
  let derived = try inner(schema, #"{"a": 1, "other": "x", "more": "x"}"#)
  #expect(broken(derived).isSuperset(of: [" minProperties", " maxProperties"]))
  #expect(Set(derived.bounds.map { $0.value.object?.members.count }) == [2, 3, 4])
}

@Test func eachMemberOfAnEnumerationIsSentOnce() throws {
  let schema = #"""
    {"type": "object", "properties": {"size": {"$ref": "#/components/schemas/Thing/$defs/Size"},
      "sizes": {"type": "array", "items": {"anyOf": [{"$ref": "#/components/schemas/Thing/$defs/Size"}, {"type": "null"}]}}},
      "$defs": {"Size": {"type": "string", "enum": ["small", "large", "huge"]}}}
    """#
  let texts = kept(try inner(schema, #"{"size": "small"}"#))
  for member in ["large", "huge"] { #expect(texts.count { $0 == #"{"size":"\#(member)"}"# } == 1) }
  // It is the example's.
  #expect(texts.count { $0 == #"{"size":"small"}"# } == 1)
  for member in ["large", "huge"] {
    #expect(texts.count { $0 == #"{"size":"small","sizes":["\#(member)"]}"# } == 1)
  }
}

@Test func aFormWithinAValueIsBrokenAsThatForm() throws {
  let schema = #"""
    {"type": "object", "properties": {"shape": {"oneOf": [
      {"type": "object", "required": ["is", "radius"],
        "properties": {"is": {"const": "round"}, "radius": {"type": "integer", "minimum": 1}}},
      {"type": "object", "required": ["is"],
        "properties": {"is": {"const": "flat"}}}]}}}
    """#
  let derived = try inner(schema, #"{"shape": {"is": "round", "radius": 4}}"#)
  #expect(broken(derived).isSuperset(of: ["/shape/radius minimum", "/shape/radius required", "/shape/radius type"]))
  #expect(kept(derived).contains(#"{"shape":{"is":"round","radius":1}}"#))
}

@Test func aSchemaInItselfIsEnteredOnce() throws {
  let schema = #"""
    {"type": "object", "properties": {"name": {"type": "string", "maxLength": 2},
      "parent": {"$ref": "#/components/schemas/Thing"},
      "children": {"type": "array", "items": {"$ref": "#/components/schemas/Thing"}}}}
    """#
  let derived = try inner(schema, #"{"name": "a", "parent": {"name": "b"}, "children": [{"name": "c"}]}"#)
  #expect(broken(derived).contains("/name maxLength"))
  #expect(derived.broken.count < 20)
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
