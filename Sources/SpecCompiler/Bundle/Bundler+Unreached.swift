/// What nothing leads to.
extension Bundler {
  /// Warns of each part of another file that is not in a bundle, the largest ones: a whole file, or an entry of one that
  /// is used for others. A component that only unused components refer to is told by `ReferenceCheck`.
  mutating func reportUnreached() {
    var ways: Set<ObjectIdentifier> = []
    for path in reached.values {
      for way in path.ways where !ways.insert(ObjectIdentifier(way)).inserted { break }
    }
    for file in folder.others {
      guard let root = folder.files[file] else { continue }
      if ways.contains(ObjectIdentifier(root.path)) {
        reportUnreached(below: root, ways)
      } else {
        diagnostics.report(Diagnostic(.warning, .unusedComponent, at: root.location, "nothing refers to this file"))
      }
    }
  }

  private mutating func reportUnreached(below node: Node, _ ways: Set<ObjectIdentifier>) {
    guard reached[ObjectIdentifier(node.path)] == nil else { return }
    for item in node.items where ways.contains(ObjectIdentifier(item.path)) { reportUnreached(below: item, ways) }
    for entry in node.entries {
      if ways.contains(ObjectIdentifier(entry.value.path)) {
        reportUnreached(below: entry.value, ways)
      } else {
        diagnostics.report(
          Diagnostic(
            .warning, .unusedComponent, at: entry.keyLocation, "nothing refers to '\(entry.key)'",
            context: entry.value.pointer))
      }
    }
  }
}
