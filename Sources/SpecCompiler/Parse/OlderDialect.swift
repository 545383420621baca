/// Schemas of OpenAPI 3.0 in the words of 3.1, so that no later stage has to know them:
///
/// | 3.0 | 3.1 |
/// | --- | --- |
/// | `nullable: true` beside a type | the type `'null'` as well |
/// | `exclusiveMinimum: true` beside `minimum` | `exclusiveMinimum` with the number |
/// | anything beside `$ref` | nothing: it is ignored (3.0.3 §4.7.23) |
enum OlderDialect {
  /// - Parameter root: of any document; one of another version is returned as it is.
  static func converted(_ root: Node) -> Node {
    guard root["openapi"]?.string?.hasPrefix("3.0") == true else { return root }
    return converted(root, isMap: false)
  }

  /// Keys whose value maps names of the author's to objects.
  private static let maps: Set<String> = [
    "properties", "schemas", "responses", "parameters", "requestBodies", "headers", "paths", "content", "callbacks",
    "examples", "securitySchemes", "links",
  ]
  /// Keys whose value is data.
  private static let data: Set<String> = ["example", "examples", "default", "enum", "const", "value"]

  private static func converted(_ node: Node, isMap: Bool) -> Node {
    switch node.content {
    case .sequence(let items):
      return node.with(.sequence(items.map { converted($0, isMap: false) }))
    case .mapping(let entries):
      let isReference = !isMap && node["$ref"]?.string != nil
      let kept = isReference ? entries.filter { $0.key == "$ref" } : entries
      var changed = kept.map { entry in
        let isData = !isMap && (data.contains(entry.key) || entry.key.hasPrefix("x-"))
        return Node.Entry(
          key: entry.key, keyLocation: entry.keyLocation,
          value: isData ? entry.value : converted(entry.value, isMap: !isMap && maps.contains(entry.key)))
      }
      if !isMap { convertKeywords(&changed) }
      return node.with(.mapping(changed))
    default: return node
    }
  }

  private static func convertKeywords(_ entries: inout [Node.Entry]) {
    func index(_ key: String) -> Int? { entries.firstIndex { $0.key == key } }
    if let nullable = index("nullable") {
      let isNullable = entries[nullable].value.boolean == true
      if isNullable, let type = index("type"), let name = entries[type].value.string {
        let value = entries[type].value
        entries[type] = entries[type].with(nodes: [value.with(.string(name)), value.with(.string("null"))])
        // What null may be is not said twice.
        if let members = index("enum"), !entries[members].value.items.contains(where: \.isNull) {
          let items = entries[members].value.items
          if let last = items.last {
            entries[members] = entries[members].with(nodes: items + [last.with(.null)])
          }
        }
      } else if isNullable, let allOf = index("allOf"), entries[allOf].value.items.count == 1 {
        // `$ref` takes nothing beside it, so this is how a reference is made nullable.
        let null = entries[nullable].value.with(.mapping([entries[nullable].renamed("type", .string("null"))]))
        entries[allOf] = entries[allOf].with(nodes: entries[allOf].value.items + [null]).renamed("anyOf")
      }
      entries.remove(at: nullable)
    }
    for (flag, bound) in [("exclusiveMinimum", "minimum"), ("exclusiveMaximum", "maximum")] {
      guard let place = index(flag), let isExclusive = entries[place].value.boolean else { continue }
      if isExclusive, let number = index(bound) {
        entries[place] = entries[place].with(entries[number].value.content)
        entries.remove(at: number)
      } else {
        entries.remove(at: place)
      }
    }
  }
}

extension Node {
  fileprivate func with(_ content: Content) -> Node {
    Node(content: content, location: location, keyLocation: keyLocation, path: path)
  }
}

extension Node.Entry {
  fileprivate func with(_ content: Node.Content) -> Node.Entry {
    Node.Entry(key: key, keyLocation: keyLocation, value: value.with(content))
  }

  fileprivate func with(nodes: [Node]) -> Node.Entry { with(.sequence(nodes)) }

  fileprivate func renamed(_ key: String, _ content: Node.Content? = nil) -> Node.Entry {
    Node.Entry(key: key, keyLocation: keyLocation, value: content.map { value.with($0) } ?? value)
  }
}
