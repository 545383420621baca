extension Judgement {
  // MARK: - Arrays

  mutating func judge(
    _ rule: Rule, in schema: CompiledSchema, _ array: JSONArray, _ spot: Spot, _ outcome: inout Outcome
  ) -> Bool {
    switch rule.demand {
    case .itemCount(let range):
      return range.contains(array.items.count) || broken(rule, schema, spot.path, "has \(array.items.count) items")
    case .uniqueItems:
      return Set(array.items).count == array.items.count || broken(rule, schema, spot.path, "has an item twice")
    case .prefixItems(let schemas):
      return each(array, spot, &outcome) { number in number < schemas.count ? schemas[number] : nil }
    case .items(let items, let start):
      return each(array, spot, &outcome) { number in number >= start ? items : nil }
    case .contains(let wanted, let range): return judge(rule, in: schema, array, wanted, range, spot, &outcome)
    case .unevaluatedItems(let rest):
      let evaluated = outcome.items
      return each(array, spot, &outcome) { number in evaluated.contains(number) ? nil : rest }
    default: return true
    }
  }

  /// Judges the items that have a schema.
  private mutating func each(
    _ array: JSONArray, _ spot: Spot, _ outcome: inout Outcome, _ schema: (Int) -> SchemaID?
  ) -> Bool {
    var isKept = true
    var number = spot.number + 1
    for (place, item) in array.items.enumerated() {
      defer { number += item.count }
      guard let schema = schema(place) else { continue }
      if library.tracksEvaluation { outcome.items.insert(place) }
      if !apply(schema, child(spot, item, number, String(place))).isValid {
        isKept = false
        if spot.path == nil || isFull { return false }
      }
    }
    return isKept
  }

  private mutating func judge(
    _ rule: Rule, in schema: CompiledSchema, _ array: JSONArray, _ wanted: SchemaID, _ range: ClosedRange<Int>,
    _ spot: Spot, _ outcome: inout Outcome
  ) -> Bool {
    var count = 0
    var number = spot.number + 1
    for (place, item) in array.items.enumerated() {
      defer { number += item.count }
      guard apply(wanted, Spot(value: item, number: number, path: nil, scope: spot.scope)).isValid else { continue }
      count += 1
      if library.tracksEvaluation { outcome.items.insert(place) }
    }
    return range.contains(count) || broken(rule, schema, spot.path, "has \(count) items that keep the schema")
  }

  private func child(_ spot: Spot, _ value: JSONValue, _ number: Int, _ token: @autoclosure () -> String) -> Spot {
    Spot(value: value, number: number, path: spot.path.map { Path($0, token()) }, scope: spot.scope)
  }

  // MARK: - Objects

  mutating func judge(
    _ rule: Rule, in schema: CompiledSchema, _ object: JSONObject, _ spot: Spot, _ outcome: inout Outcome
  ) -> Bool {
    switch rule.demand {
    case .memberCount(let range):
      let count = object.members.count
      return range.contains(count) || broken(rule, schema, spot.path, "has \(count) members")
    case .required(let names): return require(names, object, rule, schema, spot)
    case .dependentRequired(let dependents):
      var isKept = true
      for (name, others) in dependents where object[name] != nil {
        isKept = require(others, object, rule, schema, spot) && isKept
      }
      return isKept
    case .properties(let schemas): return each(object, spot, &outcome) { _, name in schemas[name].map { [$0] } ?? [] }
    case .patternProperties(let patterns):
      return each(object, spot, &outcome) { _, name in
        patterns.filter { $0.pattern.matches(name.string) }.map(\.schema)
      }
    case .additionalProperties(let rest, let known, let patterns):
      return each(object, spot, &outcome) { _, name in
        known.contains(name) || patterns.contains { $0.matches(name.string) } ? [] : [rest]
      }
    case .unevaluatedProperties(let rest):
      let evaluated = outcome.members
      return each(object, spot, &outcome) { place, _ in evaluated.contains(place) ? [] : [rest] }
    case .propertyNames(let names): return judge(object, names: names, spot)
    case .dependentSchemas(let dependents):
      var isKept = true
      for (name, dependent) in dependents where object[name] != nil {
        let answer = apply(dependent, spot)
        outcome.add(answer)
        isKept = answer.isValid && isKept
      }
      return isKept
    default: return true
    }
  }

  private mutating func require(
    _ names: [JSONText], _ object: JSONObject, _ rule: Rule, _ schema: CompiledSchema, _ spot: Spot
  ) -> Bool {
    var isKept = true
    for name in names where object[name] == nil {
      isKept = broken(rule, schema, spot.path.map { Path($0, name.string) }, "is missing")
    }
    return isKept
  }

  /// Judges the members that have schemas.
  private mutating func each(
    _ object: JSONObject, _ spot: Spot, _ outcome: inout Outcome, _ schemas: (Int, JSONText) -> [SchemaID]
  ) -> Bool {
    var isKept = true
    var number = spot.number + 1
    for (place, member) in object.members.enumerated() {
      defer { number += member.value.count }
      for schema in schemas(place, member.name) {
        if library.tracksEvaluation { outcome.members.insert(place) }
        if !apply(schema, child(spot, member.value, number, member.name.string)).isValid {
          isKept = false
          if spot.path == nil || isFull { return false }
        }
      }
    }
    return isKept
  }

  private mutating func judge(_ object: JSONObject, names schema: SchemaID, _ spot: Spot) -> Bool {
    var isKept = true
    var number = spot.number + 1
    for member in object.members {
      defer { number += member.value.count }
      let name = Spot(
        value: .string(member.name), number: -number, path: spot.path.map { Path($0, member.name.string) },
        scope: spot.scope)
      isKept = apply(schema, name).isValid && isKept
    }
    return isKept
  }
}
