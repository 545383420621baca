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
    var sites = try Sites(contract)
    guard try sites.keeps(valid, place) else { throw ClientError("its example breaks its schema") }
    let whole = Site.Frame(place: place, path: [])
    try sites.visit(Site(place: place, path: [], base: valid, frame: whole))
    bounds.append(("the example", valid))
    var contract = contract
    var met: Set<String> = []
    var sent: Set<JSONValue> = [valid]
    for site in sites.found {
      for value in try Self.values(at: site, in: contract) {
        let findings = try contract.findings(in: value, by: place)
        if findings.isEmpty {
          if sent.insert(value).inserted { bounds.append((site.name, value)) }
        } else if findings.count == 1, let one = try Self.finding(in: value, at: site, of: findings, &contract) {
          let pointer = JSONPointer(tokens: site.frame.path + one.pointer.tokens).description
          guard met.insert("\(pointer) \(one.keyword)").inserted else { continue }
          broken.append(Broken(value: value, pointer: pointer, keyword: one.keyword))
        }
      }
    }
  }

  /// What is wrong where a choice of forms is only known to be broken: what the form that was meant says.
  private static func finding(
    in value: JSONValue, at site: Site, of findings: [Finding], _ contract: inout Contract
  ) throws -> Finding? {
    guard !site.frame.path.isEmpty else { return findings.first }
    guard let part = value.at(JSONPointer(tokens: site.frame.path)) else { return nil }
    let inner = try contract.findings(in: part, by: site.frame.place)
    return inner.count == 1 ? inner.first : nil
  }

  /// The whole with other values at one site, or with more or fewer members there.
  private static func values(at site: Site, in contract: Contract) throws -> [JSONValue] {
    let shape = try SchemaShape(site.place, in: contract)
    let value = site.value
    var samples = Samples(contract)
    var values = Candidates.values(for: shape.nodes, near: value?.text)
    if shape.items != nil || !shape.prefixItems.isEmpty {
      values += try Candidates.lists(for: shape.nodes) { number in
        try shape.place(ofItem: number).flatMap { try samples.value($0, number: number) }
      }
    }
    if let value, value.object != nil {
      values += shape.required.map { value.with($0, nil) } + [value.with("surprise", .number(DecimalNumber(1)))]
      var more: [(name: String, value: JSONValue)] = []
      for (name, place) in shape.properties where value[name] == nil {
        if let sample = try samples.value(place) { more.append((name, sample)) }
      }
      let other = try shape.others.flatMap { try samples.value($0) } ?? .number(DecimalNumber(1))
      values += Candidates.objects(for: shape.nodes, near: value, required: shape.required, more: more, other: other)
    }
    return values.map { site.base.replacing(site.path[...], with: $0) }
  }
}
