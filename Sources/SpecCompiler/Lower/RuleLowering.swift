/// The schemas that are checked by themselves, each once.
struct RuleBook {
  fileprivate(set) var nodes: [Node] = []
  fileprivate var indices: [SourceLocation: Int] = [:]
  fileprivate var patterns: [String: Int] = [:]
  /// Which refer to each.
  fileprivate var users: [Int: [Int]] = [:]
  /// Those that can't be written, with those that refer to them.
  fileprivate(set) var failed: Set<Int> = []
  /// How many bytes the texts have, and may have.
  fileprivate var size = 0
  fileprivate static let sizeLimit = 16 << 20
}

/// Writes them in the form that `SchemaTable` of ProtocolRuntime reads: a `$ref` is the index of a schema, a `pattern` that
/// of a compiled one, `multipleOf` is `[coefficient, exponent]`, `patternProperties` a list of pairs.
extension Lowerer {
  /// The index of the schema at a node, which is written when all types are known.
  mutating func ruleIndex(of node: Node) -> Int {
    if let known = rules.indices[node.keyLocation] { return known }
    rules.indices[node.keyLocation] = rules.nodes.count
    rules.nodes.append(node)
    return rules.nodes.count - 1
  }

  mutating func lowerRules() -> SchemaRules {
    var result = SchemaRules()
    var index = 0
    // What they refer to is written behind them.
    while index < rules.nodes.count, rules.size <= RuleBook.sizeLimit {
      let before = diagnostics.errorCount
      let text = ruleText(rules.nodes[index], of: index, &result)
      if diagnostics.errorCount > before { rules.failed.insert(index) }
      rules.size += text.utf8.count
      result.texts.append(text)
      index += 1
    }
    var pending = Array(rules.failed)
    while let index = pending.popLast() {
      for user in rules.users[index] ?? [] where rules.failed.insert(user).inserted { pending.append(user) }
    }
    if rules.size > RuleBook.sizeLimit, let node = rules.nodes.last {
      error(node, "the schemas that no type says whole have more than \(RuleBook.sizeLimit) bytes", .compilerLimit)
    }
    return result
  }

  private mutating func ruleText(_ node: Node, of index: Int, _ result: inout SchemaRules) -> String {
    guard node.isMapping else { return node.boolean == false ? "false" : "true" }
    var parts: [String] = []
    for entry in node.entries where SchemaForm.allKeywords.contains(entry.key) {
      if let text = ruleText(entry.key, entry.value, of: index, &result) {
        parts.append("\(jsonString(entry.key)):\(text)")
      }
    }
    return "{\(parts.joined(separator: ","))}"
  }

  /// The value of a keyword; nil where it asserts nothing.
  private mutating func ruleText(
    _ keyword: String, _ value: Node, of index: Int, _ result: inout SchemaRules
  ) -> String? {
    switch keyword {
    case "$ref": return referenceText(value, of: index)
    case "pattern": return value.string.flatMap { patternIndex($0, at: value, &result) }
    case "multipleOf": return stepText(value)
    case "format": return value.string.flatMap { StringFormat(rawValue: $0) }.map { jsonString($0.rawValue) }
    case "allOf", "anyOf", "oneOf", "prefixItems":
      return "[" + value.items.map { ruleText($0, of: index, &result) }.joined(separator: ",") + "]"
    case "not", "if", "then", "else", "items", "contains", "additionalProperties", "propertyNames":
      return ruleText(value, of: index, &result)
    case "properties", "dependentSchemas":
      let parts = value.entries.map { "\(jsonString($0.key)):\(ruleText($0.value, of: index, &result))" }
      return "{" + parts.joined(separator: ",") + "}"
    case "patternProperties":
      let parts = value.entries.compactMap { entry in
        patternIndex(entry.key, at: entry.value.atKey, &result).map {
          "[\($0),\(ruleText(entry.value, of: index, &result))]"
        }
      }
      return "[" + parts.joined(separator: ",") + "]"
    case "unevaluatedProperties":
      if value.boolean != true {
        errorAtKey(
          value, "'unevaluatedProperties' is supported only beside an allOf of objects that say nothing else",
          .unsupportedKeyword)
      }
      return nil
    case "discriminator": return nil
    default: return JSONRenderer.text(of: value)
    }
  }

  private mutating func referenceText(_ value: Node, of index: Int) -> String? {
    guard let reference = value.string, case .found(let node) = resolver.lookUp(reference, from: value) else {
      return nil
    }
    let target = ruleIndex(of: node)
    rules.users[target, default: []].append(index)
    return String(target)
  }

  private mutating func patternIndex(_ source: String, at place: Node, _ result: inout SchemaRules) -> String? {
    if let known = rules.patterns[source] { return String(known) }
    guard let pattern = compilePattern(source, at: place) else { return nil }
    rules.patterns[source] = result.patterns.count
    result.patterns.append(pattern)
    return String(result.patterns.count - 1)
  }

  private mutating func stepText(_ value: Node) -> String? {
    let step: Double
    switch value.content {
    case .integer(let number): step = Double(number)
    case .number(let number): step = number
    default: step = 0
    }
    guard step > 0, step.isFinite else {
      error(value, "'multipleOf' is a number greater than 0", .impossibleBounds)
      return nil
    }
    let decimal = Decimal(step)
    return "[\(decimal.coefficient),\(decimal.exponent)]"
  }
}
