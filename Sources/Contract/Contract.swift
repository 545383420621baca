import JSONSchema

/// What openapi.json and events.json promise together: which answers an operation may give, which acknowledgements and
/// events go over Socket.IO. It is read from the published documents alone.
public struct Contract: Sendable {
  static let openapiName = "openapi.json"
  static let eventsName = "events.json"

  public let openapi: JSONValue
  public let events: JSONValue
  public internal(set) var operations: [Operation] = []
  public internal(set) var received: [String: Event] = [:]
  public internal(set) var told: [String: Event] = [:]
  /// Status and title by code.
  public internal(set) var problems: [String: (status: Int, title: String)] = [:]
  /// Of what a refused connection is told, and so of every problem.
  var problem: SchemaID?
  var library = SchemaLibrary()

  /// - Parameters:
  ///   - openapi: the document in JSON.
  ///   - events: that of the events, which refers to the other as `./openapi.json`.
  /// - Throws: `ContractError` for what can't be read, with the place.
  public init(openapi: some Sequence<UInt8>, events: some Sequence<UInt8>) throws(ContractError) {
    self.openapi = try Self.parse(openapi, Self.openapiName)
    self.events = try Self.parse(events, Self.eventsName)
    do throws(SchemaError) {
      try library.add(self.openapi, as: Self.openapiName, schemas: Self.schemas(in: self.openapi))
      try library.add(self.events, as: Self.eventsName, schemas: Self.schemas(in: self.events))
      readProblems()
      try readOperations()
      try readEvents()
    } catch {
      throw ContractError(error.description)
    }
  }

  private static func parse(_ bytes: some Sequence<UInt8>, _ name: String) throws(ContractError) -> JSONValue {
    do throws(JSONSyntaxError) {
      return try JSONValue(parsing: bytes)
    } catch {
      throw ContractError("\(name): \(error)")
    }
  }

  private static func schemas(in document: JSONValue) -> [JSONPointer] {
    (document["components"]?["schemas"]?.object?.members ?? []).map {
      JSONPointer(tokens: ["components", "schemas", $0.name.string])
    }
  }

  private mutating func readProblems() {
    for member in openapi["x-problems"]?.object?.members ?? [] {
      if let status = member.value["status"]?.integer, let title = member.value["title"]?.text {
        problems[member.name.string] = (status, title)
      }
    }
  }

  /// What is wrong with a value, by the schema at a place of the documents.
  ///
  /// - Throws: where there is no schema that can be understood.
  public mutating func findings(in value: JSONValue, by place: SchemaPlace) throws(SchemaError) -> [Finding] {
    let schema = try library.schema(at: place)
    return library.findings(in: value, by: schema)
  }

  /// The node at a place of the documents.
  public func node(at place: SchemaPlace) throws(SchemaError) -> JSONValue { try library.node(at: place) }

  /// Where the `$ref` of a node leads; the place itself where it has none.
  public func target(of place: SchemaPlace) throws(SchemaError) -> SchemaPlace {
    guard let reference = try library.node(at: place)["$ref"]?.text else { return place }
    return try library.target(of: reference, at: place)
  }

  /// The node at a place, or what its `$ref` leads to.
  public func followed(_ place: SchemaPlace) throws(SchemaError) -> (node: JSONValue, place: SchemaPlace) {
    var place = place
    // References that go round have no end.
    for _ in 0..<32 {
      let node = try library.node(at: place)
      guard let reference = node["$ref"]?.text else { return (node, place) }
      place = try library.target(of: reference, at: place)
    }
    throw SchemaError(place, "is a reference to a reference without an end")
  }
}
