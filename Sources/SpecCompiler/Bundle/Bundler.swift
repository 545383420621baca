/// Puts the files of a folder together to two documents that need no other file. Nodes keep the place that they are
/// written at, so that all later stages tell it.
///
/// A `$ref` into another file makes a component of what is there, if its kind can be one; else it is replaced by it. A
/// schema that both documents lead to is a component of the OpenAPI document.
struct Bundler {
  let folder: SpecFolder
  var diagnostics: Diagnostics
  /// The root whose document is being made.
  private(set) var root: ReferenceResolver.Document
  var names = ComponentNames()
  /// Of the OpenAPI document, while events are bundled.
  private(set) var openapiNames: ComponentNames?
  /// What `$ref`s lead to in other files than the roots, by the way to it.
  var reached: [ObjectIdentifier: NodePath] = [:]
  /// Where `$ref`s stand that lead nowhere.
  var told: Set<SourceLocation> = []
  /// What is written for those that are others in the bundle, by their places.
  private var written: [SourceLocation: String] = [:]
  /// What is being put in place of a `$ref`.
  var replacing: Set<ObjectIdentifier> = []
  /// Of other files in the bundle: what replaces a `$ref` can have others in it, twice each, and so on.
  private var valueCount = 0
  /// There are fewer values in files than bytes: some are repeated where there are more.
  private let valueLimit: Int
  private var isTooLarge = false

  /// What is made of a folder.
  struct Bundle: Sendable {
    /// The two documents, with the steps of the stories as examples.
    let resolver: ReferenceResolver
    /// Of the OpenAPI document; the compiler has no use for them, so they are in what is published only.
    fileprivate let links: Additions

    fileprivate init(resolver: ReferenceResolver, links: Additions) {
      self.resolver = resolver
      self.links = links
    }

    /// A document of others as it is.
    init(foreign openapi: ReferenceResolver.Document, events: ReferenceResolver.Document) {
      self.init(resolver: ReferenceResolver(openapi: openapi, events: events), links: Additions())
    }

    /// The OpenAPI document with its links.
    var linked: Node { links.applied(to: resolver.openapi.root) }
  }

  /// The documents of a folder. What can't be followed is told.
  static func bundle(_ folder: SpecFolder, into diagnostics: inout Diagnostics) -> Bundle {
    var bundler = Bundler(folder: folder, diagnostics: diagnostics)
    let openapi = bundler.bundle(.openapi)
    bundler.openapiNames = bundler.names
    bundler.names = ComponentNames()
    bundler.root = folder.events
    let events = bundler.bundle(.asyncapi)
    bundler.reportUnreached()
    let operations = StoryOperations(openapi: openapi, events: events)
    let stories = folder.stories.compactMap { StoryReader.read($0.node, name: $0.name, into: &bundler.diagnostics) }
    let woven = StoryWeaver.weave(stories, operations, into: openapi, events, &bundler.diagnostics)
    diagnostics = bundler.diagnostics
    let resolver = ReferenceResolver(
      openapi: .init(source: folder.openapi.source, root: woven.openapi),
      events: .init(source: folder.events.source, root: woven.events), told: bundler.told, written: bundler.written)
    return Bundle(resolver: resolver, links: StoryLinks.derive(stories, operations, openapi))
  }

  private init(folder: SpecFolder, diagnostics: Diagnostics) {
    self.folder = folder
    self.diagnostics = diagnostics
    root = folder.openapi
    valueLimit = (1 << 16) + folder.size
  }

  private mutating func bundle(_ kind: PartKind) -> Node {
    nameComponents(ofRoot: kind)
    let document = build(root.root, DocumentPart(form: .one, kind: kind), at: root.root.path)
    return withComponents(document ?? root.root)
  }

  // MARK: - Parts

  /// A part of a file as it is in the bundle; nil if a `$ref` leads nowhere that should be replaced, which is told.
  /// - Parameter path: where it will be; for a part of the root that is its own path, and it may stay as it is.
  mutating func build(_ node: Node, _ part: DocumentPart, at path: NodePath) -> Node? {
    let isMoved = path !== node.path
    if isMoved, !counts(node, at: path) { return nil }
    if !isMoved, part.form == .data { return node }
    switch node.content {
    case .sequence(let items):
      let built = items.enumerated().compactMap { index, item in
        build(item, part.item, at: isMoved ? path.child(index, origin: item.path) : item.path)
      }
      return node.moved(to: path, .sequence(built))
    case .mapping:
      if part.mayBeReference, let reference = node["$ref"], reference.string != nil {
        return follow(reference, in: node, part, at: path)
      }
      return buildEntries(of: node, part, at: path)
    default:
      return isMoved ? node.moved(to: path, node.content) : node
    }
  }

  /// - Parameter reference: what is written for the `$ref` in the bundle, if that is something else.
  mutating func buildEntries(
    of node: Node, _ part: DocumentPart, at path: NodePath, reference: String? = nil
  ) -> Node {
    let isMoved = path !== node.path
    let entries = node.entries.compactMap { entry -> Node.Entry? in
      let value = entry.value
      let childPath = isMoved ? path.child(entry.key, origin: value.path) : value.path
      let built: Node?
      if entry.key == "$ref", let reference {
        written[value.location] = value.string
        built = value.moved(to: childPath, .string(reference))
      } else if part.form == .mapping, let text = rewrittenMapping(value, isMoved: isMoved) {
        built = value.moved(to: childPath, .string(text))
      } else {
        built = build(value, part.child(entry.key), at: childPath)
      }
      return built.map { Node.Entry(key: entry.key, keyLocation: entry.keyLocation, value: $0) }
    }
    return node.moved(to: path, .mapping(entries))
  }

  /// Whether one more value may be at a place.
  private mutating func counts(_ node: Node, at path: NodePath) -> Bool {
    if path.depth > YAMLParser.depthLimit || path.length > YAMLParser.pathLimit {
      report(.compilerLimit, at: node, "the $refs that lead here put it too deep into the document")
      return false
    }
    valueCount += 1
    guard valueCount > valueLimit else { return true }
    if !isTooLarge {
      report(.compilerLimit, at: node, "$refs repeat this and others more than \(valueLimit) times; make components")
    }
    isTooLarge = true
    return false
  }

  mutating func report(
    _ rule: Rule = .invalidReference, at node: Node, _ message: String, context: Node? = nil
  ) {
    diagnostics.report(
      Diagnostic(.error, rule, at: node.location, message, context: (context ?? node).pointer))
  }
}
