import Contract
import JSONSchema

/// Where a schema says something of a part of a value.
struct Site: Sendable {
  /// The form of the innermost choice that the site is in, or the whole.
  struct Frame: Sendable {
    let place: SchemaPlace
    let path: [String]
  }

  let place: SchemaPlace
  /// Names of members and numbers of items.
  let path: [String]
  /// The whole value, which keeps all; there is something at the site wherever that is known how.
  let base: JSONValue
  let frame: Frame

  var pointer: JSONPointer { JSONPointer(tokens: path) }

  var name: String { path.isEmpty ? "the whole" : pointer.description }

  var value: JSONValue? { base.at(pointer) }
}

/// All sites of a value: its own, those of members and of the first item of each list, and of the forms that they have.
struct Sites {
  /// Of objects and lists in each other; and of sites, however much a schema has.
  private static let maxDepth = 8
  private static let maxCount = 500

  private(set) var found: [Site] = []
  private var contract: Contract
  private var samples: Samples
  /// The schemas that the site at hand is in: none is entered again in itself.
  private var entered: Set<SchemaPlace> = []

  init(_ contract: Contract) throws {
    self.contract = contract
    samples = Samples(contract)
  }

  mutating func keeps(_ value: JSONValue, _ place: SchemaPlace) throws -> Bool {
    try contract.findings(in: value, by: place).isEmpty
  }

  /// - Throws: where a schema can't be understood.
  mutating func visit(_ site: Site) throws {
    let target = try contract.followed(site.place).place
    guard site.path.count <= Self.maxDepth, found.count < Self.maxCount, entered.insert(target).inserted else { return }
    defer { entered.remove(target) }
    found.append(site)
    let shape = try SchemaShape(site.place, in: contract)
    try visitMembers(of: site, shape)
    try visitItems(of: site, shape)
    guard let value = site.value else { return }
    for forms in shape.choices {
      guard let form = try forms.first(where: { try keeps(value, $0) }) else { continue }
      let frame = Site.Frame(place: form, path: site.path)
      try visit(Site(place: form, path: site.path, base: site.base, frame: frame))
    }
  }

  private mutating func visitMembers(of site: Site, _ shape: SchemaShape) throws {
    guard let object = site.value?.object else { return }
    let unnamed = object.members.map(\.name.string).filter { name in !shape.properties.contains { $0.name == name } }
    for name in shape.properties.map(\.name) + unnamed {
      guard let place = shape.place(of: name) else { continue }
      let path = site.path + [name]
      let sample = object[name] == nil ? try samples.value(place) : nil
      try visit(Site(place: place, path: path, base: try base(of: site, with: sample, at: path), frame: site.frame))
    }
  }

  private mutating func visitItems(of site: Site, _ shape: SchemaShape) throws {
    guard let items = site.value?.items else { return }
    let last = shape.prefixItems.count
    for number in 0...last {
      guard let place = shape.place(ofItem: number) else { continue }
      var base = site.base
      if number >= items.count {
        guard let item = try samples.value(place, number: number) else { continue }
        base = try self.base(of: site, with: .array(JSONArray(items + [item])), at: site.path)
        guard base != site.base else { continue }
      }
      try visit(Site(place: place, path: site.path + [String(number)], base: base, frame: site.frame))
    }
  }

  /// The whole with a sample in it, if it keeps all then.
  private mutating func base(of site: Site, with sample: JSONValue?, at path: [String]) throws -> JSONValue {
    guard let sample else { return site.base }
    let changed = site.base.replacing(path[...], with: sample)
    guard let whole = found.first, try keeps(changed, whole.place) else { return site.base }
    return changed
  }
}
