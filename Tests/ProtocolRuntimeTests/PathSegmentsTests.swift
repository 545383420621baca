import ProtocolRuntime
import Testing

@Suite struct PathSegmentsTests {
  private static let long = "/" + (1...20).map { "\($0)" }.joined(separator: "/")

  @Test(arguments: [
    ("/", [""]), ("/a", ["a"]), ("/a/b", ["a", "b"]), ("/a/", ["a", ""]), ("//", ["", ""]), ("/a%20b/c", ["a b", "c"]),
    ("/%2F/%c3%a9", ["/", "é"]), ("/é/+", ["é", "+"]), (long, (1...20).map { "\($0)" }),
  ])
  func segments(_ path: String, _ expected: [String]) throws {
    for limit in [expected.count, expected.count + 1, 30] {
      let segments = try #require(PathSegments(path, limit: limit))
      #expect((0..<segments.count).map { String(segments[$0]) } == expected)
    }
    #expect(PathSegments(path, limit: expected.count - 1) == nil)
  }

  @Test(arguments: ["", "a", "a/b", "/%", "/%2", "/%zz", "/a/%ff", "/%c3"])
  func whatIsNoPath(_ path: String) {
    #expect(PathSegments(path, limit: 8) == nil)
  }

  @Test func aSegmentIsComparedWhole() throws {
    for path in ["/chats/chat", "/%63hats/chat"] {
      let segments = try #require(PathSegments(path, limit: 2))
      #expect("chats" ~= segments[0] && "chat" ~= segments[1])
      #expect(!("chat" ~= segments[0]) && !("chats" ~= segments[1]) && !("" ~= segments[0]))
    }
  }
}
