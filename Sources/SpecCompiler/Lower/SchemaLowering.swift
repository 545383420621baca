extension Lowerer {
  // MARK: - Named schemas

  /// Registers `components/schemas` of both files and judges their names.
  mutating func collectSchemas() {
    var first: [String: Node] = [:]
    for document in [resolver.openapi, resolver.events] {
      guard let components = document.root["components"] else { continue }
      for entry in entries("schemas", of: components) {
        if profile.isOwn, !IdentifierCheck.isUpperCamelCase(entry.key) {
          error(
            entry.name, "'\(entry.key)' can't name a type; use UpperCamelCase letters and digits", .invalidName)
        } else if let other = first[entry.key] {
          error(entry.name, "both files have a schema '\(entry.key)'; refer to one of them", .nameClash)
          note(other, "'\(entry.key)' is here first")
          continue
        }
        first[entry.key] = entry.name
        let isTyped = IdentifierCheck.isUpperCamelCase(entry.key) && typeNames.take(entry.key)
        let name = isTyped ? entry.key : typeNames.name(forComponent: entry.key)
        schemaTypeNames[entry.key] = name
        register(name, entry.value)
        allOfBases.formUnion(bases(of: entry.value))
      }
    }
  }

  private mutating func register(_ name: String, _ node: Node) {
    schemas.append((name, node))
    schemaNodes[name] = node
    let type = SwiftName.schema(name)
    schemaTypes[type] = schemaTypes[type] ?? (name, node)
  }

  mutating func lowerTypes() {
    for (_, node) in schemas { lintDescription(node, of: "the schema", node["description"]?.string) }
    let named = schemas
    for (name, node) in named {
      guard !profile.isOwn else {
        declare(name, node)
        continue
      }
      let isLowered = attempt("the schema \(name)", node) { lowerer -> Bool? in
        lowerer.declare(name, node)
        return lowerer.declarations[name] != nil || lowerer.pendingNames.contains(name)
          ? true : nil
      }
      if isLowered == nil { declarations[name] = nil }
    }
    lowerChoices()
    tolerating { $0.checkAliases() }
  }

  /// What is judged when all types are known, also those that operations and events have brought.
  mutating func finishTypes() {
    tolerating { lowerer in
      lowerer.checkAliases()
      for (name, _) in lowerer.schemas { lowerer.checkDefaults(name) }
    }
    tolerating { $0.model.schemas = $0.lowerRules() }
    if !profile.isOwn { removeBroken() }
    checkRecursion()
    model.types = schemas.compactMap { declarations[$0.name] }
  }

  private mutating func declare(_ name: String, _ node: Node) {
    let (_, isCertain) = certainly { $0.declareType(name, node) }
    if !isCertain || declarations[name] == nil && !pendingNames.contains(name) { doubtfulSchemas.insert(name) }
  }

  private mutating func declareType(_ name: String, _ node: Node) {
    guard let (form, isNullable) = form(of: node) else { return }
    if let place = node["default"], profile.isOwn {
      errorAtKey(place, "a default belongs to a property or parameter", .invalidDefault)
    }
    declare(name, node, form, isNullable: isNullable)
  }

  private mutating func declare(_ name: String, _ node: Node, _ form: SchemaForm, isNullable: Bool) {
    if isNullable, profile.isOwn, isOfItsOwn(node, form) {
      error(
        node, "a named object or enum is not nullable; leave the property out where there is none", .invalidNullable)
    }
    var declaration = TypeDeclaration(
      name: name, description: node["description"]?.string ?? "", location: node.keyLocation,
      shape: .alias(.const(.null)))
    if !isOfItsOwn(node, form) {
      guard let type = lowerType(node, form, isNullable: isNullable) else { return }
      declaration.shape = .alias(type)
    } else if isNullable, !profile.isOwn {
      guard let type = lowerType(node, form, isNullable: true, parts: [name, "Value"]) else { return }
      declaration.shape = .alias(type)
    } else if form == .choice {
      pendingChoices.append((declaration, node))
      pendingNames.insert(name)
      return
    } else {
      guard let shape = form == .string ? lowerEnumeration(node) : lowerObject(node, name: name).map({ .object($0) })
      else { return }
      declaration.shape = shape
      declaration.schema = rule(of: node, form)
    }
    declarations[name] = declaration
  }

  /// Whether a schema becomes a type of its own.
  private mutating func isOfItsOwn(_ node: Node, _ form: SchemaForm) -> Bool {
    switch form {
    case .object: !isMap(node) && !isFreeForm(node)
    case .allOf: isObject(node)
    case .choice: !isNullableChoice(node)
    case .string: hasEnumeration(node)
    default: false
    }
  }

  /// Choices look at their branches, so those come first; and branches may bring choices.
  mutating func lowerChoices() {
    var index = 0
    while index < pendingChoices.count {
      var (declaration, node) = pendingChoices[index]
      index += 1
      let name = declaration.name
      guard profile.isOwn || areTypesKnown else {
        _ = attempt("the schema \(name)", node) { $0.finishChoice(&declaration, node) }
        continue
      }
      let (isFinished, isCertain) = certainly { $0.finishChoice(&declaration, node) }
      if isFinished == nil || !isCertain { doubtfulSchemas.insert(name) }
    }
    pendingChoices = []
    pendingNames = []
  }

  private mutating func finishChoice(_ declaration: inout TypeDeclaration, _ node: Node) -> Bool? {
    guard let shape = lowerChoice(node) else { return nil }
    declaration.shape = shape
    declaration.schema = rule(of: node, .choice)
    declarations[declaration.name] = declaration
    return true
  }

  // MARK: - Enumerations

  /// Whether the texts of an enum are the cases of a type.
  private func hasEnumeration(_ node: Node) -> Bool {
    guard let members = node["enum"], node["const"] == nil else { return false }
    return profile.isOwn || members.items.contains { $0.string != nil }
  }

  private mutating func lowerEnumeration(_ node: Node) -> TypeDeclaration.Shape? {
    if profile.isOwn {
      for key in ["minLength", "maxLength", "pattern", "format"] {
        if let place = node[key] { errorAtKey(place, "'\(key)' means nothing beside an enum", .misplacedKeyword) }
      }
    }
    guard profile.isOwn else {
      var names = MemberNames(.member)
      var known: Set<String> = []
      let texts = (node["enum"]?.items ?? []).compactMap(\.string).filter { known.insert($0).inserted }
      return .enumeration(texts.map { EnumerationMember(value: $0, swiftName: names.name(for: $0)) })
    }
    let members = strings("enum", of: node)
    if members.isEmpty, let place = node["enum"] { error(place, "an enum needs a member", .invalidEnum) }
    var names: [String: String] = [:]
    for (text, place) in members { checkCase(text, at: place, in: &names) }
    return .enumeration(
      members.map { EnumerationMember(value: $0.text, swiftName: SwiftName.bare($0.text, .member)) })
  }

  /// A member of an enum, or what tells a branch of a oneOf, becomes a case.
  mutating func checkCase(_ text: String, at place: Node, in names: inout [String: String]) {
    guard profile.isOwn else { return }
    guard IdentifierCheck.canBeMember(text) else {
      error(place, "'\(text)' can't name a case; use letters, digits, '_', '-' and '.'", .invalidName)
      return
    }
    checkDistinct(text, SwiftName.bare(text, .member), at: place, in: &names)
  }

  // MARK: - Schemas in place

  /// The type of a schema at a property, item, parameter or body. `default` is read by the callers that can use it.
  mutating func lowerType(_ node: Node, allowsDefault: Bool = false) -> TypeReference? {
    guard let (form, isNullable) = form(of: node) else { return nil }
    if !allowsDefault, profile.isOwn, let place = node["default"] {
      errorAtKey(place, "a default belongs to a property or parameter", .invalidDefault)
    }
    return lowerType(node, form, isNullable: isNullable)
  }

  /// - Parameter parts: what a type of its own is called by; nil where its place says it.
  private mutating func lowerType(
    _ node: Node, _ form: SchemaForm, isNullable: Bool, parts: [String]? = nil
  ) -> TypeReference? {
    if isOfItsOwn(node, form) { return lowerInPlace(node, form, isNullable: isNullable, parts: parts) }
    guard var type = lowerPlain(node, form) else { return nil }
    // null may be no member of an enum; what checks that looks at null, too.
    if isNullable { type = .nullable(type) }
    return rule(of: node, form).map { .checked(type, schema: $0) } ?? type
  }

  /// The index of the schema that checks what the type of a node does not say; nil if there is nothing.
  private mutating func rule(of node: Node, _ form: SchemaForm) -> Int? {
    if node.boolean == true { return nil }
    if node.boolean == false { return ruleIndex(of: node) }
    var rest = rest(of: node, form: form)
    if form == .string, hasEnumeration(node) {
      let isWhole = node["enum"]?.items.allSatisfy { $0.string != nil } == true
      rest.removeAll { isWhole && $0 == "enum" }
    } else if form == .object, isFreeForm(node) {
      rest += ["type"]
    } else if form == .integer, let step = node["multipleOf"], step.integer == nil, !profile.isOwn {
      // A fraction divides integers, too.
      rest.append("multipleOf")
    }
    let isExact = form != .allOf || !isObject(node) || collectParts(of: node)?.isExact != false
    if !isExact { rest.append("allOf") }
    if hasLooseRequired(node, form) { rest.append("required") }
    return rest.isEmpty ? nil : ruleIndex(of: node)
  }

  /// A type of its own that has no name in the spec.
  private mutating func lowerInPlace(
    _ node: Node, _ form: SchemaForm, isNullable: Bool, parts: [String]?
  ) -> TypeReference? {
    if profile.isOwn {
      let what = form == .choice ? "a union" : form == .string ? "an enum" : "an object"
      let place = form == .string ? node["enum"] ?? node : node
      errorAtKey(place, "\(what) needs a name; put the schema under components/schemas and refer to it", .unnamedSchema)
      // What else is wrong in it is told with that, and not in the next run.
      if form == .choice { _ = lowerChoice(node) } else if form != .string { _ = lowerObject(node, name: "") }
      return nil
    }
    let (name, isNew) = typeNames.name(at: node, parts: parts ?? nameParts(of: node))
    if isNew {
      register(name, node)
      declare(name, node, form, isNullable: false)
      if areTypesKnown { lowerChoices() }
    }
    return isNullable ? .nullable(.named(name)) : .named(name)
  }

  private mutating func lowerPlain(_ node: Node, _ form: SchemaForm) -> TypeReference? {
    switch form {
    case .reference: return lowerSchemaReference(node)
    case .string: return lowerString(node)
    case .integer: return lowerInteger(node)
    case .number: return lowerNumber(node)
    case .boolean:
      refuseEnum(of: node)
      return node["const"].map { lowerConst($0, form: .boolean) } ?? .boolean
    case .null:
      refuseEnum(of: node)
      return .const(.null)
    case .constant: return lowerConstant(node)
    case .array: return lowerArray(node)
    case .object where isMap(node): return lowerMap(node)
    case .choice: return lowerNullableChoice(node)
    case .allOf: return lowerIntersection(node)
    case .object, .any: return .json
    }
  }

  private mutating func lowerConstant(_ node: Node) -> TypeReference? {
    guard let const = node["const"] else { return nil }
    guard !profile.isOwn, const.scalar == nil || const.isNull else { return lowerConst(const, form: .constant) }
    return .checked(.json, schema: ruleIndex(of: node))
  }

  private mutating func lowerSchemaReference(_ node: Node) -> TypeReference? {
    guard let target = resolver.resolve(node) else { return nil }
    guard let component = ReferenceResolver.component(target), component.section == "schemas" else {
      if profile.isOwn {
        error(node["$ref"] ?? node, "a schema's $ref leads to components/schemas", .wrongTarget)
        return nil
      }
      return lowerTarget(target, of: node)
    }
    // A chain of references ends at its last link, yet the first name is the one that the author chose.
    if let reference = node["$ref"]?.string, case .found(let direct) = resolver.lookUp(reference, from: node),
      let named = ReferenceResolver.component(direct), named.section == "schemas",
      let name = schemaTypeNames[named.name]
    {
      return .named(name)
    }
    return .named(schemaTypeNames[component.name] ?? component.name)
  }

  /// Of schemas without a name that refer to each other.
  private static let targetLimit = 32

  /// A schema somewhere within the document.
  private mutating func lowerTarget(_ target: Node, of reference: Node) -> TypeReference? {
    guard targets.count < Self.targetLimit else {
      error(
        reference["$ref"] ?? reference,
        "more than \(Self.targetLimit) schemas without a name refer to each other; give them names", .compilerLimit)
      return nil
    }
    guard targets.insert(target.keyLocation).inserted else {
      error(
        reference["$ref"] ?? reference, "the schema that this refers to contains itself; give it a name", .recursiveType
      )
      return nil
    }
    defer { targets.remove(target.keyLocation) }
    return lowerType(target, allowsDefault: true)
  }

  // MARK: - Arrays and maps

  private mutating func lowerArray(_ node: Node) -> TypeReference? {
    let rules = ArrayRules(
      minItems: count("minItems", of: node), maxItems: count("maxItems", of: node),
      uniqueItems: boolean("uniqueItems", of: node) ?? false)
    checkOrder("minItems", rules.minItems, "maxItems", rules.maxItems, of: node)
    if profile.bounds, rules.maxItems == nil { errorAtKey(node, "the array needs bounds: maxItems", .unboundedArray) }
    // Items at places of their own have nothing in common.
    if node["prefixItems"] != nil { return .array(.json, rules) }
    guard let items = node["items"] else {
      guard profile.isOwn else { return .array(.json, rules) }
      errorAtKey(node, "an array needs 'items'", .invalidArray)
      return nil
    }
    return lowerType(items).map { .array($0, rules) }
  }

  /// `additionalProperties: {…}` without properties.
  func isMap(_ node: Node) -> Bool {
    guard let values = node["additionalProperties"], node["patternProperties"] == nil else { return false }
    return node["properties"].map { !profile.isOwn && $0.entries.isEmpty } ?? true && values.isMapping
  }

  /// An object of which nothing is known but that it is one.
  private func isFreeForm(_ node: Node) -> Bool {
    guard !profile.isOwn, node["properties"] == nil || node["properties"]?.entries.isEmpty == true else { return false }
    return node["additionalProperties"]?.boolean != false
  }

  private mutating func lowerMap(_ node: Node) -> TypeReference? {
    let rules = MapRules(
      minProperties: count("minProperties", of: node), maxProperties: count("maxProperties", of: node))
    checkOrder("minProperties", rules.minProperties, "maxProperties", rules.maxProperties, of: node)
    if profile.isOwn, let place = node["required"] {
      errorAtKey(place, "a map of unknown keys has no required ones", .invalidObject)
    }
    if profile.bounds, rules.maxProperties == nil {
      errorAtKey(node, "the map needs bounds: maxProperties", .unboundedArray)
    }
    guard let values = node["additionalProperties"] else { return nil }
    return lowerType(values).map { .map($0, rules) }
  }

  /// Names that are required, of which there is no property.
  private mutating func hasLooseRequired(_ node: Node, _ form: SchemaForm) -> Bool {
    guard !profile.isOwn else { return false }
    switch form {
    case .object where isMap(node): return node["required"] != nil
    case .object, .allOf:
      guard isOfItsOwn(node, form), let parts = collectParts(of: node) else { return false }
      return parts.required.contains { parts.schema(of: $0.text) == nil }
    default: return false
    }
  }
}
