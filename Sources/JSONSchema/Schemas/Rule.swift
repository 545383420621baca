/// One of the seven types of JSON Schema (Core §4.2.1, Validation §6.1.1).
enum SchemaType: String, Sendable, CaseIterable {
  case null, boolean, object, array, number, string, integer

  func takes(_ value: JSONValue) -> Bool {
    switch (self, value) {
    case (.null, .null), (.boolean, .bool), (.object, .object), (.array, .array), (.number, .number),
      (.string, .string):
      true
    case (.integer, .number(let number)): number.isInteger
    default: false
    }
  }
}

/// A schema by its number in the library.
public struct SchemaID: Hashable, Sendable {
  let number: Int
}

/// A schema, ready to be judged by.
struct CompiledSchema: Sendable {
  let place: SchemaPlace
  /// The schema resource that it is part of, by its number.
  let resource: Int
  /// In an order in which what looks at the others' results comes last.
  var rules: [Rule] = []
}

/// What a keyword demands.
struct Rule: Sendable {
  enum Demand: Sendable {
    /// The schema `false`.
    case nothing
    case type(Set<SchemaType>)
    case oneValue(Set<JSONValue>)
    case format(SchemaFormat)
    case pattern(ECMAPattern)
    case length(ClosedRange<Int>)
    case bound(DecimalNumber, isLower: Bool, isExclusive: Bool)
    case multiple(DecimalDivisor)
    case itemCount(ClosedRange<Int>)
    case uniqueItems
    case prefixItems([SchemaID])
    case items(SchemaID, from: Int)
    case contains(SchemaID, ClosedRange<Int>)
    case memberCount(ClosedRange<Int>)
    case required([JSONText])
    case dependentRequired([(name: JSONText, others: [JSONText])])
    case properties([JSONText: SchemaID])
    case patternProperties([(pattern: ECMAPattern, schema: SchemaID)])
    case additionalProperties(SchemaID, known: Set<JSONText>, patterns: [ECMAPattern])
    case propertyNames(SchemaID)
    case dependentSchemas([(name: JSONText, schema: SchemaID)])
    case reference(SchemaID)
    /// The schema of the outermost resource that has the anchor, by resource; the other where none has.
    case dynamicReference([Int: SchemaID], otherwise: SchemaID)
    case all([SchemaID])
    case any([SchemaID])
    case one([SchemaID])
    case not(SchemaID)
    case condition(SchemaID, then: SchemaID?, otherwise: SchemaID?)
    case unevaluatedItems(SchemaID)
    case unevaluatedProperties(SchemaID)
  }

  let keyword: String
  let demand: Demand

  /// Whether it is about what all other rules have not evaluated.
  var looksAtOthers: Bool {
    switch demand {
    case .unevaluatedItems, .unevaluatedProperties: true
    default: false
    }
  }
}
