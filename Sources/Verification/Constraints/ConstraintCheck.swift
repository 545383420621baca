import Contract
import JSONSchema

/// Sends, for each constraint of a body or payload, a value that breaks just that one, and values at its bounds: the
/// first must be refused with the violation, the others must not be refused for their schema.
struct ConstraintCheck {
  /// A code of x-problems, and the property of a problem in which the violations are.
  static let refusal = "validation_failed"

  let door: RESTDoor
  let entrance: Entrance

  /// - Returns: what is to be sent, and the socket that the events are sent over.
  func groups() async -> (groups: [ProbeGroup], socket: SocketConnection?) {
    let token: String
    do {
      token = try await entrance.token()
    } catch {
      return ([ProbeGroup("constraints", obstacle: "nobody could sign in for them: \(error)")], nil)
    }
    var groups = FormCheck(door: door, token: token).groups()
    for operation in door.contract.operations where operation.node["requestBody"] != nil {
      groups.append(group(operation, token))
    }
    let socket: SocketConnection
    do {
      socket = try await door.socket(token: token)
    } catch {
      return (groups + [ProbeGroup("constraints of events", obstacle: "\(error)")], nil)
    }
    for event in door.contract.received.values.sorted(by: { $0.name < $1.name }) {
      groups.append(group(event, socket))
    }
    return (groups, socket)
  }

  // MARK: - REST

  private func group(_ operation: Operation, _ token: String) -> ProbeGroup {
    let name = "constraints of \(operation.id)"
    let examples = (operation.body?.examples?.members ?? []).compactMap { $0.value["value"] }
    guard let body = operation.body, !examples.isEmpty else {
      return ProbeGroup(name, obstacle: "it has no body in JSON, or no example of one")
    }
    do {
      let derived = try Derived.ofEachForm(body.place, examples: examples, in: door.contract)
      let parameters = try Parameters.required(of: operation, in: door.contract)
      let broken = derived.flatMap(\.broken).map { each in
        Probe {
          let answer = try await door.call(operation, parameters: parameters, token: token, body: each.value.encoded)
          return answer.breaches.map(\.description)
            + refusalFaults(each, answer.value, isRefused: answer.status == 422)
        }
      }
      let kept = derived.flatMap(\.bounds).map { what, value in
        Probe {
          let answer = try await door.call(operation, parameters: parameters, token: token, body: value.encoded)
          return answer.breaches.map(\.description) + acceptanceFaults(what, answer.value)
        }
      }
      return ProbeGroup("\(name): \(broken.count) broken, \(kept.count) kept", broken + kept)
    } catch {
      return ProbeGroup(name, [Probe { throw error }])
    }
  }

  // MARK: - Events

  private func group(_ event: Event, _ socket: SocketConnection) -> ProbeGroup {
    let name = "constraints of the event \(event.name)"
    let examples = event.message.examples.map(\.payload)
    guard !examples.isEmpty else {
      return ProbeGroup(name, obstacle: "it has no example")
    }
    do {
      let derived = try Derived.ofEachForm(event.place, examples: examples, in: door.contract)
      let broken = derived.flatMap(\.broken).map { each in
        Probe {
          let (answer, breaches) = try await door.call(event, each.value, on: socket)
          return breaches.map(\.description)
            + refusalFaults(each, answer?["error"], isRefused: answer?["ok"]?.bool == false)
        }
      }
      let kept = derived.flatMap(\.bounds).map { what, value in
        Probe {
          let (answer, breaches) = try await door.call(event, value, on: socket)
          return breaches.map(\.description) + acceptanceFaults(what, answer?["error"])
        }
      }
      return ProbeGroup("\(name): \(broken.count) broken, \(kept.count) kept", broken + kept)
    } catch {
      return ProbeGroup(name, [Probe { throw error }])
    }
  }

  // MARK: - What is wrong

  private func refusalFaults(_ broken: Derived.Broken, _ problem: JSONValue?, isRefused: Bool) -> [String] {
    let what = "\(broken.pointer) \(broken.keyword)"
    guard isRefused, problem?["code"]?.text == Self.refusal else {
      return ["\(what) is broken, and not refused with \(Self.refusal): \(problem?["code"]?.text ?? "no problem")"]
    }
    let told = Self.violations(problem)
    // A server may put schemas of one object together: then what is in none of them is an additional property.
    let other = what.replacing("unevaluatedProperties", with: "additionalProperties")
    // What tells forms apart is there, and names none of them, or is no name at all.
    let isChoice =
      ["const", "enum"].contains(broken.keyword)
      && ["oneOf", "type"].contains { told.contains("\(broken.pointer) \($0)") }
    return told.contains(what) || told.contains(other) || isChoice
      ? [] : ["\(what) is broken, and the violations are \(told.joined(separator: ", "))"]
  }

  private func acceptanceFaults(_ what: String, _ problem: JSONValue?) -> [String] {
    guard problem?["code"]?.text == Self.refusal else { return [] }
    return Self.violations(problem).map { "\($0) is refused where \(what) keeps all schemas" }
  }

  static func violations(_ problem: JSONValue?) -> [String] {
    (problem?["errors"]?.items ?? []).map { "\($0["pointer"]?.text ?? "") \($0["keyword"]?.text ?? "")" }
  }
}
