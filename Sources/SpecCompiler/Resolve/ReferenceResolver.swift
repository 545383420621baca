/// The two documents, and where their `$ref`s lead.
struct ReferenceResolver: Sendable {
  /// A parsed file.
  struct Document: Sendable {
    let source: SpecSource
    let root: Node

    /// In the place of a document that others don't have: of no file and with nothing in it.
    static let absent = Document(
      source: SpecSource(path: "", text: "{}"),
      root: Node(
        content: .mapping([]), location: SourceLocation(file: "", line: 1, column: 1), keyLocation: nil,
        path: NodePath(document: "")))
  }

  enum Lookup {
    case found(Node)
    case failed(Failure)
  }

  /// Why a `$ref` leads nowhere.
  struct Failure: Sendable {
    let rule: Rule
    let message: String
    /// Where the way ended that could have led on: the tokens up to there and behind it, and what is there.
    var end: (before: [String], token: String, after: [String], node: Node)?

    init(_ rule: Rule, _ message: String) {
      self.rule = rule
      self.message = message
    }
  }

  let openapi: Document
  let events: Document
  /// Places of `$ref`s that lead nowhere, as the bundler has said.
  let told: Set<SourceLocation>
  /// What is written for the `$ref`s that are others in the bundle, by their places.
  private let written: [SourceLocation: String]
  /// The components of the OpenAPI document, by the reference that nearly all are referred to by.
  private let components: [String: Node]

  init(
    openapi: Document, events: Document, told: Set<SourceLocation> = [], written: [SourceLocation: String] = [:]
  ) {
    self.openapi = openapi
    self.events = events
    self.told = told
    self.written = written
    var components: [String: Node] = [:]
    for section in openapi.root["components"]?.entries ?? [] {
      let start = "#/components/\(JSONPointer.escape(section.key))/"
      for entry in section.value.entries { components[start + JSONPointer.escape(entry.key)] = entry.value }
    }
    self.components = components
  }

  /// A `$ref` as its author wrote it.
  func writtenText(_ reference: Node) -> String { written[reference.location] ?? reference.string ?? "" }

  /// Of references that lead from one to the next.
  static let chainLimit = 32

  /// Follows a node that is a reference, through up to ``chainLimit`` of them; a node that is none is returned as it is.
  /// Nil if it dangles, leads only to itself or goes on for longer: `ReferenceCheck` has said so.
  func resolve(_ node: Node) -> Node? {
    var node = node
    for _ in 0...Self.chainLimit {
      guard let value = node["$ref"] else { return node }
      guard let reference = value.string, case .found(let target) = lookUp(reference, from: node) else { return nil }
      node = target
    }
    return nil
  }

  /// The node that one `$ref` names.
  func lookUp(_ reference: String, from node: Node) -> Lookup {
    if let component = components[reference], !reference.contains("%"),
      node.path.document == openapi.source.path
    {
      return .found(component)
    }
    let parts = reference.split(separator: "#", maxSplits: 1, omittingEmptySubsequences: false)
    guard parts.count == 2 else {
      return .failed(
        Failure(
          .invalidReference,
          "the $ref '\(reference)' has no '#'; write './openapi.yaml#/components/…' or '#/components/…'"))
    }
    guard let document = document(named: String(parts[0]), from: node) else {
      // Of others there may be one document alone.
      let read = [openapi, events].map(\.source.fileName).filter { !$0.isEmpty }.map { "'./\($0)'" }
      return .failed(
        Failure(
          .invalidReference,
          "the $ref '\(reference)' leads to another file; only \(read.joined(separator: " and ")) "
            + (read.count == 1 ? "is read" : "are read")))
    }
    guard let tokens = JSONPointer.tokens(ofFragment: parts[1]) else {
      return .failed(Failure(.invalidReference, "the $ref '\(reference)' is not a JSON Pointer (RFC 6901)"))
    }
    do {
      return .found(try document.root.part(at: tokens))
    } catch {
      let token = error.token
      var failure = Failure(.danglingReference, "the $ref '\(reference)' leads nowhere: there is no '\(token)'")
      failure.end = (Array(tokens[..<error.index]), token, Array(tokens[(error.index + 1)...]), error.end)
      return .failed(failure)
    }
  }

  /// Which component a node is, for `#/components/schemas/User` ("schemas", "User").
  static func component(_ node: Node) -> (section: String, name: String)? {
    guard node.path.depth == 3 else { return nil }
    let keys = node.path.keys
    return keys[0] == "components" ? (keys[1], keys[2]) : nil
  }

  private func document(named name: String, from node: Node) -> Document? {
    if name.isEmpty { return node.path.document == openapi.source.path ? openapi : events }
    let file = name.hasPrefix("./") ? String(name.dropFirst(2)) : name
    return [openapi, events].first { $0.source.fileName == file }
  }
}
