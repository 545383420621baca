import Testing

@testable import SpecCompiler

@Suite struct SourceExcerptTests {
  private func excerpt(_ text: String, _ line: Int, _ column: Int) -> SourceExcerpt? {
    SourceExcerpt(SourceLines(SpecSource(path: "a.yaml", text: text)), line: line, column: column)
  }

  /// What stands above the caret, in columns.
  private func marked(_ excerpt: SourceExcerpt?) -> Unicode.Scalar? {
    guard let excerpt else { return nil }
    var width = 0
    return excerpt.text.unicodeScalars.first { scalar in
      defer { width += scalar.displayWidth }
      return width == excerpt.caret && scalar.displayWidth > 0
    }
  }

  @Test func shortLines() {
    #expect(excerpt("a: x", 1, 4)?.text == "a: x")
    #expect(marked(excerpt("a: x", 1, 4)) == "x")
    #expect(excerpt("  a: x  \n", 1, 3)?.text == "  a: x")
    // Where something is missing at the end.
    #expect(excerpt("a: [\n", 1, 5)?.caret == 4)
    #expect(excerpt("a: [", 1, 5)?.caret == 4)
    #expect(excerpt("a\n\nb", 2, 1) == nil)
    #expect(excerpt("", 1, 1) == nil)
    #expect(excerpt("a", 0, 0) == nil)
    #expect(excerpt("a", 1, .max) == nil)
  }

  /// Marks stand on the letter before, the joiner and the selector are not seen, emoji and ideographs take two columns.
  @Test(arguments: [
    "e\u{301}", "\u{4E16}", "\u{1F600}", "\u{200D}", "\u{FE0F}", "\u{AC00}", "\u{FF21}", "\u{1112}\u{1161}",
  ])
  func widths(_ text: String) {
    let line = "\(text)\(text)x"
    #expect(marked(excerpt(line, 1, 2 * text.unicodeScalars.count + 1)) == "x")
  }

  @Test func `what is not seen is shown as its number`() {
    let shown = excerpt("a: \u{202E}\u{7F}\tx", 1, 7)
    #expect(shown?.text == #"a: \u{202e}\u{7f}  x"#)
    #expect(marked(shown) == "x")
  }

  @Test func `long lines are cut around the caret`() throws {
    let digits = String(repeating: "0123456789", count: 30)
    let middle = try #require(excerpt(digits, 1, 151))
    #expect(middle.text == "…" + digits.dropFirst(90).prefix(120) + "…")
    #expect(middle.caret == 61)
    let first = try #require(excerpt(digits, 1, 1))
    #expect(first.text == digits.prefix(120) + "…")
    #expect(first.caret == 0)
    let last = try #require(excerpt(digits, 1, 300))
    #expect(last.text == "…" + digits.suffix(120))
    #expect(last.caret == 120)
    #expect(excerpt(String(digits.prefix(120)), 1, 120)?.text == String(digits.prefix(120)))
    let wide = try #require(excerpt(String(repeating: "\u{4E16}", count: 300), 1, 150))
    #expect(wide.text.count == 62)
    #expect(wide.caret == 61)
  }

  /// They have no width, so that a bound of columns alone is none.
  @Test func `marks without end are cut, too`() throws {
    let marks = try #require(excerpt("a" + String(repeating: "\u{301}", count: 100_000), 1, 50_000))
    #expect(marks.text.unicodeScalars.count <= 4 * SourceExcerpt.widthLimit + 2)
  }

  /// libyaml says where something is, so its lines are those that are shown.
  @Test(arguments: ["\n", "\r", "\r\n", "\u{85}", "\u{2028}", "\u{2029}"]) func `ends of lines are libyaml's`(
    _ end: String
  ) {
    let text = "a: 1\(end)\(end)b: {c: 1, c: 2}\(end)"
    var diagnostics = Diagnostics()
    _ = YAMLParser.parse(SpecSource(path: "a.yaml", text: text), into: &diagnostics)
    let location = diagnostics.all.first { $0.severity == .error }?.location
    #expect(location == SourceLocation(file: "a.yaml", line: 3, column: 11))
    #expect(excerpt(text, 3, 11)?.text == "b: {c: 1, c: 2}")
    #expect(marked(excerpt(text, 3, 11)) == "c")
    #expect(marked(excerpt(text, 1, 1)) == "a")
  }

  @Test func `a place far into a long line is found`() {
    let line = String(repeating: "\u{E9}\u{4E16}\u{1F600}-", count: 20_000)
    for column in [1, 255, 256, 257, 511, 512, 513, 40_000, 79_999, 80_000] {
      let scalars = Array(line.unicodeScalars)
      let lines = SourceLines(SpecSource(path: "a.yaml", text: "x\n\(line)\ny"))
      let text = lines.text(line: 2, column: column, limit: 3)
      #expect(text?.after == Array(scalars[(column - 1)..<min(scalars.count, column + 2)]))
      #expect(text?.before == Array(scalars[max(0, column - 4)..<(column - 1)]))
    }
    #expect(
      SourceLines(SpecSource(path: "a.yaml", bytes: [0xFF, 0x80, 0x41])).text(line: 1, column: 1, limit: 9) != nil)
  }

  /// The C library looks for the ends where LF alone ends lines, a loop where something else does.
  @Test(arguments: ["\n", "\r\n", "\r", "\u{85}", "\u{2028}"]) func `places of bytes count code points`(_ end: String) {
    // A long line has an index of its own.
    let lines = ["", "a\u{E2}\u{C2}", String(repeating: "\u{E9}\u{4E16}-", count: 700), "", "x"]
    let source = SpecSource(path: "a.yaml", text: lines.joined(separator: end))
    let found = SourceLines(source)
    #expect(found.count == lines.count)
    var offset = 0
    for (index, line) in lines.enumerated() {
      for (column, scalar) in line.unicodeScalars.enumerated() {
        #expect(found.place(ofByte: offset) == (index + 1, column + 1))
        offset += scalar.utf8.count
      }
      offset += end.utf8.count
    }
    #expect(found.place(ofByte: source.bytes.count + 9) == (lines.count, 2))
  }
}
