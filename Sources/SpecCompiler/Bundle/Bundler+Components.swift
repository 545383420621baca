/// The components of other files.
extension Bundler {
  /// The root's own components keep their names.
  mutating func nameComponents(ofRoot kind: PartKind) {
    let part = DocumentPart(form: .one, kind: kind).child("components")
    for section in root.root["components"]?.entries ?? [] {
      let kind = part.child(section.key).kind
      for entry in section.value.entries {
        names.add(
          entry.value, named: entry.key, in: section.key, kind: kind, naming: named(by: entry.value, kind, section.key))
      }
    }
  }

  /// What is in another file, if a component of the root is nothing but a `$ref` to it.
  private func named(by node: Node, _ kind: PartKind, _ section: String) -> Node? {
    guard node.entries.count == 1, let text = node["$ref"]?.string, kind.section == section,
      let reference = try? RelativeReference(text, in: root.source.fileName, root: ""),
      reference.file != folder.openapi.source.fileName, reference.file != folder.events.source.fileName,
      let target = try? folder.files[reference.file]?.part(at: reference.tokens)
    else { return nil }
    // What both documents lead to is the OpenAPI document's.
    return kind == .schema && openapiNames?.component(target) != nil ? nil : target
  }

  /// A document with the components that it leads to, and what they lead to. They come behind the root's own, in the
  /// order of the files.
  mutating func withComponents(_ document: Node) -> Node {
    let path = document["components"]?.path ?? document.path.child("components")
    var built: [(component: ComponentNames.Component, node: Node)] = []
    var count = 0
    while count < names.components.count {
      let component = names.components[count]
      count += 1
      let place = path.child(component.section).child(component.name, origin: component.node.path)
      guard let node = build(component.node, DocumentPart(form: .one, kind: component.kind), at: place) else {
        continue
      }
      built.append((component, node))
    }
    guard !built.isEmpty else { return document }
    let order = Dictionary(uniqueKeysWithValues: folder.others.enumerated().map { ($1, $0) })
    let sorted = built.map { component, node in
      (key: (order[folder.path(of: node)] ?? 0, node.keyLocation.line, node.keyLocation.column), component, node)
    }.sorted { $0.key < $1.key }
    var added: [String: [Node.Entry]] = [:]
    for (_, component, node) in sorted {
      added[component.section, default: []].append(
        Node.Entry(key: component.name, keyLocation: node.keyLocation, value: node))
    }
    return document.adding(added, at: path)
  }
}

extension Node {
  /// A document whose components have these, too, by their sections.
  fileprivate func adding(_ added: [String: [Entry]], at path: NodePath) -> Node {
    let components = self["components"]
    var added = added
    var sections = (components?.entries ?? []).map { section in
      guard section.value.isMapping, let more = added.removeValue(forKey: section.key) else { return section }
      let value = section.value.moved(to: section.value.path, .mapping(section.value.entries + more))
      return Entry(key: section.key, keyLocation: section.keyLocation, value: value)
    }
    for name in PartKind.sections {
      guard let entries = added[name] else { continue }
      let value = Node(content: .mapping(entries), location: location, keyLocation: nil, path: path.child(name))
      sections.append(Entry(key: name, keyLocation: location, value: value))
    }
    let whole = Node(
      content: .mapping(sections), location: components?.location ?? location, keyLocation: components?.keyLocation,
      path: path)
    let entry = Entry(key: "components", keyLocation: whole.keyLocation, value: whole)
    if components == nil { return moved(to: self.path, .mapping(entries + [entry])) }
    return moved(to: self.path, .mapping(entries.map { $0.key == "components" ? entry : $0 }))
  }
}
