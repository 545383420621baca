/// What a schema describes, by its `type` or the applicator that stands for one.
enum SchemaForm: Equatable {
  case reference, allOf
  /// `oneOf` or `anyOf`.
  case choice
  case string, integer, number, boolean, null, array, object
  /// `const` without a type.
  case constant
  /// Values of several kinds, or of any.
  case any

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
    case .choice: "a choice"
    case .string: "a string"
    case .integer: "an integer"
    case .number: "a number"
    case .boolean: "a boolean"
    case .null: "null"
    case .array: "an array"
    case .object: "an object"
    case .constant: "a const"
    case .any: "a value of any kind"
    }
  }

  /// The keywords that mean something for its values, beside those that mean something for all.
  var keywords: Set<String> {
    switch self {
    case .reference, .constant, .choice, .any: Self.allKeywords
    case .boolean, .null: []
    case .string: Self.ofStrings
    case .integer, .number: Self.ofNumbers
    case .array: Self.ofArrays
    case .object, .allOf: Self.ofObjects
    }
  }

  /// Those that the Swift type of it, and how it is read, stand for: whatever else a schema says is checked by itself.
  var covered: Set<String> {
    switch self {
    case .reference: ["$ref"]
    case .allOf:
      [
        "allOf", "type", "properties", "required", "additionalProperties", "unevaluatedProperties", "minProperties",
        "maxProperties",
      ]
    case .choice: ["oneOf", "anyOf", "discriminator", "type"]
    case .string: ["type", "const", "minLength", "maxLength", "pattern", "format"]
    case .integer, .number:
      ["type", "const", "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf", "format"]
    case .boolean: ["type", "const"]
    case .null: ["type"]
    case .array: ["type", "items", "minItems", "maxItems", "uniqueItems"]
    case .object: ["type", "properties", "required", "additionalProperties", "minProperties", "maxProperties"]
    case .constant: ["const"]
    case .any: []
    }
  }

  private static let ofStrings: Set<String> = ["minLength", "maxLength", "pattern", "format"]
  private static let ofNumbers: Set<String> = [
    "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf", "format",
  ]
  private static let ofArrays: Set<String> = [
    "items", "prefixItems", "minItems", "maxItems", "uniqueItems", "contains", "minContains", "maxContains",
  ]
  static let ofObjects: Set<String> = [
    "properties", "required", "additionalProperties", "patternProperties", "propertyNames", "minProperties",
    "maxProperties", "dependentRequired", "dependentSchemas", "unevaluatedProperties",
  ]
  /// What means something for values of every kind.
  static let general: Set<String> = [
    "$ref", "type", "const", "enum", "allOf", "anyOf", "oneOf", "discriminator", "not", "if", "then", "else",
  ]

  /// All that assert something.
  static let allKeywords = general.union(ofStrings).union(ofNumbers).union(ofArrays).union(ofObjects)

  /// In an order that is the same in each run.
  static let sortedKeywords = allKeywords.union(annotations).sorted()

  /// One of these is in each schema.
  static let deciding: Set<String> = ["$ref", "allOf", "anyOf", "const", "oneOf", "type"]

  /// Keywords that assert nothing and may stand beside anything.
  static let annotations: Set<String> = [
    "title", "description", "default", "examples", "deprecated", "readOnly", "writeOnly", "x-own-view",
    "$comment",
  ]
  /// Those of others' specs.
  static let foreignAnnotations: Set<String> = [
    "example", "xml", "externalDocs", "$defs", "definitions", "$schema", "contentEncoding", "contentMediaType",
    "contentSchema",
  ]

  /// Keywords of JSON Schema 2020-12 and older OpenAPI that are not supported, with what to write instead.
  static let unsupported: [String: String] = [
    "dependencies": "use dependentRequired or dependentSchemas", "additionalItems": "use items",
    "unevaluatedItems": "use items",
    "$dynamicRef": "use $ref", "$dynamicAnchor": "use $ref", "$recursiveRef": "use $ref",
    "$recursiveAnchor": "use $ref",
    "$anchor": "use a JSON Pointer in $ref", "$id": "name the schema under components/schemas",
    "$vocabulary": "schemas are in the dialect of OpenAPI 3.1",
  ]
  /// What our own specs leave out as well.
  static let unusual: [String: String] = [
    "$schema": "schemas are in the dialect of OpenAPI 3.1",
    "$defs": "put the schema under components/schemas", "definitions": "put the schema under components/schemas",
    "contentEncoding": "use format: byte", "contentMediaType": "use format: byte", "contentSchema": "use format: byte",
    "nullable": "use type: [X, 'null']", "example": "use examples", "xml": "only JSON is supported",
    "externalDocs": "put the link into the description",
  ]
}

extension Lowerer {
  /// The form of a schema and whether it also allows null; nil after an error. Judges each keyword of the schema.
  mutating func form(of node: Node) -> (form: SchemaForm, isNullable: Bool)? {
    if node.boolean != nil {
      if profile.isOwn { error(node, "a schema is a mapping, not a boolean", .wrongType) }
      return profile.isOwn ? nil : (.any, false)
    }
    guard node.isMapping else {
      error(node, "a schema is a mapping, not \(node.kind)", .wrongType)
      return nil
    }
    guard let (form, isNullable) = detectForm(of: node) else {
      for entry in node.entries where !SchemaForm.allKeywords.contains(entry.key) { judge(entry, in: nil) }
      return nil
    }
    for entry in node.entries { judge(entry, in: form) }
    for key in ["title", "description", "$comment"] { _ = string(key, of: node) }
    for key in ["deprecated", "readOnly", "writeOnly", "x-own-view"] { _ = boolean(key, of: node) }
    if node["examples"]?.isMapping != true || profile.isOwn { _ = items("examples", of: node) }
    return (form, isNullable)
  }

  private mutating func judge(_ entry: Node.Entry, in form: SchemaForm?) {
    let keyword = entry.key
    if SchemaForm.annotations.contains(keyword) { return }
    if let advice = SchemaForm.unsupported[keyword] {
      errorAtKey(entry.value, "the keyword '\(keyword)' is not supported; \(advice)", .unsupportedKeyword)
    } else if profile.isOwn, let advice = SchemaForm.unusual[keyword] {
      errorAtKey(entry.value, "the keyword '\(keyword)' is not supported; \(advice)", .unsupportedKeyword)
    } else if !SchemaForm.allKeywords.contains(keyword) {
      guard profile.isOwn else { return }
      let suggestion = diagnostics.suggestion(for: keyword, among: SchemaForm.sortedKeywords)
      errorAtKey(entry.value, "unknown keyword '\(keyword)'", .unknownKeyword, suggestion: suggestion)
    } else if keyword == "unevaluatedProperties", form != .allOf {
      errorAtKey(
        entry.value, "'unevaluatedProperties' belongs beside allOf; use additionalProperties", .misplacedKeyword)
    } else if let form, profile.isOwn, !form.keywords.contains(keyword), !SchemaForm.general.contains(keyword) {
      errorAtKey(entry.value, "'\(keyword)' means nothing for \(form.title)", .misplacedKeyword)
    }
  }

  private mutating func detectForm(of node: Node) -> (SchemaForm, Bool)? {
    if node["$ref"] != nil { return (.reference, false) }
    let hasChoice = (node["oneOf"] != nil || node["anyOf"] != nil) && node["properties"] == nil
    guard let type = node["type"] else {
      if hasChoice { return (.choice, false) }
      if node["allOf"] != nil { return (.allOf, false) }
      if node["const"] != nil { return (.constant, false) }
      if hasOnlyStrings(node["enum"]), !profile.isOwn { return (.string, false) }
      if profile.isOwn {
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
      return (.any, false)
    }
    guard let (names, isNullable) = types(type) else { return nil }
    guard names.count == 1, let form = SchemaForm(typeName: names[0]) else {
      return names.isEmpty ? (.null, false) : (.any, false)
    }
    if form == .object, hasChoice, !SchemaForm.ofObjects.contains(where: { node[$0] != nil }) {
      return (.choice, isNullable)
    }
    if form == .object, node["allOf"] != nil { return (.allOf, isNullable) }
    return (form, isNullable)
  }

  private func hasOnlyStrings(_ members: Node?) -> Bool {
    guard let members, !members.items.isEmpty else { return false }
    return members.items.allSatisfy { $0.string != nil }
  }

  /// The names of a `type`, but for null; a number is also an integer.
  private mutating func types(_ type: Node) -> (names: [String], isNullable: Bool)? {
    if let item = type.items.first(where: { $0.isNull }) {
      error(item, "the type null is written in quotes: 'null'")
      return nil
    }
    var names = type.string.map { [$0] } ?? type.items.compactMap(\.string)
    guard type.string != nil || type.isSequence && !names.isEmpty && names.count == type.items.count else {
      error(type, "'type' is a name or a list of names, not \(type.kind)")
      return nil
    }
    if let name = names.first(where: { SchemaForm(typeName: $0) == nil }) {
      error(
        type.items.first { $0.string == name } ?? type, "unknown type '\(name)'", .unknownType,
        suggestion: diagnostics.suggestion(for: name, among: SchemaForm.typeNames))
      return nil
    }
    let isNullable = names.contains("null")
    names.removeAll { $0 == "null" }
    if names.contains("number") { names.removeAll { $0 == "integer" } }
    return (names, isNullable && !names.isEmpty)
  }

  /// What a schema asserts beyond its Swift type.
  func rest(of node: Node, form: SchemaForm) -> [String] {
    node.entries.map(\.key).filter { key in
      guard SchemaForm.allKeywords.contains(key), !form.covered.contains(key) else { return false }
      return form == .allOf || SchemaForm.general.contains(key) || form.keywords.contains(key)
    }
  }
}

// MARK: - The rule of what this file says

extension Lowerer {
  fileprivate mutating func error(_ node: Node, _ message: String) { error(node, message, .unknownType) }
}
