/// Makes the steps of stories examples of the operations and messages that they are about, with `x-example-scenario`.
struct StoryWeaver {
  private let openapi: Node
  private let events: Node
  private let operations: StoryOperations
  private var diagnostics: Diagnostics
  private var toOpenapi = Additions()
  private var toEvents = Additions()
  /// Where each example was written, by the keys that lead to it.
  private var places: [[String]: Node] = [:]

  /// The documents with the steps of all stories.
  static func weave(
    _ stories: [Story], _ operations: StoryOperations, into openapi: Node, _ events: Node,
    _ diagnostics: inout Diagnostics
  ) -> (openapi: Node, events: Node) {
    var weaver = StoryWeaver(openapi, events, operations, diagnostics)
    for story in stories {
      for step in story.steps { weaver.weave(step, of: story) }
    }
    diagnostics = weaver.diagnostics
    return (weaver.toOpenapi.applied(to: openapi), weaver.toEvents.applied(to: events))
  }

  private init(_ openapi: Node, _ events: Node, _ operations: StoryOperations, _ diagnostics: Diagnostics) {
    self.openapi = openapi
    self.events = events
    self.operations = operations
    self.diagnostics = diagnostics
  }

  private mutating func error(_ node: Node, _ message: String) {
    diagnostics.report(Diagnostic(.error, .invalidStory, at: node.location, message, context: node.pointer))
  }

  private mutating func weave(_ step: Story.Step, of story: Story) {
    switch step.action {
    case .call(let operation, let person): call(step, scenario(step, of: story, "as", person), operation)
    case .send(let event, let person): send(step, scenario(step, of: story, "as", person), event)
    case .hear(let event, let person): hear(step, scenario(step, of: story, "to", person), event)
    }
  }

  private func scenario(_ step: Story.Step, of story: Story, _ role: String, _ person: String) -> Additions.Draft {
    var entries: [(key: String, value: Additions.Draft)] = [
      ("name", .scalar(.string(story.name), of: step.node)), ("step", .scalar(.integer(step.number), of: step.node)),
      (role, .scalar(.string(person), of: step[role] ?? step.node)),
    ]
    if let parameters = step["parameters"] { entries.append(("parameters", .written(parameters))) }
    return .mapping(entries, of: step.node)
  }

  // MARK: - Calls

  private mutating func call(_ step: Story.Step, _ scenario: Additions.Draft, _ place: Node) {
    guard let operation = operations.operation(place.string ?? "") else {
      return error(place, "there is no operation '\(place.string ?? place.kind)'")
    }
    guard let answer = step["answer"], ObjectKind.answer.judge(answer, into: &diagnostics),
      let (response, keys) = response(answer, of: operation, place)
    else { return }
    let body = step["body"]
    if let body {
      guard let media = content(of: operation.node["requestBody"], body, "the body of '\(place.string ?? "")'") else {
        return
      }
      let example = example(step["summary"], scenario, ("value", body), at: step)
      addExample(example, of: step, at: operation.keys + ["requestBody", "content", media, "examples"])
    } else if operation.node["requestBody"]?["required"]?.boolean == true {
      return error(step.node, "the operation '\(place.string ?? "")' needs a body")
    }
    weave(step, answer, into: response, at: keys, body == nil ? scenario : nil)
  }

  private mutating func response(
    _ answer: Node, of operation: StoryOperations.Operation, _ place: Node
  ) -> (node: Node, keys: [String])? {
    guard let status = answer["status"] else { return nil }
    let key = Story.status(answer) ?? status.kind
    guard let response = operation.node["responses"]?[key] else {
      let known = operation.node["responses"]?.entries.map(\.key).sorted().joined(separator: ", ") ?? "nothing"
      error(status, "the operation '\(place.string ?? "")' does not answer \(key); it answers \(known)")
      return nil
    }
    return (response, operation.keys + ["responses", key])
  }

  /// - Parameter scenario: nil if the request's example has it.
  private mutating func weave(
    _ step: Story.Step, _ answer: Node, into response: Node, at keys: [String], _ scenario: Additions.Draft?
  ) {
    let what = "the answer \(keys.last ?? "")"
    if let body = answer["body"] {
      guard let media = content(of: response, body, what) else { return }
      // A call without a body has one example, and so one summary.
      if scenario != nil, let summary = step["summary"], answer["summary"] != nil {
        return error(summary, "a call without a body has the summary of its answer")
      }
      let summary = answer["summary"] ?? (scenario == nil ? nil : step["summary"])
      addExample(
        example(summary, scenario, ("value", body), at: step), of: step, at: keys + ["content", media, "examples"])
    } else if response["content"] != nil || response["$ref"] != nil {
      error(answer, "\(what) has a body, which the step does not tell")
    } else {
      for summary in [answer["summary"], scenario == nil ? nil : step["summary"]].compactMap(\.self) {
        error(summary, "what has no body has no example that a summary could belong to")
      }
      guard let scenario else { return }
      addExample(scenario, of: step, at: keys + ["x-example-scenario"])
    }
  }

  /// The first media type of a body or an answer that can have examples of its own.
  private mutating func content(of owner: Node?, _ body: Node, _ what: String) -> String? {
    guard let owner else {
      error(body, "\(what) is none: the operation takes no body")
      return nil
    }
    guard owner["$ref"] == nil else {
      error(body, "\(what) is shared by operations (a $ref), so it has no place for a step; write it out there")
      return nil
    }
    guard let media = owner["content"]?.entries.first else {
      error(body, "\(what) has no body")
      return nil
    }
    return media.key
  }

  // MARK: - Events

  private mutating func send(_ step: Story.Step, _ scenario: Additions.Draft, _ place: Node) {
    guard let operation = eventOperation("receive", place, "that clients send") else { return }
    guard let message = operations.message(operation["messages"]?.items.first), let payload = step["payload"] else {
      return
    }
    addMessage(step, scenario, payload, at: message.keys)
    guard let answer = step["acknowledgement"], ObjectKind.acknowledgement.judge(answer, into: &diagnostics),
      let payload = answer["payload"], let name = answer["message"]
    else { return }
    let replies = (operation["reply"]?["messages"]?.items ?? []).compactMap { operations.message($0) }
    guard let reply = replies.first(where: { $0.node["name"]?.string == name.string }) else {
      let known = replies.compactMap { $0.node["name"]?.string }.joined(separator: ", ")
      return error(name, "the event is not acknowledged with '\(name.string ?? name.kind)'; it is with \(known)")
    }
    let draft = example(answer["summary"], nil, ("payload", payload), at: step, name: step["name"])
    add(draft, of: step, at: reply.keys)
  }

  private mutating func hear(_ step: Story.Step, _ scenario: Additions.Draft, _ place: Node) {
    guard let operation = eventOperation("send", place, "that the server tells") else { return }
    guard let message = operations.message(operation["messages"]?.items.first), let payload = step["payload"] else {
      return
    }
    addMessage(step, scenario, payload, at: message.keys)
  }

  private mutating func eventOperation(_ action: String, _ place: Node, _ what: String) -> Node? {
    if let operation = operations.event(action, place.string ?? "") { return operation }
    error(place, "there is no event '\(place.string ?? place.kind)' \(what)")
    return nil
  }

  private mutating func addMessage(
    _ step: Story.Step, _ scenario: Additions.Draft, _ payload: Node, at keys: [String]
  ) {
    let draft = example(step["summary"], nil, ("payload", payload), at: step, name: step["name"])
    guard add(draft, of: step, at: keys) else { return }
    toEvents.add(scenario, named: step.name, at: keys + ["x-example-scenario"])
  }

  // MARK: - Examples

  private func example(
    _ summary: Node?, _ scenario: Additions.Draft?, _ value: (key: String, node: Node), at step: Story.Step,
    name: Node? = nil
  ) -> Additions.Draft {
    var entries: [(key: String, value: Additions.Draft)] = []
    if let name { entries.append(("name", .written(name))) }
    if let summary { entries.append(("summary", .written(summary))) }
    if let scenario { entries.append(("x-example-scenario", scenario)) }
    entries.append((value.key, .written(value.node)))
    return .mapping(entries, of: step["name"] ?? step.node)
  }

  /// Adds an example of the OpenAPI document.
  private mutating func addExample(_ example: Additions.Draft, of step: Story.Step, at keys: [String]) {
    guard isNew(step, at: keys, (try? openapi.part(at: keys))?[step.name]) else { return }
    toOpenapi.add(example, named: step.name, at: keys)
  }

  /// Adds an example of a message, unless it has one of that name.
  @discardableResult
  private mutating func add(_ example: Additions.Draft, of step: Story.Step, at keys: [String]) -> Bool {
    let own = (try? events.part(at: keys))?["examples"]?.items.first { $0["name"]?.string == step.name }
    guard isNew(step, at: keys + ["examples"], own) else { return false }
    toEvents.add(example, at: keys + ["examples"])
    return true
  }

  private mutating func isNew(_ step: Story.Step, at keys: [String], _ own: Node?) -> Bool {
    guard let place = step["name"] else { return false }
    guard let first = own ?? places[keys + [step.name]] else {
      places[keys + [step.name]] = place
      return true
    }
    error(place, "there is an example '\(step.name)' already")
    diagnostics.report(Diagnostic(.note, .invalidStory, at: first.location, "'\(step.name)' is here first"))
    return false
  }
}
