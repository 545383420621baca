/// Checks both documents and turns them into a `ProtocolModel`. It goes on after an error, so that a run reports
/// everything; what could not be lowered is left out of the model, which is then not used.
///
/// The order matters: types first, since parameters, bodies and payloads are judged by them; REST before events, since
/// an event can be another door to an operation.
struct Lowerer {
  let resolver: ReferenceResolver
  let profile: LintProfile
  var diagnostics: Diagnostics

  /// Component schemas of both files in order.
  var schemas: [(name: String, node: Node)] = []
  /// The same by name.
  var schemaNodes: [String: Node] = [:]
  /// The same by the name in Swift.
  var schemaTypes: [String: (name: String, node: Node)] = [:]
  /// Those that another one's `allOf` refers to.
  var allOfBases: Set<String> = []
  /// Lowered declarations by name; a schema with errors has none.
  var declarations: [String: TypeDeclaration] = [:]
  /// Objects whose parts are being collected, to find an `allOf` that contains itself.
  var merging: Set<SourceLocation> = []
  /// What was collected, nil for an object with errors.
  var collected: [SourceLocation: ObjectParts?] = [:]
  /// How many properties all objects have, with those that `allOf` brings, and may have.
  var propertyCount = 0
  let propertyLimit: Int
  var patterns = PatternLibrary()
  var problems: [String: ProblemKind] = [:]
  /// Of all operations, also those that could not be lowered.
  var operationIDs: Set<String> = []
  var policies: [(policy: AccessPolicy, node: Node)] = []
  /// Where each is, and which has a name in Swift.
  var policyPlaces: [String: Int] = [:]
  var policyNames: [String: String] = [:]
  let declaredTags: Set<String>
  /// What has streams, by its name in Swift.
  var streamOwners: [String: String] = [:]
  var model = ProtocolModel()

  init(
    resolver: ReferenceResolver, profile: LintProfile, diagnostics: Diagnostics, propertyLimit: Int = 200_000
  ) {
    self.propertyLimit = propertyLimit
    self.resolver = resolver
    declaredTags = Set(resolver.openapi.root["tags"]?.items.compactMap { $0["name"]?.string } ?? [])
    self.profile = profile
    self.diagnostics = diagnostics
  }

  mutating func lower() -> ProtocolModel {
    collectSchemas()
    lowerTypes()
    lowerOpenAPI(resolver.openapi.root)
    lowerAsyncAPI(resolver.events.root)
    checkDirections()
    checkOwnViews()
    model.policies = policies.map(\.policy)
    return model
  }

  // MARK: - Reporting

  mutating func error(_ node: Node, _ message: String) {
    diagnostics.report(Diagnostic(.error, at: node.location, message, context: node.pointer))
  }

  /// At the key that leads to the node: where something is missing.
  mutating func errorAtKey(_ node: Node, _ message: String) {
    diagnostics.report(Diagnostic(.error, at: node.keyLocation, message, context: node.pointer))
  }

  mutating func note(_ node: Node, _ message: String) {
    diagnostics.report(Diagnostic(.note, at: node.keyLocation, message))
  }

  // MARK: - Reading

  /// Whether the node is a mapping; says so if not, and judges its keys.
  @discardableResult
  mutating func check(_ node: Node, _ kind: ObjectKind) -> Bool {
    kind.judge(node, into: &diagnostics)
  }

  /// The string under a key, nil if there is none; another type is an error.
  mutating func string(_ key: String, of node: Node) -> String? {
    guard let value = node[key] else { return nil }
    guard let text = value.string else {
      error(value, "'\(key)' is a string, not \(value.kind)")
      return nil
    }
    return text
  }

  mutating func boolean(_ key: String, of node: Node) -> Bool? {
    guard let value = node[key] else { return nil }
    guard let flag = value.boolean else {
      error(value, "'\(key)' is true or false, not \(value.kind)")
      return nil
    }
    return flag
  }

  /// A count: an integer from 0.
  mutating func count(_ key: String, of node: Node) -> Int? {
    guard let value = node[key] else { return nil }
    guard let number = value.integer, number >= 0 else {
      error(value, "'\(key)' is an integer from 0")
      return nil
    }
    return number
  }

  mutating func entries(_ key: String, of node: Node) -> [Node.Entry] {
    guard let value = node[key] else { return [] }
    if !value.isMapping { error(value, "'\(key)' is a mapping, not \(value.kind)") }
    return value.entries
  }

  mutating func items(_ key: String, of node: Node) -> [Node] {
    guard let value = node[key] else { return [] }
    if !value.isSequence { error(value, "'\(key)' is a list, not \(value.kind)") }
    return value.items
  }

  /// A list of strings without repetitions.
  mutating func strings(_ key: String, of node: Node) -> [(text: String, node: Node)] {
    var result: [(text: String, node: Node)] = []
    var known: Set<String> = []
    for item in items(key, of: node) {
      guard let text = item.string else {
        error(item, "'\(key)' is a list of strings, not of \(item.kind)")
        continue
      }
      if known.insert(text).inserted {
        result.append((text, item))
      } else {
        error(item, "'\(text)' is in '\(key)' twice")
      }
    }
    return result
  }

  /// What a node is or refers to; nil if the reference is broken, which has been reported.
  mutating func dereference(_ node: Node) -> Node? {
    guard node["$ref"] != nil else { return node }
    check(node, .reference)
    return resolver.resolve(node)
  }

  // MARK: - House rules

  mutating func lintDescription(_ node: Node, of what: String, _ texts: String?...) {
    guard profile.descriptions, !texts.contains(where: { $0?.isEmpty == false }) else { return }
    errorAtKey(node, "\(what) needs a description")
  }
}
