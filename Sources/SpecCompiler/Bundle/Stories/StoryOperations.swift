/// What steps can be about: the operations of both documents.
struct StoryOperations {
  /// An operation of the OpenAPI document.
  struct Operation {
    let node: Node
    /// What leads to it.
    let keys: [String]
    /// Its path.
    let item: Node
  }

  private var operations: [String: Operation] = [:]
  /// Those of the events' document by action and the event's name.
  private var events: [String: [String: Node]] = [:]
  private let document: Node

  init(openapi: Node, events document: Node) {
    self.document = document
    for path in openapi["paths"]?.entries ?? [] {
      for method in path.value.entries {
        guard let id = method.value["operationId"]?.string, operations[id] == nil else { continue }
        operations[id] = Operation(node: method.value, keys: ["paths", path.key, method.key], item: path.value)
      }
    }
    for operation in document["operations"]?.entries ?? [] {
      guard let action = operation.value["action"]?.string,
        let name = message(operation.value["messages"]?.items.first)?.node["name"]?.string
      else { continue }
      events[action, default: [:]][name] = operation.value
    }
  }

  func operation(_ id: String) -> Operation? { operations[id] }

  /// - Parameters:
  ///   - action: `receive` for what clients send, `send` for what the server tells.
  ///   - name: of the event.
  func event(_ action: String, _ name: String) -> Node? { events[action]?[name] }

  /// A message of the events' document that an operation refers to, and what leads to it.
  func message(_ reference: Node?) -> (node: Node, keys: [String])? {
    guard let text = reference?["$ref"]?.string, let (node, keys) = Self.part(text, of: document) else { return nil }
    return (node, keys)
  }

  /// The names of an operation's parameters that are in its path.
  func pathParameters(of operation: Operation, in openapi: Node) -> Set<String> {
    let all = [operation.item, operation.node].flatMap { $0["parameters"]?.items ?? [] }
    let parameters = all.compactMap { parameter in
      parameter["$ref"]?.string.map { Self.part($0, of: openapi)?.node } ?? parameter
    }
    return Set(parameters.filter { $0["in"]?.string == "path" }.compactMap { $0["name"]?.string })
  }

  private static func part(_ reference: String, of document: Node) -> (node: Node, keys: [String])? {
    guard reference.hasPrefix("#"), let keys = JSONPointer.tokens(ofFragment: reference.dropFirst()),
      let node = try? document.part(at: keys)
    else { return nil }
    return (node, keys)
  }
}
