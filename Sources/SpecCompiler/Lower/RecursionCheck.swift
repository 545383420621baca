/// Types that would have no end. Names lead to names for as long as a file allows, so nothing here follows them by
/// calling itself.
extension Lowerer {
  /// Of lists, maps and null in each other, whatever names stand for them.
  static let aliasDepthLimit = 32

  // MARK: - Aliases

  /// A name for a list or map is no type of its own in Swift: one that contains itself, or whose type is nested without
  /// measure, is reported and has no declaration afterwards.
  mutating func checkAliases() {
    var depths: [String: Int] = [:]
    for (name, _) in schemas where depths[name] == nil && isAlias(name) {
      for (name, depth) in newDepths(from: name, known: depths) {
        depths[name] = depth
        if depth > Self.aliasDepthLimit { declarations[name] = nil }
      }
    }
  }

  private func isAlias(_ name: String) -> Bool {
    if case .alias = declarations[name]?.shape { true } else { false }
  }

  /// How deep the type of an alias is nested, and those of the aliases that it is made of; more than the limit after an
  /// error. An alias has one other within it at most.
  private mutating func newDepths(from start: String, known: [String: Int]) -> [(name: String, depth: Int)] {
    var chain: [(name: String, levels: Int)] = []
    var isInChain: Set<String> = []
    var next: String? = start
    var depth = 0
    while let name = next, case .alias(let type) = declarations[name]?.shape {
      if let known = known[name] {
        depth = known
        break
      }
      guard isInChain.insert(name).inserted else {
        reportAliasCycle(chain.map(\.name), from: name)
        depth = Self.aliasDepthLimit + 1
        break
      }
      let (inner, levels) = innermost(of: type)
      chain.append((name, levels))
      next = inner
    }
    return chain.reversed().map { name, levels in
      let isFirstTooDeep = depth <= Self.aliasDepthLimit && depth + levels > Self.aliasDepthLimit
      depth = min(depth + levels, Self.aliasDepthLimit + 1)
      if isFirstTooDeep, let node = schemaNodes[name] {
        errorAtKey(
          node, "\(name) is nested deeper than \(Self.aliasDepthLimit) lists and maps; put an object in between",
          .compilerLimit)
      }
      return (name, depth)
    }
  }

  private mutating func reportAliasCycle(_ chain: [String], from name: String) {
    guard let node = schemaNodes[name], let start = chain.firstIndex(of: name) else { return }
    let cycle = abridged(Array(chain[start...]) + [name]).joined(separator: " → ")
    errorAtKey(node, "\(name) contains itself, and no object is in between (\(cycle)); make it an object")
  }

  /// The name within lists, maps and null, and how many of them there are.
  private func innermost(of type: TypeReference) -> (name: String?, levels: Int) {
    var type = type
    var levels = 0
    while true {
      switch type {
      case .array(let inner, _), .map(let inner, _), .nullable(let inner):
        type = inner
        levels += 1
      case .checked(let inner, _), .indirect(let inner): type = inner
      case .named(let name): return (name, levels)
      case .string, .integer, .number, .boolean, .const, .json: return (nil, levels)
      }
    }
  }

  // MARK: - Structs

  private struct Visit {
    let name: String
    let parts: [(target: String, step: String, location: SourceLocation)]
    var next = 0
  }

  /// A struct that contains itself has no size in Swift: a way round must go through an array or a map.
  mutating func checkRecursion() {
    var finished: Set<String> = []
    for (name, _) in schemas where !finished.contains(name) {
      var path = [Visit(name: name, parts: parts(of: name))]
      var positions = [name: 0]
      while let visit = path.last {
        guard visit.next < visit.parts.count else {
          finished.insert(visit.name)
          positions[visit.name] = nil
          path.removeLast()
          continue
        }
        path[path.count - 1].next += 1
        let (target, _, location) = visit.parts[visit.next]
        if let start = positions[target] {
          if !profile.isOwn {
            keepElsewhere(target, in: visit.name)
            continue
          }
          let steps = abridged(path[start...].map { $0.parts[$0.next - 1].step }).joined(separator: ", ")
          diagnostics.report(
            Diagnostic(
              .error, .recursiveType, at: location,
              "\(target) contains itself through \(steps); use an array, or leave it out",
              context: schemaNodes[visit.name]?.pointer ?? ""))
        } else if !finished.contains(target) {
          positions[target] = path.count
          path.append(Visit(name: target, parts: parts(of: target)))
        }
      }
    }
  }

  /// What closes a circle is kept elsewhere. A choice keeps all of its values so.
  private mutating func keepElsewhere(_ target: String, in name: String) {
    guard case .object(var object) = declarations[name]?.shape else { return }
    for index in object.properties.indices where directName(object.properties[index].type) == target {
      object.properties[index].type = indirect(object.properties[index].type)
    }
    declarations[name]?.shape = .object(object)
  }

  private func indirect(_ type: TypeReference) -> TypeReference {
    switch type {
    case .nullable(let inner): .nullable(indirect(inner))
    case .checked(let inner, let schema): .checked(indirect(inner), schema: schema)
    default: .indirect(type)
    }
  }

  private func abridged(_ steps: [String]) -> [String] {
    steps.count <= 8 ? steps : steps.prefix(4) + ["…"] + steps.suffix(3)
  }

  /// What lies inside a value of the type itself.
  private func parts(of name: String) -> [(target: String, step: String, location: SourceLocation)] {
    guard let declaration = declarations[name] else { return [] }
    switch declaration.shape {
    case .enumeration: return []
    case .object(let object):
      return object.properties.compactMap { property in
        directName(property.type).map { ($0, "\(name).\(property.name)", property.location) }
      }
    case .union(let union): return union.branches.map { ($0.type, "\(name) (\($0.value))", declaration.location) }
    case .choice(let choice):
      return choice.branches.compactMap { branch in
        directName(branch.type).map { ($0, "\(name) (\(branch.swiftName))", declaration.location) }
      }
    case .alias(let type): return directName(type).map { [($0, name, declaration.location)] } ?? []
    }
  }

  private func directName(_ type: TypeReference) -> String? {
    switch type {
    case .named(let name): name
    case .nullable(let inner), .checked(let inner, _): directName(inner)
    default: nil
    }
  }
}

// MARK: - The rule of what this file says

extension Lowerer {
  fileprivate mutating func error(_ node: Node, _ message: String) { error(node, message, .recursiveType) }

  fileprivate mutating func errorAtKey(_ node: Node, _ message: String) { errorAtKey(node, message, .recursiveType) }
}
