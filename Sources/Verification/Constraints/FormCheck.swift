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

  func run(_ report: inout Report) async {
    for operation in door.contract.operations {
      do {
        let parameters = try Parameters.required(of: operation, in: door.contract)
        let body = operation.body?.examples?.members.first?.value["value"]?.encoded
        var faults = try await provoke(operation, parameters, body)
        faults += try await breakParameters(of: operation, parameters, body)
        report.add("form of \(operation.id)", faults: faults)
      } catch {
        report.add("form of \(operation.id)", faults: ["\(error)"])
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

  private func provoke(_ operation: Operation, _ parameters: JSONValue, _ body: [UInt8]?) async throws -> [String] {
    var faults: [String] = []
    for each in provocations(operation, body) {
      let answer = try await door.call(
        operation, parameters: parameters, token: each.token, body: each.body, fields: each.fields)
      faults += answer.breaches.map(\.description)
      if answer.code != each.code { faults.append("\(answer.status) \(answer.code ?? ""), not \(each.code)") }
    }
    return faults
  }

  // MARK: - Parameters

  private func breakParameters(
    of operation: Operation, _ parameters: JSONValue, _ body: [UInt8]?
  ) async throws -> [String] {
    var faults: [String] = []
    // What no header field can hold is no value of one.
    for parameter in operation.parameters where ["path", "query"].contains(parameter.location) {
      let name = parameter.name
      if parameter.isRequired, parameter.location == "query" {
        faults += try await call(operation, parameters.with(name, nil), body, isBroken: true, "no \(name)")
      }
      for (text, isBroken) in try Parameters.values(of: parameter, in: door.contract) {
        let changed = parameters.with(name, .string(JSONText(text)))
        faults += try await call(
          operation, changed, body, isBroken: isBroken, "\(name) of \(text.unicodeScalars.count)")
      }
    }
    return faults
  }

  private func call(
    _ operation: Operation, _ parameters: JSONValue, _ body: [UInt8]?, isBroken: Bool, _ what: String
  ) async throws -> [String] {
    let answer = try await door.call(operation, parameters: parameters, token: token, body: body)
    let isRefused = answer.code == ConstraintCheck.refusal
    let fault = isBroken ? "\(what) breaks its schema, and is taken" : "\(what) keeps its schema, and is refused"
    return answer.breaches.map(\.description) + (isRefused == isBroken ? [] : [fault])
  }
}
