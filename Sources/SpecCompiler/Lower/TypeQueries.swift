/// Questions about lowered types.
extension Lowerer {
  /// Names of scalars, arrays and maps replaced by what they stand for; names of objects, enums and unions stay. Before
  /// ``checkAliases()`` an alias may contain itself, and is not followed without end.
  func expand(_ type: TypeReference) -> TypeReference {
    expand(type, depth: 0)
  }

  /// Names that follow each other: as many as references may, for each level of lists.
  private static let aliasHopLimit = (ReferenceResolver.chainLimit + 1) * (aliasDepthLimit + 1)

  private func expand(_ type: TypeReference, depth: Int) -> TypeReference {
    switch type {
    case .named(let name):
      guard case .alias(let target) = declarations[name]?.shape, depth < Self.aliasHopLimit else { return type }
      return expand(target, depth: depth + 1)
    case .nullable(let inner):
      let inner = expand(inner, depth: depth)
      if case .nullable = inner { return inner }
      return .nullable(inner)
    case .array(let items, let rules): return .array(expand(items, depth: depth), rules)
    case .map(let values, let rules): return .map(expand(values, depth: depth), rules)
    case .checked(let inner, let schema): return .checked(expand(inner, depth: depth), schema: schema)
    case .indirect(let inner): return .indirect(expand(inner, depth: depth))
    case .string, .integer, .number, .boolean, .const, .json: return type
    }
  }

  /// The object behind a name, also through aliases.
  func objectShape(named name: String) -> (node: Node, object: ObjectShape)? {
    guard case .named(let target) = expand(.named(name)), case .object(let object) = declarations[target]?.shape,
      let node = schemaNodes[target]
    else { return nil }
    return (node, object)
  }

  func objectShape(of type: TypeReference) -> ObjectShape? {
    guard case .named(let name) = expand(type) else { return nil }
    return objectShape(named: name)?.object
  }

  /// What a URL can carry: a string, number, boolean, const or enum.
  func isScalar(_ type: TypeReference) -> Bool {
    switch expand(type) {
    case .string, .integer, .number, .boolean: return true
    case .const(let value): return value != .null
    case .named(let name):
      if case .enumeration = declarations[name]?.shape { return true }
      // A schema with errors has no declaration; it has been reported.
      return declarations[name] == nil
    case .checked(let inner, _): return isScalar(inner)
    case .array, .map, .nullable, .json, .indirect: return false
    }
  }

  /// A type in the words of a message.
  func describe(_ type: TypeReference) -> String {
    switch type {
    case .string(let rules):
      var parts: [String] = []
      if let format = rules.format { parts.append("format: \(format.rawValue)") }
      if let bound = rules.minLength { parts.append("minLength: \(bound)") }
      if let bound = rules.maxLength { parts.append("maxLength: \(bound)") }
      if let pattern = rules.pattern { parts.append("pattern: \(pattern.source)") }
      return described("string", parts)
    case .integer(let rules): return described("integer", describe(rules))
    case .number(let rules): return described("number", describe(rules))
    case .boolean: return "boolean"
    case .const(let value): return "const \(describe(value))"
    case .array(let items, let rules):
      var parts: [String] = []
      if let bound = rules.minItems { parts.append("minItems: \(bound)") }
      if let bound = rules.maxItems { parts.append("maxItems: \(bound)") }
      if rules.uniqueItems { parts.append("uniqueItems") }
      return described("array of \(describe(items))", parts)
    case .map(let values, let rules):
      var parts: [String] = []
      if let bound = rules.minProperties { parts.append("minProperties: \(bound)") }
      if let bound = rules.maxProperties { parts.append("maxProperties: \(bound)") }
      return described("map of \(describe(values))", parts)
    case .named(let name): return name
    case .nullable(let inner): return "\(describe(inner)) or null"
    case .json: return "any value"
    case .checked(let inner, _): return "\(describe(inner)) with more rules"
    case .indirect(let inner): return describe(inner)
    }
  }

  private func described(_ kind: String, _ parts: [String]) -> String {
    parts.isEmpty ? kind : "\(kind) (\(parts.joined(separator: ", ")))"
  }

  private func describe<Value>(_ rules: NumberRules<Value>) -> [String] {
    var parts: [String] = []
    if let bound = rules.minimum { parts.append("minimum: \(bound)") }
    if let bound = rules.maximum { parts.append("maximum: \(bound)") }
    if let bound = rules.exclusiveMinimum { parts.append("exclusiveMinimum: \(bound)") }
    if let bound = rules.exclusiveMaximum { parts.append("exclusiveMaximum: \(bound)") }
    if let bound = rules.multipleOf { parts.append("multipleOf: \(bound)") }
    return parts
  }

  func describe(_ scalar: Scalar) -> String {
    switch scalar {
    case .string(let text): "'\(text)'"
    case .integer(let value): "\(value)"
    case .number(let value): "\(value)"
    case .boolean(let value): "\(value)"
    case .null: "null"
    }
  }
}
