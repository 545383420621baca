/// The parsed files of a folder: the two roots, and all that lie below.
struct SpecFolder {
  let openapi: ReferenceResolver.Document
  let events: ReferenceResolver.Document
  /// All files by their paths from the folder on: `auth/schemas.yaml`.
  let files: [String: Node]
  /// Those that are no roots, in order.
  let others: [String]
  /// The files of `stories/`, which no `$ref` leads to, by their names without `.yaml`, in order.
  let stories: [(name: String, node: Node)]
  /// Of all files, in bytes.
  let size: Int
  /// What diagnostics put before these paths: `spec/`.
  private let prefix: String

  /// Nil if one of the files can't be read, or they are too many; `diagnostics` says why.
  init?(openapi: SpecSource, events: SpecSource, others: [SpecSource], into diagnostics: inout Diagnostics) {
    let prefix = String(openapi.path.dropLast(openapi.fileName.count))
    guard Self.areInBounds([openapi, events] + others, into: &diagnostics) else { return nil }
    let openapiRoot = Self.parseRoot(openapi, into: &diagnostics)
    let eventsRoot = Self.parseRoot(events, into: &diagnostics)
    var files: [String: Node] = [:]
    var isWhole = true
    for source in others {
      if let root = YAMLParser.parse(source, into: &diagnostics) {
        files[Self.path(source.path, below: prefix)] = root
      } else {
        isWhole = false
      }
    }
    guard isWhole, let openapiRoot, let eventsRoot else { return nil }
    let stories = files.filter { $0.key.hasPrefix(Story.folder) }
    for path in stories.keys { files[path] = nil }
    self.stories = stories.sorted { $0.key < $1.key }
      .map { (String($0.key.dropFirst(Story.folder.count).dropLast(".yaml".count)), $0.value) }
    self.others = files.keys.sorted()
    files[openapi.fileName] = openapiRoot
    files[events.fileName] = eventsRoot
    self.files = files
    self.prefix = prefix
    size = ([openapi, events] + others).map(\.bytes.count).reduce(0, +)
    self.openapi = .init(source: openapi, root: openapiRoot)
    self.events = .init(source: events, root: eventsRoot)
  }

  /// The path of the file that a node is written in.
  func path(of node: Node) -> String {
    if node.location.file == openapi.source.path { return openapi.source.fileName }
    if node.location.file == events.source.path { return events.source.fileName }
    return Self.path(node.location.file, below: prefix)
  }

  private static func path(_ path: String, below prefix: String) -> String {
    path.hasPrefix(prefix) ? String(path.dropFirst(prefix.count)) : path
  }

  static func parseRoot(_ source: SpecSource, into diagnostics: inout Diagnostics) -> Node? {
    guard let root = YAMLParser.parse(source, into: &diagnostics) else { return nil }
    if root.isMapping { return root }
    diagnostics.report(Diagnostic(.error, .invalidYAML, at: root.location, "a spec is a mapping, not \(root.kind)"))
    return nil
  }

  /// One that is too large by itself is told by the parser.
  private static func areInBounds(_ sources: [SpecSource], into diagnostics: inout Diagnostics) -> Bool {
    let start = SourceLocation(file: sources[0].path, line: 1, column: 1)
    if sources.count > SpecSource.folderLimit {
      diagnostics.report(
        Diagnostic(.error, .compilerLimit, at: start, "the folder has more than \(SpecSource.folderLimit) YAML files"))
      return false
    }
    let sizes = sources.map(\.bytes.count)
    guard sizes.reduce(0, +) <= SpecSource.sizeLimit || sizes.contains(where: { $0 > SpecSource.sizeLimit }) else {
      diagnostics.report(
        Diagnostic(
          .error, .compilerLimit, at: start,
          "the folder's files are larger than \(SpecSource.sizeLimit >> 20) MB together"))
      return false
    }
    return true
  }
}
