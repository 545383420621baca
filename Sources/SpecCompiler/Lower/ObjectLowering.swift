/// What an object schema, or one branch of an `allOf`, contributes.
struct ObjectParts {
  private(set) var properties: [(name: String, node: Node)] = []
  private(set) var required: [(text: String, node: Node)] = []
  /// `additionalProperties` or `unevaluatedProperties`.
  var additional: Node?
  var minProperties: Int?
  var maxProperties: Int?
  /// Whether the parts say all that the schema says.
  var isExact = true
  private var schemas: [String: Node] = [:]
  private var requiredNames: Set<String> = []

  func schema(of property: String) -> Node? { schemas[property] }

  func isRequired(_ property: String) -> Bool { requiredNames.contains(property) }

  /// Adds a property unless there is one of that name.
  mutating func add(property name: String, _ node: Node) {
    guard schemas[name] == nil else { return }
    schemas[name] = node
    properties.append((name, node))
  }

  mutating func require(_ name: String, at node: Node) {
    if requiredNames.insert(name).inserted { required.append((name, node)) }
  }
}

extension Lowerer {
  mutating func lowerObject(_ node: Node, name: String) -> ObjectShape? {
    guard let parts = collectParts(of: node) else { return nil }
    if profile.isOwn { checkObject(parts, of: node) }
    var checked: [String: String] = [:]
    var names = MemberNames(.property)
    var properties: [Property] = []
    for (propertyName, schema) in parts.properties {
      checkMemberName(propertyName, .property, at: schema, in: &checked, what: "a property")
      let swiftName = names.name(for: propertyName)
      if let property = lowerProperty(
        propertyName, swiftName, schema, isRequired: parts.isRequired(propertyName))
      {
        properties.append(property)
      }
    }
    return ObjectShape(
      properties: properties, additional: lowerAdditional(parts.additional, of: node, name: name),
      minProperties: parts.minProperties, maxProperties: parts.maxProperties, bases: bases(of: node))
  }

  private mutating func checkObject(_ parts: ObjectParts, of node: Node) {
    // Where there are no properties at all, that is one mistake.
    let undefined = parts.required.filter { parts.schema(of: $0.text) == nil }
    for (text, place) in undefined.prefix(parts.properties.isEmpty ? 1 : undefined.count) {
      error(
        place, "'\(text)' is required but is no property", .invalidObject,
        suggestion: diagnostics.suggestion(for: text, among: parts.properties.lazy.map(\.name)))
    }
    checkOrder("minProperties", parts.minProperties, "maxProperties", parts.maxProperties, of: node)
    if let bound = parts.minProperties, parts.additional?.boolean == false, bound > parts.properties.count,
      let place = node["minProperties"]
    {
      errorAtKey(place, "the object has only \(parts.properties.count) properties", .impossibleBounds)
    }
  }

  func bases(of node: Node) -> [String] {
    var names: [String] = []
    for branch in node["allOf"]?.items ?? [] {
      guard branch["$ref"] != nil, let target = resolver.resolve(branch),
        let key = ReferenceResolver.component(target)?.name
      else { continue }
      let name = schemaTypeNames[key] ?? key
      if !names.contains(name) { names.append(name) }
    }
    return names
  }

  /// A property, parameter or field becomes a member of a type.
  mutating func checkMemberName(
    _ name: String, _ scope: SwiftName.Scope, at node: Node, in names: inout [String: String], what: String
  ) {
    guard profile.isOwn else { return }
    guard IdentifierCheck.canBeMember(name) else {
      errorAtKey(node, "'\(name)' can't name \(what); use letters, digits, '_', '-' and '.'", .invalidName)
      return
    }
    checkDistinct(name, SwiftName.bare(name, scope), at: node.atKey, in: &names)
  }

  /// Two names of one place must not become the same in Swift.
  mutating func checkDistinct(_ name: String, _ swiftName: String, at node: Node, in names: inout [String: String]) {
    if let other = names.updateValue(name, forKey: swiftName), other != name {
      error(node, "'\(name)' and '\(other)' become the same Swift name", .nameClash)
    }
  }

  private mutating func lowerProperty(
    _ name: String, _ swiftName: String, _ node: Node, isRequired: Bool
  ) -> Property? {
    let own = node["description"]?.string
    let inherited = resolver.resolve(node)?["description"]?.string
    lintDescription(node, of: "the property '\(name)'", own, inherited)
    guard let type = lowerType(node, allowsDefault: true) else { return nil }
    // A type is the same in both directions, and one of them leaves these out.
    let isOneWay = !profile.isOwn && (node["readOnly"]?.boolean == true || node["writeOnly"]?.boolean == true)
    return Property(
      name: name, swiftName: swiftName, type: type, isRequired: isRequired && !isOneWay, defaultValue: nil,
      description: own ?? inherited ?? "",
      isDeprecated: node["deprecated"]?.boolean ?? false, location: node.keyLocation)
  }

  /// Defaults are judged when all types are known: they may be members of an enum that comes later.
  mutating func checkDefaults(_ name: String) {
    guard let declaration = declarations[name], case .object(var object) = declaration.shape,
      let node = schemaNodes[name], let parts = collectParts(of: node)
    else { return }
    for index in object.properties.indices {
      let property = object.properties[index]
      guard let schema = parts.schema(of: property.name) else { continue }
      object.properties[index].defaultValue = lowerDefault(schema, type: property.type)
      if property.isRequired, profile.isOwn, let place = schema["default"] {
        errorAtKey(place, "a required property has no use for a default", .invalidDefault)
      }
    }
    declarations[name]?.shape = .object(object)
  }

  private mutating func lowerAdditional(
    _ additional: Node?, of node: Node, name: String
  ) -> ObjectShape.Additional {
    // What has the name of a pattern is checked by its schema.
    if node["patternProperties"] != nil { return .ignored }
    guard let additional else {
      if profile.closedObjects, !allOfBases.contains(name) {
        let keyword = node["allOf"] == nil ? "additionalProperties" : "unevaluatedProperties"
        errorAtKey(node, "the object needs '\(keyword): false'", .openObject)
      }
      return .ignored
    }
    if let flag = additional.boolean {
      if flag, profile.closedObjects, !allOfBases.contains(name) {
        error(additional, "the object lets unknown properties pass; refuse them, or name their schema", .openObject)
      }
      return flag ? .ignored : .refused
    }
    return lowerType(additional).map { .typed($0) } ?? .ignored
  }

  // MARK: - allOf

  /// Of objects that an `allOf` is made of, each by an `allOf` of its own.
  private static let mergeDepthLimit = 64

  /// The properties of an object with those of its `allOf` branches before its own; nil after an error.
  mutating func collectParts(of node: Node) -> ObjectParts? {
    if let known = collected[node.keyLocation] { return known }
    guard propertyCount <= propertyLimit else { return nil }
    guard merging.insert(node.keyLocation).inserted else {
      errorAtKey(node, "the allOf contains itself")
      return nil
    }
    defer { merging.remove(node.keyLocation) }
    guard merging.count <= Self.mergeDepthLimit else {
      errorAtKey(
        node, "the allOf is nested deeper than \(Self.mergeDepthLimit) levels; put some of them together",
        .compilerLimit)
      return nil
    }
    let parts = collectNewParts(of: node)
    collected[node.keyLocation] = .some(parts)
    propertyCount += parts?.properties.count ?? 0
    if parts != nil, propertyCount > propertyLimit {
      errorAtKey(
        node, "all objects up to here have more than \(propertyLimit) properties, with those of allOf", .compilerLimit)
    }
    return parts
  }

  private mutating func collectNewParts(of node: Node) -> ObjectParts? {
    var parts = ObjectParts()
    var closedBranches: [(branch: Node, names: Set<String>)] = []
    if let allOf = node["allOf"] {
      if !allOf.isSequence || allOf.items.isEmpty { error(allOf, "'allOf' is a list of at least one object") }
      if profile.isOwn { checkRepetitions(allOf.items) }
      for branch in allOf.items {
        guard let (branchParts, isClosed) = collectBranch(branch) else { return nil }
        if isClosed { closedBranches.append((branch, Set(branchParts.properties.map(\.name)))) }
        merge(branchParts, into: &parts)
      }
    }
    var own = ObjectParts()
    for entry in entries("properties", of: node) { own.add(property: entry.key, entry.value) }
    for (text, place) in strings("required", of: node) { own.require(text, at: place) }
    own.minProperties = count("minProperties", of: node)
    own.maxProperties = count("maxProperties", of: node)
    merge(own, into: &parts)
    parts.additional = additional(of: node)
    if node["allOf"] != nil, node["additionalProperties"] != nil { parts.isExact = false }
    for (branch, names) in closedBranches {
      guard let extra = parts.properties.first(where: { !names.contains($0.name) }) else { continue }
      guard profile.isOwn else {
        parts.isExact = false
        continue
      }
      error(
        branch,
        "this branch refuses unknown properties, so '\(extra.name)' could never be there; make it open and write"
          + " unevaluatedProperties: false beside the allOf")
    }
    return parts
  }

  /// A branch, and whether it refuses what it does not know itself.
  private mutating func collectBranch(_ branch: Node) -> (ObjectParts, isClosed: Bool)? {
    var isExact = true
    if branch["$ref"] != nil {
      _ = form(of: branch)
      isExact = rest(of: branch, form: .reference).isEmpty
    }
    guard let target = resolver.resolve(branch), let (form, isNullable) = form(of: target) else { return nil }
    let isPlain = (form == .object || form == .allOf && isObject(target)) && !isNullable && !isMap(target)
    guard isPlain || !profile.isOwn else {
      error(branch, "allOf merges objects; this is \(isNullable ? "nullable" : form.title)")
      return nil
    }
    guard isPlain || form == .any && target["properties"] != nil else {
      var parts = ObjectParts()
      parts.isExact = false
      return (parts, false)
    }
    guard var parts = collectParts(of: target) else { return nil }
    if !profile.isOwn { isExact = isExact && isPlain && rest(of: target, form: form).isEmpty }
    if parts.additional?.isMapping == true {
      if profile.isOwn {
        error(branch, "a branch with a schema for unknown properties would judge those of the other branches too")
      }
      isExact = false
    }
    parts.isExact = parts.isExact && isExact
    return (parts, parts.additional?.boolean == false)
  }

  /// Whether an allOf takes objects only: it or one of its branches says so.
  mutating func isObject(_ node: Node) -> Bool {
    if profile.isOwn { return true }
    if let known = objects[node.keyLocation] { return known ?? false }
    // Deeper ones are not merged, either.
    guard objectDepth < Self.mergeDepthLimit else { return false }
    objectDepth += 1
    defer { objectDepth -= 1 }
    objects[node.keyLocation] = .some(nil)
    let isObject = findObject(node)
    objects[node.keyLocation] = isObject
    return isObject
  }

  private mutating func findObject(_ node: Node) -> Bool {
    guard objects.count <= propertyLimit else { return false }
    if let type = node["type"] { return type.string == "object" }
    // What is more than once in there is asked for once.
    return (node["allOf"]?.items ?? []).contains { branch in
      guard let target = resolver.resolve(branch) else { return false }
      return target["type"]?.string == "object" || target["type"] == nil && target["allOf"] != nil && isObject(target)
    }
  }

  private mutating func additional(of node: Node) -> Node? {
    guard node["allOf"] != nil else {
      if let value = node["additionalProperties"], value.boolean == nil, !value.isMapping {
        error(value, "'additionalProperties' is false, true or a schema, not \(value.kind)", .wrongType)
      }
      return node["additionalProperties"]
    }
    if let place = node["additionalProperties"], profile.isOwn {
      errorAtKey(
        place, "'additionalProperties' does not see what allOf brings; write 'unevaluatedProperties: false' instead")
    }
    if let value = node["unevaluatedProperties"], value.boolean == nil {
      error(value, "'unevaluatedProperties' is false or true, not \(value.kind)", .wrongType)
    }
    return node["unevaluatedProperties"]
  }

  private mutating func checkRepetitions(_ branches: [Node]) {
    var references: Set<String> = []
    for branch in branches where branch.entries.count == 1 {
      if let text = branch["$ref"]?.string, !references.insert(text).inserted {
        error(branch, "'\(text)' is in 'allOf' twice", .repeatedItem)
      }
    }
    // Of what is written in place there is seldom more than one.
    let others = branches.filter { $0["$ref"] == nil }
    guard others.count > 1 else { return }
    var texts: Set<String> = []
    for branch in others where !texts.insert(YAMLWriter.write(branch)).inserted {
      error(branch, "the same schema is in 'allOf' twice", .repeatedItem)
    }
  }

  private mutating func merge(_ other: ObjectParts, into parts: inout ObjectParts) {
    for (name, node) in other.properties {
      guard let existing = parts.schema(of: name) else {
        parts.add(property: name, node)
        continue
      }
      // By way of two branches it is often the same.
      guard existing.keyLocation != node.keyLocation else { continue }
      let (first, second) = (lowerType(existing, allowsDefault: true), lowerType(node, allowsDefault: true))
      if first != second, !profile.isOwn {
        parts.isExact = false
      } else if first != second {
        errorAtKey(node, "'\(name)' is defined twice in this allOf, and not in the same way")
        note(existing, "'\(name)' is here first")
      }
    }
    for (text, node) in other.required { parts.require(text, at: node) }
    parts.isExact = parts.isExact && other.isExact
    parts.minProperties = [parts.minProperties, other.minProperties].compactMap { $0 }.max()
    parts.maxProperties = [parts.maxProperties, other.maxProperties].compactMap { $0 }.min()
  }
}

// MARK: - The rule of what this file says

extension Lowerer {
  fileprivate mutating func error(_ node: Node, _ message: String) { error(node, message, .invalidAllOf) }

  fileprivate mutating func errorAtKey(_ node: Node, _ message: String) { errorAtKey(node, message, .invalidAllOf) }
}
