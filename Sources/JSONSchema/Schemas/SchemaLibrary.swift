/// Schemas of JSON Schema 2020-12 over several documents that refer to each other, and the judge of values by them.
///
/// It walks the documents as they are published and shares nothing with what is generated from them, so that the two can
/// disagree. OpenAPI's `nullable` (3.0) is followed, `discriminator` is an annotation; formats are asserted, those that
/// nobody here knows are annotations.
public struct SchemaLibrary: Sendable {
  var documents = SchemaDocuments()
  private(set) var schemas: [CompiledSchema] = []
  private var known: [SchemaPlace: SchemaID] = [:]
  private var pending: [SchemaPlace] = []
  private var resources: [String: Int] = [:]
  /// Whether any schema looks at what others have evaluated; what that costs is not paid otherwise.
  private(set) var tracksEvaluation = false

  public init() {}

  /// Adds a document, before the schemas that refer to it are asked for.
  ///
  /// - Parameter name: its URI, against which references in it are resolved.
  /// - Parameter schemas: where it has schemas; `$id`, `$anchor` and `$dynamicAnchor` are found in them.
  /// - Throws: where schemas are nested too deep.
  public mutating func add(
    _ document: JSONValue, as name: String, schemas: [JSONPointer] = [JSONPointer()]
  ) throws(SchemaError) {
    documents.add(document, as: name)
    for pointer in schemas { try documents.index(SchemaPlace(document: name, pointer: pointer)) }
  }

  /// The schema at a place, with all that it refers to.
  ///
  /// - Throws: for a schema that can't be understood, and for a reference that leads nowhere.
  public mutating func schema(at place: SchemaPlace) throws(SchemaError) -> SchemaID {
    let count = schemas.count
    do throws(SchemaError) {
      let id = try number(place)
      while let next = pending.popLast() { try compile(next) }
      return id
    } catch {
      // Half of a schema is none, and takes everything.
      schemas.removeLast(schemas.count - count)
      known = known.filter { $0.value.number < count }
      pending = []
      throw error
    }
  }

  /// The value at a place of the documents.
  ///
  /// - Throws: where there is none.
  public func node(at place: SchemaPlace) throws(SchemaError) -> JSONValue {
    guard let value = documents.value(at: place) else { throw SchemaError(place, "there is nothing") }
    return value
  }

  /// Where a `$ref` leads that stands at a place, which need not be a schema.
  public func target(of reference: String, at place: SchemaPlace) throws(SchemaError) -> SchemaPlace {
    try documents.resolve(reference, at: place)
  }

  mutating func number(_ place: SchemaPlace) throws(SchemaError) -> SchemaID {
    if let id = known[place] { return id }
    guard documents.value(at: place) != nil else { throw SchemaError(place, "there is nothing") }
    let id = SchemaID(number: schemas.count)
    known[place] = id
    schemas.append(CompiledSchema(place: place, resource: resource(documents.base(of: place).description)))
    pending.append(place)
    return id
  }

  mutating func resource(_ uri: String) -> Int {
    if let number = resources[uri] { return number }
    resources[uri] = resources.count
    return resources.count - 1
  }

  private mutating func compile(_ place: SchemaPlace) throws(SchemaError) {
    guard let value = documents.value(at: place), let id = known[place] else { return }
    switch value {
    case .bool(true): break
    case .bool(false):
      let keyword = place.pointer.tokens.last { SchemaDocuments.keywords.contains($0) } ?? "false"
      schemas[id.number].rules = [Rule(keyword: keyword, demand: .nothing)]
    case .object(let object):
      var compiler = SchemaCompiler(place: place, object: object)
      try compiler.compile(&self)
      schemas[id.number].rules = compiler.rules
      if compiler.looksAtOthers { tracksEvaluation = true }
    default: throw SchemaError(place, "is neither an object nor a boolean")
    }
  }
}
