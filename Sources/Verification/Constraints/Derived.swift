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
    try sort(.array(JSONArray([valid])), nil)
    try sort(.null, nil)
    try sort(valid.with("surprise", .number(DecimalNumber(1))), nil)
    for name in shape.required { try sort(valid.with(name, nil), nil) }
    for (name, schema) in shape.properties {
      for value in Candidates.values(for: schema, near: valid[name]?.text) { try sort(valid.with(name, value), name) }
    }
  }
}
