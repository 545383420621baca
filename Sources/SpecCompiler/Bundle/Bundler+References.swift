/// What becomes of each `$ref`.
extension Bundler {
  /// What a `$ref` leads to, and the file where that is.
  private struct Target {
    let node: Node
    let file: String
    let tokens: [String]
  }

  /// What a `$ref` becomes that leads nowhere: what is written could lead somewhere from where it is in the bundle.
  private static let nowhere = ""

  /// A mapping with a `$ref`, as it is in the bundle.
  mutating func follow(_ reference: Node, in node: Node, _ part: DocumentPart, at path: NodePath) -> Node? {
    guard let target = lookUp(reference, in: node) else {
      if part.kind.section == nil || part.form == .placed { return nil }
      return buildEntries(of: node, part, at: path, reference: Self.nowhere)
    }
    if isRoot(target.file) {
      let text = text(toRoot: target, reference, isMoved: path !== node.path)
      return buildEntries(of: node, part, at: path, reference: text)
    }
    if let section = part.kind.section, !isReplaced(node, target, part, at: path) {
      let text = text(toComponent: target, part.kind, in: section)
      return buildEntries(of: node, part, at: path, reference: text)
    }
    return replace(node, reference, by: target, part, at: path)
  }

  /// What a discriminator's mapping has for a value that is a reference; nil for the name of a schema.
  mutating func rewrittenMapping(_ value: Node, isMoved: Bool) -> String? {
    guard let text = value.string, text.contains("#") || text.hasSuffix(".yaml") else { return nil }
    guard let target = lookUp(value, in: value) else { return Self.nowhere }
    if isRoot(target.file) { return self.text(toRoot: target, value, isMoved: isMoved) }
    return self.text(toComponent: target, .schema, in: "schemas")
  }

  // MARK: - Where it leads

  /// Nil if it leads nowhere, which is told at its place.
  private mutating func lookUp(_ reference: Node, in node: Node) -> Target? {
    do {
      return try target(of: reference.string ?? "", in: node)
    } catch {
      report(at: reference, error.message, context: node)
      told.insert(reference.location)
      return nil
    }
  }

  private mutating func target(of text: String, in node: Node) throws(RelativeReference.Refusal) -> Target {
    let reference = try RelativeReference(text, in: folder.path(of: node), root: folder.openapi.source.fileName)
    guard let file = folder.files[reference.file] else {
      let why = reference.file.hasSuffix(".yaml") ? "is not there" : "is no .yaml file"
      throw .init(message: "the $ref '\(text)' leads to '\(reference.file)', which \(why)")
    }
    do {
      let found = try file.part(at: reference.tokens)
      if !isRoot(reference.file) { reached[ObjectIdentifier(found.path)] = found.path }
      return Target(node: found, file: reference.file, tokens: reference.tokens)
    } catch {
      throw .init(message: "the $ref '\(text)' leads nowhere: there is no '\(error.token)'")
    }
  }

  private func isRoot(_ file: String) -> Bool {
    file == folder.openapi.source.fileName || file == folder.events.source.fileName
  }

  // MARK: - References that stay

  /// A part of a root is in its bundle where it is in the root.
  private func text(toRoot target: Target, _ reference: Node, isMoved: Bool) -> String? {
    let written = reference.string ?? ""
    let isPlain = ["#", "./\(target.file)#", "\(target.file)#"].contains { written.hasPrefix($0) }
    if !isMoved, isPlain { return nil }
    let file = target.file == root.source.fileName ? "" : "./\(target.file)"
    return "\(file)#\(JSONPointer.fragment(target.tokens))"
  }

  private mutating func text(toComponent target: Target, _ kind: PartKind, in section: String) -> String {
    if section == "schemas", let shared = openapiNames?.component(target.node) {
      return "./\(folder.openapi.source.fileName)#" + JSONPointer.fragment(["components", section, shared.name])
    }
    let component = names.component(
      target.node, of: target.file, kind: kind, section: section, into: &diagnostics)
    return "#" + JSONPointer.fragment(["components", component.section, component.name])
  }

  // MARK: - References that are replaced

  /// Of a kind that can be a component: whether a `$ref` to one is replaced by it all the same, since here is its place.
  private func isReplaced(_ node: Node, _ target: Target, _ part: DocumentPart, at path: NodePath) -> Bool {
    switch part.form {
    case .placed: true
    case .component: node.entries.count == 1 && names.component(target.node)?.name == path.keys.last
    default: false
    }
  }

  private mutating func replace(
    _ node: Node, _ reference: Node, by target: Target, _ part: DocumentPart, at path: NodePath
  ) -> Node? {
    var (node, reference, target) = (node, reference, target)
    for _ in 0..<ReferenceResolver.chainLimit {
      if let sibling = node.entries.first(where: { $0.key != "$ref" }) {
        let message = "nothing can stand beside this $ref, which is replaced by what it leads to"
        diagnostics.report(
          Diagnostic(.error, .invalidReference, at: sibling.keyLocation, message, context: node.pointer))
      }
      // What is replaced where it stands can't be a reference again; anything else may be one.
      guard part.kind.section == nil, let next = target.node["$ref"], next.string != nil, part.mayBeReference else {
        return put(target, reference, part, at: path)
      }
      guard let after = lookUp(next, in: target.node) else { return nil }
      guard !isRoot(after.file) else { return put(target, reference, part, at: path) }
      (node, reference, target) = (target.node, next, after)
    }
    report(
      at: reference, "more than \(ReferenceResolver.chainLimit) $refs lead from one to the next; refer to the last")
    return nil
  }

  private mutating func put(_ target: Target, _ reference: Node, _ part: DocumentPart, at path: NodePath) -> Node? {
    let id = ObjectIdentifier(target.node.path)
    guard replacing.insert(id).inserted else {
      report(at: reference, "the $ref '\(reference.string ?? "")' leads back to what it is a part of")
      return nil
    }
    defer { replacing.remove(id) }
    let form = part.form == .placed || part.form == .component ? .one : part.form
    return build(target.node, DocumentPart(form: form, kind: part.kind), at: path.written(at: target.node.path))
  }
}
