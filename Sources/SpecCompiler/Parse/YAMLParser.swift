import CYAML

/// Reads one YAML document through libyaml's events into `Node`s. What JSON could not say (aliases, tags, several
/// documents, keys that are no strings) is refused with its place.
struct YAMLParser {
  /// Of nested lists and mappings.
  static let depthLimit = 200
  /// Of the keys that lead to a value, in bytes: a message names them all.
  static let pathLimit = 2_000

  struct Failure: Error {}

  let source: SpecSource
  let lines: SourceLines
  /// Behind the last character.
  let end: SourceLocation
  let root: NodePath
  var diagnostics: Diagnostics
  let parser: UnsafeMutablePointer<yaml_parser_t>
  /// First and last line of each scalar that spans lines: a tab at the start of a line is text there.
  var multilineScalars: [ClosedRange<Int>] = []
  /// JSON is YAML in flow style, where tabs may stand between tokens (YAML 1.2.2 §6.1, §7.4).
  var isRootInFlowStyle = false
  /// What aliases of others can stand for.
  var anchors: [String: Anchored] = [:]
  /// Nodes that were read, and that aliases stand for.
  var nodeCount = 0
  /// Those of them that aliases stand for.
  var aliasedCount = 0
  /// How many levels the last node has below it.
  var height = 0
  /// What is told once, however often it is there.
  var repeated: [Repeated] = []

  struct Repeated {
    let rule: Rule
    let message: String
    let location: SourceLocation
    let path: NodePath
    var count = 1
  }

  /// The root, nil if the file can't be read as a whole; `diagnostics` says why.
  static func parse(_ source: SpecSource, into diagnostics: inout Diagnostics) -> Node? {
    let start = SourceLocation(file: source.path, line: 1, column: 1)
    guard source.bytes.count <= SpecSource.sizeLimit else {
      diagnostics.report(
        Diagnostic(.error, .unreadableFile, at: start, "the file is larger than \(SpecSource.sizeLimit >> 20) MB"))
      return nil
    }
    if let offset = source.firstInvalidByte {
      let place = SourceLines(source).place(ofByte: offset)
      let location = SourceLocation(file: source.path, line: place.line, column: place.column)
      diagnostics.report(Diagnostic(.error, .unreadableFile, at: location, "the file is not valid UTF-8"))
      return nil
    }
    let storage = UnsafeMutablePointer<yaml_parser_t>.allocate(capacity: 1)
    defer { storage.deallocate() }
    guard yaml_parser_initialize(storage) == 1 else {
      diagnostics.report(Diagnostic(.error, .compilerLimit, at: start, "libyaml has no memory left"))
      return nil
    }
    defer { yaml_parser_delete(storage) }
    return source.bytes.withUnsafeBufferPointer { bytes in
      yaml_parser_set_encoding(storage, YAML_UTF8_ENCODING)
      yaml_parser_set_input_string(storage, bytes.baseAddress, bytes.count)
      var parser = YAMLParser(source: source, diagnostics: diagnostics, parser: storage)
      let root = try? parser.parseStream()
      if root != nil, !parser.isRootInFlowStyle { parser.checkTabs() }
      parser.reportRepeated()
      diagnostics = parser.diagnostics
      return root
    }
  }

  private init(source: SpecSource, diagnostics: Diagnostics, parser: UnsafeMutablePointer<yaml_parser_t>) {
    self.source = source
    lines = SourceLines(source)
    let place = lines.place(ofByte: source.bytes.count)
    end = SourceLocation(file: source.path, line: place.line, column: place.column)
    root = NodePath(document: source.path)
    self.diagnostics = diagnostics
    self.parser = parser
  }

  // MARK: - Events

  private mutating func withEvent<Result>(
    _ body: (inout YAMLParser, yaml_event_t) throws -> Result
  ) throws -> Result {
    var event = yaml_event_t()
    guard yaml_parser_parse(parser, &event) == 1 else {
      reportSyntaxError()
      throw Failure()
    }
    defer { yaml_event_delete(&event) }
    return try body(&self, event)
  }

  private mutating func parseStream() throws -> Node {
    try withEvent { _, _ in }  // STREAM-START
    let hasDocument = try withEvent { _, event in event.type == YAML_DOCUMENT_START_EVENT }
    let start = SourceLocation(file: source.path, line: 1, column: 1)
    guard hasDocument else {
      report(.unreadableFile, at: start, "the file is empty")
      throw Failure()
    }
    guard let root = try parseNode(path: root, keyLocation: nil, depth: 0) else { throw Failure() }
    try withEvent { _, _ in }  // DOCUMENT-END
    try withEvent { parser, event in
      guard event.type == YAML_STREAM_END_EVENT else {
        parser.report(
          .invalidYAML, at: parser.location(event.start_mark), "a spec is one YAML document; remove what follows '---'")
        throw Failure()
      }
    }
    return root
  }

  private enum Opening {
    case complete(Node)
    case sequence(SourceLocation)
    case mapping(SourceLocation)
    case end
  }

  /// The next node, nil at the end of the list or mapping that it would have belonged to.
  private mutating func parseNode(path: NodePath, keyLocation: SourceLocation?, depth: Int) throws -> Node? {
    let (opening, anchor) = try withEvent { parser, event in
      (try parser.open(event, path: path, keyLocation: keyLocation, depth: depth), parser.anchor(of: event))
    }
    let before = nodeCount
    let location: SourceLocation
    switch opening {
    case .end: return nil
    case .complete(let node):
      keep(node, as: anchor, since: before)
      return node
    case .sequence(let place), .mapping(let place): location = place
    }
    nodeCount += 1
    guard depth < Self.depthLimit else {
      report(.compilerLimit, at: location, "nested deeper than \(Self.depthLimit) levels", path)
      throw Failure()
    }
    let content: Node.Content
    var tallest = -1
    if case .sequence = opening {
      var items: [Node] = []
      while let item = try parseNode(path: path.child(items.count), keyLocation: nil, depth: depth + 1) {
        items.append(item)
        tallest = max(tallest, height)
      }
      content = .sequence(items)
    } else {
      content = .mapping(try parseEntries(path: path, depth: depth, tallest: &tallest))
    }
    height = tallest + 1
    let node = Node(content: content, location: location, keyLocation: keyLocation, path: path)
    keep(node, as: anchor, since: before)
    return node
  }

  private mutating func open(
    _ event: yaml_event_t, path: NodePath, keyLocation: SourceLocation?, depth: Int
  ) throws -> Opening {
    let location = location(event.start_mark)
    switch event.type {
    case YAML_ALIAS_EVENT where source.isForeign:
      return .complete(try node(of: event, at: location, path: path, keyLocation: keyLocation, depth: depth))
    case YAML_ALIAS_EVENT:
      reportOnce(.yamlAnchor, at: location, "an alias is not allowed; write it out, or use $ref", path)
      return .complete(Node(content: .null, location: location, keyLocation: keyLocation, path: path))
    case YAML_SCALAR_EVENT:
      let scalar = event.data.scalar
      check(anchor: scalar.anchor, tag: scalar.tag, at: location, path)
      let content = try scalarContent(event, at: location, path)
      nodeCount += 1
      height = 0
      return .complete(
        Node(content: content, location: location, keyLocation: keyLocation, path: path))
    case YAML_SEQUENCE_START_EVENT:
      check(anchor: event.data.sequence_start.anchor, tag: event.data.sequence_start.tag, at: location, path)
      return .sequence(location)
    case YAML_MAPPING_START_EVENT:
      if path.depth == 0 { isRootInFlowStyle = event.data.mapping_start.style == YAML_FLOW_MAPPING_STYLE }
      check(anchor: event.data.mapping_start.anchor, tag: event.data.mapping_start.tag, at: location, path)
      return .mapping(location)
    default:
      return .end
    }
  }

  private mutating func scalarContent(
    _ event: yaml_event_t, at location: SourceLocation, _ path: NodePath
  ) throws -> Node.Content {
    let scalar = event.data.scalar
    let text = String(decoding: UnsafeBufferPointer(start: scalar.value, count: scalar.length), as: UTF8.self)
    let (first, last) = (Int(event.start_mark.line) + 1, Int(event.end_mark.line) + 1)
    if last > first { multilineScalars.append(first...last) }
    guard scalar.style == YAML_PLAIN_SCALAR_STYLE else { return .string(text) }
    // No version has a word of more than five letters for anything but a string, and all else begins with no letter.
    if scalar.length > 5, (0x61...0x7A).contains(scalar.value[0] | 0x20) { return .string(text) }
    switch YAMLScalar.resolvePlain(text, rounding: source.isForeign) {
    case .content(let content):
      if let difference = OlderYAML.difference(ofPlain: text, as: content) {
        diagnostics.report(
          Diagnostic(.warning, .ambiguousScalar, at: location, "'\(text)' is \(difference)", context: path.pointer))
      }
      return content
    case .refused(let why):
      report(.inexactNumber, at: location, why, path)
      return .null
    }
  }

  // MARK: - Mappings

  private enum Key {
    case name(String, SourceLocation)
    case refused(SourceLocation)
    case end
  }

  /// - Parameter tallest: becomes the height of the tallest value, if that is more.
  private mutating func parseEntries(path: NodePath, depth: Int, tallest: inout Int) throws -> [Node.Entry] {
    var entries: [Node.Entry] = []
    var places: [String: SourceLocation] = [:]
    while true {
      switch try parseKey(path: path, depth: depth) {
      case .end:
        return entries
      case .refused(let location):
        _ = try parseNode(path: path, keyLocation: location, depth: depth + 1)
      case .name(let key, let location):
        let child = path.child(key)
        guard child.length <= Self.pathLimit else {
          report(
            .compilerLimit, at: location,
            "the keys that lead here are longer than \(Self.pathLimit) bytes together; use shorter ones")
          throw Failure()
        }
        guard let value = try parseNode(path: child, keyLocation: location, depth: depth + 1) else {
          return entries
        }
        tallest = max(tallest, height)
        if key == "<<" {
          reportOnce(.yamlAnchor, at: location, "a merge key is not allowed; write it out, or use $ref or allOf", child)
        } else if let first = places[key] {
          report(.duplicateKey, at: location, "duplicate key '\(key)'", child)
          diagnostics.note(at: first, "'\(key)' is here first")
        } else {
          places[key] = location
          entries.append(Node.Entry(key: key, keyLocation: location, value: value))
        }
      }
    }
  }

  /// A key is a string, or an integer as it is written: status codes are left unquoted by many.
  private mutating func parseKey(path: NodePath, depth: Int) throws -> Key {
    enum Found {
      case scalar(String, Node.Content, SourceLocation)
      case other(Opening)
    }
    let found = try withEvent { parser, event -> Found in
      let opening = try parser.open(event, path: path, keyLocation: nil, depth: depth)
      guard case .complete(let node) = opening else { return .other(opening) }
      guard event.type == YAML_SCALAR_EVENT else {
        let location = parser.location(event.start_mark)
        if parser.source.isForeign { parser.report(.invalidKey, at: location, "a key must be a string", path) }
        return .scalar("*", .null, location)
      }
      parser.keep(node, as: parser.anchor(of: event), since: parser.nodeCount - 1)
      if let text = node.string { return .scalar(text, node.content, node.location) }
      let scalar = event.data.scalar
      let text = String(decoding: UnsafeBufferPointer(start: scalar.value, count: scalar.length), as: UTF8.self)
      return .scalar(text, node.content, node.location)
    }
    switch found {
    case .scalar(let text, .string, let location), .scalar(let text, .integer, let location):
      return .name(text, location)
    case .scalar(let text, _, let location):
      if text != "*" { report(.invalidKey, at: location, "the key '\(text)' is not a string; quote it", path) }
      return .refused(location)
    case .other(.sequence(let location)), .other(.mapping(let location)):
      report(.invalidKey, at: location, "a key must be a string", path)
      throw Failure()
    case .other:
      return .end
    }
  }
}
