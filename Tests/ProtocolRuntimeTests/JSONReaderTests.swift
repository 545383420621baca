import NIOCore
import Testing

@testable import ProtocolRuntime

/// A type as the generator writes them, with a property of each kind.
struct Sample: JSONDecodable, Equatable {
  var name: String
  var count: Int?
  var tags: [String]?
  var id: UUID?
  var at: Timestamp?

  static let table = PropertyTable(["name", "count", "tags", "id", "at"], required: 1, refusesUnknown: true)

  static func decode(from reader: inout JSONReader) throws(JSONSyntaxError) -> Sample? {
    guard var object = try reader.beginObject(table) else { return nil }
    var name: String?
    var count: Int?
    var tags: [String]?
    var id: UUID?
    var at: Timestamp?
    while let index = try reader.nextProperty(&object) {
      switch index {
      case 0: name = try reader.string(minLength: 1, maxLength: 5)
      case 1: count = try reader.integer(minimum: 0, maximum: 100)
      case 2:
        tags = try reader.uniqueArray(maxItems: 2) { (reader: inout JSONReader) throws(JSONSyntaxError) in
          try reader.string(maxLength: 3)
        }
      case 3: id = try reader.uuid()
      case 4: at = try reader.timestamp()
      default: break
      }
    }
    guard let name else { return nil }
    return Sample(name: name, count: count, tags: tags, id: id, at: at)
  }
}

private func decode(_ json: String) throws -> (Sample?, [Violation]) {
  var violations: [Violation] = []
  let value = try Sample.decode(json: ByteBuffer(string: json), violations: &violations)
  return (value, violations)
}

/// `pointer keyword` of each violation.
private func broken(_ json: String) throws -> [String] {
  try decode(json).1.map { "\($0.pointer) \($0.keyword)" }
}

@Suite struct JSONReaderTests {
  /// Decision 3, also of names that a schema does not know. Two forms of one letter are two names.
  @Test func aNameIsThereOnce() throws {
    for json in [#"{"name":"a","name":"a"}"#, #"{"name":"a","x":1,"x":1}"#, #"{"name":"a","x":1,"\u0078":1}"#] {
      #expect(throws: ProblemDetails.self) { try decode(json) }
    }
    let name = #""name":"a""#
    #expect(
      try broken("{\"\u{E9}\":1,\"e\u{301}\":1,\(name)}").map { $0.hasSuffix("additionalProperties") } == [true, true])
  }

  @Test func readsEveryKindOfProperty() throws {
    let (value, violations) = try decode(
      #" { "tags":["a","b"],"name":"Ad\u0061","count":1e1, "id":"0192F0A4-0000-7000-8000-000000000001","at":"2026-11-22T17:00:00.5+01:00" } "#
    )
    #expect(violations.isEmpty)
    #expect(value?.name == "Ada")
    #expect(value?.count == 10)
    #expect(value?.tags == ["a", "b"])
    #expect(value?.id?.description == "0192f0a4-0000-7000-8000-000000000001")
    #expect(value?.at?.description == "2026-11-22T16:00:00.500Z")
  }

  /// A name is looked for where the table's order has it first: each order has to be read, and each name just once.
  @Test(arguments: [
    (#"{"name":"a","count":1,"tags":[],"id":"ID","at":"AT"}"#, true),
    (#"{"at":"AT","id":"ID","tags":[],"count":1,"name":"a"}"#, true),
    (#"{"name" : "a" , "at" : "AT" , "count" : 1, "tags":[], "id":"ID"}"#, true),
    (#"{"n\u0061me":"a","c\u006funt":1,"tags":[],"\u0069d":"ID","at":"AT"}"#, true),
    (#"{"name":"a","name":"a"}"#, false), (#"{"name":"a","count":1,"n\u0061me":"a"}"#, false),
    (#"{"n\u0061me":"a","name":"a"}"#, false), (#"{"name":"a","at":"AT","at":"AT"}"#, false),
    (#"{"name:"a"}"#, false), (#"{"name"#, false), (#"{"name""#, false), (#"{"name":"#, false), (#"{"nam"#, false),
  ])
  func readsNamesInAnyOrder(_ template: String, _ isRead: Bool) throws {
    let json = template.replacing("ID", with: UUID(high: 1, low: 2).description)
      .replacing("AT", with: "2026-11-22T17:00:00Z")
    guard isRead else {
      #expect(throws: ProblemDetails.self) { try decode(json) }
      return
    }
    let (value, violations) = try decode(json)
    #expect(violations.isEmpty)
    #expect(value?.name == "a" && value?.count == 1 && value?.tags == [])
    #expect(value?.id == UUID(high: 1, low: 2) && value?.at != nil)
  }

  /// A name with an escape in the schema itself: JSON never writes it as it is.
  @Test func readsNamesThatNeedAnEscape() throws {
    let table = PropertyTable([#"a\"#, #"b"c"#], required: 0, refusesUnknown: true)
    func index(_ json: String) throws -> Int? {
      var violations: [Violation] = []
      return try JSONReader.read(ByteBuffer(string: json), violations: &violations) {
        (reader: inout JSONReader) throws(JSONSyntaxError) -> Int? in
        guard var object = try reader.beginObject(table) else { return nil }
        var found: Int?
        while let index = try reader.nextProperty(&object) {
          found = index
          try reader.skipValue()
        }
        return found
      }
    }
    #expect(try index(#"{"a\\":1}"#) == 0)
    #expect(try index(#"{"b\"c":1}"#) == 1)
    #expect(throws: ProblemDetails.self) { try index(#"{"a\":1}"#) }
  }

  /// Strings are searched by sixteen bytes: their ends and escapes have to be found at each place.
  @Test func readsStringsOfEachLength() throws {
    for count in 0..<70 {
      for text in ["", "\"", "\\", "\n", "\u{1}", "é", "😀", "\\\"", "\u{7f}"] {
        let whole = String(repeating: "a", count: count) + text + String(repeating: "b", count: count % 19)
        var writer = JSONWriter(capacity: 16)
        writer.string(whole)
        let json = "[\(String(buffer: writer.finish())),1]"
        var violations: [Violation] = []
        #expect(
          try JSONValue.decode(json: ByteBuffer(string: json), violations: &violations)
            == .array([.string(whole), .number(JSONNumber(text: "1"))]))
      }
      for bad in ["\u{0}", "\u{1f}", "\n"] {
        let json = "\"" + String(repeating: "a", count: count) + bad + "\""
        #expect(throws: JSONSyntaxError(offset: count + 1, reason: "a control character must be escaped")) {
          try skip(json)
        }
      }
      #expect(throws: JSONSyntaxError(offset: count + 1, reason: "the text ends within a string")) {
        try skip("\"" + String(repeating: "a", count: count))
      }
    }
  }

  private func skip(_ json: String) throws(JSONSyntaxError) {
    var json = json
    let found: JSONSyntaxError? = json.withUTF8 { bytes in
      do throws(JSONSyntaxError) {
        var reader = try JSONReader(UnsafeRawBufferPointer(bytes))
        try reader.skipValue()
        return nil
      } catch {
        return error
      }
    }
    if let found { throw found }
  }

  @Test func knowsHowLongMonthsAre() {
    let lengths = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
    for (index, length) in lengths.enumerated() {
      for day in 0...32 {
        #expect(Timestamp.isDate(year: 2026, month: index + 1, day: day) == (1...length).contains(day))
      }
    }
    #expect(Timestamp.isDate(year: 2024, month: 2, day: 29) && !Timestamp.isDate(year: 2024, month: 2, day: 30))
    #expect(Timestamp.isDate(year: 2000, month: 2, day: 29) && !Timestamp.isDate(year: 1900, month: 2, day: 29))
    #expect(!Timestamp.isDate(year: 2026, month: 0, day: 1) && !Timestamp.isDate(year: 2026, month: 13, day: 1))
  }

  /// Through binary fractions 0.99999999999999999999 was the integer 1, and 9007199254740993.0 lost its 3.
  @Test(
    arguments: [
      ("0.99999999999999999999", nil), ("1.00000000000000000001", nil), ("1.5e0", nil), ("1e-1", nil),
      ("100e-3", nil), ("-0.5", nil), ("1.0", 1), ("100e-2", 1), ("0.05e2", 5), ("-0.0", 0),
      ("0e999999999999999999999", 0),
      ("12.50e1", 125), ("9007199254740993.0", 9_007_199_254_740_993), ("9223372036854775807.000", Int.max),
      ("-9223372036854775808e0", Int.min), ("922337203685477580700e-2", Int.max), ("1e19", Int.max),
      ("-1e400", Int.min),
      ("1e99999999999999999999", Int.max), ("1e-99999999999999999999", nil), ("9223372036854775808", Int.max),
      ("9223372036854775807.5", nil),
    ] as [(String, Int?)])
  func `an integer is exact, however it is written`(text: String, expected: Int?) throws {
    struct Number: JSONDecodable {
      var value: Int
      static func decode(from reader: inout JSONReader) throws(JSONSyntaxError) -> Number? {
        try reader.integer().map { Number(value: $0) }
      }
    }
    var violations: [Violation] = []
    let number = try Number.decode(json: ByteBuffer(string: text), violations: &violations)
    #expect(number?.value == expected)
    #expect(violations.map(\.keyword) == (expected == nil ? ["type"] : []))
  }

  @Test(arguments: [
    (#"{}"#, ["/name required"]),
    (#"[]"#, [" type"]),
    (#"{"name":7,"count":"x"}"#, ["/name type", "/count type"]),
    (#"{"name":"","count":-1}"#, ["/name minLength", "/count minimum"]),
    (#"{"name":"Adaaaa","count":101}"#, ["/name maxLength", "/count maximum"]),
    (#"{"name":"Ada","count":1.5}"#, ["/count type"]),
    (#"{"name":"Ada","count":99999999999999999999}"#, ["/count maximum"]),
    (#"{"name":"Ada","tags":["a","bcde"]}"#, ["/tags/1 maxLength"]),
    (#"{"name":"Ada","tags":["a","a"]}"#, ["/tags uniqueItems"]),
    (#"{"name":"Ada","tags":["a","b","c"]}"#, ["/tags maxItems"]),
    (#"{"name":"Ada","a/b~c":{"deep":[1,{"x":null}]}}"#, ["/a~1b~0c additionalProperties"]),
    (#"{"name":"Ada","id":"nonsense","at":"2026-02-30T00:00:00Z"}"#, ["/id format", "/at format"]),
    (#"{"name":null}"#, ["/name type"]),
  ])
  func reportsEveryViolation(_ json: String, _ expected: [String]) throws {
    #expect(try broken(json) == expected)
  }

  /// `maxLength` counts code points, not bytes or grapheme clusters (JSON Schema Validation §6.3.1).
  @Test func countsCodePoints() throws {
    #expect(try broken(#"{"name":"😀😀😀😀😀"}"#).isEmpty)
    #expect(try broken(#"{"name":"e\u0301e\u0301e\u0301"}"#) == ["/name maxLength"])
  }

  @Test(arguments: [
    "", " ", "{", "}", "nul", #"{"name"}"#, #"{"name":}"#, #"{"name":"Ada",}"#, #"{"name":"Ada"} x"#, #"{name:"Ada"}"#,
    #"{"name":"Ada","name":"Bob"}"#, #"{"name":"\x"}"#, #"{"name":"\ud800"}"#, #"{"name":"\ud800\u0041"}"#,
    #"{"name":"\u12"}"#, "{\"name\":\"a\nb\"}", #"{"count":01}"#, #"{"count":1.}"#, #"{"count":+1}"#, #"{"count":.5}"#,
    #"{"count":1e}"#, #"{"count":-}"#, #"{"x":tru}"#, #"{"x":[1,]}"#, #"{"x":[1 2]}"#, #"{"x":{"a" 1}}"#, #"{"x":"#,
    #"{"x":{"a":1,}}"#, #"{"x":["\q"]}"#, #"{"tags":["a" "b"]}"#, #"{"tags":["a",]}"#,
  ])
  func refusesWhatIsNotJSON(_ json: String) {
    #expect(throws: ProblemDetails.self) { try decode(json) }
  }

  @Test func refusesBytesThatAreNotUTF8() {
    for bytes: [UInt8] in [[0xff], [0xc0, 0x80], [0xed, 0xa0, 0x80], [0xf5, 0x80, 0x80, 0x80], [0xe2, 0x82]] {
      var violations: [Violation] = []
      let json = ByteBuffer(bytes: Array("{\"name\":\"".utf8) + bytes + Array("\"}".utf8))
      #expect(throws: ProblemDetails.self) { try Sample.decode(json: json, violations: &violations) }
    }
  }

  @Test func refusesDeepNestingInConstantMemory() {
    for text in [String(repeating: "[", count: 1_000_000), String(repeating: "{\"x\":", count: 200_000)] {
      #expect(throws: ProblemDetails.self) { try decode(text) }
    }
    let deepest = String(repeating: "[", count: 62) + String(repeating: "]", count: 62)
    #expect(throws: Never.self) { try decode("{\"x\":\(deepest)}") }
  }

  @Test func stopsCollectingAtTheBound() throws {
    let many = (0..<1000).map { "\"x\($0)\":1" }.joined(separator: ",")
    #expect(try decode("{\(many)}").1.count == JSONReader.maxViolations)
  }
}

/// Objects of more properties than a word has bits.
@Suite struct WideObjectTests {
  static let table = PropertyTable(
    [
      "p0", "p1", "p2", "p3", "p4", "p5", "p6", "p7", "p8", "p9", "p10", "p11", "p12", "p13", "p14", "p15", "p16",
      "p17", "p18", "p19", "p20", "p21", "p22", "p23", "p24", "p25", "p26", "p27", "p28", "p29", "p30", "p31", "p32",
      "p33", "p34", "p35", "p36", "p37", "p38", "p39", "p40", "p41", "p42", "p43", "p44", "p45", "p46", "p47", "p48",
      "p49", "p50", "p51", "p52", "p53", "p54", "p55", "p56", "p57", "p58", "p59", "p60", "p61", "p62", "p63", "p64",
      "p65", "p66", "p67", "p68", "p69", "p70", "p71", "p72", "p73", "p74", "p75", "p76", "p77", "p78", "p79", "p80",
      "p81", "p82", "p83", "p84", "p85", "p86", "p87", "p88", "p89", "p90", "p91", "p92", "p93", "p94", "p95", "p96",
      "p97", "p98", "p99", "p100", "p101", "p102", "p103", "p104", "p105", "p106", "p107", "p108", "p109", "p110",
      "p111", "p112", "p113", "p114", "p115", "p116", "p117", "p118", "p119", "p120", "p121", "p122", "p123", "p124",
      "p125", "p126", "p127", "p128", "p129",
    ], required: 1 | 1 << 63, requiredBeyond: [1 | 1 << 63, 2], refusesUnknown: true)

  private func read(_ names: [String]) throws -> (indices: [Int], missing: [String]) {
    let json = "{" + names.map { "\"\($0)\":1" }.joined(separator: ",") + "}"
    return try Array(json.utf8).withUnsafeBytes { bytes in
      var reader = try JSONReader(bytes)
      var indices: [Int] = []
      if var object = try reader.beginObject(Self.table) {
        while let index = try reader.nextProperty(&object) {
          indices.append(index)
          try reader.skipValue()
        }
      }
      return (indices, reader.violations.map(\.pointer))
    }
  }

  @Test func whatIsMissingIsNamedWhereverItIs() throws {
    #expect(try read([]).missing == ["/p0", "/p63", "/p64", "/p127", "/p129"])
    #expect(try read(["p129", "p64", "p1", "p65", "p0"]).missing == ["/p63", "/p127"])
    #expect(try read(["p129", "p64", "p127", "p63", "p0"]).indices == [129, 64, 127, 63, 0])
  }

  @Test(arguments: ["p0", "p63", "p64", "p127", "p128", "p129"])
  func aNameThatIsThereTwiceIsRefused(_ name: String) {
    #expect(throws: JSONSyntaxError.self) { try read([name, "p70", name]) }
  }
}
