/// `oneOf` and `anyOf`: an enumeration with a case a branch. Where the branches have a property with a constant each,
/// that tells them apart; else the JSON type does, and what then is left is tried in order.
extension Lowerer {
  private static let branchLimit = 1_000

  /// - Parameter node: a schema with `oneOf` or `anyOf`.
  mutating func lowerChoice(_ node: Node) -> TypeDeclaration.Shape? {
    if node["discriminator"] != nil, node["oneOf"] != nil, profile.isOwn { return lowerUnion(node).map { .union($0) } }
    if let place = node["discriminator"], profile.isOwn {
      errorAtKey(place, "a discriminator belongs beside oneOf")
    }
    let keyword = node["oneOf"] != nil ? "oneOf" : "anyOf"
    if keyword == "oneOf", profile.isOwn, let place = node["anyOf"] {
      errorAtKey(place, "'anyOf' and 'oneOf' can't be beside each other")
    }
    let branches = items(keyword, of: node)
    guard !branches.isEmpty, branches.count <= Self.branchLimit else {
      error(node[keyword] ?? node, "\(keyword) needs a branch, and at most \(Self.branchLimit)")
      return nil
    }
    if let union = tagged(branches, by: node) { return .union(union) }
    return lowerBranches(branches, keyword: keyword)
  }

  private mutating func lowerBranches(_ branches: [Node], keyword: String) -> TypeDeclaration.Shape? {
    var shape = ChoiceShape(isExclusive: keyword == "oneOf", branches: [])
    var names = MemberNames(.member)
    for branch in branches {
      guard let type = lowerType(branch) else { return nil }
      shape.branches.append(
        ChoiceShape.Branch(swiftName: names.name(for: caseName(of: type)), type: type, kinds: kinds(of: type)))
    }
    guard profile.isOwn, let (first, second) = indistinct(shape.branches) else { return .choice(shape) }
    error(
      branches[second],
      "the branches \(first + 1) and \(second + 1) may have the same JSON type; give both a required property with"
        + " a const of its own")
    return nil
  }

  /// Two branches that a value's JSON type does not tell apart.
  private func indistinct(_ branches: [ChoiceShape.Branch]) -> (Int, Int)? {
    for (second, branch) in branches.enumerated() {
      if let first = branches[..<second].firstIndex(where: { !$0.kinds.isDisjoint(with: branch.kinds) }) {
        return (first, second)
      }
    }
    return nil
  }

  private func caseName(of type: TypeReference) -> String {
    switch type {
    case .named(let name): name
    case .string, .const(.string): "string"
    case .integer, .const(.integer): "integer"
    case .number, .const(.number): "number"
    case .boolean, .const(.boolean): "boolean"
    case .const(.null): "null"
    case .array: "array"
    case .map: "object"
    case .json: "any"
    case .nullable(let inner), .checked(let inner, _), .indirect(let inner): caseName(of: inner)
    }
  }

  // MARK: - Told apart by a property

  /// The union of branches that are objects, if one required property of all has a constant of its own in each.
  private func tagged(_ branches: [Node], by node: Node) -> UnionShape? {
    let wanted = node["discriminator"]?["propertyName"]?.string
    var names: [String] = []
    var objects: [ObjectShape] = []
    for branch in branches {
      guard branch["$ref"] != nil, let name = namedTarget(of: branch), let object = objectShape(named: name)?.object,
        declarations[name]?.schema == nil
      else { return nil }
      names.append(name)
      objects.append(object)
    }
    guard let first = objects.first else { return nil }
    for property in first.properties where wanted == nil || property.name == wanted {
      guard let values = constants(property, of: objects), Set(values).count == values.count else { continue }
      var cases = MemberNames(.member)
      return UnionShape(
        propertyName: property.name,
        branches: zip(values, names).map { .init(value: $0, swiftName: cases.name(for: $0), type: $1) })
    }
    return nil
  }

  /// The component that a reference without any siblings leads to.
  private func namedTarget(of branch: Node) -> String? {
    guard rest(of: branch, form: .reference).isEmpty, let target = resolver.resolve(branch),
      let component = ReferenceResolver.component(target), component.section == "schemas"
    else { return nil }
    return schemaTypeNames[component.name]
  }

  /// The constant of a property in each object; nil as soon as one has none.
  private func constants(_ property: Property, of objects: [ObjectShape]) -> [String]? {
    guard property.isRequired, case .const(.string) = expand(property.type) else { return nil }
    var values: [String] = []
    for object in objects {
      guard let value = constant(property.name, of: object) else { return nil }
      values.append(value)
    }
    return values
  }

  private func constant(_ name: String, of object: ObjectShape) -> String? {
    guard let property = object.properties.first(where: { $0.name == name }), property.isRequired,
      case .const(.string(let value)) = expand(property.type)
    else { return nil }
    return value
  }

  // MARK: - Kinds

  /// Which JSON types the values of a type may have. A type that is not known yet may have any.
  func kinds(of type: TypeReference) -> ValueKinds {
    switch expand(type) {
    case .string, .const(.string): .string
    case .integer, .number, .const(.integer), .const(.number): .number
    case .boolean, .const(.boolean): .boolean
    case .const(.null): .null
    case .array: .array
    case .map: .object
    case .json: .any
    case .nullable(let inner): kinds(of: inner).union(.null)
    case .checked(let inner, _), .indirect(let inner): kinds(of: inner)
    case .named(let name):
      switch declarations[name]?.shape {
      case .object, .union: .object
      case .enumeration: .string
      case .choice(let choice): choice.branches.reduce(into: []) { $0.formUnion($1.kinds) }
      case .alias, nil: .any
      }
    }
  }

  // MARK: - Null or something else

  /// `oneOf: [X, {type: 'null'}]`, the way to make a `$ref` nullable.
  func isNullableChoice(_ node: Node) -> Bool {
    guard let branches = (node["oneOf"] ?? node["anyOf"])?.items, branches.count == 2, node["discriminator"] == nil,
      node["oneOf"] == nil || node["anyOf"] == nil
    else { return false }
    return branches.contains { $0["type"]?.string == "null" }
  }

  mutating func lowerNullableChoice(_ node: Node) -> TypeReference? {
    guard let branches = (node["oneOf"] ?? node["anyOf"])?.items else { return nil }
    for branch in branches where branch["type"]?.string == "null" { _ = form(of: branch) }
    guard let other = branches.first(where: { $0["type"]?.string != "null" }) else {
      errorAtKey(node, "both branches are null")
      return nil
    }
    guard let type = lowerType(other) else { return nil }
    if case .nullable = type { return type }
    return .nullable(type)
  }

  /// An `allOf` of what are no objects: the type of the first branch that has one, and the rest is checked.
  mutating func lowerIntersection(_ node: Node) -> TypeReference? {
    let branches = items("allOf", of: node)
    if profile.isOwn { return refuseIntersection(node) }
    if branches.count == 1, let only = branches.first, rest(of: node, form: .allOf).isEmpty,
      !SchemaForm.ofObjects.contains(where: { node[$0] != nil })
    {
      return lowerType(only)
    }
    return .checked(.json, schema: ruleIndex(of: node))
  }

  private mutating func refuseIntersection(_ node: Node) -> TypeReference? {
    _ = collectParts(of: node)
    return nil
  }
}

// MARK: - The rule of what this file says

extension Lowerer {
  fileprivate mutating func error(_ node: Node, _ message: String) { error(node, message, .invalidUnion) }

  fileprivate mutating func errorAtKey(_ node: Node, _ message: String) { errorAtKey(node, message, .invalidUnion) }
}
