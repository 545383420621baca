/// What a run has found, for programs: docs/diagnostics.md describes both forms.
public struct DiagnosticDocument {
  private let diagnostics: [Diagnostic]
  private let sources: [SpecSource]

  /// - Parameters:
  ///   - diagnostics: all of a run, sorted.
  ///   - sources: the files that they are about.
  public init(_ diagnostics: [Diagnostic], sources: [SpecSource]) {
    self.diagnostics = diagnostics
    self.sources = sources
  }

  /// One object with `diagnostics` and `counts`.
  public var json: String {
    var excerpts = SourceExcerpts(sources)
    let items = diagnostics.withNotes.map { group in
      let diagnostic = group[group.startIndex]
      var members: [(String, IndentedJSON)] = [
        ("severity", .string(diagnostic.severity.rawValue)), ("rule", .string(diagnostic.rule.rawValue)),
      ]
      members += Self.place(of: diagnostic)
      members.append(("context", .string(diagnostic.context)))
      if let suggestion = diagnostic.suggestion { members.append(("suggestion", .string(suggestion.replacement))) }
      if let excerpt = excerpts[diagnostic] {
        members.append(
          ("excerpt", .object([("text", .string(excerpt.text)), ("caret", .integer(excerpt.caret))])))
      }
      let notes = group.dropFirst().map { IndentedJSON.object(Self.place(of: $0)) }
      if !notes.isEmpty { members.append(("notes", .array(notes))) }
      return IndentedJSON.object(members)
    }
    let counts = DiagnosticCounts(diagnostics)
    return IndentedJSON.object([
      ("diagnostics", .array(items)),
      ("counts", .object([("errors", .integer(counts.errors)), ("warnings", .integer(counts.warnings))])),
    ]).text
  }

  private static func place(of diagnostic: Diagnostic) -> [(String, IndentedJSON)] {
    [
      ("file", .string(diagnostic.location.file)), ("line", .integer(diagnostic.location.line)),
      ("column", .integer(diagnostic.location.column)), ("message", .string(diagnostic.message.visible)),
    ]
  }

  /// A log of SARIF 2.1.0 (OASIS, with errata 01) with one run.
  public var sarif: String {
    var log = SARIFLog(sources)
    return log.document(diagnostics.withNotes).text
  }
}
