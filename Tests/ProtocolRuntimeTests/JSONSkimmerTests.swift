import NIOCore
import ProtocolRuntime
import Testing

@Suite struct JSONSkimmerTests {
  private func integer(_ json: String, _ pointer: StaticString = "/rev") -> Int? {
    JSONSkimmer(ByteBuffer(string: json)).integer(at: pointer)
  }

  @Test(arguments: [
    (#"{"rev":7}"#, 7), (#"{"rev":0}"#, 0), (#" { "a" : {"rev":1} , "rev" : 7 } "#, 7),
    (#"{"a":[{"rev":1},"]}",{}],"b":"}\",\"rev\":3","c":null,"d":-1.5e3,"rev":7,"rev":8}"#, 7),
    (#"{"rev":9007199254740991}"#, 9_007_199_254_740_991),
  ])
  func findsWhatItLooksFor(_ json: String, _ expected: Int) {
    #expect(integer(json) == expected)
  }

  @Test(arguments: [
    "", "{", "{}", "[]", "7", #"{"rev":"#, #"{"rev":"7"}"#, #"{"rev":7.5}"#, #"{"rev":7e1}"#,
    #"{"rev":-7}"#, #"{"rev":9007199254740992}"#, #"{"rev":99999999999999999999999}"#, #"{"rev"7}"#,
    #"{"a":{"rev":7}}"#,
    #"{"a":"rev":7}"#, #"{"a":"\"#, #"["rev",7]"#, #"{"reve":7}"#, #"{"r":7}"#, #"{"a":1"rev":7}"#, #"{"":7}"#,
  ])
  func findsNothingElse(_ json: String) {
    #expect(integer(json) == nil)
  }

  @Test func goesIntoObjects() {
    #expect(integer(#"{"to":{"at":{"rev":7}}}"#, "/to/at/rev") == 7)
    #expect(integer(#"{"to":[{"rev":7}]}"#, "/to/rev") == nil)
    #expect(integer(#"{"to":7}"#, "/to/rev") == nil)
  }

  @Test func findsUUIDs() {
    let id = UUID.v7()
    func uuid(_ json: String) -> UUID? {
      JSONSkimmer(ByteBuffer(string: json)).uuid(at: "/id")
    }
    #expect(uuid(#"{"id":"\#(id)"}"#) == id)
    #expect(uuid(#"{"id":"\#(id.description.dropLast())x"}"#) == nil)
    #expect(uuid(#"{"id":"\#(id)0"}"#) == nil)
    #expect(uuid(#"{"id":"\#(id)"#) == nil)
    #expect(uuid(#"{"id":null}"#) == nil)
  }

  /// Redis can bring anything: no bytes lead out of bounds, and none make it read for ever.
  @Test func takesAnyBytes() {
    let whole = Array(
      #" {"a":[1,{"b":"\"}"}],"chat_id":"019cadc7-84e0-7d15-a90f-08a575024650","rev":12,"prev_rev":3}"#.utf8)
    var random = SystemRandomNumberGenerator()
    let signs = Array(#"{}[]",:\0e.- "#.utf8)
    for _ in 0..<5_000 {
      var bytes = whole
      for _ in 0..<Int.random(in: 0...6, using: &random) {
        let index = Int.random(in: 0..<bytes.count, using: &random)
        switch Int.random(in: 0...3, using: &random) {
        case 0: bytes.remove(at: index)
        case 1: bytes.insert(signs.randomElement(using: &random) ?? 0, at: index)
        case 2: bytes[index] = .random(in: .min ... .max, using: &random)
        default: bytes.removeLast(Int.random(in: 0..<bytes.count, using: &random))
        }
        if bytes.isEmpty { break }
      }
      let position = LogPosition(
        skimming: ByteBuffer(bytes: bytes), key: "/chat_id", rev: "/rev", prev: "/prev_rev")
      if let position { #expect(position.prev >= 0 && position.prev < position.rev) }
    }
  }
}
