import Testing

@testable import JSONSchema

/// What is wrong with a JSON text by a schema, both as they are written: `pointer keyword`, in order.
func told(_ schema: String, _ value: String) throws -> [String] {
  var library = SchemaLibrary()
  try library.add(JSONValue(parsing: schema.utf8), as: "schema.json")
  let id = try library.schema(at: SchemaPlace(document: "schema.json"))
  return library.findings(in: try JSONValue(parsing: value.utf8), by: id).map { "\($0.pointer) \($0.keyword)" }
}

/// The keywords that the part of the suite beside us (SuiteTests) has no file for.
@Test(arguments: [
  (#"{"contains": {"type": "null"}}"#, "[1, null]", []),
  (#"{"contains": {"type": "null"}}"#, "[1]", [" contains"]),
  (#"{"contains": {"type": "null"}, "minContains": 2}"#, "[null]", [" minContains"]),
  (#"{"contains": {"type": "null"}, "minContains": 0}"#, "[]", []),
  (#"{"contains": {"type": "null"}, "maxContains": 1}"#, "[null, null]", [" maxContains"]),
  (#"{"patternProperties": {"^x": {"type": "null"}}}"#, #"{"x1": 1, "y": 1}"#, ["/x1 type"]),
  (#"{"propertyNames": {"maxLength": 1}}"#, #"{"ab": 1, "c": 1}"#, ["/ab maxLength"]),
  (#"{"dependentRequired": {"a": ["b", "c"]}}"#, #"{"a": 1, "c": 1}"#, ["/b dependentRequired"]),
  (#"{"dependentSchemas": {"a": {"maxProperties": 1}}}"#, #"{"a": 1, "b": 1}"#, [" maxProperties"]),
  (#"{"not": {"type": "null"}}"#, "null", [" not"]),
  (#"{"if": {"type": "null"}, "then": false, "else": {"type": "string"}}"#, "null", [" then"]),
  (#"{"if": {"type": "null"}, "then": false, "else": {"type": "string"}}"#, "1", [" type"]),
  (#"{"allOf": [{"properties": {"a": true}}], "unevaluatedProperties": false}"#, #"{"a": 1}"#, []),
  (
    #"{"allOf": [{"properties": {"a": true}}], "unevaluatedProperties": false}"#, #"{"a": 1, "b": 1}"#,
    ["/b unevaluatedProperties"]
  ),
  (#"{"prefixItems": [true], "unevaluatedItems": {"type": "null"}}"#, "[1, null, 2]", ["/2 type"]),
  (##"{"$ref": "#a", "$defs": {"x": {"$anchor": "a", "type": "null"}}, "maximum": 1}"##, "2", [" maximum", " type"]),
  (#"{"type": "string", "nullable": true}"#, "null", []),
  (#"{"type": "string", "nullable": false}"#, "null", [" type"]),
  (#"{"oneOf": [true, true], "discriminator": {"propertyName": "kind"}}"#, "1", [" oneOf"]),
  (#"{"format": "nfc"}"#, #""\u00e9""#, []),
  (#"{"format": "nfc"}"#, #""e\u0301""#, [" format"]),
  (#"{"format": "byte"}"#, #""QUI=""#, []),
  (#"{"format": "byte"}"#, #""QUI""#, [" format"]),
  (#"{"format": "int32"}"#, "2147483647", []),
  (#"{"format": "int32"}"#, "2147483648", [" format"]),
  (#"{"format": "int64"}"#, "9223372036854775808", [" format"]),
  (#"{"format": "nobody knows it"}"#, "1", []),
])
func keywords(schema: String, value: String, findings: [String]) throws {
  #expect(try told(schema, value) == findings)
}

/// `$dynamicRef` leads to the outermost resource that has its anchor.
@Test func aTreeIsExtended() throws {
  let schema = """
    {"$id": "https://a.example/strict", "$dynamicAnchor": "node", "$ref": "tree", "unevaluatedProperties": false,
     "$defs": {"tree": {"$id": "tree", "$dynamicAnchor": "node", "type": "object",
       "properties": {"children": {"type": "array", "items": {"$dynamicRef": "#node"}}}}}}
    """
  #expect(try told(schema, #"{"children": [{"children": []}]}"#) == [])
  #expect(try told(schema, #"{"children": [{"childs": []}]}"#) == ["/children/0/childs unevaluatedProperties"])
}

/// A finding says where, in both documents, and nothing of the value but its names.
@Test func aFindingSaysWhere() throws {
  var library = SchemaLibrary()
  try library.add(
    JSONValue(parsing: #"{"components": {"schemas": {"A": {"properties": {"a/b": {"maxLength": 2}}}}}}"#.utf8),
    as: "one.json", schemas: [])
  try library.add(
    JSONValue(parsing: #"{"payload": {"items": {"$ref": "./one.json#/components/schemas/A"}}}"#.utf8),
    as: "two.json", schemas: [])
  let schema = try library.schema(at: SchemaPlace(document: "two.json", pointer: #require(JSONPointer("/payload"))))
  let findings = library.findings(in: try JSONValue(parsing: #"[{"a/b": "secret"}]"#.utf8), by: schema)
  #expect(
    findings.map(\.description) == [
      "/0/a~1b has 6 characters (one.json#/components/schemas/A/properties/a~1b/maxLength)"
    ])
}

/// What is broken everywhere is told at most so often.
@Test func findingsHaveABound() throws {
  let many = Array(repeating: "1", count: 100).joined(separator: ",")
  #expect(try told(#"{"items": {"type": "null"}}"#, "[\(many)]").count == 32)
}

@Test(arguments: [
  ##"{"type": "text"}"##, ##"{"$ref": "#/nothing"}"##, ##"{"$ref": "other.json"}"##, ##"{"pattern": "("}"##,
  #"{"minLength": -1}"#, #"{"multipleOf": 0}"#, #"{"required": "a"}"#, #"{"properties": []}"#, #"{"items": 1}"#,
  #"{"allOf": []}"#, #"{"exclusiveMinimum": true}"#,
])
func whatIsNoSchemaIsRefused(schema: String) throws {
  #expect(throws: SchemaError.self) { try told(schema, "1") }
}
