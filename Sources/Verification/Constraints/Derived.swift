import Contract
import JSONSchema

/// Values that are derived from a schema and a value that keeps it: each breaks one constraint, or lies at a bound.
struct Derived: Sendable {
  struct Broken: Sendable {
    let value: JSONValue
    /// What the judge finds in it: nothing else is wrong.
    let pointer: String
    let keyword: String
  }

  private(set) var broken: [Broken] = []
  /// With what each is about.
  private(set) var bounds: [(what: String, value: JSONValue)] = []

  /// Those of each form that a value may have, as far as there is an example of it.
  ///
  /// - Throws: where the schema can't be understood, or no example keeps it.
  static func ofEachForm(_ place: SchemaPlace, examples: [JSONValue], in contract: Contract) throws -> [Derived] {
    var found: [Derived] = []
    var met: Set<String> = []
    for example in examples {
      guard let form = try form(of: example, at: place, contract), met.insert("\(form)").inserted else { continue }
      found.append(try Derived(form, valid: example, in: contract))
    }
    if found.isEmpty { throw ClientError("no example keeps the schema") }
    return found
  }

  /// The branch of a choice that a value keeps; the schema itself where it is no choice.
  private static func form(of value: JSONValue, at place: SchemaPlace, _ contract: Contract) throws -> SchemaPlace? {
    var contract = contract
    let (node, place) = try contract.followed(place)
    for keyword in ["oneOf", "anyOf"] {
      guard let branches = node[keyword]?.items else { continue }
      for number in branches.indices {
        let branch = place.appending(keyword, String(number))
        if try contract.findings(in: value, by: branch).isEmpty { return branch }
      }
      return nil
    }
    return place
  }

  /// - Throws: where the schema can't be understood, or `valid` breaks it.
  init(_ place: SchemaPlace, valid: JSONValue, in contract: Contract) throws {
    var contract = contract
    guard try contract.findings(in: valid, by: place).isEmpty else {
      throw ClientError("its example breaks its schema")
    }
    let shape = try SchemaShape(place, in: contract)
    var met: Set<String> = []
    func sort(_ value: JSONValue, _ what: String?) throws {
      let findings = try contract.findings(in: value, by: place)
      if let one = findings.first, findings.count == 1 {
        guard met.insert("\(one.pointer) \(one.keyword)").inserted else { return }
        broken.append(Broken(value: value, pointer: one.pointer.description, keyword: one.keyword))
      } else if findings.isEmpty, let what, value != valid {
        bounds.append((what, value))
      }
    }
    bounds.append(("the example", valid))
    try sort(.array(JSONArray([valid])), nil)
    try sort(.null, nil)
    try sort(valid.with("surprise", .number(DecimalNumber(1))), nil)
    for name in shape.required { try sort(valid.with(name, nil), nil) }
    for (name, schema) in shape.properties {
      for value in Candidates.values(for: schema, near: valid[name]?.text) { try sort(valid.with(name, value), name) }
    }
  }
}
