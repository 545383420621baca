import Contract
import JSONSchema

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

  /// Texts that keep the parameter's schema or break it.
  static func values(
    of parameter: Operation.Parameter, in contract: Contract
  ) throws -> [(text: String, isBroken: Bool)] {
    var contract = contract
    let schema = try contract.followed(parameter.place).node
    let isNumber = ["integer", "number"].contains(schema["type"]?.text)
    var met: Set<String> = []
    var found: [(String, Bool)] = []
    for candidate in Candidates.values(for: schema) + [.string("")] {
      guard let text = candidate.text ?? (isNumber ? String(decoding: candidate.encoded, as: UTF8.self) : nil),
        text.utf8.count <= maxLength, met.insert(text).inserted,
        // An empty segment is another path, and so are dots.
        parameter.location != "path" || !text.isEmpty
      else { continue }
      let number = isNumber ? try? JSONValue(parsing: text.utf8) : nil
      let value = number ?? .string(JSONText(text))
      found.append((text, try !contract.findings(in: value, by: parameter.place).isEmpty))
    }
    return found
  }
}
