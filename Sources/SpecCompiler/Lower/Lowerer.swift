/// Checks both documents and turns them into a `ProtocolModel`. It goes on after an error, so that a run reports
/// everything; what could not be lowered is left out of the model, which is then not used.
///
/// The order matters: types first, since parameters, bodies and payloads are judged by them; REST before events, since
/// an event can be another door to an operation.
struct Lowerer {
  let resolver: ReferenceResolver
  let profile: LintProfile
  var diagnostics: Diagnostics

  /// Schemas that have a name: the components of both files in order, then those that got one from their place.
  var schemas: [(name: String, node: Node)] = []
  /// The names of component schemas' types, by their keys.
  var schemaTypeNames: [String: String] = [:]
  var typeNames = TypeNames()
  /// What the types of an operation are called by: its path and method.
  var operationNames: [String: String] = [:]
  /// Choices of which the branches are not all known.
  var pendingChoices: [(declaration: TypeDeclaration, node: Node)] = []
  var pendingNames: Set<String> = []
  /// Set when all components have been lowered.
  var areTypesKnown = false
  /// Schemas within others that are being lowered for who refers to them.
  var targets: Set<SourceLocation> = []
  /// Whether schemas are objects by their allOf; nil while it is being found out.
  var objects: [SourceLocation: Bool?] = [:]
  /// How many of these are being found out for each other.
  var objectDepth = 0
  var rules = RuleBook()
  /// Operations of others that are not served.
  var leftOutCount = 0
  /// The same of events.
  var leftOutEventCount = 0
  /// The schemas by name.
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
  /// How many errors there were, of which the house rules are none; see Doubts.swift.
  var doubts = 0
  /// Schemas and operations that had some, by name.
  var doubtfulSchemas: Set<String> = []
  var doubtfulOperations: Set<String> = []
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
    areTypesKnown = true
    if profile.isOwn {
      lowerOpenAPI(resolver.openapi.root)
      lowerAsyncAPI(resolver.events.root)
    } else {
      // Either document may be the only one.
      if !resolver.openapi.source.path.isEmpty { lowerForeign(resolver.openapi.root) }
      if !resolver.events.source.path.isEmpty { lowerForeignEvents(resolver.events.root) }
    }
    finishTypes()
    checkDirections()
    checkOwnViews()
    model.policies = policies.map(\.policy)
    return model
  }

  // MARK: - Reporting

  // A file that says one kind of thing gives its rule once, at its end.

  mutating func error(_ node: Node, _ message: String, _ rule: Rule, suggestion: Suggestion? = nil) {
    if !rule.isHouseRule { doubts += 1 }
    diagnostics.report(
      Diagnostic(.error, rule, at: node.location, message, context: node.pointer, suggestion: suggestion))
  }

  /// At the key that leads to the node: where something is missing.
  mutating func errorAtKey(_ node: Node, _ message: String, _ rule: Rule, suggestion: Suggestion? = nil) {
    if !rule.isHouseRule { doubts += 1 }
    diagnostics.report(
      Diagnostic(.error, rule, at: node.keyLocation, message, context: node.pointer, suggestion: suggestion))
  }

  /// Something of others' specs that is not kept.
  mutating func warning(_ node: Node, _ message: String) {
    diagnostics.report(Diagnostic(.warning, .leftOut, at: node.location, message, context: node.pointer))
  }

  mutating func note(_ node: Node, _ message: String) {
    diagnostics.note(at: node.keyLocation, message)
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
      error(value, "'\(key)' is a string, not \(value.kind)", .wrongType)
      return nil
    }
    return text
  }

  mutating func boolean(_ key: String, of node: Node) -> Bool? {
    guard let value = node[key] else { return nil }
    guard let flag = value.boolean else {
      error(value, "'\(key)' is true or false, not \(value.kind)", .wrongType)
      return nil
    }
    return flag
  }

  /// A count: an integer from 0.
  mutating func count(_ key: String, of node: Node) -> Int? {
    guard let value = node[key] else { return nil }
    guard let number = value.integer, number >= 0 else {
      error(value, "'\(key)' is an integer from 0", .wrongType)
      return nil
    }
    return number
  }

  mutating func entries(_ key: String, of node: Node) -> [Node.Entry] {
    guard let value = node[key] else { return [] }
    if !value.isMapping { error(value, "'\(key)' is a mapping, not \(value.kind)", .wrongType) }
    return value.entries
  }

  mutating func items(_ key: String, of node: Node) -> [Node] {
    guard let value = node[key] else { return [] }
    if !value.isSequence { error(value, "'\(key)' is a list, not \(value.kind)", .wrongType) }
    return value.items
  }

  /// A list of strings without repetitions.
  mutating func strings(_ key: String, of node: Node) -> [(text: String, node: Node)] {
    var result: [(text: String, node: Node)] = []
    var known: Set<String> = []
    for item in items(key, of: node) {
      guard let text = item.string else {
        error(item, "'\(key)' is a list of strings, not of \(item.kind)", .wrongType)
        continue
      }
      if known.insert(text).inserted {
        result.append((text, item))
      } else {
        error(item, "'\(text)' is in '\(key)' twice", .repeatedItem)
      }
    }
    return result
  }

  /// What a node is or refers to; nil if the reference is broken, which has been reported.
  mutating func dereference(_ node: Node) -> Node? {
    guard node["$ref"] != nil else { return node }
    check(node, .reference)
    guard let target = resolver.resolve(node) else {
      doubts += 1
      return nil
    }
    return target
  }

  // MARK: - House rules

  mutating func lintDescription(_ node: Node, of what: String, _ texts: String?...) {
    guard profile.descriptions, !texts.contains(where: { $0?.isEmpty == false }) else { return }
    // What is no object has no place for one, and what a reference leads to is asked where it is.
    guard node.isMapping, node["$ref"] == nil else { return }
    errorAtKey(node, "\(what) needs a description", .missingDescription)
  }
}
