import Contract
import JSONSchema
import NIOCore

/// Plays one story against a server: persons register in it, and each one's socket is open from then on.
struct StoryPlayer {
  /// Something of a step that is not as the story has it.
  private struct Differs: Error {
    let faults: [String]
  }

  let door: RESTDoor
  let transport: EngineIOTransport.Kind
  private var literals: Literals
  private var tokens: [String: String] = [:]
  private var sockets: [String: SocketConnection] = [:]
  /// How many of a person's events are told already.
  private var told: [String: Int] = [:]
  private let outsider: Outsider?
  /// What breaks the contract, beside the story.
  private var breaches: [String] = []

  /// - Parameters:
  ///   - transport: of everybody's socket.
  ///   - beforehand: what some literals stand for from the beginning.
  ///   - outsider: tries each step before the person who may.
  init(
    door: RESTDoor, over transport: EngineIOTransport.Kind, beforehand: [String: String], outsider: Outsider? = nil
  ) {
    self.door = door
    self.transport = transport
    self.outsider = outsider
    literals = Literals(beforehand)
  }

  /// - Returns: what is wrong.
  /// - Throws: where nothing else is wrong than that more was asked than one may.
  mutating func play(_ story: Story) async throws(Limited) -> [String] {
    var faults: [String] = []
    var isLimited = false
    for (place, step) in story.steps.enumerated() {
      do {
        guard step.number == place + 1 else { throw ClientError("the story has no step \(place + 1)") }
        try await play(step)
      } catch is Limited {
        isLimited = true
        break
      } catch let error as Differs {
        faults += error.faults.map { "\(step.title): \($0)" }
      } catch {
        faults.append("\(step.title): \(error)")
      }
      // What comes after a step that failed is no longer what the story tells.
      if !faults.isEmpty { break }
    }
    let heard = await judgeEvents()
    await end()
    door.ledger.took(part: tokens.keys.sorted().compactMap { tokens[$0] })
    let all = breaches + faults + heard
    if isLimited, all.isEmpty { throw Limited() }
    return all
  }

  // MARK: - Parts of a story

  /// Plays the first steps, and leaves all sockets open.
  ///
  /// - Throws: where they don't go as the story has them.
  mutating func play(first count: Int, of story: Story) async throws {
    for step in story.steps.prefix(count) {
      do { try await play(step) } catch let error as Differs {
        throw ClientError("\(step.title): \(error.faults.joined(separator: "; "))")
      }
    }
  }

  /// Calls an operation as one of the persons, with parameters as the story has them.
  ///
  /// - Throws: `Limited` where more was asked than one may.
  mutating func ask(
    _ operation: Operation, _ parameters: JSONValue, as person: String, body: JSONValue? = nil
  ) async throws -> RESTDoor.Answer {
    let answer = try await door.call(
      operation, parameters: literals.substitute(parameters), token: tokens[person], body: body?.encoded)
    if answer.status == 429 { throw Limited() }
    return answer
  }

  /// Does once more what a step did, as something new.
  ///
  /// - Returns: whether something was made.
  mutating func repeatAnew(_ step: Story.Step) async throws -> Bool {
    guard case .call(let operation, let body?) = step.kind else { return false }
    return try await ask(operation, step.parameters, as: step.person, body: literals.anew(body)).status == 201
  }

  func end() async {
    for socket in sockets.values { await socket.close() }
  }

  private mutating func play(_ step: Story.Step) async throws {
    switch step.kind {
    case .call(let operation, let body): try await call(step, operation, body)
    case .send(let event, let payload): try await send(step, event, payload)
    case .hear(let event, let payload): try await hear(step, event, payload)
    }
  }

  // MARK: - REST

  private mutating func call(_ step: Story.Step, _ operation: Operation, _ body: JSONValue?) async throws {
    let parameters = literals.substitute(step.parameters)
    let tried = try await outsider?.attempt(
      operation, parameters: parameters, body: body.map { literals.substitute($0) })
    breaches += (tried ?? []).map { "\(step.title): \($0)" }
    let answer = try await door.call(
      operation, parameters: parameters, token: tokens[step.person], body: body.map { literals.substitute($0).encoded })
    breaches += answer.breaches.map { "\(step.title): \($0)" }
    let (status, example) = try shown(step, operation)
    let text = String(decoding: answer.http.body.prefix(500), as: UTF8.self)
    if answer.status == 429, status != 429 { throw Limited() }
    guard answer.status == status else { throw Differs(faults: ["\(answer.status), not \(status): \(text)"]) }
    let value = answer.value
    if let example {
      guard let value else { throw Differs(faults: ["the answer is no JSON"]) }
      let found = literals.differences(example, value)
      if !found.isEmpty { throw Differs(faults: found.map { "the answer differs: \($0)" }) }
    }
    if let token = value?["access_token"]?.text { try await signIn(step.person, token) }
  }

  private mutating func signIn(_ person: String, _ token: String) async throws {
    tokens[person] = token
    guard sockets[person] == nil else { return }
    sockets[person] = try await door.socket(token: token, over: transport)
  }

  /// The one answer of the step's name.
  private func shown(
    _ step: Story.Step, _ operation: Operation
  ) throws -> (status: Int, example: JSONValue?) {
    var found: [(Int, JSONValue?)] = []
    for answer in operation.answers.values {
      for example in answer.examples where example.name.string == step.name {
        found.append((answer.status, example.value["value"]))
      }
      if answer.node["x-example-scenario"]?[step.name] != nil { found.append((answer.status, nil)) }
    }
    if found.isEmpty {
      // A request whose answer has no body has no answer of its name.
      found = operation.answers.values.filter { (200..<300).contains($0.status) && $0.content.isEmpty }
        .map { ($0.status, nil) }
    }
    guard found.count == 1 else { throw ClientError("\(found.count) answers are named \(step.name)") }
    return found[0]
  }

  // MARK: - Events

  private func socket(of person: String) throws -> SocketConnection {
    guard let socket = sockets[person] else { throw ClientError("\(person) has no socket") }
    return socket
  }

  private mutating func send(_ step: Story.Step, _ event: Event, _ payload: JSONValue) async throws {
    let socket = try socket(of: step.person)
    let payload = literals.substitute(payload)
    breaches += (try await outsider?.attempt(event, payload) ?? []).map { "\(step.title): \($0)" }
    let shown = event.replyMessages.flatMap(\.examples).first { $0.name == step.name }
    guard let shown else { return await socket.emit(event.name, payload) }
    let answer = try await door.call(event, payload, on: socket)
    breaches += answer.breaches.map { "\(step.title): \($0)" }
    let found = literals.differences(shown.payload, answer.value ?? .null)
    if !found.isEmpty { throw Differs(faults: found.map { "the acknowledgement differs: \($0)" }) }
  }

  /// The example must come to that person's socket, after all that was heard there before.
  private mutating func hear(_ step: Story.Step, _ event: Event, _ payload: JSONValue) async throws {
    // Between two requests a client that polls has no connection, and what is volatile is not kept for it.
    if transport == .polling, event.message["x-socketio"]?["volatile"]?.bool == true { return }
    let socket = try socket(of: step.person)
    var place = told[step.person] ?? 0
    var tried: [String] = []
    while true {
      let next = place
      guard await socket.until(seconds: 5, { $0.events.count > next }) else {
        throw Differs(faults: ["\(event.name) did not come to \(step.person)"] + tried)
      }
      let arguments = await socket.events[next]
      place += 1
      guard let items = try? JSONValue(parsing: arguments).items, items.first?.text == event.name, items.count == 2
      else { continue }
      let found = literals.differences(payload, items[1])
      if found.isEmpty {
        told[step.person] = place
        return
      }
      tried += found.map { "\(event.name) differs: \($0)" }
    }
  }

  /// Every event that anybody got is one of the contract, whether the story shows it or not.
  private func judgeEvents() async -> [String] {
    var found: [String] = []
    for (person, socket) in sockets.sorted(by: { $0.key < $1.key }) {
      for event in await socket.events {
        let breaches = door.contract.breaches(event: event)
        door.transcript.event(event, breaches)
        found += breaches.map { "to \(person): \($0)" }
      }
    }
    return found
  }
}
