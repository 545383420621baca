import Testing

@testable import Contract

private let openapi = """
  {"openapi": "3.1.0", "servers": [{"url": "/api"}],
   "x-problems": {"gone": {"status": 410, "title": "It is gone"}, "not_found": {"status": 404, "title": "Nothing"},
     "odd": {"status": 400, "title": "Odd"}},
   "paths": {
     "/things/{id}": {"get": {"operationId": "getThing", "responses": {
       "200": {"description": "It.",
         "headers": {"X-Request-Id": {"required": true, "schema": {"type": "string", "minLength": 1}},
           "Age": {"schema": {"type": "integer", "maximum": 9}}},
         "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Thing"}}}},
       "410": {"$ref": "#/components/responses/Gone"}}},
       "delete": {"operationId": "deleteThing", "responses": {"204": {"description": "Done."}}}},
     "/things/best": {"get": {"operationId": "getBest", "responses": {"200": {"description": "A picture.",
       "content": {"image/*": {"schema": {"type": "string"}}}}}}}},
   "components": {
     "schemas": {
       "Thing": {"type": "object", "required": ["id"], "properties": {"id": {"type": "integer"}},
         "additionalProperties": false},
       "Problem": {"type": "object", "required": ["code", "status", "title"], "properties": {"code": {"type": "string"}}}},
     "responses": {"Gone": {"description": "Gone.", "x-codes": ["gone"],
       "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}}}}}
  """

private let events = """
  {"asyncapi": "3.0.0",
   "channels": {"root": {"x-socketio": {"connect_error": {"$ref": "./openapi.json#/components/schemas/Problem"}},
     "messages": {
       "touch": {"name": "touch", "payload": {"type": "object"}},
       "done": {"name": "done", "payload": {"type": "object", "required": ["ok"],
         "properties": {"ok": {"const": true}}, "additionalProperties": false}},
       "refused": {"name": "refused", "payload": {"type": "object", "required": ["ok", "error"],
         "properties": {"ok": {"const": false}, "error": {"$ref": "./openapi.json#/components/schemas/Problem"}}}},
       "touched": {"name": "touched", "x-socketio": {"room": "connection"},
         "payload": {"$ref": "./openapi.json#/components/schemas/Thing"}}}}},
   "operations": {
     "touch": {"action": "receive", "x-operation": {"id": "getThing"},
       "messages": [{"$ref": "#/channels/root/messages/touch"}],
       "reply": {"messages": [{"$ref": "#/channels/root/messages/done"}, {"$ref": "#/channels/root/messages/refused"}]}},
     "touched": {"action": "send", "messages": [{"$ref": "#/channels/root/messages/touched"}]}}}
  """

private let json = [("Content-Type", "application/json; charset=utf-8"), ("X-Request-Id", "r1")]
private let problem = [("content-type", "application/problem+json"), ("x-request-id", "r1")]

private func told(
  _ method: String, _ path: String, _ status: Int, _ fields: [(String, String)],
  _ body: String?
) throws -> [String] {
  let contract = try Contract(openapi: openapi.utf8, events: events.utf8)
  return contract.breaches(
    method: method, path: path, status: status, fields: fields.map { ($0.0, $0.1) }, body: body.map { Array($0.utf8) }
  ).map { "\($0.subject) \($0.pointer) \($0.keyword)" }
}

/// Of what the one thing answers.
private func told(_ status: Int, _ fields: [(String, String)], _ body: String?) throws -> [String] {
  try told("GET", "/api/things/7", status, fields, body)
}

@Test func answersThatKeepTheirContract() throws {
  #expect(try told(200, json + [("Age", "9")], #"{"id": 7}"#) == [])
  #expect(try told("HEAD", "/api/things/7", 200, json, nil) == [])
  #expect(try told("DELETE", "/api/things/7", 204, [], "") == [])
  #expect(try told("OPTIONS", "/api/things/7", 204, [], "") == [])
  #expect(try told(410, problem, #"{"code": "gone", "status": 410, "title": "It is gone", "request_id": "r1"}"#) == [])
  // What stands there literally is meant before a parameter.
  #expect(try told("GET", "/api/things/best", 200, [("Content-Type", "image/png")], "PNG") == [])
  #expect(
    try told("GET", "/api/none", 404, problem, #"{"code": "not_found", "status": 404, "title": "Nothing"}"#) == [])
}

@Test func answersThatBreakTheirContract() throws {
  #expect(
    try told(200, json, #"{"id": "secret", "x": 1}"#) == [
      "getThing 200 /id type", "getThing 200 /x additionalProperties",
    ])
  #expect(try told(200, json, #"{"id": 7, "id": 7}"#) == ["getThing 200  json"])
  #expect(try told(201, json, #"{"id": 7}"#) == ["getThing 201  status"])
  #expect(try told(200, [json[0]], #"{"id": 7}"#) == ["getThing 200  header"])
  #expect(try told(200, json + [("Age", "10")], #"{"id": 7}"#) == ["getThing 200  header"])
  #expect(try told(200, json + [("Age", "old")], #"{"id": 7}"#) == ["getThing 200  header"])
  #expect(try told(200, [json[1], ("Content-Type", "text/html")], "") == ["getThing 200  media type"])
  #expect(try told(200, [json[1]], "") == ["getThing 200  media type"])
  #expect(
    try told("DELETE", "/api/things/7", 204, json, "{}") == [
      "deleteThing 204  media type", "deleteThing 204  media type",
    ])
  #expect(
    try told(410, problem, #"{"code": "odd", "status": 410, "title": "Odd"}"#) == [
      "getThing 410 /code code", "getThing 410 /status code", "getThing 410 /status status",
    ])
  #expect(
    try told(410, problem, #"{"code": "lost", "status": 410, "title": ""}"#) == [
      "getThing 410 /code code", "getThing 410 /code code",
    ])
  #expect(
    try told(410, problem, #"{"code": "gone", "status": 410, "title": "It is gone", "request_id": "r2"}"#) == [
      "getThing 410 /request_id header"
    ])
  #expect(
    try told("PUT", "/api/things/7", 405, problem, #"{"code": "odd", "status": 400, "title": "Odd"}"#) == [
      "no operation 405  header", "no operation 405 /status status",
    ])
  #expect(try told("GET", "/api/none", 200, [], "{}").first == "no operation 200  status")
}

@Test func socketsKeepTheirContract() throws {
  let contract = try Contract(openapi: openapi.utf8, events: events.utf8)
  func acknowledged(_ json: String, _ name: String = "touch") -> [String] {
    contract.breaches(acknowledgement: json.utf8, of: name).map { "\($0.subject) \($0.pointer) \($0.keyword)" }
  }
  #expect(acknowledged(#"{"ok": true}"#) == [])
  #expect(acknowledged(#"{"ok": true, "x": 1}"#) == ["acknowledgement of touch /x additionalProperties"])
  #expect(acknowledged(#"{"ok": false, "error": {"code": "gone", "status": 410, "title": "It is gone"}}"#) == [])
  #expect(
    acknowledged(#"{"ok": false, "error": {"code": "odd", "status": 400, "title": "Odd"}}"#) == [
      "acknowledgement of touch /error/code code"
    ])
  #expect(acknowledged(#"{"ok": false, "error": {"code": "odd", "status": 400, "title": "Odd"}}"#, "nothing") == [])
  #expect(acknowledged(#"{"ok": true}"#, "nothing") == ["acknowledgement of an unknown event  event"])

  func heard(_ json: String) -> [String] {
    contract.breaches(event: json.utf8).map { "\($0.subject) \($0.pointer) \($0.keyword)" }
  }
  #expect(heard(#"["touched", {"id": 1}]"#) == [])
  #expect(
    contract.breaches(event: #"["touched", {"id": 1}]"#.utf8, isBroadcast: true).map(\.message) == [
      "is for one connection, and was told to a room"
    ])
  #expect(heard(#"["touched", {}]"#) == ["event touched /id required"])
  #expect(heard(#"["touched"]"#) == ["event touched  event"])
  #expect(heard(#"["nothing", {}]"#) == ["an event  event"])
  #expect(
    contract.breaches(refusedConnection: #"{"code": "odd"}"#.utf8).map(\.keyword) == [
      "required", "required", "code", "code",
    ])
}

/// A document that refers to what is not there judges nothing.
@Test func documentsThatCannotBeRead() {
  #expect(throws: ContractError.self) { try Contract(openapi: "{".utf8, events: events.utf8) }
  #expect(throws: ContractError.self) { try Contract(openapi: "{}".utf8, events: events.utf8) }
}
