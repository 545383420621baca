/// The lines that diagnostics are about, from whichever files there are.
struct SourceExcerpts {
  private let sources: [String: SpecSource]
  /// Of the files that were asked for.
  private var lines: [String: SourceLines] = [:]

  init(_ sources: [SpecSource]) {
    self.sources = Dictionary(sources.map { ($0.path, $0) }) { first, _ in first }
  }

  /// Nil for a place in no file or in an empty line, and for what is said of a whole file, which is placed at its start.
  subscript(diagnostic: Diagnostic) -> SourceExcerpt? {
    mutating get {
      let place = diagnostic.location
      let isOfWholeFile = diagnostic.rule == .unreadableFile && place.line == 1 && place.column == 1
      guard !isOfWholeFile, let lines = lines(of: place.file) else { return nil }
      return SourceExcerpt(lines, line: place.line, column: place.column)
    }
  }

  /// Where a word begins that is at a place: there, or behind a quote.
  mutating func column(of word: String, at location: SourceLocation) -> Int? {
    let word = Array(word.unicodeScalars)
    guard !word.isEmpty, let lines = lines(of: location.file),
      let text = lines.text(line: location.line, column: location.column, limit: word.count + 1)?.after
    else { return nil }
    if text.starts(with: word) { return location.column }
    let isQuoted = text.first == "'" || text.first == "\""
    return isQuoted && text.dropFirst().starts(with: word) ? location.column + 1 : nil
  }

  private mutating func lines(of file: String) -> SourceLines? {
    if let known = lines[file] { return known }
    guard let source = sources[file] else { return nil }
    let new = SourceLines(source)
    lines[file] = new
    return new
  }
}
