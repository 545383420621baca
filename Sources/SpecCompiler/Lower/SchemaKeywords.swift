/// What a schema describes, by its `type` or the applicator that stands for one.
enum SchemaForm: Equatable {
  case reference, allOf, oneOf
  case string, integer, number, boolean, null, array, object
  /// `const` without a type.
  case constant

  static let typeNames = ["string", "integer", "number", "boolean", "null", "array", "object"]

  init?(typeName: String) {
    switch typeName {
    case "string": self = .string
    case "integer": self = .integer
    case "number": self = .number
    case "boolean": self = .boolean
    case "null": self = .null
    case "array": self = .array
    case "object": self = .object
    default: return nil
    }
  }

  /// With its article, for messages.
  var title: String {
    switch self {
    case .reference: "a $ref"
    case .allOf: "an allOf"
    case .oneOf: "a oneOf"
    case .string: "a string"
    case .integer: "an integer"
    case .number: "a number"
    case .boolean: "a boolean"
    case .null: "null"
    case .array: "an array"
    case .object: "an object"
    case .constant: "a const"
    }
  }

  /// The keywords that mean something for it.
  var keywords: Set<String> {
    switch self {
    case .reference: ["$ref"]
    case .allOf:
      [
        "allOf", "type", "properties", "required", "additionalProperties", "unevaluatedProperties", "minProperties",
        "maxProperties",
      ]
    case .oneOf: ["oneOf", "discriminator", "type"]
    case .string: ["type", "enum", "const", "minLength", "maxLength", "pattern", "format"]
    case .integer, .number:
      [
        "type", "enum", "const", "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf", "format",
      ]
    case .boolean, .null: ["type", "const", "enum"]
    case .array: ["type", "items", "minItems", "maxItems", "uniqueItems"]
    case .object: ["type", "properties", "required", "additionalProperties", "minProperties", "maxProperties"]
    case .constant: ["const"]
    }
  }

  /// Of every supported form.
  static let allKeywords: Set<String> = [
    .reference, .allOf, .oneOf, .string, .integer, .boolean, .array, .object, .constant,
  ].reduce(into: annotations) { (set: inout Set<String>, form: SchemaForm) in set.formUnion(form.keywords) }

  /// In an order that is the same in each run.
  static let sortedKeywords = allKeywords.sorted()

  /// One of these is in each schema.
  static let deciding: Set<String> = ["$ref", "allOf", "const", "oneOf", "type"]

  /// Keywords that assert nothing and may stand beside anything.
  static let annotations: Set<String> = [
    "title", "description", "default", "examples", "deprecated", "readOnly", "writeOnly", "x-own-view",
    "$comment",
  ]

  /// Keywords of JSON Schema 2020-12 and older OpenAPI that are not supported, with what to write instead.
  static let unsupported: [String: String] = [
    "anyOf": "use oneOf with a discriminator",
    "not": "say what is allowed instead",
    "if": "use oneOf with a discriminator", "then": "use oneOf with a discriminator",
    "else": "use oneOf with a discriminator",
    "patternProperties": "use additionalProperties with a schema",
    "propertyNames": "use additionalProperties with a schema",
    "dependentRequired": "use oneOf with a discriminator", "dependentSchemas": "use oneOf with a discriminator",
    "dependencies": "use oneOf with a discriminator",
    "prefixItems": "use an object, or items", "additionalItems": "use items", "unevaluatedItems": "use items",
    "contains": "use items", "minContains": "use minItems", "maxContains": "use maxItems",
    "$dynamicRef": "use $ref", "$dynamicAnchor": "use $ref", "$recursiveRef": "use $ref",
    "$recursiveAnchor": "use $ref",
    "$anchor": "use a JSON Pointer in $ref", "$id": "name the schema under components/schemas",
    "$schema": "schemas are in the dialect of OpenAPI 3.1", "$vocabulary": "schemas are in the dialect of OpenAPI 3.1",
    "$defs": "put the schema under components/schemas", "definitions": "put the schema under components/schemas",
    "contentEncoding": "use format: byte", "contentMediaType": "use format: byte", "contentSchema": "use format: byte",
    "nullable": "use type: [X, 'null']", "example": "use examples", "xml": "only JSON is supported",
    "externalDocs": "put the link into the description",
  ]
}

extension Lowerer {
  /// The form of a schema and whether it also allows null; nil after an error. Judges each keyword of the schema.
  mutating func form(of node: Node) -> (form: SchemaForm, isNullable: Bool)? {
    guard node.isMapping else {
      error(node, "a schema is a mapping, not \(node.kind)", .wrongType)
      return nil
    }
    guard let (form, isNullable) = detectForm(of: node) else {
      for entry in node.entries where !SchemaForm.allKeywords.contains(entry.key) { reportUnknown(entry, in: nil) }
      return nil
    }
    for entry in node.entries
    where !form.keywords.contains(entry.key) && !SchemaForm.annotations.contains(entry.key) {
      reportUnknown(entry, in: form)
    }
    for key in ["title", "description", "$comment"] { _ = string(key, of: node) }
    for key in ["deprecated", "readOnly", "writeOnly", "x-own-view"] { _ = boolean(key, of: node) }
    _ = items("examples", of: node)
    return (form, isNullable)
  }

  private mutating func reportUnknown(_ entry: Node.Entry, in form: SchemaForm?) {
    let keyword = entry.key
    if let advice = SchemaForm.unsupported[keyword] {
      errorAtKey(entry.value, "the keyword '\(keyword)' is not supported; \(advice)", .unsupportedKeyword)
    } else if !SchemaForm.allKeywords.contains(keyword) {
      let suggestion = diagnostics.suggestion(for: keyword, among: SchemaForm.sortedKeywords)
      errorAtKey(entry.value, "unknown keyword '\(keyword)'", .unknownKeyword, suggestion: suggestion)
    } else if form == .reference {
      errorAtKey(
        entry.value, "'\(keyword)' can't stand beside $ref; only a description and other annotations can",
        .misplacedKeyword)
    } else if keyword == "unevaluatedProperties" {
      errorAtKey(
        entry.value, "'unevaluatedProperties' belongs beside allOf; use additionalProperties", .misplacedKeyword)
    } else if let form {
      errorAtKey(entry.value, "'\(keyword)' means nothing for \(form.title)", .misplacedKeyword)
    }
  }

  private mutating func detectForm(of node: Node) -> (SchemaForm, Bool)? {
    if node["$ref"] != nil { return (.reference, false) }
    if node["oneOf"] != nil {
      requireObjectType(of: node, beside: "oneOf")
      return (.oneOf, false)
    }
    if node["allOf"] != nil {
      requireObjectType(of: node, beside: "allOf")
      return (.allOf, false)
    }
    guard let type = node["type"] else {
      if node["const"] != nil { return (.constant, false) }
      // An applicator that is not supported says enough, and so does a misspelt one.
      let says = node.entries.contains { entry in
        SchemaForm.unsupported[entry.key] != nil
          || !SchemaForm.allKeywords.contains(entry.key)
            && SchemaForm.deciding.contains(
              diagnostics.suggestion(for: entry.key, among: SchemaForm.sortedKeywords)?.replacement ?? "")
      }
      if !says { errorAtKey(node, "the schema needs a type", .missingType) }
      return nil
    }
    if let name = type.string {
      guard let form = SchemaForm(typeName: name) else {
        error(
          type, "unknown type '\(name)'", .unknownType,
          suggestion: diagnostics.suggestion(for: name, among: SchemaForm.typeNames))
        return nil
      }
      return (form, false)
    }
    return detectForm(ofTypeList: type)
  }

  private mutating func detectForm(ofTypeList type: Node) -> (SchemaForm, Bool)? {
    guard type.isSequence else {
      error(type, "'type' is a name or [name, 'null'], not \(type.kind)")
      return nil
    }
    if let item = type.items.first(where: { $0.isNull }) {
      error(item, "the type null is written in quotes: 'null'")
      return nil
    }
    let names = type.items.compactMap(\.string)
    let others = names.filter { $0 != "null" }
    guard names.count == type.items.count, others.count == 1, names.count <= 2 else {
      error(type, "a list of types is [X, 'null']; use oneOf with a discriminator for anything else")
      return nil
    }
    guard let form = SchemaForm(typeName: others[0]) else {
      error(
        type.items.first { $0.string != "null" } ?? type, "unknown type '\(others[0])'", .unknownType,
        suggestion: diagnostics.suggestion(for: others[0], among: SchemaForm.typeNames))
      return nil
    }
    return (form, names.count == 2)
  }

  private mutating func requireObjectType(of node: Node, beside keyword: String) {
    if let type = node["type"], type.string != "object" { error(type, "the type beside \(keyword) can only be object") }
  }
}

// MARK: - The rule of what this file says

extension Lowerer {
  fileprivate mutating func error(_ node: Node, _ message: String) { error(node, message, .unknownType) }

  fileprivate mutating func errorAtKey(_ node: Node, _ message: String) { errorAtKey(node, message, .unknownType) }
}
