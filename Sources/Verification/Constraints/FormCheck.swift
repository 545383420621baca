import Contract
import JSONSchema

/// Sends what an operation must refuse for its form alone: without a token, in another media type, what is no JSON, and
/// parameters that break one constraint each. What they just keep must not be refused for them.
struct FormCheck {
  private struct Provocation {
    let code: String
    var token: String?
    var body: [UInt8]?
    var fields: [(String, String)] = []
  }

  let door: RESTDoor
  let token: String

  func groups() -> [ProbeGroup] {
    door.contract.operations.map { operation in
      let name = "form of \(operation.id)"
      do {
        let parameters = try Parameters.required(of: operation, in: door.contract)
        let body = operation.body?.examples?.members.first?.value["value"]?.encoded
        return ProbeGroup(
          name,
          provoking(operation, parameters, body) + (try breakingParameters(of: operation, parameters, body)))
      } catch {
        return ProbeGroup(name, [Probe { throw error }])
      }
    }
  }

  // MARK: - Codes of the form

  private func provocations(_ operation: Operation, _ body: [UInt8]?) -> [Provocation] {
    let json = ("Content-Type", "application/json")
    var found: [Provocation] = []
    if operation.node["x-access"]?.text != "public" {
      found += [nil, "nonsense", token + "x"].map { Provocation(code: "unauthorized", token: $0, body: body) }
    }
    found.append(Provocation(code: "not_acceptable", token: token, body: body, fields: [("Accept", "image/png")]))
    if operation.body != nil {
      // A server may look at the head of a request with a body before anything else.
      found.append(Provocation(code: "not_acceptable", token: token, body: [], fields: [("Accept", "image/png")]))
      found += ["", "{", #"{"a": 1,}"#, #"{"a": 1} {}"#, #"{"a": "\x"}"#, "[1", "nonsense"].map {
        Provocation(code: "malformed_body", token: token, body: Array($0.utf8), fields: [json])
      }
      found.append(
        Provocation(
          code: "unsupported_media_type", token: token, body: Array("a text".utf8),
          fields: [("Content-Type", "text/plain")]))
    }
    return found.filter { operation.codes.contains($0.code) }
  }

  private func provoking(_ operation: Operation, _ parameters: JSONValue, _ body: [UInt8]?) -> [Probe] {
    provocations(operation, body).map { each in
      Probe {
        let answer = try await door.call(
          operation, parameters: parameters, token: each.token, body: each.body, fields: each.fields)
        let faults = answer.breaches.map(\.description)
        return answer.code == each.code
          ? faults : faults + ["\(answer.status) \(answer.code ?? ""), not \(each.code)"]
      }
    }
  }

  // MARK: - Parameters

  private func breakingParameters(
    of operation: Operation, _ parameters: JSONValue, _ body: [UInt8]?
  ) throws -> [Probe] {
    var probes: [Probe] = []
    for parameter in operation.parameters where Self.isSent(parameter) {
      let name = parameter.name
      if parameter.isRequired, parameter.location != "path" {
        let missing = ParameterValue(text: "", isBroken: true, violation: "/\(name) required")
        probes.append(probe(operation, parameters.with(name, nil), body, missing, "no \(name)"))
      }
      for value in try Parameters.values(of: parameter, in: door.contract) {
        let changed = parameters.with(name, .string(JSONText(value.text)))
        probes.append(probe(operation, changed, body, value, "\(name) of \(value.text.unicodeScalars.count)"))
      }
    }
    return probes
  }

  /// Fields that the request itself has are no parameters (OpenAPI 3.1, Parameter Object).
  private static func isSent(_ parameter: Operation.Parameter) -> Bool {
    switch parameter.location {
    case "path", "query": true
    case "header": !["accept", "content-type", "authorization"].contains(parameter.name.lowercased())
    default: false
    }
  }

  private func probe(
    _ operation: Operation, _ parameters: JSONValue, _ body: [UInt8]?, _ value: ParameterValue, _ what: String
  ) -> Probe {
    Probe {
      let answer = try await door.call(operation, parameters: parameters, token: token, body: body)
      let problem = answer.code == ConstraintCheck.refusal ? answer.value : nil
      return answer.breaches.map(\.description) + Self.faults(of: value, what, refusal: problem)
    }
  }

  /// - Parameter refusal: what is said of broken constraints; nil where nothing is.
  static func faults(of value: ParameterValue, _ what: String, refusal: JSONValue?) -> [String] {
    guard value.isBroken else { return refusal == nil ? [] : ["\(what) keeps its schema, and is refused"] }
    guard let refusal else { return ["\(what) breaks its schema, and is taken"] }
    let told = ConstraintCheck.violations(refusal)
    guard let violation = value.violation, told != [violation] else { return [] }
    return ["\(what) breaks \(violation), and the violations are \(told.joined(separator: ", "))"]
  }
}
