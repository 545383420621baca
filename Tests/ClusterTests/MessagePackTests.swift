import NIOCore
import Testing

@testable import Cluster

@Suite struct MessagePackTests {
  private func json(_ hex: String) throws -> String {
    try MessagePackReader.value(ByteBuffer(hex: hex), limits: ClusterLimits()).json.text
  }

  private func messagePack(_ json: String, _ attachments: [ByteBuffer] = []) throws -> String {
    var writer = MessagePackWriter()
    try writer.value(ClusterValue(json: json, attachments: attachments))
    return writer.bytes.hex
  }

  private func refusal(_ body: () throws -> Void) -> ClusterError.Code? {
    #expect(throws: ClusterError.self) { try body() }?.code
  }

  @Test(arguments: [
    ("0", "00"), ("-0", "00"), ("-0.0", "00"), ("1e0", "01"), ("1.0", "01"), ("4294967296", "cf0000000100000000"),
    ("9007199254740993", "cf0020000000000001"), ("18446744073709551615", "cfffffffffffffffff"),
    ("18446744073709551616", "cb43f0000000000000"), ("-9223372036854775808", "d38000000000000000"),
    ("-9223372036854775809", "d38000000000000000"), ("1e400", "cb7ff0000000000000"), ("0.1", "cb3fb999999999999a"),
    ("1E2", "64"), ("-1e-2", "cbbf847ae147ae147b"), (" [ 1 , 2 ] ", "920102"),
    ("\"\\u00e9\\ud83d\\ude00\"", "a6c3a9f09f9880"),
    ("\"\\ud83d\"", "a3efbfbd"), ("\"\\ud83d\\\\\"", "a4efbfbd5c"), ("{\"a\":{},\"b\":[]}", "82a16180a16290"),
    ("\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"", "a8225c2f080c0a0d09"),
  ])
  func jsonBecomesMessagePack(_ json: String, _ hex: String) throws {
    #expect(try messagePack(json) == hex)
  }

  @Test(arguments: [
    ("ca3dcccccd", "0.10000000149011612"), ("ca3f800000", "1"), ("cb3ff0000000000000", "1"),
    ("cb7ff8000000000000", "null"), ("cfffffffffffffffff", "18446744073709551615"),
    ("d38000000000000000", "-9223372036854775808"), ("e0", "-32"), ("d0df", "-33"), ("d1ff7f", "-129"),
    ("a3e298", nil), ("a1ff", "\"\u{FFFD}\""), ("a5220a5c0900", "\"\\\"\\n\\\\\\t\\u0000\""),
    ("8101a161", "{\"1\":\"a\"}"), ("81c001", nil), ("c1", nil), ("", nil), ("0000", nil), ("dd00000000", "[]"),
    ("ddffffffff", nil), ("dfffffffff", nil), ("dbffffffff", nil), ("c6ffffffff", nil), ("c9ffffffff00", nil),
    ("d60500000000", "[5,{\"_placeholder\":true,\"num\":0}]"), ("c70000", "{\"_placeholder\":true,\"num\":0}"),
    ("d7ff0000000000000000", "\"1970-01-01T00:00:00.000Z\""), ("d6ffffffffff", "\"2106-02-07T06:28:15.000Z\""),
    ("c70cff000000007fffffffffffffff", "null"), ("c70cff000000008000000000000000", "null"),
    ("d7007fffffffffffffff", "null"), ("d700001eb208c2dc0000", "\"+275760-09-13T00:00:00.000Z\""),
    ("d700ffe14df73d240000", "\"-271821-04-20T00:00:00.000Z\""),
  ])
  func messagePackBecomesJSON(_ hex: String, _ expected: String?) throws {
    if let expected {
      #expect(try json(hex) == expected)
    } else {
      #expect(refusal { _ = try json(hex) } == .malformed)
    }
  }

  @Test func whatOlderVersionsWrite() throws {
    func value(_ name: String) throws -> ClusterValue {
      try MessagePackReader.value(Capture.one(name).payload, limits: ClusterLimits())
    }
    #expect(
      try value("notepack 2.2 dates").json.text
        == #"["1970-01-01T00:00:00.000Z","2023-11-14T22:13:20.123Z","1969-12-31T23:59:59.999Z"]"#)
    #expect(try value("notepack 2.2 undefined").json.text == #"[null,{"kept":1},[null]]"#)
    let buffers = try value("notepack 2.2 array buffer")
    #expect(buffers.json.text == #"[{"_placeholder":true,"num":0},{"_placeholder":true,"num":1}]"#)
    #expect(buffers.attachments == [ByteBuffer(bytes: [1, 2, 3]), ByteBuffer(bytes: [4])])
    #expect(try value("notepack 3.0.1 date before 1970").json.text == #"["0001-01-01T00:00:00.000Z"]"#)
    #expect(try value("notepack 3.0.1 not finite").json.text == "[null,null,null]")
  }

  @Test func placeholders() throws {
    let binary = [ByteBuffer(bytes: [9])]
    #expect(try messagePack(#"{ "num" : 0 , "_placeholder" : true }"#, binary) == "c40109")
    // Without attachments it is an object like any other.
    #expect(try messagePack(#"{"_placeholder":true,"num":0}"#) == "82ac5f706c616365686f6c646572c3a36e756d00")
    #expect(try messagePack(#"{"_placeholder":false,"num":0}"#, binary).hasPrefix("82"))
    #expect(try messagePack(#"{"num":0,"num":0}"#, binary).hasPrefix("82"))
    #expect(try messagePack(#"{"_placeholder":"true","num":0}"#, binary).hasPrefix("82"))
    #expect(try messagePack(#"{"_placeholder":true,"_placeholder":false,"num":0}"#, binary).hasPrefix("83"))
    #expect(try messagePack(#"{"_placeholder":{"true":true},"num":0}"#, binary).hasPrefix("82"))
    for text in [
      #"{"_placeholder":true,"num":1}"#, #"{"_placeholder":true,"num":999999999}"#, #"{"_placeholder":true,"num":-1}"#,
      #"{"_placeholder":true,"num":99999999999999999999}"#, #"{"_placeholder":true,"num":0.5}"#,
      #"{"_placeholder":true,"num":"0"}"#, #"{"_placeholder":true,"num":[0]}"#, #"{"_placeholder":true}"#,
      #"{"_placeholder":true,"deeper":{"num":0}}"#, #"{"_placeholder":true,"num":0,"num":[0]}"#,
    ] {
      #expect(refusal { _ = try messagePack(text, binary) } == .malformed, "\(text)")
    }
  }

  /// Clients put the binary in the place of such an object whatever else is in it, so the nodes must relay it.
  @Test(arguments: [
    (#"{"_placeholder":true,"num":0,"more":1}"#, "c40109"),
    (#"{"more":{"a":[1,{}]},"num":1,"_placeholder":true}"#, "c40108"),
    (#"[{"_placeholder":true,"num":0,"more":[[],{"b":{}}]},{"c":[7]}]"#, "92c4010981a1639107"),
    // The outer one takes the inner one's place.
    (#"[{"x":{"_placeholder":true,"num":0},"_placeholder":true,"num":1},[2]]"#, "92c401089102"),
    (#"{"\u005fplaceholder":true,"n\u0075m":1e0}"#, "c40108"), (#"{"_placeholder":true,"num":1,"num":-0}"#, "c40109"),
  ])
  func placeholdersWithFurtherMembers(_ json: String, _ hex: String) throws {
    #expect(try messagePack(json, [ByteBuffer(bytes: [9]), ByteBuffer(bytes: [8])]) == hex)
  }

  @Test func longValuesHaveLongHeads() throws {
    func written(_ json: String, _ attachments: [ByteBuffer] = []) throws -> ByteBuffer {
      var writer = MessagePackWriter()
      try writer.value(ClusterValue(json: json, attachments: attachments))
      return writer.bytes
    }
    func head(_ bytes: ByteBuffer) -> String { bytes.getSlice(at: 0, length: 6)!.hex }
    let long = "\"" + String(repeating: "x", count: 70_000) + "\""
    let list = "[" + Array(repeating: "0", count: 65_536).joined(separator: ",") + "]"
    let map = "{" + (0..<65_536).map { "\"\($0)\":0" }.joined(separator: ",") + "}"
    for (text, expected) in [(long, "db0001117078"), (list, "dd0001000000"), (map, "df00010000a1")] {
      let bytes = try written(text)
      #expect(head(bytes) == expected)
      let read = try MessagePackReader.value(bytes, limits: ClusterLimits()).json
      #expect(read == ByteBuffer(string: text))
    }
    let binary = ByteBuffer(repeating: 1, count: 70_000)
    let bytes = try written(#"{"_placeholder":true,"num":0}"#, [binary])
    #expect(head(bytes) == "c60001117001")
    #expect(try MessagePackReader.value(bytes, limits: ClusterLimits()).attachments == [binary])
  }

  @Test(arguments: [
    "", "[", "[1", "[1,", "[1,]", "{", "{}}", "{\"a\"}", "{\"a\":}", "{\"a\":1,}", "{a:1}", "01", "-", "1.", ".5", "1e",
    "+1", "tru", "nul", "\"", "\"\\\"", "\"\\x\"", "\"\\u12g4\"", "\"\n\"", "1 2", "[1 2]", "NaN", "'a'", "{1:2}",
  ])
  func whatIsNoJSON(_ text: String) {
    #expect(refusal { _ = try messagePack(text) } == .malformed)
  }

  @Test func depthIsBounded() throws {
    func nested(_ depth: Int) -> String {
      String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
    }
    let deep = nested(1_024)
    #expect(try json(messagePack(deep)) == deep)
    #expect(refusal { _ = try messagePack(nested(1_026)) } == .tooLarge)
    // A million levels neither overflow the stack nor are accepted.
    #expect(refusal { _ = try messagePack(nested(1_000_000)) } == .tooLarge)
    let arrays = ByteBuffer(repeating: 0x91, count: 1_000_000)
    #expect(refusal { _ = try MessagePackReader.value(arrays, limits: ClusterLimits()) } == .tooLarge)
  }

  @Test func sizeIsBounded() throws {
    var limits = ClusterLimits()
    limits.maxBytes = 1_000
    let manyNothings = ByteBuffer(bytes: [0xDC, 0x01, 0x90] + Array(repeating: 0xC0, count: 400))
    #expect(refusal { _ = try MessagePackReader.value(manyNothings, limits: limits) } == .tooLarge)
    let long = ByteBuffer(repeating: 0, count: 1_001)
    #expect(refusal { _ = try MessagePackReader.value(long, limits: limits) } == .tooLarge)
  }
}
