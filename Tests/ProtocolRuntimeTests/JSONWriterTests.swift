import NIOCore
import Testing

@testable import ProtocolRuntime

private func written(_ body: (inout JSONWriter) -> Void) -> String {
  var writer = JSONWriter(capacity: 1)
  body(&writer)
  return String(buffer: writer.finish())
}

@Suite struct JSONWriterTests {
  @Test func escapesOnlyWhatItMust() {
    #expect(written { $0.string("plain é 😀 /") } == "\"plain é 😀 /\"")
    #expect(written { $0.string("\"\\\n\r\t\u{0}\u{1f}") } == #""\"\\\n\r\t\u0000\u001f""#)
    #expect(written { $0.string(String(repeating: "\u{1}", count: 3)) } == #""\u0001\u0001\u0001""#)
  }

  /// It looks at sixteen bytes at a time: each of them must be found at each place, and nothing else.
  @Test func escapesAtEachPlace() {
    for length in 0..<50 {
      for place in 0..<length {
        for (found, written) in [("\"", "\\\""), ("\\", "\\\\"), ("\u{1f}", "\\u001f"), ("\n", "\\n")] {
          let before = String(repeating: "~", count: place)
          let after = String(repeating: " ", count: length - place - 1)
          #expect(JSONWriterTests.json(before + found + after) == "\"\(before)\(written)\(after)\"")
        }
        let plain = String(repeating: "é!", count: place) + "#[]\u{7f}\u{80}\u{7ff}"
        #expect(JSONWriterTests.json(plain) == "\"\(plain)\"")
      }
    }
  }

  private static func json(_ text: String) -> String { written { $0.string(text) } }

  @Test func writesArraysOfAnyLength() {
    for count in [0, 1, 2, 50] {
      let texts = (0..<count).map { String(repeating: "x", count: $0 * $0) }
      let expected = "[" + texts.map { "\"\($0)\"" }.joined(separator: ",") + "]"
      #expect(written { $0.array(texts) { writer, text in writer.string(text) } } == expected)
    }
  }

  @Test(arguments: [
    0, 7, -7, 9, 10, -42, 99, 100, -999, 1000, 1234567890, -9_999_999_999, Int.max - 1, Int.max, Int.min,
  ])
  func writesIntegers(_ value: Int) {
    #expect(written { $0.integer(value) } == String(value))
  }

  @Test func writesNumbers() {
    #expect(written { $0.number(0.1) } == "0.1")
    #expect(written { $0.number(3) } == "3")
    #expect(written { $0.number(.infinity) } == "null")
  }

  @Test func writesValues() {
    #expect(written { $0.uuid(UUID(high: 1, low: 2)) } == "\"00000000-0000-0001-0000-000000000002\"")
    #expect(written { $0.timestamp(Timestamp(millisecondsSinceEpoch: 0)) } == "\"1970-01-01T00:00:00.000Z\"")
    #expect(written { $0.timestamp(Timestamp(millisecondsSinceEpoch: -1)) } == "\"1969-12-31T23:59:59.999Z\"")
  }
}

@Suite struct ValueTests {
  @Test func uuidsOfVersion7AreInTheOrderOfTime() throws {
    let first = UUID.v7()
    #expect(first.high >> 12 & 0xf == 7)
    #expect(first.low >> 62 == 2)
    let age = Timestamp.now().millisecondsSinceEpoch - Int64(first.high >> 16)
    #expect((0..<60_000).contains(age))
    #expect(UUID(first.description) == first)
    #expect(UUID("0192f0a4-0000-7000-8000-00000000000") == nil)
    #expect(UUID("0192f0a4x0000-7000-8000-000000000001") == nil)
  }

  @Test(arguments: [
    ("2026-11-22T17:00:00Z", "2026-11-22T17:00:00.000Z"), ("2026-11-22t17:00:00.1239z", "2026-11-22T17:00:00.123Z"),
    ("2000-02-29T23:59:59.5-01:30", "2000-03-01T01:29:59.500Z"), ("0001-01-01T00:00:00Z", "0001-01-01T00:00:00.000Z"),
    ("1990-12-31T23:59:60Z", "1991-01-01T00:00:00.000Z"), ("1899-12-31T23:59:59.989Z", "1899-12-31T23:59:59.989Z"),
    ("9999-10-09T19:29:39.009Z", "9999-10-09T19:29:39.009Z"),
  ])
  func readsTimes(_ text: String, _ expected: String) {
    #expect(Timestamp(text)?.description == expected)
  }

  @Test(arguments: ["2026-11-22", "2026-11-22T17:00:00", "2026-13-01T00:00:00Z", "2026-11-22T24:00:00Z", "x"])
  func refusesWhatIsNoTime(_ text: String) {
    #expect(Timestamp(text) == nil)
  }
}
