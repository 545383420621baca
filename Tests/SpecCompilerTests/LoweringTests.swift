import Foundation
import Testing

@testable import SpecCompiler

/// The small spec of Fixtures, lowered.
@Suite struct LoweringTests {
  private func model() throws -> ProtocolModel {
    let result = SpecFixture.compile(profile: .house)
    #expect(result.diagnostics == [])
    return try #require(result.model)
  }

  private func type(_ name: String) throws -> TypeDeclaration {
    try #require(model().types.first { $0.name == name })
  }

  @Test func document() throws {
    let model = try model()
    #expect(model.basePath == "/api")
    #expect(
      model.types.map(\.name) == [
        "ThingID", "ThingKind", "ThingName", "ThingBase", "Thing", "Part", "Screw", "Board", "Problem", "ThingTouch",
        "ThingRename", "ThingTouchBase", "ThingNameBase", "TouchResult", "TouchAcknowledgement", "DoneAcknowledgement",
        "RefusedAcknowledgement", "ThingPlace", "ThingMove", "ThingChange", "ThingWear",
      ])
    #expect(model.problems.count == 12)
    #expect(model.problems.first == ProblemKind(code: "malformed_body", status: 400, title: "Not JSON"))
    #expect(model.policies == [AccessPolicy(name: "thing-owner", subject: .string(StringRules(format: .uuid)))])
  }

  @Test func scalarsAndEnumerations() throws {
    #expect(try type("ThingID").shape == .alias(.string(StringRules(format: .uuid))))
    #expect(
      try type("ThingKind").shape
        == .enumeration([
          EnumerationMember(value: "big", swiftName: "big"),
          EnumerationMember(value: "very_small", swiftName: "verySmall"),
        ]))
    #expect(try type("ThingID").location.line == SpecFixture.line(of: "    ThingID:"))
    #expect(try type("ThingID").location.column == 5)
  }

  @Test func mergedObject() throws {
    guard case .object(let thing) = try type("Thing").shape else {
      Issue.record("Thing is an object")
      return
    }
    #expect(thing.additional == .refused)
    #expect(thing.properties.map(\.name) == ["id", "kind", "name", "weight", "parts", "labels"])
    #expect(thing.properties.map(\.isRequired) == [true, false, true, false, false, false])
    let text = try PatternCompiler.compile("^[^\\u0000]*$")
    #expect(
      thing.properties.map(\.type) == [
        .named("ThingID"), .named("ThingKind"), .string(StringRules(maxLength: 20, pattern: text)),
        .nullable(.number(NumberRules(minimum: 0, exclusiveMaximum: 1000, multipleOf: 0.1))),
        .array(.named("Part"), ArrayRules(maxItems: 10, uniqueItems: true)),
        .map(
          .integer(NumberRules(minimum: -2_147_483_648, maximum: 2_147_483_647)), MapRules(maxProperties: 5)),
      ])
    #expect(thing.properties[0].description == "A thing's id.")
    #expect(thing.properties[1].description == "Its kind.")
    #expect(thing.properties[1].defaultValue == .string("big"))
  }

  @Test func union() throws {
    #expect(
      try type("Part").shape
        == .union(
          UnionShape(
            propertyName: "type",
            branches: [
              .init(value: "screw", swiftName: "screw", type: "Screw"),
              .init(value: "board", swiftName: "board", type: "Board"),
            ])))
  }

  @Test func operations() throws {
    let operations = try model().operations
    #expect(
      operations.map(\.id) == [
        "getThing", "renameThing", "getPicture", "getPhoto", "setPhoto", "addScan", "getLid",
      ])
    let get = operations[0]
    #expect(get.method == "GET")
    #expect(get.path == [.literal("things"), .parameter("thingId")])
    #expect(get.tag == "things")
    #expect(get.summary == "Read a thing")
    #expect(get.access == .policy(name: "thing-owner", parameter: "thingId"))
    #expect(get.pathParameters.map(\.type) == [.named("ThingID")])
    #expect(get.queryParameters.map(\.name) == ["depth"])
    #expect(get.queryParameters.map(\.isRequired) == [false])
    #expect(get.queryParameters.map(\.defaultValue) == [.integer(1)])
    #expect(get.body == nil)
    #expect(get.responses.map(\.content) == [.json(.named("Thing"))])
    #expect(
      get.codes == [
        "unauthorized", "not_found", "not_acceptable", "validation_failed", "internal_error", "unavailable",
      ])
    #expect(operations[1].body == RequestBody(content: .json(.named("ThingName")), isRequired: true))
    #expect(operations[1].responses.map(\.status) == [204])
    #expect(operations[1].responses.map(\.content) == [.none])
    #expect(operations[2].access == .everyone)
    #expect(operations[2].responses.map(\.content) == [.bytes(mediaType: "image/svg+xml")])
    #expect(operations[2].cacheControl == "public, max-age=60")
    #expect(operations[4].body == RequestBody(content: .bytes(mediaType: "image/*"), isRequired: true))
    guard case .form(let fields) = operations[5].body?.content else { return #expect(Bool(false), "it has a form") }
    #expect(fields.map(\.name) == ["scans", "name", "kind", "weight"])
    #expect(fields.map(\.isRequired) == [true, true, false, false])
    #expect(fields[0].value == .file(maxLength: 1_000_000, maxItems: 3))
    #expect(fields[2].value == .text(.named("ThingKind")))
  }

  @Test func events() throws {
    let model = try model()
    #expect(model.clientEvents.map(\.name) == ["touch_thing", "rename_thing"])
    #expect(model.clientEvents.map(\.id) == ["touchThing", "renameThing"])
    #expect(model.clientEvents.map(\.payload) == [.named("ThingTouch"), .named("ThingRename")])
    #expect(
      model.clientEvents.map(\.binding) == [
        .own(
          data: .named("TouchResult"),
          codes: [
            "malformed_body", "unauthorized", "not_found", "validation_failed", "internal_error", "unavailable",
          ]),
        .operation(id: "renameThing", parameters: ["thingId": "thing_id"]),
      ])
    #expect(
      model.clientEvents.map(\.access)
        == Array(repeating: .policy(name: "thing-owner", parameter: "thing_id"), count: 2))
    #expect(model.serverEvents.map(\.name) == ["thing_touched", "thing_moved", "thing_changed", "thing_worn"])
    let payloads: [TypeReference] = ["ThingTouch", "ThingMove", "ThingChange", "ThingWear"].map { .named($0) }
    #expect(model.serverEvents.map(\.payload) == payloads)
  }

  @Test func streams() throws {
    #expect(
      try model().serverEvents.map(\.order) == [
        .ephemeral,
        .log(
          StreamLog(
            of: "thing", key: ["to", "thing_id"], rev: ["to", "rev"], prev: ["to", "prev_rev"], heals: "getThing",
            apply: .patch(["thing"], into: ["to", "thing_id"]))),
        .log(
          StreamLog(
            of: "thing", key: ["thing", "id"], rev: ["rev"], prev: ["prev_rev"], heals: "getThing",
            apply: .put(["thing"]))),
        .mark(of: "thing", key: ["thing_id"], by: nil, mark: ["times"]),
      ])
  }

  /// What the small spec has none of: a state whose newest version wins.
  @Test func newest() throws {
    let old = "{of: thing, key: /thing/id, rev: /rev, prev: /prev_rev, heals: getThing, apply: {put: /thing}}"
    let newest = "{of: wet-paint, key: /thing/id, version: /thing/times, heals: getThing}"
    let result = SpecFixture.compile(
      openapi: SpecFixture.openapi.replacingOccurrences(
        of: "required: [name]\n          properties:\n            name: {description: Its name.",
        with:
          "required: [name, times]\n          properties:\n            times: {description: How often., type: integer}"
          + "\n            name: {description: Its name."
      ).replacingOccurrences(of: "kind: big}", with: "kind: big, times: 1}"),
      events: SpecFixture.events.replacingOccurrences(of: old, with: newest)
        .replacingOccurrences(of: "kind: big}", with: "kind: big, times: 1}"))
    let model = try #require(result.model)
    #expect(
      model.serverEvents[2].order
        == .newest(of: "wet-paint", key: ["thing", "id"], version: ["thing", "times"], heals: "getThing"))
    let files = Emitter(model: model).emit()
    let file = try #require(files.first { $0.name == "Streams.swift" })
    #expect(file.contents.contains("case wetPaintVersion(WetPaintVersion)"))
    #expect(file.contents.contains(#"case "thing_changed": self = .wetPaintVersion(.thingChanged)"#))
  }

  @Test func documentsAsJSON() throws {
    let documents = try #require(SpecFixture.compile().documents)
    #expect(documents.openapiYAML.hasPrefix("openapi: 3.1.0\ninfo:\n  title: Things\n  version: 1.0.0\nservers:\n"))
    #expect(
      documents.openapiJSON.hasPrefix(#"{"openapi":"3.1.0","info":{"title":"Things","version":"1.0.0"},"servers""#))
    #expect(documents.openapiJSON.contains(##""200":{"description":"The thing.""##))
    #expect(documents.eventsJSON.contains(##"{"$ref":"./openapi.json#/components/schemas/ThingID"}"##))
    #expect(!documents.eventsJSON.contains("openapi.yaml"))
    #expect(documents.eventsYAML.contains("./openapi.yaml#"))
  }

  @Test func escapesInJSON() {
    var diagnostics = Diagnostics()
    let source = SpecSource(path: "a.yaml", text: #"["\u0001\"\\\n\t\u2028é", 1.5, 1e-7, -3, null, {a b: true}]"#)
    let root = YAMLParser.parse(source, into: &diagnostics)
    var renderer = JSONRenderer(specNames: [])
    #expect(
      root.map { renderer.render($0) }
        == "[\"\\u0001\\\"\\\\\\n\\t\u{2028}é\",1.5,1e-07,-3,null,{\"a b\":true}]")
  }

  /// Both files are read to the end, whatever is wrong with the first.
  @Test func allDiagnosticsOfARunTogether() {
    let result = SpecFixture.compile(
      openapi: SpecFixture.openapi.replacing("maxLength: 20", with: "maxlength: 20"),
      events: SpecFixture.events.replacing("action: send", with: "action: sned"))
    #expect(result.model == nil)
    let places = result.diagnostics.filter { $0.severity == .error }.map { "\($0.location.file):\($0.location.line)" }
    #expect(places.filter { $0.hasPrefix("openapi.yaml") }.count == 3)
    #expect(places.filter { $0.hasPrefix("events.yaml") }.count >= 1)
    #expect(places.first?.hasPrefix("openapi.yaml") == true)
  }

  @Test func resultIsDeterministic() throws {
    #expect(try model() == model())
  }
}

extension SpecFixture {
  fileprivate static func line(of prefix: String) -> Int? {
    openapi.split(separator: "\n", omittingEmptySubsequences: false).firstIndex { $0.hasPrefix(prefix) }.map { $0 + 1 }
  }
}
