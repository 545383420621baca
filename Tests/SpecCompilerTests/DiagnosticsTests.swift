import Testing

@testable import SpecCompiler

@Suite struct DiagnosticsTests {
  private func diagnostic(_ severity: Diagnostic.Severity, _ line: Int, file: String = "a.yaml") -> Diagnostic {
    Diagnostic(severity, .unknownKey, at: SourceLocation(file: file, line: line, column: 1), "line \(line)")
  }

  @Test func sortedByPlaceWithTheirNotes() {
    var diagnostics = Diagnostics()
    for one in [
      diagnostic(.error, 3), diagnostic(.note, 1), diagnostic(.warning, 1, file: "b.yaml"), diagnostic(.error, 2),
      diagnostic(.error, 3),
    ] { diagnostics.report(one) }
    #expect(
      diagnostics.sorted(files: ["a.yaml", "b.yaml"]) == [
        diagnostic(.error, 2), diagnostic(.error, 3), diagnostic(.note, 1), diagnostic(.warning, 1, file: "b.yaml"),
      ])
  }

  /// A flood of warnings took as long as the file was large, and may not hide an error.
  @Test func floodsEnd() throws {
    var diagnostics = Diagnostics()
    for line in 1...20_000 {
      diagnostics.report(diagnostic(.warning, line))
      diagnostics.report(diagnostic(.note, line))
    }
    #expect(!diagnostics.hasErrors)
    diagnostics.report(diagnostic(.error, 30_000))
    diagnostics.report(diagnostic(.note, 30_001))
    #expect(diagnostics.hasErrors)
    #expect(diagnostics.all.count == 2 * Diagnostics.limit + 1 + 2)
    #expect(
      diagnostics.all[2 * Diagnostics.limit].message
        == "there are more than 10000 warnings; what is found after this one is left out")
    #expect(diagnostics.all.suffix(2) == [diagnostic(.error, 30_000), diagnostic(.note, 30_001)])
  }

  /// It was kept back, because it had been said of another error already.
  @Test func `a note stays with each error that has it`() {
    var diagnostics = Diagnostics()
    for line in [1, 2, 1] {
      diagnostics.report(diagnostic(.error, line))
      diagnostics.report(diagnostic(.note, 9))
    }
    #expect(
      diagnostics.all == [diagnostic(.error, 1), diagnostic(.note, 9), diagnostic(.error, 2), diagnostic(.note, 9)])
  }
}
