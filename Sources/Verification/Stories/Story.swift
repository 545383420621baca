import Contract
import JSONSchema

/// A story of the documents: examples of both that belong together (`x-example-scenario`), in the order of their steps.
struct Story: Sendable {
  struct Step: Sendable {
    enum Kind: Sendable {
      case call(Operation, body: JSONValue?)
      case send(Event, payload: JSONValue)
      case hear(Event, payload: JSONValue)
    }

    let number: Int
    let name: String
    /// Who acts, or hears.
    let person: String
    let parameters: JSONValue
    let kind: Kind

    var title: String { "step \(number), \(name)" }
  }

  let name: String
  let steps: [Step]

  /// All stories of a contract, by their names.
  static func all(in contract: Contract) -> [Story] {
    var steps: [String: [Step]] = [:]
    func add(_ name: String, _ scenario: JSONValue?, _ kind: Step.Kind) {
      guard let scenario, let story = scenario["name"]?.text, let number = scenario["step"]?.integer else { return }
      steps[story, default: []].append(
        Step(
          number: number, name: name, person: (scenario["as"] ?? scenario["to"])?.text ?? "nobody",
          parameters: scenario["parameters"] ?? .object(.empty), kind: kind))
    }
    for operation in contract.operations {
      for example in operation.body?.examples?.members ?? [] {
        add(
          example.name.string, example.value["x-example-scenario"],
          .call(operation, body: example.value["value"] ?? .null))
      }
      for answer in operation.answers.values {
        for example in answer.examples {
          add(example.name.string, example.value["x-example-scenario"], .call(operation, body: nil))
        }
        // Of an answer without a body, by example name.
        for step in answer.node["x-example-scenario"]?.object?.members ?? [] {
          add(step.name.string, step.value, .call(operation, body: nil))
        }
      }
    }
    for event in Array(contract.received.values) + Array(contract.told.values) {
      for (name, payload) in event.message.examples {
        add(
          name, event.message["x-example-scenario"]?[name],
          event.isReceived ? .send(event, payload: payload) : .hear(event, payload: payload))
      }
    }
    return steps.keys.sorted().map { name in
      Story(name: name, steps: (steps[name] ?? []).sorted { $0.number < $1.number })
    }
  }
}

extension Operation.Answer {
  /// The named examples of its content.
  var examples: [JSONObject.Member] {
    (node["content"]?.object?.members ?? []).flatMap { $0.value["examples"]?.object?.members ?? [] }
  }
}

extension JSONValue {
  /// The examples of a message of AsyncAPI.
  var examples: [(name: String, payload: JSONValue)] {
    (self["examples"]?.items ?? []).compactMap { example in
      guard let name = example["name"]?.text, let payload = example["payload"] else { return nil }
      return (name, payload)
    }
  }
}
