/// Walks both documents and judges each `$ref`: dangling, leading only to itself, and, in the end, components that
/// nothing refers to.
struct ReferenceCheck {
  private let resolver: ReferenceResolver
  private var diagnostics: Diagnostics
  /// The components that each component refers to; "" stands for what is outside of components.
  private var edges: [String: Set<String>] = [:]
  private var components: [(id: String, node: Node)] = []
  /// Of each reference that was followed.
  private var chains: [SourceLocation: Chain] = [:]

  /// Where a reference leads that leads to another, and so on.
  private enum Chain {
    /// Behind so many references.
    case ends(after: Int)
    case leadsToItself
  }

  static func run(_ resolver: ReferenceResolver, profile: LintProfile, into diagnostics: inout Diagnostics) {
    var check = ReferenceCheck(resolver: resolver, diagnostics: diagnostics)
    if !profile.isOwn { check.diagnostics = Diagnostics() }
    for document in [resolver.openapi, resolver.events] { check.walk(document.root, isMap: false, owner: "") }
    guard profile.isOwn else {
      // Each costs only what needs it, and others may keep components for later.
      for found in check.diagnostics.all {
        diagnostics.report(Diagnostic(.warning, found.rule, at: found.location, found.message, context: found.context))
      }
      return
    }
    check.reportUnused()
    diagnostics = check.diagnostics
  }

  private init(resolver: ReferenceResolver, diagnostics: Diagnostics) {
    self.resolver = resolver
    self.diagnostics = diagnostics
  }

  /// Keys whose value maps names of the author's to objects: a `$ref` or `default` in there is such a name.
  private static let maps: Set<String> = [
    "properties", "schemas", "responses", "parameters", "requestBodies", "headers", "messages", "channels",
    "operations", "paths", "securitySchemes", "content", "replies", "servers", "patternProperties", "$defs", "examples",
  ]
  /// Keys whose value is data and not a part of the specification.
  private static let data: Set<String> = ["example", "default", "const", "enum", "value"]

  private mutating func walk(_ node: Node, isMap: Bool, owner: String) {
    var owner = owner
    if node.isMapping, let component = ReferenceResolver.component(node) {
      owner = id(node)
      // A security scheme is named by a requirement, not by a $ref.
      if component.section != "securitySchemes" { components.append((owner, node)) }
    }
    for item in node.items { walk(item, isMap: false, owner: owner) }
    if !isMap, let reference = node["$ref"] {
      judge(reference, in: node, owner: owner)
    }
    for entry in node.entries {
      if isMap {
        walk(entry.value, isMap: false, owner: owner)
      } else if Self.data.contains(entry.key) || entry.key.hasPrefix("x-") && entry.key != "x-socketio" {
        continue
      } else if entry.key == "examples", entry.value.isSequence {
        continue  // JSON Schema's and AsyncAPI's examples hold data.
      } else if entry.key == "mapping" {
        for target in entry.value.entries { follow(target.value, in: node, owner: owner) }
      } else {
        walk(entry.value, isMap: Self.maps.contains(entry.key), owner: owner)
      }
    }
  }

  private mutating func judge(_ reference: Node, in node: Node, owner: String) {
    guard let text = reference.string else {
      diagnostics.report(
        Diagnostic(
          .error, .invalidReference, at: reference.location, "a $ref is a string, not \(reference.kind)",
          context: node.pointer))
      return
    }
    switch resolver.lookUp(text, from: node) {
    case .failed where resolver.told.contains(reference.location): break
    case .failed(let failure): report(failure, of: text, at: reference.location, context: node.pointer)
    case .found(let target):
      edges[owner, default: []].insert(id(target))
      let isNew = chains[node.keyLocation] == nil
      switch follow(chainFrom: node) {
      case .leadsToItself:
        // All others on the way round have the same cause.
        guard isNew else { return }
        diagnostics.report(
          Diagnostic(
            .error, .referenceCycle, at: reference.location,
            "the $ref '\(resolver.writtenText(reference))' leads only to itself",
            context: node.pointer))
      case .ends(after: ReferenceResolver.chainLimit + 1):
        diagnostics.report(
          Diagnostic(
            .error, .compilerLimit, at: reference.location,
            "more than \(ReferenceResolver.chainLimit) $refs lead from one to the next; refer to the last",
            context: node.pointer))
      case .ends: break
      }
    }
  }

  /// A discriminator's mapping names a schema by reference or by name.
  private mutating func follow(_ target: Node, in node: Node, owner: String) {
    guard let text = target.string else { return }
    let reference = text.contains("#") ? text : "#/components/schemas/\(text)"
    switch resolver.lookUp(reference, from: node) {
    case .failed where resolver.told.contains(target.location): break
    case .failed(let failure): report(failure, of: text, at: target.location, context: target.pointer)
    case .found(let node): edges[owner, default: []].insert(id(node))
    }
  }

  private mutating func report(
    _ failure: ReferenceResolver.Failure, of text: String, at place: SourceLocation, context: String
  ) {
    var suggestion: Suggestion?
    if let end = failure.end {
      let names = end.node.entries.lazy.map(\.key)
      suggestion = diagnostics.suggestion(for: end.token, among: names).map { closest in
        let tokens = end.before + [closest.replacement] + end.after
        let pointer = tokens.map { "/" + JSONPointer.escape($0) }.joined()
        // A mapping's value can be a name alone.
        let file = text.split(separator: "#", maxSplits: 1, omittingEmptySubsequences: false)[0]
        return Suggestion(
          written: text, replacement: text.contains("#") ? "\(file)#\(pointer)" : closest.replacement)
      }
    }
    diagnostics.report(
      Diagnostic(.error, failure.rule, at: place, failure.message, context: context, suggestion: suggestion))
  }

  private mutating func follow(chainFrom start: Node) -> Chain {
    var followed: [SourceLocation] = []
    var isFollowed: Set<SourceLocation> = []
    var end = Chain.ends(after: 0)
    var node = start
    while let reference = node["$ref"]?.string {
      if let known = chains[node.keyLocation] {
        end = known
        break
      }
      guard isFollowed.insert(node.keyLocation).inserted else {
        end = .leadsToItself
        break
      }
      followed.append(node.keyLocation)
      guard case .found(let target) = resolver.lookUp(reference, from: node) else { break }
      node = target
    }
    for location in followed.reversed() {
      if case .ends(let count) = end { end = .ends(after: count + 1) }
      chains[location] = end
    }
    return chains[start.keyLocation] ?? end
  }

  /// A name for the component that a node is or belongs to, over both files.
  private func id(_ node: Node) -> String {
    let keys = node.path.keys
    guard keys.first == "components", keys.count >= 3 else { return "" }
    return "\(node.path.document)#\(keys[1])/\(keys[2])"
  }

  private mutating func reportUnused() {
    var reached: Set<String> = [""]
    var pending = [""]
    while let owner = pending.popLast() {
      for target in edges[owner] ?? [] where reached.insert(target).inserted { pending.append(target) }
    }
    for (id, node) in components where !reached.contains(id) {
      let name = ReferenceResolver.component(node)?.name ?? ""
      diagnostics.report(
        Diagnostic(
          .warning, .unusedComponent, at: node.keyLocation, "nothing refers to the component '\(name)'",
          context: node.pointer))
    }
  }
}
