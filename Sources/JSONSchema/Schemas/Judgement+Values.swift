extension Judgement {
  /// Whether a value keeps a rule.
  mutating func judge(_ rule: Rule, in schema: CompiledSchema, _ spot: Spot, _ outcome: inout Outcome) -> Bool {
    switch rule.demand {
    case .nothing:
      tell(spot.path, schema.place, rule.keyword, "is not allowed here")
      return false
    case .type(let types):
      return types.contains { $0.takes(spot.value) }
        || broken(rule, schema, spot.path, "is not \(types.map(\.rawValue).sorted().joined(separator: " or "))")
    case .oneValue(let values):
      return values.contains(spot.value) || broken(rule, schema, spot.path, "is none of the \(values.count) values")
    case .format(let format):
      return format.takes(spot.value) || broken(rule, schema, spot.path, "is not \(format.rawValue)")
    case .pattern, .length: return judgeText(rule, in: schema, spot)
    case .bound, .multiple: return judgeNumber(rule, in: schema, spot)
    case .itemCount, .uniqueItems, .prefixItems, .items, .contains, .unevaluatedItems:
      guard case .array(let array) = spot.value else { return true }
      return judge(rule, in: schema, array, spot, &outcome)
    case .memberCount, .required, .dependentRequired, .properties, .patternProperties, .additionalProperties,
      .propertyNames, .dependentSchemas, .unevaluatedProperties:
      guard case .object(let object) = spot.value else { return true }
      return judge(rule, in: schema, object, spot, &outcome)
    case .reference, .dynamicReference, .all, .any, .one, .not, .condition:
      return judgeInPlace(rule, in: schema, spot, &outcome)
    }
  }

  private mutating func judgeText(_ rule: Rule, in schema: CompiledSchema, _ spot: Spot) -> Bool {
    guard let text = spot.value.text else { return true }
    switch rule.demand {
    case .pattern(let pattern):
      return pattern.matches(text) || broken(rule, schema, spot.path, "does not match the pattern")
    case .length(let range):
      let count = text.unicodeScalars.count
      return range.contains(count) || broken(rule, schema, spot.path, "has \(count) characters")
    default: return true
    }
  }

  private mutating func judgeNumber(_ rule: Rule, in schema: CompiledSchema, _ spot: Spot) -> Bool {
    guard case .number(let number) = spot.value else { return true }
    switch rule.demand {
    case .bound(let bound, let isLower, let isExclusive):
      let isKept = (isLower ? number > bound : number < bound) || (!isExclusive && number == bound)
      return isKept || broken(rule, schema, spot.path, isLower ? "is too small" : "is too large")
    case .multiple(let divisor):
      return divisor.divides(number) || broken(rule, schema, spot.path, "is no multiple of the number")
    default: return true
    }
  }

  // MARK: - Schemas of the same value

  private mutating func judgeInPlace(
    _ rule: Rule, in schema: CompiledSchema, _ spot: Spot, _ outcome: inout Outcome
  ) -> Bool {
    switch rule.demand {
    case .reference(let other): return take(other, spot, &outcome)
    case .dynamicReference(let targets, let otherwise):
      let target = resources(of: spot.scope).lazy.compactMap { targets[$0] }.first
      return take(target ?? otherwise, spot, &outcome)
    case .all(let schemas):
      var isKept = true
      for each in schemas where isKept || spot.path != nil { isKept = take(each, spot, &outcome) && isKept }
      return isKept
    case .any(let schemas): return judgeChoice(schemas, rule, in: schema, spot, &outcome) { $0 >= 1 }
    case .one(let schemas): return judgeChoice(schemas, rule, in: schema, spot, &outcome) { $0 == 1 }
    case .not(let other):
      return !apply(other, unheard(spot)).isValid
        || broken(rule, schema, spot.path, "keeps a schema that it must not keep")
    case .condition(let condition, let then, let otherwise):
      let answer = apply(condition, unheard(spot))
      outcome.add(answer)
      guard let next = answer.isValid ? then : otherwise else { return true }
      return take(next, spot, &outcome)
    default: return true
    }
  }

  private mutating func take(_ schema: SchemaID, _ spot: Spot, _ outcome: inout Outcome) -> Bool {
    let answer = apply(schema, spot)
    outcome.add(answer)
    return answer.isValid
  }

  private mutating func judgeChoice(
    _ schemas: [SchemaID], _ rule: Rule, in schema: CompiledSchema, _ spot: Spot, _ outcome: inout Outcome,
    _ isEnough: (Int) -> Bool
  ) -> Bool {
    var count = 0
    for each in schemas {
      let answer = apply(each, unheard(spot))
      guard answer.isValid else { continue }
      outcome.add(answer)
      count += 1
    }
    return isEnough(count)
      || broken(rule, schema, spot.path, "keeps \(count == 0 ? "none" : String(count)) of the \(schemas.count) schemas")
  }

  /// The same place, where nobody wants to hear what is wrong.
  func unheard(_ spot: Spot) -> Spot {
    Spot(value: spot.value, number: spot.number, path: nil, scope: spot.scope)
  }
}
