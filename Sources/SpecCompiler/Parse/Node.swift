/// A value of a spec file with its place. Keys keep their order; scalars are resolved by the core schema of YAML 1.2.
public struct Node: Sendable {
  public enum Content: Sendable {
    case null
    case boolean(Bool)
    case integer(Int)
    case number(Double)
    case string(String)
    case sequence([Node])
    case mapping([Entry])
  }

  public struct Entry: Sendable {
    public let key: String
    public let keyLocation: SourceLocation
    public let value: Node

    /// The value, placed at the key: for what is said of its name. In a bundle, the value may be written elsewhere.
    var name: Node {
      let path = keyLocation == value.keyLocation ? value.path : value.path.written(at: nil)
      return Node(content: value.content, location: keyLocation, keyLocation: keyLocation, path: path)
    }
  }

  public let content: Content
  public let location: SourceLocation
  /// Where the key that leads here is, so that "something is missing in it" points to its name; `location` for items
  /// of a sequence and for a document's root.
  public let keyLocation: SourceLocation
  let path: NodePath
  /// Where each key of a large mapping is; nil for a small one, which is searched.
  private let places: [String: Int]?

  private static let searchedCount = 16

  /// - Parameter keyLocation: nil for items of a sequence and for a document's root.
  init(content: Content, location: SourceLocation, keyLocation: SourceLocation?, path: NodePath) {
    self.content = content
    self.location = location
    self.keyLocation = keyLocation ?? location
    self.path = path
    if case .mapping(let entries) = content, entries.count > Self.searchedCount {
      places = Dictionary(entries.enumerated().map { ($1.key, $0) }) { first, _ in first }
    } else {
      places = nil
    }
  }

  /// JSON Pointer (RFC 6901) within the file that the node is written in.
  public var pointer: String { path.writtenPointer }

  /// The same, placed where its key is: for what is said of its name.
  var atKey: Node { Node(content: content, location: keyLocation, keyLocation: keyLocation, path: path) }

  /// The same place in a file, at another one of a document, and perhaps with something else in it.
  func moved(to path: NodePath, _ content: Content) -> Node {
    Node(content: content, location: location, keyLocation: keyLocation, path: path)
  }

  /// The value of a key, nil if there is none or this is no mapping.
  public subscript(key: String) -> Node? {
    guard case .mapping(let entries) = content else { return nil }
    if let places { return places[key].map { entries[$0].value } }
    return entries.first { $0.key == key }?.value
  }

  /// The entries of a mapping, none for anything else.
  public var entries: [Entry] {
    guard case .mapping(let entries) = content else { return [] }
    return entries
  }

  /// The items of a sequence, none for anything else.
  public var items: [Node] {
    guard case .sequence(let items) = content else { return [] }
    return items
  }

  public var string: String? {
    guard case .string(let text) = content else { return nil }
    return text
  }

  public var boolean: Bool? {
    guard case .boolean(let value) = content else { return nil }
    return value
  }

  public var integer: Int? {
    guard case .integer(let value) = content else { return nil }
    return value
  }

  public var isMapping: Bool {
    if case .mapping = content { true } else { false }
  }

  public var isSequence: Bool {
    if case .sequence = content { true } else { false }
  }

  public var isNull: Bool {
    if case .null = content { true } else { false }
  }

  /// The scalar, nil for a sequence or a mapping.
  public var scalar: Scalar? {
    switch content {
    case .null: .null
    case .boolean(let value): .boolean(value)
    case .integer(let value): .integer(value)
    case .number(let value): .number(value)
    case .string(let value): .string(value)
    case .sequence, .mapping: nil
    }
  }

  /// What it is, in the words of a message.
  public var kind: String {
    switch content {
    case .null: "null"
    case .boolean: "a boolean"
    case .integer: "an integer"
    case .number: "a number"
    case .string: "a string"
    case .sequence: "a list"
    case .mapping: "a mapping"
    }
  }
}
