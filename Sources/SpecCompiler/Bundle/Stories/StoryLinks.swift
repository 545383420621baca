/// Links between operations (OpenAPI 3.1, Link Object), from the ids of stories: a step's answer has an id, and a later
/// step of the story names it in its path.
struct StoryLinks {
  /// Where an id was answered first.
  private struct Source {
    let operation: String
    let keys: [String]
    /// How many keys of a path in the story lead to the answer's body.
    let depth: Int
    /// In the story. Its pointer is made where it is needed: all of them could be gigabytes.
    let path: NodePath

    /// In the answer's body (OpenAPI 3.1, Runtime Expressions).
    var expression: String {
      "$response.body#" + path.keys.dropFirst(depth).map { "/" + JSONPointer.escape($0) }.joined()
    }
  }

  private let operations: StoryOperations
  private let openapi: Node
  private var links = Additions()
  /// The links that there are, by the keys of the answer that has them.
  private var known: Set<[String]> = []

  /// What is to be added to the OpenAPI document.
  static func derive(_ stories: [Story], _ operations: StoryOperations, _ openapi: Node) -> Additions {
    var result = StoryLinks(operations: operations, openapi: openapi)
    for story in stories { result.derive(story) }
    return result.links
  }

  private init(operations: StoryOperations, openapi: Node) {
    self.operations = operations
    self.openapi = openapi
  }

  private mutating func derive(_ story: Story) {
    var sources: [String: Source] = [:]
    for step in story.steps {
      guard case .call(let place, _) = step.action, let id = place.string, let operation = operations.operation(id),
        let answer = step["answer"], let status = Story.status(answer), status.hasPrefix("2")
      else { continue }
      link(step, to: id, operation, sources)
      guard let body = answer["body"] else { continue }
      let keys = operation.keys + ["responses", status]
      collect(body, Source(operation: id, keys: keys, depth: body.path.depth, path: body.path), &sources)
    }
  }

  /// - Parameter source: of the whole body.
  private func collect(_ node: Node, _ source: Source, _ sources: inout [String: Source]) {
    if let text = node.string, sources[text] == nil {
      sources[text] = Source(operation: source.operation, keys: source.keys, depth: source.depth, path: node.path)
    }
    for item in node.items { collect(item, source, &sources) }
    for entry in node.entries { collect(entry.value, source, &sources) }
  }

  /// A link from each answer that had one of the ids in the step's path.
  private mutating func link(
    _ step: Story.Step, to id: String, _ operation: StoryOperations.Operation, _ sources: [String: Source]
  ) {
    let inPath = operations.pathParameters(of: operation, in: openapi)
    var parameters: [[String]: [(key: String, value: Additions.Draft)]] = [:]
    var answers: [[String]] = []
    for entry in step["parameters"]?.entries ?? [] where inPath.contains(entry.key) {
      guard let text = entry.value.string, let source = sources[text], source.operation != id else { continue }
      if parameters[source.keys] == nil { answers.append(source.keys) }
      parameters[source.keys, default: []].append((entry.key, .scalar(.string(source.expression), of: entry.value)))
    }
    for keys in answers where known.insert(keys + [id]).inserted {
      let link = Additions.Draft.mapping(
        [
          ("operationId", .scalar(.string(id), of: step.node)),
          ("parameters", .mapping(parameters[keys] ?? [], of: step.node)),
        ], of: step.node)
      links.add(link, named: id, at: keys + ["links"])
    }
  }
}
