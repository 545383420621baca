/// Reads the file of a story. A step with a mistake is told and left out.
struct StoryReader {
  private var diagnostics: Diagnostics
  private var persons: Set<String> = []
  private var steps: [Story.Step] = []
  /// The steps by name.
  private var names: [String: Node] = [:]
  /// Of all steps so far, also of those that are left out.
  private var count = 0

  /// Nil if it is no story at all.
  static func read(_ node: Node, name: String, into diagnostics: inout Diagnostics) -> Story? {
    guard ObjectKind.story.judge(node, into: &diagnostics) else { return nil }
    var reader = StoryReader(diagnostics: diagnostics)
    _ = reader.text("summary", of: node)
    reader.readPersons(node)
    for step in reader.items("steps", of: node) { reader.read(step) }
    diagnostics = reader.diagnostics
    return Story(name: name, steps: reader.steps)
  }

  private init(diagnostics: Diagnostics) {
    self.diagnostics = diagnostics
  }

  private mutating func error(_ node: Node, _ message: String) {
    diagnostics.report(Diagnostic(.error, .invalidStory, at: node.location, message, context: node.pointer))
  }

  private mutating func items(_ key: String, of node: Node) -> [Node] {
    guard let list = node[key] else { return [] }
    if !list.isSequence { error(list, "'\(key)' is a list, not \(list.kind)") }
    return list.items
  }

  private mutating func text(_ key: String, of node: Node) -> String? {
    guard let value = node[key] else { return nil }
    if value.string == nil { error(value, "'\(key)' is a string, not \(value.kind)") }
    return value.string
  }

  /// Persons by name, each with who that is.
  private mutating func readPersons(_ node: Node) {
    guard let persons = node["persons"] else { return }
    if !persons.isMapping { error(persons, "'persons' is a mapping, not \(persons.kind)") }
    for entry in persons.entries {
      _ = text(entry.key, of: persons)
      if entry.key == Story.nobody {
        error(entry.name, "'nobody' is whoever has no access token")
      } else {
        self.persons.insert(entry.key)
      }
    }
  }

  // MARK: - Steps

  private mutating func read(_ node: Node, isWithin: Bool = false) {
    count += 1
    let number = count
    let (kind, action) = action(of: node, isWithin: isWithin)
    if kind.judge(node, into: &diagnostics) {
      _ = text("summary", of: node)
      let name = readName(of: node)
      if let name, let action { steps.append(Story.Step(number: number, name: name, node: node, action: action)) }
    }
    for told in items("tells", of: node) { read(told, isWithin: true) }
  }

  /// - Parameter isWithin: whether it is told by another step.
  private mutating func action(of node: Node, isWithin: Bool) -> (ObjectKind, Story.Action?) {
    if isWithin || node["to"] != nil {
      let person = person("to", of: node)
      return (.hearStep, node["event"].flatMap { event in person.map { .hear(event: event, person: $0) } })
    }
    let person = person("as", of: node)
    if let event = node["event"], node["operation"] == nil {
      return (.sendStep, person.map { .send(event: event, person: $0) })
    }
    return (.callStep, node["operation"].flatMap { call in person.map { .call(operation: call, person: $0) } })
  }

  private mutating func person(_ key: String, of node: Node) -> String? {
    guard let name = text(key, of: node), let place = node[key] else { return nil }
    if persons.contains(name) || name == Story.nobody && key == "as" { return name }
    error(place, "there is no '\(name)' among the persons of the story")
    return nil
  }

  private mutating func readName(of node: Node) -> String? {
    guard let name = text("name", of: node), let place = node["name"] else { return nil }
    if let first = names[name] {
      error(place, "another step of the story has the name '\(name)'")
      diagnostics.report(Diagnostic(.note, .invalidStory, at: first.location, "'\(name)' is here first"))
      return nil
    }
    names[name] = place
    return name
  }
}
