import Testing

@testable import SpecCompiler

@Suite struct DiagnosticReportTests {
  private func diagnostic(_ severity: Diagnostic.Severity, _ line: Int, _ message: String) -> Diagnostic {
    Diagnostic(severity, .unknownKey, at: SourceLocation(file: "a.yaml", line: line, column: 1), message)
  }

  @Test func nothing() {
    #expect(DiagnosticReport([], sources: []).lines == [])
  }

  @Test func countsErrorsAndWarnings() {
    let diagnostics = [
      diagnostic(.warning, 1, "odd"), diagnostic(.error, 2, "bad"), diagnostic(.note, 1, "here"),
    ]
    #expect(
      DiagnosticReport(diagnostics, sources: []).lines == [
        "a.yaml:1:1: warning: odd [unknown-key]", "a.yaml:2:1: error: bad [unknown-key]", "a.yaml:1:1: note: here",
        "1 error, 1 warning",
      ])
    let warnings = [diagnostic(.warning, 1, "odd"), diagnostic(.warning, 2, "odd")]
    #expect(DiagnosticReport(warnings, sources: []).lines.last == "2 warnings")
  }

  @Test func theRestIsCountedByKind() {
    var diagnostics = [diagnostic(.error, 1, "bad"), diagnostic(.note, 2, "here")]
    for line in 3..<8 { diagnostics.append(diagnostic(.error, line, "unknown key 'k\(line)' in a 'thing \(line)'")) }
    diagnostics.append(diagnostic(.warning, 8, "a tab can't be here"))
    diagnostics.append(diagnostic(.error, 9, "minLength 12 is greater than 3"))
    #expect(
      DiagnosticReport(diagnostics, sources: [], limit: 1).lines == [
        "a.yaml:1:1: error: bad [unknown-key]", "a.yaml:2:1: note: here", "7 more are not shown; --all shows them:",
        "  5 × error: unknown key '…' in a '…'", "  1 × warning: a tab can't be here",
        "  1 × error: minLength … is greater than …", "7 errors, 1 warning",
      ])
    #expect(DiagnosticReport(diagnostics, sources: [], limit: .max).lines.count == diagnostics.count + 1)
  }

  @Test func rareKindsAreLeftOut() {
    let diagnostics = (0..<30).map { diagnostic(.error, $0, String(repeating: "x", count: $0 + 1)) }
    let lines = DiagnosticReport(diagnostics, sources: [], limit: 5).lines
    #expect(lines.count == 5 + 1 + 20 + 1 + 1)
    #expect(lines[26] == "  and 5 other kinds")
  }

  /// Who sees a hundred warnings would look for the error.
  @Test func `errors are shown before warnings`() {
    let diagnostics = [
      diagnostic(.warning, 1, "odd"), diagnostic(.warning, 2, "odd"), diagnostic(.note, 2, "here"),
      diagnostic(.error, 3, "wrong"), diagnostic(.note, 3, "there"),
    ]
    #expect(
      DiagnosticReport(diagnostics, sources: [], limit: 2).lines == [
        diagnostics[0].description, diagnostics[3].description, diagnostics[4].description,
        "1 more are not shown; --all shows them:", "  1 × warning: odd", "1 error, 2 warnings",
      ])
  }

  @Test func `a name can't move the cursor of a terminal`() {
    #expect(
      diagnostic(.error, 1, "unknown key 'a\u{1B}[2J\r\n\u{202E}'").description
        == #"a.yaml:1:1: error: unknown key 'a\u{1b}[2J\u{d}\u{a}\u{202e}' [unknown-key]"#)
  }

  @Test func `a caret stands below the column`() {
    let source = SpecSource(path: "a.yaml", text: "a: 1\n\tb: \u{4E16}\u{754C} x\r\nc\n")
    func report(_ line: Int, _ column: Int) -> [String] {
      let place = SourceLocation(file: "a.yaml", line: line, column: column)
      return DiagnosticReport([Diagnostic(.error, .unknownKey, at: place, "bad")], sources: [source]).lines
    }
    #expect(report(1, 4) == ["a.yaml:1:4: error: bad [unknown-key]", "  1 | a: 1", "    |    ^", "1 error"])
    #expect(report(2, 8).dropFirst().dropLast() == ["  2 |   b: \u{4E16}\u{754C} x", "    |           ^"])
    // Beyond the line there is nothing to point to.
    #expect(report(1, 9).count == 2)
    #expect(report(9, 1).count == 2)
  }

  @Test func `a suggestion is told with the message, and is no part of it`() {
    let place = SourceLocation(file: "a.yaml", line: 1, column: 1)
    let diagnostic = Diagnostic(
      .error, .unknownKey, at: place, "unknown key 'a'", context: "/a",
      suggestion: Suggestion(written: "a", replacement: "b\u{202E}"))
    #expect(diagnostic.message == "unknown key 'a'")
    #expect(
      diagnostic.description
        == #"a.yaml:1:1: error: unknown key 'a'; did you mean 'b\u{202e}'? [unknown-key] (at /a)"#)
  }
}
