import Contract
import JSONSchema

/// Sends, for each constraint of a body or payload, a value that breaks just that one, and values at its bounds: the
/// first must be refused with the violation, the others must not be refused for their schema.
struct ConstraintCheck {
  /// A code of x-problems, and the property of a problem in which the violations are.
  static let refusal = "validation_failed"

  let door: RESTDoor
  let entrance: Entrance

  func run(_ report: inout Report) async {
    let token: String
    do {
      token = try await entrance.token()
    } catch {
      return report.add("constraints", .notChecked("nobody could sign in for them: \(error)"))
    }
    await FormCheck(door: door, token: token).run(&report)
    for operation in door.contract.operations where operation.node["requestBody"] != nil {
      await check(operation, token, &report)
    }
    let socket: SocketConnection
    do {
      socket = try await door.socket(token: token)
    } catch {
      return report.add("constraints of events", .notChecked("\(error)"))
    }
    for event in door.contract.received.values.sorted(by: { $0.name < $1.name }) {
      await check(event, socket, &report)
    }
    await socket.close()
  }

  // MARK: - REST

  private func check(_ operation: Operation, _ token: String, _ report: inout Report) async {
    let name = "constraints of \(operation.id)"
    guard let body = operation.body, let example = body.examples?.members.first?.value["value"] else {
      return report.add(name, .notChecked("it has no body in JSON, or no example of one"))
    }
    do {
      let derived = try Derived(body.place, valid: example, in: door.contract)
      let parameters = try Parameters.required(of: operation, in: door.contract)
      var faults: [String] = []
      for each in derived.broken {
        let answer = try await door.call(operation, parameters: parameters, token: token, body: each.value.encoded)
        faults += answer.breaches.map(\.description)
        faults += refusalFaults(each, answer.value, isRefused: answer.status == 422)
      }
      for (what, value) in derived.bounds {
        let answer = try await door.call(operation, parameters: parameters, token: token, body: value.encoded)
        faults += answer.breaches.map(\.description)
        faults += acceptanceFaults(what, answer.value)
      }
      report.add("\(name): \(derived.broken.count) broken, \(derived.bounds.count) kept", faults: faults)
    } catch {
      report.add(name, faults: ["\(error)"])
    }
  }

  // MARK: - Events

  private func check(_ event: Event, _ socket: SocketConnection, _ report: inout Report) async {
    let name = "constraints of the event \(event.name)"
    guard let example = event.message.examples.first?.payload else {
      return report.add(name, .notChecked("it has no example"))
    }
    do {
      let derived = try Derived(event.place, valid: example, in: door.contract)
      var faults: [String] = []
      for each in derived.broken {
        let answer = try await answer(event, each.value, socket, &faults)
        faults += refusalFaults(each, answer?["error"], isRefused: answer?["ok"]?.bool == false)
      }
      for (what, value) in derived.bounds {
        faults += acceptanceFaults(what, try await answer(event, value, socket, &faults)?["error"])
      }
      report.add("\(name): \(derived.broken.count) broken, \(derived.bounds.count) kept", faults: faults)
    } catch {
      report.add(name, faults: ["\(error)"])
    }
  }

  private func answer(
    _ event: Event, _ payload: JSONValue, _ socket: SocketConnection, _ faults: inout [String]
  ) async throws -> JSONValue? {
    let answer = try await door.call(event, payload, on: socket)
    faults += answer.breaches.map(\.description)
    return answer.value
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
    // Of what is none of several forms, it may tell what is wrong with the form that was meant.
    let isChoice = ["oneOf", "anyOf"].contains(broken.keyword)
    return told.contains(what) || told.contains(other) || isChoice && told.contains { $0.hasPrefix(broken.pointer) }
      ? [] : ["\(what) is broken, and the violations are \(told.joined(separator: ", "))"]
  }

  private func acceptanceFaults(_ what: String, _ problem: JSONValue?) -> [String] {
    guard problem?["code"]?.text == Self.refusal else { return [] }
    return Self.violations(problem).map { "\($0) is refused where \(what) keeps all schemas" }
  }

  private static func violations(_ problem: JSONValue?) -> [String] {
    (problem?["errors"]?.items ?? []).map { "\($0["pointer"]?.text ?? "") \($0["keyword"]?.text ?? "")" }
  }
}
