import NIOCore
import OddProtocol
import ProtocolRuntime
import Testing

/// What the generator makes of names that Swift or the generated code has, and of values of every kind, at work.
@Suite struct OddCodeTests {
  // MARK: - Objects

  @Test(arguments: [
    #"{"self":"a","init":1,"await":true,"let":[1],"default":"self"}"#,
    #"{"self":"a","init":1,"await":true,"let":[],"inout":2,"additional_properties":"b","Type":"c","hashValue":3,"#
      + #""hash":"d","description":"e","encode":"f","decode":"g","default":"h","any":"i","copy":null,"consume":"j","#
      + #""each":"k","isolated":"l","subscript":"m","deinit":"n","class":"o","throws":"p","nothing":null,"other":4}"#,
  ])
  func oddNamesAreReadAndWritten(_ json: String) throws {
    let (value, violations) = try decode(Odd.self, json)
    #expect(violations.isEmpty)
    #expect(try encode(#require(value)) == json)
  }

  @Test func oddNamesInSwift() {
    var odd = Odd(self_: "a", init_: 1, await: true, let: [1], additionalProperties: ["other": 4])
    odd.additionalProperties_ = "b"
    odd.hashValue_ = 3
    #expect(odd.default == "self")
    #expect(
      encode(odd)
        == #"{"self":"a","init":1,"await":true,"let":[1],"additional_properties":"b","hashValue":3,"default":"self","other":4}"#
    )
  }

  @Test(arguments: [
    #"{"list":null,"map":{"a":1},"default_list":null,"flags":["odd"],"nothing":null,"kind":"none","count":3}"#,
    #"{"list":[1,2],"map":null,"optional_list":null,"optional_map":{"a":"b"},"default_list":[1],"flags":[],"#
      + #""numbers":[7,7],"halves":[0.5],"truths":[true],"lies":[false],"nothings":[null,null],"nothing":null,"#
      + #""holes":[1,null],"grid":[["a",null],[]],"gaps":{"a":null,"b":true},"perhaps":[1],"here":"here","#
      + #""never":null,"kind":null,"count":null,"object":{"never":true}}"#,
    #"{"list":null,"map":null,"optional_list":["a"],"optional_map":null,"default_list":null,"flags":[],"#
      + #""nothing":null,"perhaps":null,"kind":"big","count":5,"object":null}"#,
  ])
  func valuesOfEveryKindAreReadAndWritten(_ json: String) throws {
    let (value, violations) = try decode(Values.self, json)
    #expect(violations.isEmpty)
    #expect(try encode(#require(value)) == json)
  }

  @Test func defaultsOfNullableValues() throws {
    let value = try #require(try decode(Values.self, #"{"list":null,"map":null,"flags":[]}"#).0)
    #expect(value.kind == Kind.none_)
    #expect(value.count == 3)
    #expect(value.defaultList == nil)
    #expect(value.optionalList == nil)
  }

  @Test(arguments: [
    (#""list":[1,2,3]"#, ["/list maxItems"]), (#""list":"a""#, ["/list type"]), (#""map":{"a":"b"}"#, ["/map/a type"]),
    (#""flags":["even"]"#, ["/flags/0 const"]), (#""flags":["odd","odd"]"#, ["/flags uniqueItems"]),
    (#""numbers":[8]"#, ["/numbers/0 maximum"]), (#""halves":[1]"#, ["/halves/0 maximum"]),
    (#""truths":[false]"#, ["/truths/0 const"]), (#""lies":[true]"#, ["/lies/0 const"]),
    (#""nothings":[1]"#, ["/nothings/0 const"]), (#""nothing":{}"#, ["/nothing const"]),
    (#""holes":["a"]"#, ["/holes/0 type"]), (#""grid":[[1]]"#, ["/grid/0/0 type"]),
    (#""gaps":{"a":1}"#, ["/gaps/a type"]),
    (#""here":"there""#, ["/here const"]), (#""never":0"#, ["/never const"]), (#""kind":"small""#, ["/kind enum"]),
  ])
  func whatBreaksTheSchemaOfAValueIsNamed(_ property: String, _ expected: [String]) throws {
    let others = [#""list":null"#, #""map":null"#, #""flags":[]"#].filter { !$0.hasPrefix(property.prefix(6)) }
    let json = "{\((others + [property]).joined(separator: ","))}"
    #expect(try decode(Values.self, json).1 == expected)
  }

  @Test func enumerationsKeepTheirTexts() throws {
    let texts = [
      "init", "self", "none", "some", "refused", "data", "default", "raw_value", "all_cases", "encode", "decode",
      "hash",
      "description", "Type", "await", "let",
    ]
    #expect(RawValue_.allCases.map(\.rawValue) == texts)
    for kind in RawValue_.allCases {
      #expect(encode(kind) == "\"\(kind.rawValue)\"")
      #expect(try decode(RawValue_.self, encode(kind)).0 == kind)
    }
  }

  @Test func typesThatSwiftHas() throws {
    let json =
      #"{"ok":true,"string":{"text":"a"},"never":{"never":false},"optional":"one","pattern":"a","parameters":{"b":1},"#
      + #""nullable":null,"content":["c"],"operations":{"type":"some","value":true},"kind":"none","#
      + #""things":["019cadc7-84e0-7d15-a90f-08a575024650"]}"#
    let (value, violations) = try decode(Result_.self, json)
    #expect(violations.isEmpty)
    #expect(try encode(#require(value)) == json)
    #expect(try decode(Operations_.self, #"{"type":"init","value":1}"#).0 == .init_(Int_(value: 1)))
  }

  // MARK: - More properties than a word has bits

  @Test func manyPropertiesAreReadAndWritten() throws {
    let json = "{" + (0..<130).map { "\"p\($0)\":\($0)" }.joined(separator: ",") + "}"
    let (value, violations) = try decode(Many.self, json)
    #expect(violations.isEmpty)
    #expect(try encode(#require(value)) == json)
  }

  @Test func missingOnesAmongManyAreNamed() throws {
    #expect(
      try decode(Many.self, "{}").1
        == ["/p0 required", "/p63 required", "/p64 required", "/p127 required", "/p128 required", "/p129 required"])
    #expect(
      try decode(Many.self, #"{"p129":1,"p64":1,"p1":1,"p65":1,"p0":1}"#).1
        == ["/p63 required", "/p127 required", "/p128 required"])
  }

  @Test(arguments: ["p0", "p63", "p64", "p127", "p128", "p129"])
  func aRepeatedOneAmongManyIsRefused(_ name: String) {
    #expect(throws: ProblemDetails.self) { try decode(Many.self, "{\"\(name)\":1,\"p70\":1,\"\(name)\":1}") }
  }

  // MARK: - Streams

  @Test func eventsWithOddNames() throws {
    let id = try #require(UUID("019cadc7-84e0-7d15-a90f-08a575024650"))
    let events: [InitLogEvent] = [
      .name_(Change(id: id, rev: 2)), .position_(Change(id: id, rev: 2)), .encoded_(Name_(self_: id, init_: 2)),
      .following_(Name_(self_: id, init_: 2)), .self_(Name_(self_: id, init_: 2)), .init_(Change(id: id, rev: 2)),
      .allCases_(Change(id: id, rev: 2)),
    ]
    #expect(events.map(\.name) == InitLogEvent.Name.allCases)
    for event in events {
      #expect(event.position == LogPosition(key: id, rev: 2, prev: 1))
      #expect(event.encoded.name == event.name.rawValue)
      #expect(EventStream(event.name.rawValue) == .initLog(event.name))
    }
    #expect(Replay().event(of: 1) == nil)
    #expect(Replay().event(of: 2)?.name == .init_)
  }

  /// Whatever a change is, it is no longer called as a schema is.
  private struct Replay: InitLogReplay {
    func name_(_ change: Int) -> Change? { nil }
    func position_(_ change: Int) -> Change? { nil }
    func encoded_(_ change: Int) -> Name_? { nil }
    func following_(_ change: Int) -> Name_? { nil }
    func self_(_ change: Int) -> Name_? { nil }
    func init_(_ change: Int) -> Change? { change == 2 ? Change(id: .v7(), rev: change) : nil }
    func allCases_(_ change: Int) -> Change? { nil }
  }
}
