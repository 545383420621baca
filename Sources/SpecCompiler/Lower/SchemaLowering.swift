extension Lowerer {
  // MARK: - Named schemas

  /// Registers `components/schemas` of both files and judges their names.
  mutating func collectSchemas() {
    var first: [String: Node] = [:]
    for document in [resolver.openapi, resolver.events] {
      guard let components = document.root["components"] else { continue }
      for entry in entries("schemas", of: components) {
        if !IdentifierCheck.isUpperCamelCase(entry.key) {
          error(entry.name, "'\(entry.key)' can't name a type; use UpperCamelCase letters and digits")
        } else if let other = first[entry.key] {
          error(entry.name, "both files have a schema '\(entry.key)'; refer to one of them")
          note(other, "'\(entry.key)' is here first")
          continue
        }
        first[entry.key] = entry.name
        schemas.append((entry.key, entry.value))
        schemaNodes[entry.key] = entry.value
        let type = SwiftName.schema(entry.key)
        schemaTypes[type] = schemaTypes[type] ?? (entry.key, entry.value)
        allOfBases.formUnion(bases(of: entry.value))
      }
    }
  }

  mutating func lowerTypes() {
    for (_, node) in schemas { lintDescription(node, of: "the schema", node["description"]?.string) }
    // A union looks into its branches, so they come first.
    for (name, node) in schemas where node["oneOf"] == nil { declare(name, node) }
    checkAliases()
    for (name, node) in schemas where node["oneOf"] != nil { declare(name, node) }
    checkAliases()
    for (name, _) in schemas { checkDefaults(name) }
    checkRecursion()
    model.types = schemas.compactMap { declarations[$0.name] }
  }

  private mutating func declare(_ name: String, _ node: Node) {
    guard let shape = lowerShape(name, node) else { return }
    declarations[name] = TypeDeclaration(
      name: name, description: node["description"]?.string ?? "", location: node.keyLocation, shape: shape)
  }

  private mutating func lowerShape(_ name: String, _ node: Node) -> TypeDeclaration.Shape? {
    guard let (form, isNullable) = form(of: node) else { return nil }
    if let place = node["default"] { errorAtKey(place, "a default belongs to a property or parameter") }
    let isNamedForm =
      form == .object && !isMap(node) || form == .allOf || form == .oneOf && !isNullableChoice(node)
      || form == .string && node["enum"] != nil
    guard isNamedForm else { return lowerType(node, form, isNullable: isNullable).map { .alias($0) } }
    if isNullable {
      error(node, "a named object or enum is not nullable; leave the property out where there is none")
    }
    switch form {
    case .oneOf: return lowerUnion(node).map { .union($0) }
    case .string: return lowerEnumeration(node)
    default: return lowerObject(node, name: name).map { .object($0) }
    }
  }

  private mutating func lowerEnumeration(_ node: Node) -> TypeDeclaration.Shape? {
    for key in ["const", "minLength", "maxLength", "pattern", "format"] {
      if let place = node[key] { errorAtKey(place, "'\(key)' means nothing beside an enum") }
    }
    let members = strings("enum", of: node)
    if members.isEmpty, let place = node["enum"] { error(place, "an enum needs a member") }
    var names: [String: String] = [:]
    for (text, place) in members { checkCase(text, at: place, in: &names) }
    return .enumeration(members.map(\.text))
  }

  /// A member of an enum, or what tells a branch of a oneOf, becomes a case.
  mutating func checkCase(_ text: String, at place: Node, in names: inout [String: String]) {
    guard IdentifierCheck.canBeMember(text) else {
      error(place, "'\(text)' can't name a case; use letters, digits, '_', '-' and '.'")
      return
    }
    checkDistinct(text, SwiftName.bare(text, .member), at: place, in: &names)
  }

  // MARK: - Schemas in place

  /// The type of a schema at a property, item, parameter or body. `default` is read by the callers that can use it.
  mutating func lowerType(_ node: Node, allowsDefault: Bool = false) -> TypeReference? {
    guard let (form, isNullable) = form(of: node) else { return nil }
    if !allowsDefault, let place = node["default"] {
      errorAtKey(place, "a default belongs to a property or parameter")
    }
    return lowerType(node, form, isNullable: isNullable)
  }

  private mutating func lowerType(_ node: Node, _ form: SchemaForm, isNullable: Bool) -> TypeReference? {
    guard let type = lowerNonNull(node, form) else { return nil }
    return isNullable ? .nullable(type) : type
  }

  private mutating func lowerNonNull(_ node: Node, _ form: SchemaForm) -> TypeReference? {
    switch form {
    case .reference: return lowerSchemaReference(node)
    case .string:
      if let place = node["enum"] {
        errorAtKey(place, "an enum needs a name; put the schema under components/schemas and refer to it")
        return nil
      }
      return lowerString(node)
    case .integer: return lowerInteger(node)
    case .number: return lowerNumber(node)
    case .boolean:
      refuseEnum(of: node)
      return node["const"].map { lowerConst($0, form: .boolean) } ?? .boolean
    case .null:
      refuseEnum(of: node)
      return .const(.null)
    case .constant: return node["const"].map { lowerConst($0, form: .constant) }
    case .array: return lowerArray(node)
    case .object where isMap(node): return lowerMap(node)
    case .oneOf where isNullableChoice(node): return lowerNullableChoice(node)
    case .object, .allOf, .oneOf:
      let what = form == .oneOf ? "a union" : "an object"
      errorAtKey(node, "\(what) needs a name; put the schema under components/schemas and refer to it")
      // What else is wrong in it is told with that, and not in the next run.
      if form == .oneOf { _ = lowerUnion(node) } else { _ = lowerObject(node, name: "") }
      return nil
    }
  }

  private mutating func lowerSchemaReference(_ node: Node) -> TypeReference? {
    guard let target = resolver.resolve(node) else { return nil }
    guard let component = ReferenceResolver.component(target), component.section == "schemas" else {
      error(node["$ref"] ?? node, "a schema's $ref leads to components/schemas")
      return nil
    }
    // A chain of references ends at its last link, yet the first name is the one that the author chose.
    if let reference = node["$ref"]?.string, case .found(let direct) = resolver.lookUp(reference, from: node),
      let named = ReferenceResolver.component(direct), named.section == "schemas"
    {
      return .named(named.name)
    }
    return .named(component.name)
  }

  private mutating func lowerArray(_ node: Node) -> TypeReference? {
    let rules = ArrayRules(
      minItems: count("minItems", of: node), maxItems: count("maxItems", of: node),
      uniqueItems: boolean("uniqueItems", of: node) ?? false)
    checkOrder("minItems", rules.minItems, "maxItems", rules.maxItems, of: node)
    if profile.bounds, rules.maxItems == nil { errorAtKey(node, "the array needs bounds: maxItems") }
    guard let items = node["items"] else {
      errorAtKey(node, "an array needs 'items'")
      return nil
    }
    return lowerType(items).map { .array($0, rules) }
  }

  /// `additionalProperties: {…}` without properties.
  func isMap(_ node: Node) -> Bool {
    node["properties"] == nil && node["additionalProperties"]?.isMapping == true
  }

  private mutating func lowerMap(_ node: Node) -> TypeReference? {
    let rules = MapRules(
      minProperties: count("minProperties", of: node), maxProperties: count("maxProperties", of: node))
    checkOrder("minProperties", rules.minProperties, "maxProperties", rules.maxProperties, of: node)
    if let place = node["required"] { errorAtKey(place, "a map of unknown keys has no required ones") }
    if profile.bounds, rules.maxProperties == nil { errorAtKey(node, "the map needs bounds: maxProperties") }
    guard let values = node["additionalProperties"] else { return nil }
    return lowerType(values).map { .map($0, rules) }
  }

  // MARK: - Nullable choice

  /// `oneOf: [X, {type: 'null'}]`, the way to make a `$ref` nullable.
  private func isNullableChoice(_ node: Node) -> Bool {
    guard let branches = node["oneOf"]?.items, branches.count == 2, node["discriminator"] == nil else { return false }
    return branches.contains { $0["type"]?.string == "null" }
  }

  private mutating func lowerNullableChoice(_ node: Node) -> TypeReference? {
    guard let branches = node["oneOf"]?.items else { return nil }
    for branch in branches where branch["type"]?.string == "null" { _ = form(of: branch) }
    guard let other = branches.first(where: { $0["type"]?.string != "null" }) else {
      errorAtKey(node, "both branches are null")
      return nil
    }
    guard let type = lowerType(other) else { return nil }
    if case .nullable = type { return type }
    return .nullable(type)
  }
}
