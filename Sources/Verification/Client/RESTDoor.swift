import Contract
import JSONSchema
import NIOCore

/// Calls operations of a contract, and judges every answer by it.
struct RESTDoor: Sendable {
  struct Answer: Sendable {
    let http: HTTPAnswer
    let breaches: [Breach]

    var status: Int { http.status }

    /// Nil where there is no JSON.
    var value: JSONValue? { try? JSONValue(parsing: http.body) }

    /// Of a problem.
    var code: String? { status >= 400 ? value?["code"]?.text : nil }
  }

  let contract: Contract
  let address: ServerAddress
  let group: any EventLoopGroup
  let ledger = Ledger()
  let transcript: Transcript

  /// - Parameters:
  ///   - parameters: an object of those of path and query, by name; no others are sent.
  ///   - body: in JSON, unless `fields` have another Content-Type.
  func call(
    _ operation: Operation, parameters: JSONValue, token: String?, body: [UInt8]?, fields own: [(String, String)] = []
  ) async throws -> Answer {
    var path = operation.path
    var query: [String] = []
    var fields = own
    for member in parameters.object?.members ?? [] {
      let name = member.name.string
      let text = member.value.text ?? String(decoding: member.value.encoded, as: UTF8.self)
      switch operation.parameters.first(where: { $0.name == name })?.location {
      case "path": path = path.replacing("{\(name)}", with: Self.escaped(text))
      case "header": fields.append((name, text))
      default: query.append("\(Self.escaped(name))=\(Self.escaped(text))")
      }
    }
    if let token { fields.append(("Authorization", "Bearer \(token)")) }
    if body != nil, !own.contains(where: { $0.0 == "Content-Type" }) {
      fields.append(("Content-Type", "application/json"))
    }
    let target = path + (query.isEmpty ? "" : "?" + query.joined(separator: "&"))
    let answer = try await HTTPCaller(address: address, group: group).call(
      operation.method, target, fields: fields, body: body)
    let breaches = contract.breaches(
      method: operation.method, path: path, status: answer.status, fields: answer.fields, body: answer.body)
    transcript.answer(answer, of: operation, breaches)
    let judged = Answer(http: answer, breaches: breaches)
    if let code = judged.code { ledger.met(code, by: operation.id) }
    return judged
  }

  /// Sends an event, and judges its acknowledgement.
  ///
  /// - Returns: nil for the value where it is no JSON, which is a breach.
  func call(
    _ event: Event, _ payload: JSONValue, on socket: SocketConnection
  ) async throws -> (value: JSONValue?, breaches: [Breach]) {
    let bytes = try await socket.call(event.name, payload)
    let value = try? JSONValue(parsing: bytes)
    if let code = value?["error"]?["code"]?.text { ledger.met(code, by: "event \(event.name)") }
    let breaches = contract.breaches(acknowledgement: bytes, of: event.name)
    transcript.acknowledgement(bytes, of: event.name, breaches)
    return (value, breaches)
  }

  func socket(token: String, over transport: EngineIOTransport.Kind = .websocket) async throws -> SocketConnection {
    let auth = JSONValue.object(.empty).with("token", .string(JSONText(token)))
    do {
      return try await SocketConnection.open(address, over: transport, auth: auth, group: group)
    } catch let refused as SocketConnection.Refused {
      let breaches = contract.breaches(refusedConnection: refused.data)
      transcript.refusal(refused.data, breaches)
      throw ClientError("the socket was refused" + breaches.map { "; \($0)" }.joined())
    }
  }

  /// Percent-encoded but for what is never reserved (RFC 3986 §2.3).
  private static func escaped(_ text: String) -> String {
    let digits = Array("0123456789ABCDEF".unicodeScalars)
    var escaped = String.UnicodeScalarView()
    for byte in text.utf8 {
      let scalar = Unicode.Scalar(byte)
      if scalar.isASCII, scalar.properties.isAlphabetic || "0123456789-._~".unicodeScalars.contains(scalar) {
        escaped.append(scalar)
      } else {
        escaped.append(contentsOf: ["%", digits[Int(byte >> 4)], digits[Int(byte & 15)]])
      }
    }
    return String(escaped)
  }
}
