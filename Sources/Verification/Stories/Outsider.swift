import Contract
import JSONSchema

/// Somebody who takes part in nothing: what a story's persons may do by a policy, an outsider tries first, and must be
/// refused.
struct Outsider: Sendable {
  let door: RESTDoor
  let token: String
  let socket: SocketConnection

  /// - Throws: where nobody can register, or no socket opens.
  init(_ entrance: Entrance) async throws {
    door = entrance.door
    token = try await entrance.token()
    socket = try await door.socket(token: token)
  }

  /// - Returns: what is wrong.
  func attempt(_ operation: Operation, parameters: JSONValue, body: JSONValue?) async throws -> [String] {
    guard operation.node["x-access"]?.object != nil else { return [] }
    let answer = try await door.call(operation, parameters: parameters, token: token, body: body?.encoded)
    return answer.breaches.map(\.description) + faults(answer.code)
  }

  func attempt(_ event: Event, _ payload: JSONValue) async throws -> [String] {
    guard event.node["x-access"]?.object != nil else { return [] }
    let (answer, breaches) = try await door.call(event, payload, on: socket)
    return breaches.map(\.description) + faults(answer?["error"]?["code"]?.text)
  }

  /// RFC 9110 §15.5.4 and §15.5.5: who may not is told so, or not even that there is something.
  private func faults(_ code: String?) -> [String] {
    let status = code.flatMap { door.contract.problems[$0]?.status }
    return status == 403 || status == 404 ? [] : ["an outsider is not refused: \(code ?? "no problem")"]
  }
}
