@testable import SpecCompiler

/// A copy of one of our spec files in which one thing is another.
struct SpecMutant: CustomStringConvertible {
  enum Change: Equatable {
    case removed
    case renamed
    case doubled
    /// To what is written.
    case set(String)
  }

  let file: String
  /// Keys and indices from the file's root to what is changed.
  let keys: [String]
  let change: Change
  let text: String

  var description: String { "\(file)#/\(keys.joined(separator: "/")): \(change)" }

  /// Every mutant of a file: each key and item removed, each key renamed, each item doubled, each scalar raised, lowered
  /// or set to something else, each reference turned to another of its kind.
  static func all(of source: SpecSource) -> [SpecMutant] {
    var diagnostics = Diagnostics()
    guard let root = YAMLParser.parse(source, into: &diagnostics) else { return [] }
    var references: [String: Set<String>] = [:]
    collect(root, into: &references)
    var mutants: [SpecMutant] = []
    func add(_ keys: [String], _ change: Change, _ changed: Node) {
      mutants.append(SpecMutant(file: source.path, keys: keys, change: change, text: YAMLWriter.write(changed)))
    }
    visit(root, keys: []) { node, keys, replace in
      for (change, content) in values(node, key: keys.last ?? "", references) {
        add(keys, change, replace(node.with(content)))
      }
      for (index, entry) in node.entries.enumerated() {
        var entries = node.entries
        entries.remove(at: index)
        add(keys + [entry.key], .removed, replace(node.with(.mapping(entries))))
        entries.insert(
          Node.Entry(key: entry.key + "x", keyLocation: entry.keyLocation, value: entry.value), at: index)
        add(keys + [entry.key], .renamed, replace(node.with(.mapping(entries))))
      }
      for index in node.items.indices {
        var items = node.items
        let item = items.remove(at: index)
        add(keys + [String(index)], .removed, replace(node.with(.sequence(items))))
        items.insert(contentsOf: [item, item], at: index)
        add(keys + [String(index)], .doubled, replace(node.with(.sequence(items))))
      }
    }
    return mutants
  }

  /// Calls with each node, the way to it, and what makes the whole document with another node in its place.
  private static func visit(
    _ node: Node, keys: [String], replace: @escaping (Node) -> Node = { $0 },
    _ body: (Node, [String], (Node) -> Node) -> Void
  ) {
    body(node, keys, replace)
    for (index, entry) in node.entries.enumerated() {
      visit(
        entry.value, keys: keys + [entry.key],
        replace: { other in
          var entries = node.entries
          entries[index] = Node.Entry(key: entry.key, keyLocation: entry.keyLocation, value: other)
          return replace(node.with(.mapping(entries)))
        }, body)
    }
    for (index, item) in node.items.enumerated() {
      visit(
        item, keys: keys + [String(index)],
        replace: { other in
          var items = node.items
          items[index] = other
          return replace(node.with(.sequence(items)))
        }, body)
    }
  }

  private static func values(
    _ node: Node, key: String, _ references: [String: Set<String>]
  ) -> [(Change, Node.Content)] {
    switch node.content {
    case .boolean(let value): [(.set("\(!value)"), .boolean(!value))]
    case .integer(let value): [value - 1, value + 1].map { (.set("\($0)"), .integer($0)) }
    case .number(let value): [value / 2, value * 2].map { (.set("\($0)"), .number($0)) }
    case .string(let text):
      if key == "$ref" {
        (references[kind(text)] ?? []).filter { $0 != text }.sorted().prefix(2).map { (.set($0), .string($0)) }
      } else {
        [(.set(text + "x"), .string(text + "x"))]
      }
    default: []
    }
  }

  /// What a reference leads to, but for the last key.
  private static func kind(_ reference: String) -> String {
    String(reference[...(reference.lastIndex(of: "/") ?? reference.startIndex)])
  }

  private static func collect(_ node: Node, into references: inout [String: Set<String>]) {
    if let text = node["$ref"]?.string { references[kind(text), default: []].insert(text) }
    for entry in node.entries { collect(entry.value, into: &references) }
    for item in node.items { collect(item, into: &references) }
  }
}

extension Node {
  fileprivate func with(_ content: Content) -> Node {
    Node(content: content, location: location, keyLocation: keyLocation, path: path)
  }
}
