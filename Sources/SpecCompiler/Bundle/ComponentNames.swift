/// Which components a bundle has of other files than its root, and how they are named.
struct ComponentNames {
  struct Component {
    let name: String
    let kind: PartKind
    let section: String
    /// As it is written.
    let node: Node
  }

  /// In the order in which they were found, without those that the root names.
  private(set) var components: [Component] = []
  /// By where each is written.
  private var known: [ObjectIdentifier: Component] = [:]
  /// By section and name.
  private var taken: [String: [String: Node]] = [:]

  /// A component of the root.
  /// - Parameter target: what is in another file, if the component is nothing but a `$ref` to it. It has that name then.
  mutating func add(_ node: Node, named name: String, in section: String, kind: PartKind, naming target: Node?) {
    taken[section, default: [:]][name] = node
    guard let target, component(target) == nil else { return }
    known[ObjectIdentifier(target.path)] = Component(name: name, kind: kind, section: section, node: target)
  }

  /// The component that a part of a file is, if it is one.
  func component(_ node: Node) -> Component? { known[ObjectIdentifier(node.path)] }

  /// Makes a part of another file a component, named by the last key that leads to it, or as its file.
  /// - Parameter file: the path of that file.
  mutating func component(
    _ node: Node, of file: String, kind: PartKind, section: String, into diagnostics: inout Diagnostics
  ) -> Component {
    if let component = component(node) { return component }
    let name = node.path.keys.last ?? Self.baseName(of: file)
    let component = Component(name: name, kind: kind, section: section, node: node)
    known[ObjectIdentifier(node.path)] = component
    if let other = taken[section]?[name] {
      let message = "'\(name)' is the name of two components in \(section)"
      diagnostics.report(Diagnostic(.error, .nameClash, at: node.keyLocation, message, context: node.pointer))
      diagnostics.report(Diagnostic(.note, .nameClash, at: other.keyLocation, "'\(name)' is here first"))
    } else {
      taken[section, default: [:]][name] = node
      components.append(component)
    }
    return component
  }

  /// `user` of `users/user.yaml`.
  private static func baseName(of file: String) -> String {
    let name = file.split(separator: "/").last ?? ""
    return String(name.hasSuffix(".yaml") ? name.dropLast(5) : name)
  }
}
