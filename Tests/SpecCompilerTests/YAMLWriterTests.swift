import Testing

@testable import SpecCompiler

/// What is written is read again as the same nodes, and reads well.
@Suite struct YAMLWriterTests {
  private func write(_ text: String) throws -> String {
    var diagnostics = Diagnostics()
    return try write(try #require(YAMLParser.parse(SpecSource(path: "a.yaml", text: text), into: &diagnostics)))
  }

  private func write(_ root: Node) throws -> String {
    var diagnostics = Diagnostics()
    let written = YAMLWriter.write(root)
    let again = try #require(
      YAMLParser.parse(SpecSource(path: "b.yaml", text: written), into: &diagnostics), "\(written)")
    var renderer = JSONRenderer(specNames: [])
    let before = renderer.render(root)
    #expect(renderer.render(again) == before, "\(written)")
    // Also no reader of YAML 1.1 takes something for something else.
    #expect(diagnostics.all == [])
    return written
  }

  private func node(_ content: Node.Content) -> Node {
    let start = SourceLocation(file: "a.yaml", line: 1, column: 1)
    return Node(content: content, location: start, keyLocation: nil, path: NodePath(document: "a.yaml"))
  }

  private func mapping(_ key: String, _ value: Node) -> Node {
    node(.mapping([Node.Entry(key: key, keyLocation: value.location, value: value)]))
  }

  private func write(text: String) throws -> String { try write(mapping("a", node(.string(text)))) }

  @Test func `block style`() throws {
    #expect(
      try write("{a: 1, b: [x, {c: null, d: []}, [1.5, true], {}], e: {f: {}}}") == """
        a: 1
        b:
          - x
          - c: null
            d: []
          - - 1.5
            - true
          - {}
        e:
          f: {}

        """)
    #expect(try write("[]") == "[]\n")
    #expect(try write("{}") == "{}\n")
    #expect(try write("x") == "x\n")
    #expect(try write("[a, [b]]") == "- a\n- - b\n")
  }

  @Test(arguments: [
    "plain text", "it's", "a:b", "http://a/b#c", "a # b", "a: b", "a:", " a", "a ", "", "#a", "'", "\"", "yes", "NO",
    "y",
    "true", "~", "null", "1", "0x1", "1e3", "1_000", "12:30", "190:20:30", "2026-01-02", "2026-01-02T03:04:05.000Z",
    ".5",
    ".", "...", "---", "- a", "-", "-a", "?", "=", "<<x", "[a", "{a", "]", ",", "&a", "*a", "!a", "%a", "@a", "`a", "|",
    ">",
    "a\tb", "\ta", "a\u{7f}", "a\u{85}b", "a\u{2028}b", "\u{feff}a", "a\u{202e}b", "a\u{fffe}", "\u{1F600}", "é",
    "a\rb",
    "\u{301}", " \u{301}", ": \u{301}", "a: \u{301}", "'\u{301}", "a '\u{301}", "\u{0}", "\u{1b}[0m", "\u{10FFFF}",
  ])
  func `every text stays what it is`(text: String) throws {
    _ = try write(text: text)
    _ = try write(mapping(text, node(.sequence([node(.string(text)), mapping(text, node(.string(text)))]))))
    _ = try write(text: "\(text)\n\(text)\n")
    _ = try write(text: "x\n\(text)\n\n  \(text)")
    _ = try write(text: "x \(text) ".appending(String(repeating: "word \(text)  word ", count: 20)))
  }

  @Test func `texts of several lines are literal blocks`() throws {
    #expect(try write(text: "a\n\n  b\nc\n") == "a: |\n  a\n\n    b\n  c\n")
    #expect(try write(text: "a\nb") == "a: |-\n  a\n  b\n")
    #expect(try write(text: "a\n\n") == "a: \"a\\n\\n\"\n")
    #expect(try write(text: "\na") == "a: \"\\na\"\n")
    #expect(try write("[\"a\\nb\\n\"]") == "- |\n  a\n  b\n")
  }

  @Test func `long texts are folded`() throws {
    let text = String(repeating: "twelve chars ", count: 20) + "end"
    let written = try write(text: text)
    let lines = written.split(separator: "\n")
    #expect(lines[0] == "a: >-")
    #expect(lines.count == 4)
    #expect(lines.allSatisfy { $0.count <= 120 })
    // A line that begins with a blank would keep its end.
    for shift in 1...10 {
      let gaps = try write(text: String(repeating: "x", count: shift) + String(repeating: " a  b", count: 40))
      #expect(!gaps.contains("\n   ") && !gaps.contains(" \n"))
    }
    // One word has no place to break.
    _ = try write(text: String(repeating: "x", count: 300))
  }

  @Test func `long keys and deep values are told apart, too`() throws {
    let key = String(repeating: "k", count: 1_500)
    #expect(try write("{a: {? \(key) : 1}}").contains("? \"\(key)\"\n  : 1"))
    let deep = String(repeating: "{a: [", count: 90) + "{? \(key) : \"x\\ny\"}" + String(repeating: "]}", count: 90)
    let written = try write(deep)
    #expect(written.utf8.count < 2 * deep.utf8.count + 5_000)
  }

  @Test(arguments: ["", "odd-", "hostile-", "empty-"]) func `the specs of the fixtures`(prefix: String) throws {
    for name in ["openapi", "events"] { _ = try write(SpecFixture.read("Fixtures/\(prefix)\(name).yaml")) }
  }
}
