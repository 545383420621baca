import Contract
import JSONSchema

/// The members that an object may have, with their schemas: `$ref` and `allOf` put together.
struct SchemaShape: Sendable {
  private static let maxDepth = 16

  private(set) var properties: [(name: String, schema: JSONValue)] = []
  private(set) var required: [String] = []

  /// - Throws: where a reference leads nowhere.
  init(_ place: SchemaPlace, in contract: Contract) throws {
    try add(place, contract, depth: 0)
  }

  private mutating func add(_ place: SchemaPlace, _ contract: Contract, depth: Int) throws {
    guard depth < Self.maxDepth else { return }
    let node = try contract.node(at: place)
    if node["$ref"] != nil { try add(contract.target(of: place), contract, depth: depth + 1) }
    for member in node["properties"]?.object?.members ?? [] {
      let name = member.name.string
      let schema = try contract.followed(place.appending("properties", name)).node
      properties.removeAll { $0.name == name }
      properties.append((name, schema))
    }
    required += (node["required"]?.items ?? []).compactMap(\.text)
    for number in (node["allOf"]?.items ?? []).indices {
      try add(place.appending("allOf", String(number)), contract, depth: depth + 1)
    }
  }
}
