/// The names and places of examples. `ExampleJudge` looks whether they keep their schemas.
extension Lowerer {
  func namedExamples(of node: Node) -> [String] {
    node["examples"]?.entries.map(\.key) ?? []
  }

  /// A parameter's or a header's example needs no name: it belongs to no call.
  mutating func checkExamples(_ node: Node, allowsUnnamed: Bool = false) {
    if let place = node["example"], profile.examples, !allowsUnnamed {
      errorAtKey(place, "an example needs a name; use examples")
    }
    for entry in entries("examples", of: node) {
      guard let example = dereference(entry.value) else { continue }
      checkExample(example, name: entry.key)
    }
  }

  mutating func checkExample(_ node: Node, name: String) {
    guard check(node, .example) else { return }
    for key in ["summary", "description"] { _ = string(key, of: node) }
    checkExampleName(name, at: node)
    if let scenario = node["x-example-scenario"] { checkScenario(scenario) }
  }

  mutating func checkExampleName(_ name: String, at node: Node) {
    if profile.examples, !IdentifierCheck.isKebabCase(name) { errorAtKey(node, "an example's name is in kebab-case") }
  }

  mutating func checkScenario(_ scenario: Node, _ kind: ObjectKind = .scenario) {
    guard check(scenario, kind) else { return }
    for key in ["name", "as", "to"] { _ = string(key, of: scenario) }
    if let step = count("step", of: scenario), step < 1, let place = scenario["step"] {
      error(place, "a scenario's steps count from 1")
    }
    for entry in entries("parameters", of: scenario) where entry.value.scalar == nil || entry.value.isNull {
      error(entry.value, "a parameter's value is a string, number or boolean, not \(entry.value.kind)")
    }
  }

  /// The examples of a call that has neither a body nor an answer's body are beside the answer, by name.
  mutating func checkBodylessExamples(_ response: Node) {
    guard let scenarios = response["x-example-scenario"] else { return }
    if let content = response["content"] {
      errorAtKey(scenarios, "'x-example-scenario' belongs to the examples of the content")
      note(content, "the content is here")
    }
    for entry in entries("x-example-scenario", of: response) {
      checkExampleName(entry.key, at: entry.value)
      checkScenario(entry.value)
    }
  }

  /// A message's examples are a list; the standard leaves no room for the scenario in them, so it is beside them.
  mutating func checkExamples(ofMessage node: Node) {
    let examples = items("examples", of: node)
    var names: Set<String> = []
    for example in examples where check(example, .messageExample) {
      _ = string("summary", of: example)
      guard let name = string("name", of: example), let place = example["name"] else { continue }
      checkExampleName(name, at: place)
      if !names.insert(name).inserted { error(place, "the message has two examples '\(name)'") }
    }
    if profile.examples, examples.isEmpty { errorAtKey(node, "the message needs a named example", .missingExample) }
    for entry in entries("x-example-scenario", of: node) {
      checkScenario(entry.value, .eventScenario)
      if !names.contains(entry.key) {
        errorAtKey(
          entry.value, "the message has no example '\(entry.key)'", .invalidExample,
          suggestion: diagnostics.suggestion(for: entry.key, among: examples.lazy.compactMap { $0["name"]?.string }))
      }
    }
  }

  // MARK: - Operations

  /// Each call can be followed: its request example and its response example have the same name, and a scenario gives
  /// just the parameters that there are.
  mutating func checkExamples(ofOperation node: Node, parameters: [Parameter]) {
    guard node["responses"]?.isMapping == true else { return }
    let request = node["requestBody"].flatMap { resolver.resolve($0) }?["content"]?.entries.first?.value
    var answered: Set<String> = []
    var hasBodyless = false
    var calls = request?["examples"]?.entries.map(\.value) ?? []
    for entry in node["responses"]?.entries ?? [] {
      guard let response = resolver.resolve(entry.value) else { return }
      let contents = response["content"]?.entries ?? []
      if contents.isEmpty { hasBodyless = true }
      for content in contents {
        answered.formUnion(namedExamples(of: content.value))
        // Examples of a shared response are those of no particular call.
        if entry.value["$ref"] == nil { calls += content.value["examples"]?.entries.map(\.value) ?? [] }
      }
      for scenario in response["x-example-scenario"]?.entries ?? [] {
        answered.insert(scenario.key)
        checkParameters(ofScenario: scenario.value, parameters)
      }
    }
    for call in calls {
      if let scenario = resolver.resolve(call)?["x-example-scenario"] {
        checkParameters(ofScenario: scenario, parameters)
      }
    }
    guard profile.examples else { return }
    if request == nil, answered.isEmpty { errorAtKey(node, "the operation needs a named example", .missingExample) }
    // An answer without a body has no place for an example of its own.
    guard !hasBodyless else { return }
    for entry in request?["examples"]?.entries ?? [] where !answered.contains(entry.key) {
      errorAtKey(entry.value, "no response has an example '\(entry.key)', so nobody knows what this call answers")
    }
  }

  private mutating func checkParameters(ofScenario scenario: Node, _ parameters: [Parameter]) {
    let given = scenario["parameters"]?.entries ?? []
    for entry in given where !parameters.contains(where: { $0.name == entry.key }) {
      errorAtKey(
        entry.value, "the operation has no parameter '\(entry.key)'", .invalidExample,
        suggestion: diagnostics.suggestion(for: entry.key, among: parameters.lazy.map(\.name)))
    }
    for parameter in parameters where parameter.isRequired && !given.contains(where: { $0.key == parameter.name }) {
      errorAtKey(scenario, "the scenario gives no '\(parameter.name)', which the operation needs")
    }
  }
}

// MARK: - The rule of what this file says

extension Lowerer {
  fileprivate mutating func error(_ node: Node, _ message: String) { error(node, message, .invalidExample) }

  fileprivate mutating func errorAtKey(_ node: Node, _ message: String) { errorAtKey(node, message, .invalidExample) }
}
