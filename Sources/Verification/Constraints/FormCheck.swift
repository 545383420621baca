import Contract
import JSONSchema

/// Sends what an operation must refuse for its form alone: without a token, in another media type, what is no JSON, and
/// parameters that break their schemas. What they just keep must not be refused for them.
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
    // What no header field can hold is no value of one.
    for parameter in operation.parameters where ["path", "query"].contains(parameter.location) {
      let name = parameter.name
      if parameter.isRequired, parameter.location == "query" {
        probes.append(probe(operation, parameters.with(name, nil), body, isBroken: true, "no \(name)"))
      }
      for (text, isBroken) in try Parameters.values(of: parameter, in: door.contract) {
        let changed = parameters.with(name, .string(JSONText(text)))
        probes.append(
          probe(operation, changed, body, isBroken: isBroken, "\(name) of \(text.unicodeScalars.count)"))
      }
    }
    return probes
  }

  private func probe(
    _ operation: Operation, _ parameters: JSONValue, _ body: [UInt8]?, isBroken: Bool, _ what: String
  ) -> Probe {
    Probe {
      let answer = try await door.call(operation, parameters: parameters, token: token, body: body)
      let isRefused = answer.code == ConstraintCheck.refusal
      let fault = isBroken ? "\(what) breaks its schema, and is taken" : "\(what) keeps its schema, and is refused"
      return answer.breaches.map(\.description) + (isRefused == isBroken ? [] : [fault])
    }
  }
}
