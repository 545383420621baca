import Bytes
import Foundation
import Testing

@Suite struct JSONScanTests {
  private func accepts(_ text: String, maxDepth: Int = JSONScan.maxDepth) -> Bool {
    let bytes = Array(text.utf8)
    var scan = JSONScan(maxDepth: maxDepth)
    return scan.whole(bytes.span)
  }

  @Test(arguments: [
    "{}", "[]", " [ ] ", "\"\"", "0", "-0", "1.5e-3", "1E+9", "true", "false", "null", "[1,[2,{\"a\":[]}],\"\\u00e9\"]",
    "{\"a\":1,\"a\":2}", "\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"", "\t\r\n1",
  ])
  func takesJSON(_ text: String) {
    #expect(accepts(text))
  }

  @Test(arguments: [
    "", " ", "[", "]", "{", "[1,]", "{,}", "{\"a\"}", "{\"a\":}", "{a:1}", "[1 2]", "[}", "{]", "01", "-", "1.", ".5",
    "1e",
    "+1", "tru", "nul", "\"", "\"\\", "\"\\x\"", "\"\\u12g4\"", "\"\\u123", "\"\u{1}\"", "1 2", "[1],", "\u{feff}1",
    "'a'",
  ])
  func refusesWhatIsNone(_ text: String) {
    #expect(!accepts(text))
  }

  /// It passes sixteen bytes at a time where they are plain: an end, an escape or what is none is found at each place.
  @Test func findsTheEndAtEachPlace() {
    for length in 0..<50 {
      for place in 0...length {
        let (before, after) = (String(repeating: "é", count: place), String(repeating: "~", count: length - place))
        for good in ["", "\\\"", "\\u00e9", "\u{7f}"] { #expect(accepts("\"\(before)\(good)\(after)\"")) }
        for bad in ["\"", "\\x", "\u{1f}", "\n"] { #expect(!accepts("\"\(before)\(bad)\(after)\"")) }
      }
    }
  }

  @Test func countsElementsInTheOrderOfOpening() {
    let bytes = Array("[1,{\"a\":[],\"b\":[2,3,4]},{}]".utf8)
    var scan = JSONScan(isCounting: true)
    let isWhole = scan.whole(bytes.span)
    #expect(isWhole)
    #expect(scan.counts == [3, 2, 0, 3, 0])
  }

  @Test func boundsTheDepth() {
    func nested(_ depth: Int) -> String {
      String(repeating: "[", count: depth) + "0" + String(repeating: "]", count: depth)
    }
    #expect(accepts(nested(JSONScan.maxDepth)))
    #expect(!accepts(nested(JSONScan.maxDepth + 1)))
    #expect(accepts(nested(3), maxDepth: 3))
    let bytes = Array(nested(4).utf8)
    var scan = JSONScan(maxDepth: 3)
    let value = scan.value(bytes.span)
    #expect(value == nil)
    #expect(scan.isTooDeep)
    // An empty container is no level: nothing is in it.
    #expect(accepts("[[[[]]]]", maxDepth: 3))
  }

  /// A second opinion: Foundation's parser, for texts that are cut and changed at random.
  @Test func agreesWithFoundation() throws {
    var random = SplitMix(state: 42)
    let seeds = ["{\"a\":[1,2.5,true,null,{\"b\":\"c\\u0041\\n\"}],\"d\":-1e5}", "[[],{},\"\",[0,-0.1,\"\\\\\"]]"]
    let alphabet = Array("[]{},:\"\\0123456789.eE+-tfnu ax".utf8)
    var accepted = 0
    for _ in 0..<5_000 {
      var bytes = Array(seeds[Int(random.next() % 2)].utf8)
      for _ in 0..<(1 + random.next() % 3) {
        let index = Int(random.next() % UInt64(bytes.count))
        switch random.next() % 3 {
        case 0: bytes.remove(at: index)
        case 1: bytes[index] = alphabet[Int(random.next() % UInt64(alphabet.count))]
        default: bytes.insert(alphabet[Int(random.next() % UInt64(alphabet.count))], at: index)
        }
      }
      var scan = JSONScan()
      let isJSON = scan.whole(bytes.span)
      if isJSON { accepted += 1 }
      let text = String(decoding: bytes, as: UTF8.self)
      // It takes a comma behind the last element.
      if text.firstMatch(of: /,\s*[\]}]/) != nil { continue }
      let other = try? JSONSerialization.jsonObject(with: Data(bytes), options: .fragmentsAllowed)
      #expect(isJSON == (other != nil), "\(text)")
    }
    #expect(accepted > 100)
  }
}

/// Random numbers that are the same each time. Source: Vigna's SplitMix64, in the public domain.
struct SplitMix: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ z >> 30) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ z >> 27) &* 0x94D0_49BB_1331_11EB
    return z ^ z >> 31
  }
}
