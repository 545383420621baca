/// A JSON Schema (2020-12) of what no type of Swift says whole. The generator writes it, so that it is sound.
struct Schema: Sendable {
  /// `true` or `false`, which take everything or nothing.
  var always: Bool?
  /// Index of the schema that it refers to.
  var reference: Int?
  var kinds: JSONKinds?
  /// Of numbers only integers.
  var isInteger = false
  var members: [JSONValue]?

  var minimum: DecimalDigits?
  var maximum: DecimalDigits?
  var exclusiveMinimum: DecimalDigits?
  var exclusiveMaximum: DecimalDigits?
  var multipleOf: DecimalStep?

  var minLength = 0
  var maxLength = Int.max
  var pattern: Pattern?
  var format: TextFormat?

  var prefixItems: [Schema] = []
  var items: [Schema] = []
  var contains: [Schema] = []
  var minContains = 1
  var maxContains = Int.max
  var minItems = 0
  var maxItems = Int.max
  var uniqueItems = false

  var properties: [String: Schema] = [:]
  var patternProperties: [(pattern: Pattern, schema: Schema)] = []
  var additionalProperties: [Schema] = []
  var propertyNames: [Schema] = []
  var required: [String] = []
  var dependentRequired: [String: [String]] = [:]
  var dependentSchemas: [String: Schema] = [:]
  var minProperties = 0
  var maxProperties = Int.max

  var allOf: [Schema] = []
  var anyOf: [Schema] = []
  var oneOf: [Schema] = []
  var not: [Schema] = []
  /// `if`, and what follows if it holds and if not; empty where there is none.
  var condition: [Schema] = []
  var then: [Schema] = []
  var otherwise: [Schema] = []
}

// MARK: - Reading

extension Schema {
  /// - Parameter patterns: a `pattern` is an index in them.
  init(_ json: JSONValue, patterns: [Pattern]) {
    guard case .object(let keywords) = json else {
      always = json == .boolean(true)
      return
    }
    func one(_ key: String) -> [Schema] { keywords[key].map { [Schema($0, patterns: patterns)] } ?? [] }
    func list(_ key: String) -> [Schema] { keywords[key]?.elements.map { Schema($0, patterns: patterns) } ?? [] }
    func map(_ key: String) -> [String: Schema] {
      keywords[key]?.properties.mapValues { Schema($0, patterns: patterns) } ?? [:]
    }
    reference = keywords["$ref"]?.integer
    if let type = keywords["type"] {
      let names = type.elements.isEmpty ? [type] : type.elements
      kinds = names.reduce(into: []) { $0.formUnion(JSONKinds(name: $1.text)) }
      isInteger = names.contains(.string("integer")) && !names.contains(.string("number"))
    }
    members = keywords["const"].map { [$0] } ?? keywords["enum"]?.elements
    (minimum, maximum) = (keywords["minimum"]?.digits, keywords["maximum"]?.digits)
    exclusiveMinimum = keywords["exclusiveMinimum"]?.digits
    exclusiveMaximum = keywords["exclusiveMaximum"]?.digits
    multipleOf = keywords["multipleOf"].map { step in
      DecimalStep(UInt64(step.elements[0].integer ?? 1), exponent: step.elements[1].integer ?? 0)
    }
    minLength = keywords["minLength"]?.integer ?? 0
    maxLength = keywords["maxLength"]?.integer ?? .max
    pattern = keywords["pattern"]?.integer.map { patterns[$0] }
    format = keywords["format"].flatMap { TextFormat(name: $0.text) }
    (prefixItems, items, contains) = (list("prefixItems"), one("items"), one("contains"))
    minContains = keywords["minContains"]?.integer ?? 1
    maxContains = keywords["maxContains"]?.integer ?? .max
    minItems = keywords["minItems"]?.integer ?? 0
    maxItems = keywords["maxItems"]?.integer ?? .max
    uniqueItems = keywords["uniqueItems"] == .boolean(true)
    properties = map("properties")
    patternProperties = (keywords["patternProperties"]?.elements ?? []).map { pair in
      (patterns[pair.elements[0].integer ?? 0], Schema(pair.elements[1], patterns: patterns))
    }
    (additionalProperties, propertyNames) = (one("additionalProperties"), one("propertyNames"))
    required = keywords["required"]?.elements.map(\.text) ?? []
    dependentRequired = keywords["dependentRequired"]?.properties.mapValues { $0.elements.map(\.text) } ?? [:]
    dependentSchemas = map("dependentSchemas")
    minProperties = keywords["minProperties"]?.integer ?? 0
    maxProperties = keywords["maxProperties"]?.integer ?? .max
    (allOf, anyOf, oneOf, not) = (list("allOf"), list("anyOf"), list("oneOf"), one("not"))
    (condition, then, otherwise) = (one("if"), one("then"), one("else"))
  }
}

extension JSONValue {
  fileprivate var elements: [JSONValue] { if case .array(let elements) = self { elements } else { [] } }
  fileprivate var properties: [String: JSONValue] { if case .object(let values) = self { values } else { [:] } }
  fileprivate var text: String { if case .string(let text) = self { text } else { "" } }
  fileprivate var integer: Int? { if case .number(let number) = self { number.integer } else { nil } }
  fileprivate var digits: DecimalDigits? { if case .number(let number) = self { number.digits } else { nil } }
}

extension JSONKinds {
  /// By a name of `type`.
  fileprivate init(name: String) {
    self =
      switch name {
      case "null": .null
      case "boolean": .boolean
      case "number", "integer": .number
      case "string": .string
      case "array": .array
      default: .object
      }
  }
}
