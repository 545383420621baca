import Contract
import JSONSchema

/// A value of a parameter, and what a server owes for it.
struct ParameterValue: Sendable {
  let text: String
  let isBroken: Bool
  /// The pointer and keyword that a refusal says, where just one constraint is broken.
  let violation: String?
}

/// Values of parameters, as the texts that they are in a path or query.
enum Parameters {
  /// Longer ones are refused with the head, whatever they are.
  private static let maxLength = 2000

  /// Those that an operation can't be without: ids that nobody has, examples, or what keeps the schema.
  static func required(of operation: Operation, in contract: Contract) throws -> JSONValue {
    var parameters = JSONValue.object(.empty)
    for parameter in operation.parameters where parameter.isRequired {
      let schema = try contract.followed(parameter.place).node
      let id = JSONValue.string(JSONText(Candidates.id(0)))
      let kept = try values(of: parameter, in: contract).first { !$0.isBroken }
      let value =
        schema["format"]?.text == "uuid" ? id : parameter.node["example"] ?? kept.map { .string(JSONText($0.text)) }
      guard let value else { throw ClientError("no value is known of the parameter \(parameter.name)") }
      parameters = parameters.with(parameter.name, value)
    }
    return parameters
  }

  /// Texts that keep the parameter's schema or break it; none of what is no text, number or boolean.
  static func values(of parameter: Operation.Parameter, in contract: Contract) throws -> [ParameterValue] {
    var contract = contract
    let nodes = try SchemaShape(parameter.place, in: contract).nodes
    let types = Set(nodes.compactMap { $0["type"] }.flatMap { $0.items ?? [$0] }.compactMap(\.text))
    guard types.isDisjoint(with: ["array", "object"]) else { return [] }
    // What is no text is written as in JSON.
    let isText = types.isDisjoint(with: ["integer", "number", "boolean"])
    var met: Set<String> = []
    var found: [ParameterValue] = []
    for candidate in Candidates.values(for: nodes, near: parameter.node["example"]?.text) + [.string("")] {
      let literal =
        isText || candidate.object != nil || candidate.items != nil
        ? nil : String(decoding: candidate.encoded, as: UTF8.self)
      guard let text = candidate.text ?? literal, text.utf8.count <= maxLength,
        canBeSent(text, in: parameter.location), met.insert(text).inserted
      else { continue }
      let value = isText ? nil : try? JSONValue(parsing: text.utf8)
      let findings = try contract.findings(in: value ?? .string(JSONText(text)), by: parameter.place)
      found.append(
        ParameterValue(
          text: text, isBroken: !findings.isEmpty,
          violation: findings.count == 1 ? "/\(parameter.name) \(findings[0].keyword)" : nil))
    }
    return found
  }

  private static func canBeSent(_ text: String, in location: String) -> Bool {
    switch location {
    // An empty segment is another path, and so are dots.
    case "path": !text.isEmpty
    // What is between spaces (RFC 9110 §5.5); others than ASCII are not the same everywhere.
    case "header":
      !text.isEmpty && text.utf8.allSatisfy { (0x20...0x7e).contains($0) } && text.first != " " && text.last != " "
    default: true
    }
  }
}
