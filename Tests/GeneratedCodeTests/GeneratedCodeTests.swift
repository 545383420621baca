import GoldenProtocol
import NIOCore
import ProtocolRuntime
import Testing

/// What the generator writes for the small spec, at work.
@Suite struct GeneratedCodeTests {
  private let lamp = "019cadc7-84e0-7d15-a90f-08a575024650"

  @Test(arguments: [
    #"{"id":"ID","kind":"big","name":"lamp"}"#,
    #"{"id":"ID","kind":"very_small","name":"lamp","weight":null}"#,
    #"{"id":"ID","kind":"big","name":"lamp","weight":0.5,"parts":[{"type":"screw"}],"labels":{"a":1,"b":-2}}"#,
    #"{"id":"ID","kind":"big","name":"x","parts":[{"type":"board","lies_on":[{"id":"ID","kind":"big","name":"y"}]}]}"#,
  ])
  func whatIsReadIsWrittenAgain(_ template: String) throws {
    let json = template.replacing("ID", with: lamp)
    let (thing, violations) = try decode(Thing.self, json)
    #expect(violations.isEmpty)
    #expect(try encode(#require(thing)) == json)
  }

  @Test func enumerationsAreReadFromBytes() {
    func read(_ text: String) -> ThingKind? { Array(text.utf8).withUnsafeBytes { ThingKind(utf8: $0) } }
    for kind in ThingKind.allCases { #expect(read(kind.rawValue) == kind) }
    for text in ["", "bi", "bih", "bigg", "BIG", "verysmall_", "big\0"] { #expect(read(text) == nil) }
  }

  @Test func fillsDefaults() throws {
    #expect(try decode(Thing.self, #"{"id":"\#(lamp)","name":"lamp"}"#).0?.kind == .big)
  }

  @Test(arguments: [
    (#"{"id":"ID","name":"lamp","weight":1000}"#, ["/weight exclusiveMaximum"]),
    (#"{"id":"ID","name":"lamp","weight":-1}"#, ["/weight minimum"]),
    (#"{"id":"ID","name":"lamp","parts":[{"type":"nail"}]}"#, ["/parts/0/type oneOf"]),
    (#"{"id":"ID","name":"lamp","parts":[{}]}"#, ["/parts/0/type required"]),
    (#"{"id":"ID","name":"lamp","parts":[{"type":"board"}]}"#, ["/parts/0/lies_on required"]),
    (#"{"id":"ID","name":"lamp","parts":[{"type":"screw"},{"type":"screw"}]}"#, ["/parts uniqueItems"]),
    (#"{"id":"ID","name":"lamp","labels":{"a":"x","b":3000000000}}"#, ["/labels/a type", "/labels/b maximum"]),
    (#"{"id":"ID","name":"lamp","labels":{"a":1,"b":1,"c":1,"d":1,"e":1,"f":1}}"#, ["/labels maxProperties"]),
    (#"{"id":"ID","name":"lamp","colour":"red"}"#, ["/colour additionalProperties"]),
    (#"{"id":"ID","name":"lamp","kind":"huge"}"#, ["/kind enum"]),
  ])
  func reportsWhatBreaksTheSchema(_ template: String, _ expected: [String]) throws {
    #expect(try decode(Thing.self, template.replacing("ID", with: lamp)).1 == expected)
  }

  // MARK: - Both doors

  @Test(arguments: [
    ("GET", "/api/things/x", "operation"), ("HEAD", "/api/things/x", "operation"),
    ("PUT", "/api/things/x", "operation"),
    ("DELETE", "/api/things/x", "GET, PUT, HEAD, OPTIONS"), ("OPTIONS", "/api/things/x", "options"),
    ("GET", "/api/things", "not found"), ("GET", "/api/things/x/y", "not found"), ("GET", "/things/x", "not found"),
    ("GET", "/api/things/%zz", "not found"), ("GET", "api/things/x", "not found"), ("GET", "", "not found"),
    ("GET", "/api/picture.svg", "operation"), ("GET", "/api//things/x", "not found"),
    ("GET", "/api/things/x/photo", "operation"), ("POST", "/api/scans", "operation"),
    ("GET", "/api/shelf/box/lid", "operation"), ("GET", "/api/things/x/lid", "operation"),
    ("GET", "/api/things/x/lids", "not found"),
  ])
  func routes(_ method: String, _ path: String, _ expected: String) {
    let found =
      switch Route.match(method: method, path: path) {
      case .operation: "operation"
      case .methodNotAllowed(let allow): allow
      case .options: "options"
      case .notFound: "not found"
      }
    #expect(found == expected)
  }

  private func respond(
    _ operation: OperationID, _ parameters: [String], query: String? = nil, body: String = "",
    token: String? = "ada", fields: [String: String] = [:]
  ) async -> (status: Int, body: String) {
    let api = API(things: ThingsHandler(), policies: ThingPolicies(), authenticator: Tokens()) { _, _ in }
    let request = Request(
      query: query, contentType: "application/json", authorization: token.map { "Bearer \($0)" },
      fields: fields, body: .whole(ByteBuffer(string: body)), context: RequestContext(requestID: "r", address: "::1"))
    guard let segments = PathSegments("/api/things/" + parameters.joined(separator: "/"), limit: 3) else {
      return (0, "no path")
    }
    let response = await api.respond(to: request, operation: operation, segments: segments)
    guard case .bytes(let bytes) = response.body else { return (response.status, "a stream") }
    return (response.status, String(buffer: bytes))
  }

  @Test func answersInTheOrderOfTheWay() async {
    #expect(await respond(.getThing, [lamp]).body == #"{"id":"\#(lamp)","kind":"big","name":"depth 1"}"#)
    #expect(await respond(.getThing, [lamp], query: "depth=3").body.contains("depth 3"))
    #expect(await respond(.getThing, [lamp], token: nil).status == 401)
    #expect(await respond(.getThing, ["x"], query: "depth=99").status == 422)
    #expect(await respond(.getThing, [UUID.v7().description]).status == 404)
    #expect(await respond(.renameThing, [lamp], body: #"{"name":"lantern"}"#).status == 204)
    #expect(await respond(.renameThing, [lamp], body: #"{"name":"taken"}"#).status == 409)
    #expect(await respond(.renameThing, [lamp], body: #"{"name":"A"}"#).status == 422)
    #expect(await respond(.renameThing, [lamp], body: "{").status == 400)
    #expect(await respond(.renameThing, [lamp], body: #"{"name":"fault"}"#).status == 500)
    #expect(await respond(.renameThing, [lamp], body: #"{"name":"away"}"#).status == 503)
    #expect(await respond(.getPicture, [], token: nil).body == "<svg ratio=\"1\"/>")
    #expect(await respond(.getPicture, [], fields: ["x-pixel-ratio": "4"]).body == "<svg ratio=\"4\"/>")
    #expect(await respond(.getPicture, [], fields: ["x-pixel-ratio": "5"]).status == 422)
  }

  @Test(arguments: [
    ("touch_thing", #"{"thing_id":"ID"}"#, #"{"ok":true,"data":{"times":1}}"#),
    ("rename_thing", #"{"thing_id":"ID","name":"lantern"}"#, #"{"ok":true}"#),
    ("rename_thing", #"{"thing_id":"ID","name":"taken"}"#, "name_taken"),
    ("rename_thing", #"{"thing_id":"ID","name":"A"}"#, "validation_failed"),
    ("rename_thing", "", "validation_failed"), ("rename_thing", "{", "malformed_body"), ("nothing", "{}", "not_found"),
  ])
  func eventsAreTheOtherDoor(_ event: String, _ template: String, _ expected: String) async {
    let api = API(things: ThingsHandler(), policies: ThingPolicies(), authenticator: Tokens()) { _, _ in }
    let answer = await api.receive(
      event: event, payload: ByteBuffer(string: template.replacing("ID", with: lamp)),
      caller: Caller(userID: .v7(), sessionID: .v7()), context: RequestContext(requestID: "r", address: "::1"))
    #expect(String(buffer: answer.json).contains(expected))
    #expect(answer.isOK == expected.contains("ok"))
  }

  @Test func encodesServerEventsOnce() throws {
    let event = ServerEvents.thingTouched(ThingTouch(thingID: try #require(UUID(lamp))))
    #expect(event.name == "thing_touched")
    #expect(String(buffer: event.arguments) == #"["thing_touched",{"thing_id":"\#(lamp)"}]"#)
  }
}

private struct Tokens: Authenticator {
  func authenticate(_ accessToken: String) async throws -> Caller? {
    accessToken == "ada" ? Caller(userID: .v7(), sessionID: .v7()) : nil
  }
}

private struct ThingPolicies: AccessPolicies {
  func thingOwner(_ subject: UUID, caller: Caller) async throws -> AccessDecision {
    subject.description.hasPrefix("019cadc7-84e0-7d15") ? .granted : .notFound("There is no such thing.")
  }
}

/// The handlers of the small spec.
private struct ThingsHandler: ThingsHandlers, ThingsEventHandlers {
  struct Fault: Error {}

  func getLid(_ input: Operations.GetLid.Input, context: RequestContext) async throws -> Operations.GetLid.Output {
    .noContent
  }

  func getThing(
    _ input: Operations.GetThing.Input, caller: Caller, context: RequestContext
  ) async throws -> Operations.GetThing.Output {
    .ok(Thing(id: input.path.thingID, name: "depth \(input.query.depth)"))
  }

  func renameThing(
    _ input: Operations.RenameThing.Input, caller: Caller, context: RequestContext
  ) async throws -> Operations.RenameThing.Output {
    switch input.body.name {
    case "taken": return .refused(.nameTaken, "It is taken.")
    case "fault": throw Fault()
    case "away": throw UnavailableError("The shelf is away.")
    default: return .noContent
    }
  }

  func getPicture(
    _ input: Operations.GetPicture.Input, context: RequestContext
  ) async throws -> Operations.GetPicture.Output {
    .ok(Content(ByteBuffer(string: "<svg ratio=\"\(input.header.xPixelRatio)\"/>")))
  }

  func setPhoto(
    _ input: Operations.SetPhoto.Input, caller: Caller, context: RequestContext
  ) async throws -> Operations.SetPhoto.Output {
    .refused(.notFound, "Photos are for BodyCodeTests.")
  }

  func getPhoto(
    _ input: Operations.GetPhoto.Input, caller: Caller, context: RequestContext
  ) async throws -> Operations.GetPhoto.Output {
    .refused(.notFound, "Photos are for BodyCodeTests.")
  }

  func addScan(
    _ input: Operations.AddScan.Input, context: RequestContext
  ) async throws -> Operations.AddScan.Output {
    .noContent
  }

  func touchThing(
    _ input: Events.TouchThing.Input, caller: Caller, context: RequestContext
  ) async throws -> Events.TouchThing.Output {
    .ok(TouchResult(times: 1))
  }
}
