import Contract
import JSONSchema

/// Looks whether a parameter that is left out has its default: the answer is the same then as with the default, where
/// the value beside it would give another one. A list must have more items than a page for that, so a step of a story
/// that adds one is repeated.
struct DefaultCheck {
  /// More items are not made.
  private static let mostItems = 200

  /// From where an operation is called: after some steps of a story, by one of its persons.
  private struct Place {
    let story: Story
    let steps: Int
    let person: String
    /// As the story has them, without the one that is left out.
    let parameters: JSONValue
  }

  private struct Subject {
    let operation: Operation
    let name: String
    let value: JSONValue
    /// The value beside it.
    let other: JSONValue
  }

  let door: RESTDoor
  let stories: [Story]

  func groups() -> [ProbeGroup] {
    door.contract.operations.flatMap { operation in
      operation.parameters.compactMap { parameter in
        do {
          guard let subject = try subject(operation, parameter) else { return nil }
          return ProbeGroup(
            "default of \(subject.name) of \(operation.id)", [Probe { try await faults(subject) }])
        } catch {
          return ProbeGroup("default of \(parameter.name) of \(operation.id)", [Probe { throw error }])
        }
      }
    }
  }

  private func subject(_ operation: Operation, _ parameter: Operation.Parameter) throws -> Subject? {
    var contract = door.contract
    let schema = try contract.followed(parameter.place).node
    guard let value = schema["default"] else { return nil }
    let beside = value.integer.map { [$0 + 1, $0 - 1] }?.map { JSONValue.number(DecimalNumber($0)) } ?? []
    for other in beside + [.bool(value.bool != true)] + (schema["enum"]?.items ?? []) where other != value {
      if try contract.findings(in: other, by: parameter.place).isEmpty {
        return Subject(operation: operation, name: parameter.name, value: value, other: other)
      }
    }
    throw ClientError("no other value is known than the default")
  }

  private func faults(_ subject: Subject) async throws -> [String] {
    for place in places(subject) {
      var player = StoryPlayer(door: door, over: .websocket, beforehand: Newcomers.names(in: place.story))
      let found: Result<[String]?, any Error>
      do { found = .success(try await faults(subject, place, &player)) } catch { found = .failure(error) }
      await player.end()
      if let faults = try found.get() { return faults }
    }
    throw NotChecked("no answer is known that depends on it")
  }

  // MARK: - Places

  private func places(_ subject: Subject) -> [Place] {
    let operation = subject.operation
    let isFree = !operation.parameters.contains(where: \.isRequired)
    var called: [Place] = []
    var other: [Place] = []
    for story in stories {
      for (place, step) in story.steps.enumerated() {
        guard case .call(let its, let body) = step.kind else { continue }
        let parameters = step.parameters.with(subject.name, nil)
        if its.id == operation.id {
          called.append(Place(story: story, steps: place, person: step.person, parameters: parameters))
        } else if isFree, body != nil {
          other.append(Place(story: story, steps: place + 1, person: step.person, parameters: .object(.empty)))
        }
      }
    }
    // Nobody need have done anything.
    if isFree, operation.isPublic {
      let nothing = Story(name: "nothing", steps: [])
      called.append(Place(story: nothing, steps: 0, person: "nobody", parameters: .object(.empty)))
    }
    return called + other
  }

  // MARK: - At one place

  /// - Returns: nil where nothing depends on the parameter.
  private func faults(_ subject: Subject, _ place: Place, _ player: inout StoryPlayer) async throws -> [String]? {
    try await player.play(first: place.steps, of: place.story)
    func answer(_ value: JSONValue?) async throws -> JSONValue? {
      let answer = try await player.ask(
        subject.operation, place.parameters.with(subject.name, value), as: place.person)
      return answer.status == 200 ? answer.value : nil
    }
    func depends() async throws -> Bool {
      guard let one = try await answer(subject.value), let other = try await answer(subject.other) else { return false }
      return !Self.differences(one, other).isEmpty
    }
    var isDecisive = try await depends()
    if !isDecisive, let page = subject.value.integer, (1...Self.mostItems).contains(page) {
      for step in place.story.steps.prefix(place.steps).reversed() where !isDecisive {
        let before = Self.items(try await answer(subject.other))
        guard try await player.repeatAnew(step), Self.items(try await answer(subject.other)) > before else { continue }
        for _ in 0..<max(0, page - before) where try await !player.repeatAnew(step) { return nil }
        isDecisive = try await depends()
      }
    }
    guard isDecisive, let explicit = try await answer(subject.value) else { return nil }
    guard let without = try await answer(nil) else { return ["without \(subject.name) it is refused"] }
    return Self.differences(explicit, without).map { "without \(subject.name) \($0)" }
  }

  private static func differences(_ one: JSONValue, _ other: JSONValue) -> [String] {
    var literals = Literals()
    return literals.differences(one, other)
  }

  /// Of the lists in an answer.
  private static func items(_ answer: JSONValue?) -> Int {
    (answer?.object?.members ?? []).reduce(0) { $0 + ($1.value.items?.count ?? 0) }
  }
}
