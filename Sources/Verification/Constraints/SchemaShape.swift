import Contract
import JSONSchema

/// What the schema at a place says, `$ref` and `allOf` put together.
struct SchemaShape: Sendable {
  private static let maxDepth = 16

  /// The members that an object may have.
  private(set) var properties: [(name: String, place: SchemaPlace)] = []
  private(set) var required: [String] = []
  /// Of the members that have no name there, where they have a schema.
  private(set) var others: SchemaPlace?
  private(set) var prefixItems: [SchemaPlace] = []
  private(set) var items: SchemaPlace?
  /// The forms of each choice.
  private(set) var choices: [[SchemaPlace]] = []
  /// All that says something of the value itself, the forms of choices among them.
  private(set) var nodes: [JSONValue] = []

  /// - Throws: where a reference leads nowhere.
  init(_ place: SchemaPlace, in contract: Contract) throws {
    try add(place, contract, depth: 0)
    for form in choices.flatMap(\.self) { nodes.append(try contract.followed(form).node) }
  }

  /// The schema of a member.
  func place(of name: String) -> SchemaPlace? { properties.first { $0.name == name }?.place ?? others }

  /// The schema of an item.
  func place(ofItem number: Int) -> SchemaPlace? {
    prefixItems.indices.contains(number) ? prefixItems[number] : items
  }

  private mutating func add(_ place: SchemaPlace, _ contract: Contract, depth: Int) throws {
    guard depth < Self.maxDepth else { return }
    let node = try contract.node(at: place)
    nodes.append(node)
    if node["$ref"] != nil { try add(contract.target(of: place), contract, depth: depth + 1) }
    for member in node["properties"]?.object?.members ?? [] {
      let name = member.name.string
      properties.removeAll { $0.name == name }
      properties.append((name, place.appending("properties", name)))
    }
    required += (node["required"]?.items ?? []).compactMap(\.text)
    if node["additionalProperties"]?.object != nil { others = place.appending("additionalProperties") }
    if node["items"]?.object != nil { items = place.appending("items") }
    let firsts = node["prefixItems"]?.items ?? []
    if !firsts.isEmpty { prefixItems = firsts.indices.map { place.appending("prefixItems", String($0)) } }
    for keyword in ["oneOf", "anyOf"] {
      let forms = node[keyword]?.items ?? []
      if !forms.isEmpty { choices.append(forms.indices.map { place.appending(keyword, String($0)) }) }
    }
    for number in (node["allOf"]?.items ?? []).indices {
      try add(place.appending("allOf", String(number)), contract, depth: depth + 1)
    }
  }
}
