import Testing

@testable import SpecCompiler

@Suite struct YAMLParserTests {
  private func parse(_ text: String) -> (root: Node?, diagnostics: [String]) {
    parse(bytes: Array(text.utf8))
  }

  private func parse(bytes: [UInt8]) -> (root: Node?, diagnostics: [String]) {
    var diagnostics = Diagnostics()
    let root = YAMLParser.parse(SpecSource(path: "a.yaml", bytes: bytes), into: &diagnostics)
    return (root, diagnostics.all.map(\.description))
  }

  private func parseForeign(_ text: String) -> (root: Node?, diagnostics: [String]) {
    var diagnostics = Diagnostics()
    var source = SpecSource(path: "a.yaml", text: text)
    source.isForeign = true
    let root = YAMLParser.parse(source, into: &diagnostics)
    return (root, diagnostics.all.map(\.description))
  }

  private func place(_ node: Node?) -> [Int] {
    guard let node else { return [] }
    return [node.location.line, node.location.column, node.keyLocation.line, node.keyLocation.column]
  }

  @Test func placesAndPointers() throws {
    let root = try #require(
      parse(
        """
        a:
          b: [1, {c: x}]
          'd/e~': |
            text
          200:
            - é: 1
        """
      ).root)
    #expect(place(root) == [1, 1, 1, 1])
    #expect(place(root["a"]) == [2, 3, 1, 1])
    #expect(place(root["a"]?["b"]) == [2, 6, 2, 3])
    #expect(place(root["a"]?["b"]?.items[1]["c"]) == [2, 14, 2, 11])
    #expect(root["a"]?["b"]?.items[1]["c"]?.pointer == "/a/b/1/c")
    #expect(root["a"]?["d/e~"]?.pointer == "/a/d~1e~0")
    #expect(root["a"]?["d/e~"]?.string == "text\n")
    #expect(place(root["a"]?["200"]?.items[0]["é"]) == [6, 10, 6, 7])
  }

  @Test func scalarsOfTheCoreSchema() throws {
    let root = try #require(
      parse(
        """
        [~, null, '', "null", true, False, yes, on, 1, -0, +7, 0o17, 0xfF, 1.5, -.5, 1e3, 1., 2026-11-22, 1_000, 0b1, .5.,
         '1', 1e, -, 9223372036854775807]
        """
      ).root)
    let expected: [Scalar] = [
      .null, .null, .string(""), .string("null"), .boolean(true), .boolean(false), .string("yes"), .string("on"),
      .integer(1), .integer(0), .integer(7), .integer(15), .integer(255), .number(1.5), .number(-0.5), .number(1000),
      .number(1), .string("2026-11-22"), .string("1_000"), .string("0b1"), .string(".5."), .string("1"), .string("1e"),
      .string("-"), .integer(.max),
    ]
    #expect(root.items.compactMap(\.scalar) == expected)
  }

  @Test(arguments: [
    ("0777", "another value in YAML 1.1, where a leading 0 means octal; write 777, or quote it"),
    ("-010", "another value in YAML 1.1, where a leading 0 means octal; write -10, or quote it"),
    ("0o17", "a string in YAML 1.1; write 15"), ("1:30", "a number in YAML 1.1; quote it"),
    ("190:20:30.5", "a number in YAML 1.1; quote it"), ("1_000", "a number in YAML 1.1; quote it"),
    ("1_000.5", "a number in YAML 1.1; quote it"), ("0b1", "a number in YAML 1.1; quote it"),
    ("-0x1F", "a number in YAML 1.1; quote it"), ("1e3", "a string in YAML 1.1; write 1000.0"),
    ("1.5e300", "a string in YAML 1.1; write 1.5e+300"), ("1e+300", "a string in YAML 1.1; write 1.0e+300"),
    ("1e-7", "a string in YAML 1.1; write 1.0e-07"), ("no", "a boolean in YAML 1.1; quote it"),
    ("2026-11-22", "a date in YAML 1.1; quote it"),
  ])
  func `what YAML 1-1 reads otherwise`(text: String, difference: String) {
    let expected = "a.yaml:1:2: warning: '\(text)' is \(difference) [ambiguous-scalar] (at /0)"
    #expect(parse("[\(text)]").diagnostics == [expected])
  }

  @Test(arguments: [
    "0", "-0", "7", "+200", "200", "0.5", ".5", "1.", "1.5e+3", "-1.5E-3", "0x1F", "1.0.0", "1-2", "12:60", "01:30",
    "a1:30",
    "0b2", "+", "-", ".", "1e", "1_000a", "v1_0", "10:00am", "'0777'", "\"1e3\"",
  ])
  func `what both versions read alike`(text: String) {
    #expect(parse("[\(text)]").diagnostics == [])
  }

  @Test func orderOfKeysIsKept() {
    #expect(parse("{z: 1, a: 2, m: 3}").root?.entries.map(\.key) == ["z", "a", "m"])
  }

  @Test func invalidUTF8() {
    #expect(
      parse(bytes: Array("a: é\nb: ".utf8) + [0xC0, 0xAF]).diagnostics
        == ["a.yaml:2:4: error: the file is not valid UTF-8 [unreadable-file]"])
    #expect(parse(bytes: [0x61, 0x3A, 0x20, 0xED, 0xA0, 0x80]).diagnostics.count == 1)
    #expect(parse(bytes: [0x61, 0x3A, 0x20, 0xF4, 0x90, 0x80, 0x80]).diagnostics.count == 1)
    #expect(parse(bytes: [0xE2, 0x82]).diagnostics.count == 1)
    #expect(parse(bytes: Array("a: 😀€é".utf8)).diagnostics == [])
  }

  @Test func controlCharacter() {
    #expect(
      parse("a: b\nc: \u{1}d").diagnostics == ["a.yaml:2:4: error: control characters are not allowed [invalid-yaml]"])
  }

  @Test func depth() {
    func nested(_ depth: Int) -> String {
      String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
    }
    #expect(parse(nested(200)).diagnostics == [])
    #expect(
      parse(nested(201)).diagnostics.first?.hasPrefix("a.yaml:1:201: error: nested deeper than 200 levels") == true)
    #expect(parse(String(repeating: "[", count: 100_000)).diagnostics.count == 1)
  }

  @Test func size() {
    let text = "a: " + String(repeating: "x", count: SpecSource.sizeLimit)
    #expect(parse(text).diagnostics == ["a.yaml:1:1: error: the file is larger than 4 MB [unreadable-file]"])
  }

  /// The classic bomb stops at its first anchor; nothing is expanded.
  @Test func `aliases of others`() throws {
    let parsed = parseForeign(
      """
      a: &one {b: &two [1, 2]}
      c: *one
      d: [*two, &two x, *two]
      &key e: *key
      """)
    #expect(parsed.diagnostics == [])
    let root = try #require(parsed.root)
    #expect(root["c"]?["b"]?.items.map(\.integer) == [1, 2])
    // At the place where it is written, and said at its own key.
    #expect(place(root["c"]) == [1, 4, 2, 1])
    #expect(root["c"]?.pointer == "/a")
    #expect(root["d"]?.items[0].items.count == 2)
    #expect(root["d"]?.items[2].string == "x")
    #expect(root["e"]?.string == "e")
  }

  @Test(
    arguments: [
      ("a: *one", ["a.yaml:1:4: error: no node before this one has the anchor 'one' [yaml-anchor] (at /a)"]),
      ("a: &one [*one]", ["a.yaml:1:10: error: no node before this one has the anchor 'one' [yaml-anchor] (at /a/0)"]),
      ("a: &one b\n*one : 1", ["a.yaml:2:1: error: a key must be a string [invalid-key]"]),
      (
        "a: {<<: {b: 1}}",
        ["a.yaml:1:5: error: a merge key is not allowed; write it out, or use $ref or allOf [yaml-anchor] (at /a/<<)"]
      ),
    ] as [(String, [String])]) func `what no alias can be`(text: String, expected: [String])
  {
    #expect(parseForeign(text).diagnostics == expected)
  }

  @Test func `aliases that stand for too much`() {
    var lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"]
    for level in 1...9 {
      lines.append("a\(level): &a\(level) [\(Array(repeating: "*a\(level - 1)", count: 9).joined(separator: ", "))]")
    }
    #expect(
      parseForeign(lines.joined(separator: "\n")).diagnostics == [
        "a.yaml:6:10: error: the aliases of this file stand for more than 100000 values [compiler-limit] (at /a5/0)"
      ])
    let chain = ["a0: &a0 [x]"] + (1...300).map { "a\($0): &a\($0) [*a\($0 - 1)]" }
    #expect(
      parseForeign(chain.joined(separator: "\n")).diagnostics == [
        "a.yaml:200:14: error: nested deeper than 200 levels [compiler-limit] (at /a199/0)"
      ])
  }

  @Test func aliasBomb() {
    let lines = (1...9).map { "a\($0): &a\($0) [\(Array(repeating: "*a\($0 - 1)", count: 9).joined(separator: ","))]" }
    let result = parse("a0: &a0 lol\n" + lines.joined(separator: "\n"))
    #expect(
      result.diagnostics == [
        "a.yaml:1:5: error: an anchor is not allowed; write it out where it is needed, or use $ref (and 9 more in this file)"
          + " [yaml-anchor] (at /a0)",
        "a.yaml:2:10: error: an alias is not allowed; write it out, or use $ref (and 80 more in this file) [yaml-anchor] (at /a1/0)",
      ])
  }

  /// JSON is often indented with tabs, which YAML allows between the tokens of flow style.
  @Test func tabsInJSON() {
    let text = "{\n\t\"a\": [\n\t\t1,\t2\n\t],\n\t\"b\":\t{\"c\":\ttrue}\n}\n"
    let result = parse(text)
    #expect(result.diagnostics == [])
    #expect(result.root?["a"]?.items.map(\.integer) == [1, 2])
    #expect(result.root?["b"]?["c"]?.boolean == true)
    #expect(
      parse("{\n\t\"a\": 1\n\t\"b\": 2\n}").diagnostics.first?.contains("did not find expected ',' or '}'") == true)
  }

  @Test func manyTabsAreToldOnce() {
    let text = "a: [\n" + String(repeating: "\t1,\n", count: 300) + "  2]\nb: \"x\n\ty\"\n"
    #expect(
      parse(text).diagnostics == [
        "a.yaml:2:1: error: a tab can't indent YAML; use spaces (and 299 more in this file) [tab-indentation]"
      ])
  }

  @Test func quoteWithoutEnd() {
    #expect(
      parse("a: 1\nb: 'text\nc: 2\nd: 3\n").diagnostics == [
        "a.yaml:2:4: error: not valid YAML: the quote that begins here has no end [invalid-yaml]"
      ])
    #expect(
      parse("a: {b: 1,\n  c: 2\nd: 3\n").diagnostics == [
        "a.yaml:3:2: error: not valid YAML: while parsing a flow mapping, did not find expected ',' or '}' [invalid-yaml]",
        "a.yaml:1:4: note: a flow mapping begins here",
      ])
  }

  /// Each node has the keys above it in its pointer: 4 MB of YAML would be terabytes.
  @Test func longKeys() {
    let key = String(repeating: "k", count: 1_500)
    let result = parse("? \(key)\n: ? \(key)\n  : 1\n")
    #expect(
      result.diagnostics.first?.hasPrefix(
        "a.yaml:2:5: error: the keys that lead here are longer than 2000 bytes together; use shorter ones") == true)
    #expect(parse("? \(key)\n: [1, 2]\n").diagnostics == [])
  }

  @Test func longNumbersAreCutInMessages() {
    let result = parse("a: \(String(repeating: "7", count: 100_000))")
    #expect(result.diagnostics.first?.count ?? 0 < 300)
    #expect(result.diagnostics.first?.contains("7… does not fit in 64 bits") == true)
  }

  @Test func keysOfALargeMapping() throws {
    let keys = (0..<1_000).map { "k\($0)" }
    let root = try #require(parse(keys.map { "\($0): \($0)" }.joined(separator: "\n")).root)
    for key in keys { #expect(root[key]?.string == key) }
    #expect(root["k1000"] == nil)
  }

  @Test(
    arguments: [
      ("0.1", nil), ("1e22", nil), ("123456789.123456", nil), ("0.30000000000000004", nil), ("-1.50", nil),
      ("5e-324", nil),
      ("0.10000000000000001", "0.1"), ("0.1000000000000000055511151231257827", "0.1"), ("1e-400", "0.0"),
      ("9007199254740993.0", "9007199254740992.0"), ("3.14159265358979323846", "3.141592653589793"),
    ] as [(String, String?)])
  func `a number is kept exactly or refused`(text: String, nearest: String?) {
    let expected = nearest.map {
      "a.yaml:1:2: error: the number \(text) can't be kept exactly; the nearest is \($0) [inexact-number] (at /0)"
    }
    #expect(parse("[\(text)]").diagnostics.filter { $0.contains("error") } == [expected].compactMap { $0 })
  }

  @Test func duplicateKeyNamesTheFirst() {
    #expect(
      parse("a: 1\nb: 2\na: 3").diagnostics == [
        "a.yaml:3:1: error: duplicate key 'a' [duplicate-key] (at /a)", "a.yaml:1:1: note: 'a' is here first",
      ])
  }
}
