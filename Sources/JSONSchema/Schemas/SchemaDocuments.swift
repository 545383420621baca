/// The documents that schemas are in, and what in them has a name of its own.
struct SchemaDocuments: Sendable {
  /// Levels of a schema in a schema that are looked through for names.
  private static let maxNesting = 256

  static let single: Set = [
    "items", "contains", "additionalProperties", "propertyNames", "not", "if", "then", "else", "unevaluatedItems",
    "unevaluatedProperties", "contentSchema",
  ]
  static let lists: Set = ["allOf", "anyOf", "oneOf", "prefixItems"]
  static let maps: Set = ["properties", "patternProperties", "dependentSchemas", "$defs", "definitions"]

  static let keywords = single.union(lists).union(maps)

  private var documents: [String: JSONValue] = [:]
  /// The base of a schema with `$id`, and of everything below it.
  private var bases: [SchemaPlace: URIReference] = [:]
  private var resources: [String: SchemaPlace] = [:]
  private var anchors: [String: SchemaPlace] = [:]
  /// By their names, with the resource of each.
  private(set) var dynamicAnchors: [String: [(resource: String, place: SchemaPlace)]] = [:]

  mutating func add(_ document: JSONValue, as name: String) {
    documents[name] = document
    resources[name] = SchemaPlace(document: name)
  }

  /// Finds the names in a schema and in all that are in it.
  mutating func index(_ place: SchemaPlace, nesting: Int = 0) throws(SchemaError) {
    guard let object = value(at: place)?.object else { return }
    guard nesting < Self.maxNesting else {
      throw SchemaError(place, "more than \(Self.maxNesting) schemas in each other")
    }
    if let id = object["$id"]?.text {
      let uri = URIReference(id).resolved(against: base(of: place)).withoutFragment
      bases[place] = uri
      resources[uri.description] = place
    }
    let base = base(of: place).description
    if let anchor = object["$anchor"]?.text { anchors["\(base)#\(anchor)"] = place }
    if let anchor = object["$dynamicAnchor"]?.text {
      anchors["\(base)#\(anchor)"] = place
      dynamicAnchors[anchor, default: []].append((base, place))
    }
    for member in object.members {
      let name = member.name.string
      if Self.single.contains(name) {
        try index(place.appending(name), nesting: nesting + 1)
      } else if Self.lists.contains(name) {
        for number in (member.value.items ?? []).indices {
          try index(place.appending(name, String(number)), nesting: nesting + 1)
        }
      } else if Self.maps.contains(name) {
        for each in member.value.object?.members ?? [] {
          try index(place.appending(name, each.name.string), nesting: nesting + 1)
        }
      }
    }
  }

  func value(at place: SchemaPlace) -> JSONValue? { documents[place.document]?.at(place.pointer) }

  /// What references at a place are relative to (JSON Schema Core §8.2.1).
  func base(of place: SchemaPlace) -> URIReference {
    var tokens = place.pointer.tokens
    while true {
      if let base = bases[SchemaPlace(document: place.document, pointer: JSONPointer(tokens: tokens))] { return base }
      if tokens.popLast() == nil { return URIReference(place.document) }
    }
  }

  /// Where a reference leads that stands at a place.
  func resolve(_ reference: String, at place: SchemaPlace) throws(SchemaError) -> SchemaPlace {
    let uri = URIReference(reference).resolved(against: base(of: place))
    let name = uri.withoutFragment.description
    guard let fragment = uri.decodedFragment else { throw SchemaError(place, "\(reference) is no URI reference") }
    guard let resource = resources[name] else { throw SchemaError(place, "\(reference): there is no document \(name)") }
    if fragment.isEmpty { return resource }
    guard fragment.hasPrefix("/") else {
      guard let anchor = anchors["\(name)#\(fragment)"] else {
        throw SchemaError(place, "\(reference): there is no such anchor")
      }
      return anchor
    }
    guard let pointer = JSONPointer(fragment) else { throw SchemaError(place, "\(reference) has no JSON Pointer") }
    let target = SchemaPlace(
      document: resource.document, pointer: JSONPointer(tokens: resource.pointer.tokens + pointer.tokens))
    guard value(at: target) != nil else { throw SchemaError(place, "\(reference) leads to nothing") }
    return target
  }
}
