/// Puts one value to a schema.
struct SchemaCheck {
  struct Finding {
    /// Names and indices that lead to what is wrong.
    var path: [String]
    var keyword: StaticString
    var message: String
  }

  let schemas: [Schema]
  private(set) var findings: [Finding] = []
  private var path: [String] = []
  /// Set while it is only asked whether a schema holds.
  private var isQuiet = false
  /// Schemas that it may still be put to, with all that is within the value: choices within choices could ask for as
  /// many as two to the power of their levels.
  private var steps: Int
  private var depth = 0
  private var isExhausted = false

  private static let firstSteps = 10_000
  /// For each byte of the value.
  private static let stepsPerByte = 64
  /// Of schemas in each other, references among them; a text has at most `JSONReader.maxDepth` levels.
  private static let depthLimit = 512

  /// - Parameter size: bytes of the value's JSON.
  init(schemas: [Schema], size: Int) {
    self.schemas = schemas
    steps = Self.firstSteps + min(size, 1 << 32) * Self.stepsPerByte
  }

  private mutating func refuse(_ keyword: StaticString, _ message: @autoclosure () -> String) -> Bool {
    if !isQuiet, !isExhausted, findings.count < JSONReader.maxViolations {
      findings.append(Finding(path: path, keyword: keyword, message: message()))
    }
    return false
  }

  /// Whether the value meets the schema; what is wrong is among the findings.
  mutating func isValid(_ value: JSONValue, _ schema: Schema) -> Bool {
    steps -= 1
    depth += 1
    defer { depth -= 1 }
    guard steps > 0, depth <= Self.depthLimit, !isExhausted else { return refuseAll() }
    if let always = schema.always { return always || refuse("false", "must not be there") }
    var isValid = true
    if let reference = schema.reference { isValid = self.isValid(value, schemas[reference]) && isValid }
    isValid = hasType(value, schema) && isValid
    if let members = schema.members, !members.contains(value) {
      let keyword: StaticString = members.count == 1 ? "const" : "enum"
      isValid = refuse(
        keyword,
        members.count == 1 ? "must be the only value that is allowed" : "must be one of \(members.count) values")
    }
    switch value {
    case .number(let number): isValid = isValidNumber(number, schema) && isValid
    case .string(let text): isValid = isValidString(text, schema) && isValid
    case .array(let elements): isValid = isValidArray(elements, schema) && isValid
    case .object(let values): isValid = isValidObject(values, schema) && isValid
    case .null, .boolean: break
    }
    return isValidByOthers(value, schema) && isValid
  }

  /// Said once, however it was asked, and last: what holds is not known from here on.
  private mutating func refuseAll() -> Bool {
    guard !isExhausted else { return false }
    isQuiet = false
    _ = refuse("$ref", "takes too long to check")
    isExhausted = true
    return false
  }

  /// Whether it would be valid; nothing is said.
  private mutating func meets(_ value: JSONValue, _ schema: Schema) -> Bool {
    let wasQuiet = isQuiet
    isQuiet = true
    defer { isQuiet = wasQuiet }
    return isValid(value, schema)
  }

  private mutating func isValid(_ value: JSONValue, _ schema: Schema, at step: String) -> Bool {
    path.append(step)
    defer { path.removeLast() }
    return isValid(value, schema)
  }

  // MARK: - Of one kind

  private mutating func hasType(_ value: JSONValue, _ schema: Schema) -> Bool {
    guard let kinds = schema.kinds else { return true }
    guard kinds.contains(value.kind) else { return refuse("type", "has another type than the schema says") }
    if schema.isInteger, case .number(let number) = value {
      let digits = number.digits
      if digits.point < digits.digits.count { return refuse("type", "must be an integer") }
    }
    return true
  }

  private mutating func isValidNumber(_ number: JSONNumber, _ schema: Schema) -> Bool {
    var isValid = true
    if schema.minimum != nil || schema.maximum != nil || schema.exclusiveMinimum != nil
      || schema.exclusiveMaximum != nil
    {
      let digits = number.digits
      if let bound = schema.minimum, digits.order(beside: bound) < 0 { isValid = refuse("minimum", "is too small") }
      if let bound = schema.maximum, digits.order(beside: bound) > 0 { isValid = refuse("maximum", "is too large") }
      if let bound = schema.exclusiveMinimum, digits.order(beside: bound) <= 0 {
        isValid = refuse("exclusiveMinimum", "is too small")
      }
      if let bound = schema.exclusiveMaximum, digits.order(beside: bound) >= 0 {
        isValid = refuse("exclusiveMaximum", "is too large")
      }
    }
    if let step = schema.multipleOf, !step.divides(number.text.utf8) {
      isValid = refuse("multipleOf", "must be a multiple of \(step.description)")
    }
    return isValid
  }

  private mutating func isValidString(_ text: String, _ schema: Schema) -> Bool {
    var isValid = true
    let broken = StringRules.broken(
      text, minLength: schema.minLength, maxLength: schema.maxLength, pattern: schema.pattern, format: schema.format)
    for (keyword, message) in broken { isValid = refuse(keyword, message) }
    return isValid
  }

  private mutating func isValidArray(_ elements: [JSONValue], _ schema: Schema) -> Bool {
    var isValid = true
    if elements.count < schema.minItems { isValid = refuse("minItems", "must have \(schema.minItems) items or more") }
    if elements.count > schema.maxItems { isValid = refuse("maxItems", "must have \(schema.maxItems) items or fewer") }
    if schema.uniqueItems, Set(elements).count < elements.count {
      isValid = refuse("uniqueItems", "must not have an item twice")
    }
    for (index, element) in elements.enumerated() {
      let item = index < schema.prefixItems.count ? schema.prefixItems[index] : schema.items.first
      if let item { isValid = self.isValid(element, item, at: String(index)) && isValid }
    }
    if let contained = schema.contains.first {
      let count = elements.reduce(0) { $0 + (meets($1, contained) ? 1 : 0) }
      if count < schema.minContains || count > schema.maxContains {
        isValid = refuse("contains", "must contain other items than it does")
      }
    }
    return isValid
  }

  private mutating func isValidObject(_ values: [String: JSONValue], _ schema: Schema) -> Bool {
    var isValid = true
    if values.count < schema.minProperties {
      isValid = refuse("minProperties", "must have \(schema.minProperties) properties or more")
    }
    if values.count > schema.maxProperties {
      isValid = refuse("maxProperties", "must have \(schema.maxProperties) properties or fewer")
    }
    for name in schema.required where values[name] == nil { isValid = refuse("required", "needs '\(name)'") }
    for (name, value) in values.sorted(by: { $0.key < $1.key }) {
      isValid = isValidProperty(name, value, schema) && isValid
      for other in schema.dependentRequired[name] ?? [] where values[other] == nil {
        isValid = refuse("dependentRequired", "needs '\(other)' beside '\(name)'")
      }
      if let dependent = schema.dependentSchemas[name] {
        isValid = self.isValid(.object(values), dependent) && isValid
      }
    }
    return isValid
  }

  private mutating func isValidProperty(_ name: String, _ value: JSONValue, _ schema: Schema) -> Bool {
    var isValid = true
    var isKnown = false
    if let property = schema.properties[name] {
      isKnown = true
      isValid = self.isValid(value, property, at: name)
    }
    for (pattern, property) in schema.patternProperties where pattern.matches(name) {
      isKnown = true
      isValid = self.isValid(value, property, at: name) && isValid
    }
    if !isKnown, let additional = schema.additionalProperties.first {
      isValid = self.isValid(value, additional, at: name) && isValid
    }
    if let names = schema.propertyNames.first, !meets(.string(name), names) {
      isValid = refuse("propertyNames", "must not have a property of this name: \(name.prefix(100))")
    }
    return isValid
  }

  // MARK: - By other schemas

  private mutating func isValidByOthers(_ value: JSONValue, _ schema: Schema) -> Bool {
    var isValid = true
    for part in schema.allOf { isValid = self.isValid(value, part) && isValid }
    if !schema.anyOf.isEmpty, !schema.anyOf.contains(where: { meets(value, $0) }) {
      isValid = refuse("anyOf", "must have one of \(schema.anyOf.count) forms, and has none")
    }
    if !schema.oneOf.isEmpty {
      let count = schema.oneOf.reduce(0) { $0 > 1 ? $0 : $0 + (meets(value, $1) ? 1 : 0) }
      if count != 1 {
        isValid = refuse(
          "oneOf", "must have just one of \(schema.oneOf.count) forms, and has \(count == 0 ? "none" : "more")")
      }
    }
    if let refused = schema.not.first, meets(value, refused) { isValid = refuse("not", "must not have this form") }
    if let condition = schema.condition.first,
      let consequence = (meets(value, condition) ? schema.then : schema.otherwise).first
    {
      isValid = self.isValid(value, consequence) && isValid
    }
    return isValid
  }
}

extension JSONValue {
  var kind: JSONKinds {
    switch self {
    case .null: .null
    case .boolean: .boolean
    case .number: .number
    case .string: .string
    case .array: .array
    case .object: .object
    }
  }
}
