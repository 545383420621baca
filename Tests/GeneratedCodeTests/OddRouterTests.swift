import NIOCore
import OddProtocol
import ProtocolRuntime
import Testing

/// The router of the odd spec: values of every kind as bodies, answers, parameters, fields and data.
@Suite struct OddRouterTests {
  private let api = API(
    init_: OddHandler(), self_: OddHandler(), policy: OddHandler(), token: OddHandler(), onFault_: OddHandler(),
    policies: OddPolicies(), authenticator: Anybody(), onFault: { error, _ in Issue.record(error) })

  private func call(
    _ method: String, _ path: String, query: String? = nil, body: String = "", fields: [String: String] = [:]
  ) async throws -> (status: Int, body: String) {
    guard case .operation(let operation, let segments) = Route.match(method: method, path: path) else {
      throw ProblemDetails("not_found", path)
    }
    let request = Request(
      query: query, contentType: "application/json", authorization: "Bearer ada", fields: fields,
      body: .whole(ByteBuffer(string: body)), context: RequestContext(requestID: "r", address: "::1"))
    let response = await api.respond(to: request, operation: operation, segments: segments)
    guard case .bytes(let bytes) = response.body else { return (response.status, "a stream") }
    return (response.status, String(buffer: bytes))
  }

  @Test(arguments: [
    ("POST", "/lists", "[1,9]", 200, "[1,null,9]"), ("POST", "/lists", "[]", 422, "minItems"),
    ("POST", "/lists", "[10]", 422, #""pointer":"/0""#), ("POST", "/lists", "{", 400, "malformed_body"),
    ("POST", "/lists", "[4]", 409, #""code":"raw_value""#), ("GET", "/lists", "", 200, "[0.5]"),
    ("PUT", "/maps", #"{"a":"b","c":null}"#, 201, #"{"a":["b"],"c":[]}"#), ("PUT", "/maps", "", 201, "{}"),
    ("PUT", "/maps", #"{"a":"x"}"#, 422, "pattern"), ("PUT", "/maps", "[]", 422, "an object"),
    ("POST", "/scalars", #""12""#, 200, "12"), ("POST", "/scalars", "null", 200, "null"),
    ("POST", "/scalars", #""1""#, 422, "minLength"), ("POST", "/scalars", "", 400, "malformed_body"),
    ("PUT", "/scalars", "[1,2.5]", 200, #""3.5""#), ("PUT", "/scalars", "[1,2,3,4]", 422, "maxItems"),
    ("PATCH", "/scalars", "7", 200, "null"), ("PATCH", "/scalars", "8", 422, "maximum"),
    ("GET", "/scalars", "", 200, "true"),
    ("POST", "/objects", #"{"ok":true}"#, 200, #"{"ok":true}"#), ("POST", "/objects", "", 200, "null"),
    (
      "GET", "/objects/1", "", 200,
      #"[{"list":[1],"map":null,"default_list":null,"flags":[],"nothing":null,"kind":"big","count":3}]"#
    ),
    ("GET", "/objects/x", "", 404, "not_found"), ("DELETE", "/objects/1", "", 204, ""),
    ("PUT", "/objects/1", #"{"self":"a","init":1,"await":true,"let":[],"default":"self"}"#, 200, #""init":1"#),
    ("GET", "/changes", "", 200, "{}"),
  ])
  func bodiesAndAnswers(
    _ method: String, _ path: String, _ body: String, _ status: Int, _ expected: String
  ) async throws {
    let answer = try await call(method, path, body: body)
    #expect(answer.status == status)
    if status < 300 && path != "/objects/1" {
      #expect(answer.body == expected)
    } else {
      #expect(answer.body.contains(expected))
    }
  }

  // MARK: - Parameters

  private static let kinds = ["flag", "at", "ratio", "day", "fixed", "yes", "seven", "half"]
  private static let values = ["true", "2026-11-22T17:00:00Z", "1.5", "2026-11-22", "here", "true", "7", "0.5"]
  private static let wrong = ["1", "2026-11-22", "0x1", "2026-13-01", "there", "false", "8", "0.25"]

  private func path(_ values: [String]) -> String { "/parameters/" + values.joined(separator: "/") }

  private func query(_ values: [String]) -> String {
    zip(Self.kinds, values).map { "\($0)=\($1)" }.joined(separator: "&")
  }

  @Test func parametersOfEveryKind() async throws {
    let answer = try await call(
      "GET", path(Self.values), query: query(Self.values) + "&self=-1e2",
      fields: Dictionary(uniqueKeysWithValues: zip(Self.kinds, Self.values)))
    let one = "true 2026-11-22T17:00:00.000Z 1.5 2026-11-22 here true 7 0.5"
    #expect(answer.status == 200)
    #expect(answer.body == "\"\(one)|\(one)|\(one)|-100.0 true none 2.0\"")
  }

  @Test func parametersMayBeLeftOut() async throws {
    let answer = try await call("GET", path(Self.values), query: "self=0&init=false&let=big&kind=3")
    #expect(answer.body.hasSuffix("|-|-|0.0 false big 3.0\""))
  }

  @Test(arguments: kinds.indices)
  func aParameterThatBreaksItsSchemaIsNamed(_ index: Int) async throws {
    var values = Self.values
    values[index] = Self.wrong[index]
    let name = Self.kinds[index]
    for answer in [
      try await call("GET", path(values), query: "self=0"),
      try await call("GET", path(Self.values), query: "self=0&" + query(values)),
      try await call("GET", path(Self.values), query: "self=0", fields: [name: values[index]]),
    ] {
      #expect(answer.status == 422)
      #expect(answer.body.contains("\"pointer\":\"/\(name)\""))
    }
  }

  @Test(arguments: ["nan", "inf", "+1", "1.", ".5", "0x10", "1e", "", "1,5", "01"])
  func whatIsNoNumberOfJSONIsNone(_ text: String) async throws {
    #expect(try await call("GET", path(Self.values), query: "self=\(text)").status == 422)
  }

  // MARK: - Forms

  private func form(_ fields: [(String, String)]) async throws -> [String] {
    let parts = fields.map { "--b\r\nContent-Disposition: form-data; name=\"\($0)\"\r\n\r\n\($1)\r\n" }
    let request = Request(
      contentType: "multipart/form-data; boundary=b",
      body: .stream(BodyStream(Pieces(bytes: Array((parts.joined() + "--b--\r\n").utf8), size: .max))),
      context: RequestContext(requestID: "r", address: "::1"))
    var found: [String] = []
    for try await part in try request.formBody(Operations.Input_.BodyPart.self) {
      switch part {
      case .file_: found.append("file")
      case .data(let bytes): found.append(String(buffer: bytes))
      case .data_(let number): found.append("data \(number)")
      case .text_(let flag): found.append("text \(flag)")
      case .fields_(let time): found.append("fields \(time)")
      case .self_(let text): found.append("self \(text)")
      case .init_(let flag): found.append("init \(flag)")
      case .some_(let value): found.append("some \(value.rawValue)")
      }
    }
    return found
  }

  @Test func fieldsOfEveryKind() async throws {
    let found = try await form([
      ("data", "2.5"), ("text", "false"), ("fields", "2026-11-22T17:00:00Z"), ("self", "odd"), ("init", "true"),
      ("some", "raw_value"), ("file", "x"),
    ])
    #expect(
      found == [
        "data 2.5", "text false", "fields 2026-11-22T17:00:00.000Z", "self odd", "init true", "some raw_value", "file",
        "x",
      ])
  }

  @Test(arguments: [
    ("data", "x"), ("text", "1"), ("fields", "today"), ("self", "even"), ("init", "false"), ("some", "x"),
  ])
  func aFieldThatBreaksItsSchemaIsNamed(_ name: String, _ value: String) async {
    let problem = await #expect(throws: ProblemDetails.self) { try await form([(name, value)]) }
    #expect(problem?.errors.map(\.pointer) == ["/\(name)"])
  }

  // MARK: - Events

  @Test(arguments: [
    ("list", #"{"id":"1"}"#, "[1,2]"), ("map", #"{"id":"1"}"#, #"{"a":0.5}"#), ("text", #"{"id":"1"}"#, #""text""#),
    ("maybe", #"{"id":"1"}"#, "null"), ("alias", #"{"id":"1"}"#, #"["a"]"#), ("fixed", #"{"id":"1"}"#, #""here""#),
    ("bound", #"{"ok":true}"#, #"{"ok":true}"#),
  ])
  func dataOfEveryKind(_ event: String, _ payload: String, _ data: String) async throws {
    let answer = await api.receive(
      event: event, payload: ByteBuffer(string: payload), caller: Caller(userID: .v7(), sessionID: .v7()),
      context: RequestContext(requestID: "r", address: "::1"))
    #expect(String(buffer: answer.json) == #"{"ok":true,"data":\#(data)}"#)
    #expect(try Validators.acknowledgement(event: event, data: ByteBuffer(string: data)) == [])
    #expect(try Validators.acknowledgement(event: event, data: ByteBuffer(string: "[[0]]"))?.isEmpty == false)
  }

  @Test(arguments: [
    ("init", 200, "[1,null]", true), ("init", 200, "[\"a\"]", false), ("self", 201, "{\"a\":[]}", true),
    ("self", 201, "[]", false), ("some", 200, "null", true), ("some", 200, "0", false), ("none", 200, "\"x\"", false),
  ])
  func answersOfEveryKindAreValidated(_ operation: String, _ status: Int, _ body: String, _ isValid: Bool) throws {
    let found = try Validators.response(operation: operation, status: status, body: ByteBuffer(string: body))
    #expect(found?.isEmpty == isValid)
  }

  @Test func operationsKeepTheirNames() {
    #expect(
      OperationID.allCases.map(\.rawValue) == [
        "data", "init", "self", "double", "none", "await", "some", "refused", "encode", "decode", "traits", "type",
        "hashValue", "input", "listChanges",
      ])
  }
}
