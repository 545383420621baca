extension Lowerer {
  /// `oneOf` with a discriminator, as our specs have it. The branches are lowered already.
  mutating func lowerUnion(_ node: Node) -> UnionShape? {
    guard let discriminator = node["discriminator"] else {
      errorAtKey(node, "oneOf needs a discriminator {propertyName}, and a const for that property in each branch")
      return nil
    }
    let kind = ObjectKind("a discriminator", required: ["propertyName"], optional: ["mapping"])
    check(discriminator, kind)
    guard let propertyName = string("propertyName", of: discriminator) else { return nil }
    let branches = items("oneOf", of: node)
    if branches.isEmpty, let place = node["oneOf"] { error(place, "oneOf needs a branch") }
    var shape = UnionShape(propertyName: propertyName, branches: [])
    var names: [String: String] = [:]
    var known: [String: UnionShape.Branch] = [:]
    for branch in branches {
      guard let lowered = lowerBranch(branch, propertyName: propertyName) else { continue }
      if let other = known[lowered.value] {
        error(branch, "\(lowered.type) and \(other.type) have the same '\(propertyName)': '\(lowered.value)'")
      } else {
        checkCase(lowered.value, at: branch, in: &names)
        known[lowered.value] = lowered
        shape.branches.append(lowered)
      }
    }
    // What a branch with errors stands for is not known.
    guard shape.branches.count == branches.count else { return nil }
    checkMapping(discriminator, shape, known)
    return shape
  }

  private mutating func lowerBranch(_ branch: Node, propertyName: String) -> UnionShape.Branch? {
    guard branch["$ref"] != nil else {
      error(branch, "a branch of oneOf needs a name; put it under components/schemas and refer to it")
      return nil
    }
    guard case .named(let name) = lowerType(branch) else { return nil }
    guard let (node, object) = objectShape(named: name) else {
      if let declaration = declarations[name] {
        error(branch, "a branch of oneOf is an object; \(declaration.name) is \(describe(expand(.named(name))))")
      }
      return nil
    }
    let property = object.properties.first { $0.name == propertyName }
    if property == nil, isDoubtful(.named(name)) {
      doubts += 1
      return nil
    }
    guard let property, property.isRequired, case .const(.string(let value)) = expand(property.type) else {
      error(branch, "\(name) needs the required property '\(propertyName)' with a string const")
      note(node, "\(name) is here")
      return nil
    }
    return UnionShape.Branch(value: value, swiftName: SwiftName.bare(value, .member), type: name)
  }

  /// The mapping repeats what the branches' consts say; a difference is a mistake in one of them.
  private mutating func checkMapping(
    _ discriminator: Node, _ shape: UnionShape, _ branches: [String: UnionShape.Branch]
  ) {
    for entry in entries("mapping", of: discriminator) {
      guard let text = entry.value.string else {
        error(entry.value, "a mapping leads to a $ref or a schema's name")
        continue
      }
      let reference = text.contains("#") ? text : "#/components/schemas/\(text)"
      guard case .found(let target) = resolver.lookUp(reference, from: discriminator) else { continue }
      let name = ReferenceResolver.component(target)?.name
      guard let branch = branches[entry.key] else {
        errorAtKey(entry.value, "no branch has '\(entry.key)' for its '\(shape.propertyName)'")
        continue
      }
      if branch.type != name {
        error(entry.value, "'\(entry.key)' is \(branch.type) by its const, not \(name ?? text)")
      }
    }
    guard discriminator["mapping"] != nil else { return }
    for branch in shape.branches where discriminator["mapping"]?[branch.value] == nil {
      errorAtKey(discriminator["mapping"] ?? discriminator, "the mapping lacks '\(branch.value)'")
    }
  }
}

// MARK: - The rule of what this file says

extension Lowerer {
  fileprivate mutating func error(_ node: Node, _ message: String) { error(node, message, .invalidUnion) }

  fileprivate mutating func errorAtKey(_ node: Node, _ message: String) { errorAtKey(node, message, .invalidUnion) }
}
