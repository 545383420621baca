/// A story: who takes part, and what they do in which order. A step's place is its number, with the events that it makes
/// the server tell counted behind it.
struct Story {
  let name: String
  let steps: [Step]

  struct Step {
    /// From 1.
    let number: Int
    let name: String
    /// As it is written.
    let node: Node
    let action: Action

    /// A key of the step as it is written.
    subscript(key: String) -> Node? { node[key] }
  }

  enum Action {
    /// A person calls an operation of the OpenAPI document.
    case call(operation: Node, person: String)
    /// A person sends an event.
    case send(event: Node, person: String)
    /// A person's connection is told an event.
    case hear(event: Node, person: String)
  }

  /// An answer's status as a document has it.
  static func status(_ answer: Node) -> String? {
    answer["status"]?.string ?? answer["status"]?.integer.map { String($0) }
  }

  /// Who acts without an access token.
  static let nobody = "nobody"

  /// The folder of the files that are stories: `stories/first-chat.yaml`.
  static let folder = "stories/"
}

extension ObjectKind {
  static let story = ObjectKind("a story", required: ["persons", "steps"], optional: ["summary"])
  static let callStep = ObjectKind(
    "a step that calls an operation", required: ["name", "as", "operation", "answer"],
    optional: ["summary", "parameters", "body", "tells"])
  static let sendStep = ObjectKind(
    "a step that sends an event", required: ["name", "as", "event", "payload"],
    optional: ["summary", "acknowledgement", "tells"])
  static let hearStep = ObjectKind(
    "a step that tells an event", required: ["name", "to", "event", "payload"], optional: ["summary"])
  static let answer = ObjectKind("an answer", required: ["status"], optional: ["summary", "body"])
  static let acknowledgement = ObjectKind(
    "an acknowledgement", required: ["message", "payload"], optional: ["summary"])
}
