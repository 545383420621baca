/// What is added to a document, by the keys that lead to where.
struct Additions: Sendable {
  /// A value that has no place in a document yet.
  indirect enum Draft: Sendable {
    /// As it is written elsewhere.
    case written(Node)
    /// Made of a node, whose place is told for it.
    case scalar(Node.Content, of: Node)
    case mapping([(key: String, value: Draft)], of: Node)
  }

  private var below: [String: Additions] = [:]
  /// The keys of `below`, in the order of adding.
  private var keys: [String] = []
  private var entries: [(key: String, value: Draft)] = []
  private var items: [Draft] = []

  var isEmpty: Bool { keys.isEmpty && entries.isEmpty && items.isEmpty }

  /// Adds an entry to the mapping there; what lacks on the way there is made.
  mutating func add(_ value: Draft, named key: String, at path: some Collection<String>) {
    guard let first = path.first else { return entries.append((key, value)) }
    keep(first)
    below[first]?.add(value, named: key, at: path.dropFirst())
  }

  /// Adds an item to the list there, before those that it has.
  mutating func add(_ value: Draft, at path: some Collection<String>) {
    guard let first = path.first else { return items.append(value) }
    keep(first)
    below[first]?.add(value, at: path.dropFirst())
  }

  private mutating func keep(_ key: String) {
    guard below[key] == nil else { return }
    below[key] = Additions()
    keys.append(key)
  }

  /// The node with all that is added to it and below.
  func applied(to node: Node) -> Node {
    if case .sequence(let old) = node.content {
      let new = items.enumerated().map { $1.placed(at: node.path.child($0)) }
      return node.moved(to: node.path, .sequence(new + old))
    }
    guard node.isMapping else { return node }
    var result = node.entries.map { entry in
      guard let more = below[entry.key] else { return entry }
      return Node.Entry(key: entry.key, keyLocation: entry.keyLocation, value: more.applied(to: entry.value))
    }
    for key in keys where node[key] == nil {
      guard let more = below[key] else { continue }
      let content: Node.Content = more.items.isEmpty ? .mapping([]) : .sequence([])
      let made = Node(content: content, location: node.location, keyLocation: nil, path: node.path.child(key))
      result.append(Node.Entry(key: key, keyLocation: node.location, value: more.applied(to: made)))
    }
    for (key, value) in entries { result.append(value.entry(key, in: node.path)) }
    return node.moved(to: node.path, .mapping(result))
  }
}

extension Additions.Draft {
  fileprivate func entry(_ key: String, in path: NodePath) -> Node.Entry {
    let value = placed(at: path.child(key))
    return Node.Entry(key: key, keyLocation: value.keyLocation, value: value)
  }

  fileprivate func placed(at path: NodePath) -> Node {
    switch self {
    case .written(let node): node.placed(at: path)
    case .scalar(let content, let node):
      Node(content: content, location: node.location, keyLocation: nil, path: path.written(at: node.path))
    case .mapping(let entries, let node):
      Node(
        content: .mapping(entries.map { $0.value.entry($0.key, in: path) }), location: node.location, keyLocation: nil,
        path: path.written(at: node.path))
    }
  }
}

extension Node {
  /// The same value in another document, told at the place where it is written.
  fileprivate func placed(at path: NodePath) -> Node {
    let place = path.written(at: self.path)
    switch content {
    case .sequence(let items):
      return moved(to: place, .sequence(items.enumerated().map { $1.placed(at: place.child($0)) }))
    case .mapping(let entries):
      return moved(
        to: place,
        .mapping(
          entries.map {
            Entry(key: $0.key, keyLocation: $0.keyLocation, value: $0.value.placed(at: place.child($0.key)))
          }))
    default: return moved(to: place, content)
    }
  }
}
