/// Reads one schema object: a rule for each keyword.
struct SchemaCompiler {
  let place: SchemaPlace
  let object: JSONObject
  private(set) var rules: [Rule] = []
  private(set) var looksAtOthers = false

  init(place: SchemaPlace, object: JSONObject) {
    self.place = place
    self.object = object
  }

  mutating func compile(_ library: inout SchemaLibrary) throws(SchemaError) {
    try values()
    try texts()
    try numbers()
    try counts()
    try arrays(&library)
    try objects(&library)
    try references(&library)
    try inPlace(&library)
    // JSON Schema Core §11.2, §11.3: they look at what all the others have evaluated.
    try last("unevaluatedItems", &library) { .unevaluatedItems($0) }
    try last("unevaluatedProperties", &library) { .unevaluatedProperties($0) }
  }

  private mutating func add(_ keyword: String, _ demand: Rule.Demand) {
    rules.append(Rule(keyword: keyword, demand: demand))
  }

  private func error(_ keyword: String, _ what: String) -> SchemaError {
    SchemaError(place.appending(keyword), what)
  }

  // MARK: - Any value

  private mutating func values() throws(SchemaError) {
    if let value = object["type"] {
      var types: Set<SchemaType> = []
      for name in value.items ?? [value] {
        guard let type = name.text.flatMap(SchemaType.init) else { throw error("type", "names no type") }
        types.insert(type)
      }
      // OpenAPI 3.0.3: it goes with `type` alone.
      if object["nullable"]?.bool == true { types.insert(.null) }
      add("type", .type(types))
    }
    if let value = object["enum"] {
      guard let items = value.items else { throw error("enum", "is no array") }
      add("enum", .oneValue(Set(items)))
    }
    if let value = object["const"] { add("const", .oneValue([value])) }
  }

  // MARK: - Texts and numbers

  private mutating func texts() throws(SchemaError) {
    if let value = object["format"] {
      guard let name = value.text else { throw error("format", "is no text") }
      if let format = SchemaFormat(rawValue: name) { add("format", .format(format)) }
    }
    if let value = object["pattern"] {
      guard let text = value.text else { throw error("pattern", "is no text") }
      add("pattern", .pattern(try pattern(text, "pattern")))
    }
    try range("minLength", "maxLength") { .length($0) }
  }

  private func pattern(_ text: String, _ keyword: String) throws(SchemaError) -> ECMAPattern {
    do {
      return try ECMAPattern(text)
    } catch let fault {
      throw error(keyword, fault.description)
    }
  }

  private mutating func numbers() throws(SchemaError) {
    for (keyword, isLower, isExclusive) in [
      ("minimum", true, false), ("maximum", false, false), ("exclusiveMinimum", true, true),
      ("exclusiveMaximum", false, true),
    ] {
      guard let value = object[keyword] else { continue }
      guard case .number(let bound) = value else { throw error(keyword, "is no number") }
      add(keyword, .bound(bound, isLower: isLower, isExclusive: isExclusive))
    }
    if let value = object["multipleOf"] {
      guard case .number(let number) = value, let divisor = DecimalDivisor(number) else {
        throw error("multipleOf", "is no number above 0 of at most 19 digits")
      }
      add("multipleOf", .multiple(divisor))
    }
  }

  // MARK: - Counts

  private mutating func counts() throws(SchemaError) {
    try range("minItems", "maxItems") { .itemCount($0) }
    try range("minProperties", "maxProperties") { .memberCount($0) }
    if let value = object["uniqueItems"] {
      guard let isUnique = value.bool else { throw error("uniqueItems", "is no boolean") }
      if isUnique { add("uniqueItems", .uniqueItems) }
    }
  }

  /// A rule for each of the two that is there, so that a finding names the right one.
  private mutating func range(
    _ least: String, _ most: String, _ demand: (ClosedRange<Int>) -> Rule.Demand
  ) throws(SchemaError) {
    if let least = try count(least) { add(least.keyword, demand(least.count...Int.max)) }
    if let most = try count(most) { add(most.keyword, demand(0...most.count)) }
  }

  private func count(_ keyword: String) throws(SchemaError) -> (keyword: String, count: Int)? {
    guard let value = object[keyword] else { return nil }
    guard let count = value.integer, count >= 0 else { throw error(keyword, "is no count") }
    return (keyword, count)
  }

  // MARK: - Schemas in it

  private func sub(
    _ library: inout SchemaLibrary, _ tokens: String...
  ) throws(SchemaError) -> SchemaID {
    try library.number(
      SchemaPlace(document: place.document, pointer: JSONPointer(tokens: place.pointer.tokens + tokens)))
  }

  private func list(_ keyword: String, _ library: inout SchemaLibrary) throws(SchemaError) -> [SchemaID]? {
    guard let value = object[keyword] else { return nil }
    guard let items = value.items, !items.isEmpty else { throw error(keyword, "is no array of schemas") }
    var schemas: [SchemaID] = []
    for number in items.indices { schemas.append(try sub(&library, keyword, String(number))) }
    return schemas
  }

  private func map(
    _ keyword: String, _ library: inout SchemaLibrary
  ) throws(SchemaError) -> [(name: JSONText, schema: SchemaID)]? {
    guard let value = object[keyword] else { return nil }
    guard let members = value.object?.members else { throw error(keyword, "is no object of schemas") }
    var schemas: [(name: JSONText, schema: SchemaID)] = []
    for member in members { schemas.append((member.name, try sub(&library, keyword, member.name.string))) }
    return schemas
  }

  private mutating func arrays(_ library: inout SchemaLibrary) throws(SchemaError) {
    let prefix = try list("prefixItems", &library)
    if let prefix { add("prefixItems", .prefixItems(prefix)) }
    if object["items"] != nil { add("items", .items(try sub(&library, "items"), from: prefix?.count ?? 0)) }
    if object["contains"] != nil {
      let schema = try sub(&library, "contains")
      let least = try count("minContains")
      let most = try count("maxContains")
      add(least == nil ? "contains" : "minContains", .contains(schema, (least?.count ?? 1)...Int.max))
      if let most { add("maxContains", .contains(schema, 0...most.count)) }
    }
  }

  private mutating func objects(_ library: inout SchemaLibrary) throws(SchemaError) {
    if let value = object["required"] { add("required", .required(try names(value, "required"))) }
    if let value = object["dependentRequired"] {
      guard let members = value.object?.members else { throw error("dependentRequired", "is no object") }
      var dependents: [(name: JSONText, others: [JSONText])] = []
      for member in members { dependents.append((member.name, try names(member.value, "dependentRequired"))) }
      add("dependentRequired", .dependentRequired(dependents))
    }
    let properties = try map("properties", &library) ?? []
    if !properties.isEmpty {
      add("properties", .properties(Dictionary(properties.map { ($0.name, $0.schema) }) { one, _ in one }))
    }
    var patterns: [(pattern: ECMAPattern, schema: SchemaID)] = []
    for (name, schema) in try map("patternProperties", &library) ?? [] {
      patterns.append((try pattern(name.string, "patternProperties"), schema))
    }
    if !patterns.isEmpty { add("patternProperties", .patternProperties(patterns)) }
    if object["additionalProperties"] != nil {
      let schema = try sub(&library, "additionalProperties")
      add(
        "additionalProperties",
        .additionalProperties(schema, known: Set(properties.map(\.name)), patterns: patterns.map(\.pattern)))
    }
    if object["propertyNames"] != nil { add("propertyNames", .propertyNames(try sub(&library, "propertyNames"))) }
    if let schemas = try map("dependentSchemas", &library) { add("dependentSchemas", .dependentSchemas(schemas)) }
  }

  private func names(_ value: JSONValue, _ keyword: String) throws(SchemaError) -> [JSONText] {
    guard let items = value.items else { throw error(keyword, "is no array of names") }
    var names: [JSONText] = []
    for item in items {
      guard case .string(let name) = item else { throw error(keyword, "is no array of names") }
      names.append(name)
    }
    return names
  }

  // MARK: - References

  private mutating func references(_ library: inout SchemaLibrary) throws(SchemaError) {
    if let value = object["$ref"] {
      guard let reference = value.text else { throw error("$ref", "is no text") }
      add("$ref", .reference(try library.number(try library.documents.resolve(reference, at: place))))
    }
    if let value = object["$dynamicRef"] {
      guard let reference = value.text else { throw error("$dynamicRef", "is no text") }
      try dynamicReference(reference, &library)
    }
  }

  /// JSON Schema Core §8.2.3.2
  private mutating func dynamicReference(
    _ reference: String, _ library: inout SchemaLibrary
  ) throws(SchemaError) {
    let target = try library.documents.resolve(reference, at: place)
    let otherwise = try library.number(target)
    var targets: [Int: SchemaID] = [:]
    let name = URIReference(reference).decodedFragment ?? ""
    // It is only dynamic where it leads to a dynamic anchor at first.
    if library.documents.value(at: target)?["$dynamicAnchor"]?.text == name {
      for anchor in library.documents.dynamicAnchors[name] ?? [] {
        targets[library.resource(anchor.resource)] = try library.number(anchor.place)
      }
    }
    add("$dynamicRef", .dynamicReference(targets, otherwise: otherwise))
  }

  private mutating func inPlace(_ library: inout SchemaLibrary) throws(SchemaError) {
    if let schemas = try list("allOf", &library) { add("allOf", .all(schemas)) }
    if let schemas = try list("anyOf", &library) { add("anyOf", .any(schemas)) }
    if let schemas = try list("oneOf", &library) { add("oneOf", .one(schemas)) }
    if object["not"] != nil { add("not", .not(try sub(&library, "not"))) }
    guard object["if"] != nil else { return }
    let condition = try sub(&library, "if")
    let then = object["then"] == nil ? nil : try sub(&library, "then")
    let otherwise = object["else"] == nil ? nil : try sub(&library, "else")
    add("if", .condition(condition, then: then, otherwise: otherwise))
  }

  private mutating func last(
    _ keyword: String, _ library: inout SchemaLibrary, _ demand: (SchemaID) -> Rule.Demand
  ) throws(SchemaError) {
    guard object[keyword] != nil else { return }
    add(keyword, demand(try sub(&library, keyword)))
    looksAtOthers = true
  }
}
