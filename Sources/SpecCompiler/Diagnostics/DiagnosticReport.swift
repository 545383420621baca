/// What a run prints for people: each diagnostic with its line and a caret, or the first ones and how often each kind of
/// the others is there, and a line that counts errors and warnings.
public struct DiagnosticReport: Sendable {
  /// Of a report that is read by people.
  public static let limit = 100
  /// Of the kinds that are counted.
  private static let kindLimit = 20

  /// None where there is nothing to say.
  public private(set) var lines: [String] = []

  /// - Parameters:
  ///   - diagnostics: sorted as they are printed.
  ///   - sources: the files that they are about; what is said of any other has no line and caret.
  ///   - limit: of those that are printed, errors before warnings; a note is printed with what it belongs to.
  public init(_ diagnostics: [Diagnostic], sources: [SpecSource], limit: Int = limit) {
    let errors = min(limit, diagnostics.count { $0.severity == .error })
    var left: [Diagnostic.Severity: Int] = [.error: errors, .warning: limit - errors]
    var isShown = true
    var rest: [Diagnostic] = []
    var excerpts = SourceExcerpts(sources)
    for diagnostic in diagnostics {
      if diagnostic.severity != .note {
        isShown = left[diagnostic.severity, default: 0] > 0
        left[diagnostic.severity, default: 0] -= 1
        if !isShown { rest.append(diagnostic) }
      }
      if isShown { lines += Self.lines(of: diagnostic, excerpt: excerpts[diagnostic]) }
    }
    if !rest.isEmpty { lines += Self.kinds(of: rest) }
    let counts = DiagnosticCounts(diagnostics)
    let texts = [("error", counts.errors), ("warning", counts.warnings)].compactMap { name, count in
      count == 0 ? nil : Self.counted(count, name)
    }
    if !texts.isEmpty { lines.append(texts.joined(separator: ", ")) }
  }

  /// The diagnostic, and below it the line with its number and the caret.
  static func lines(of diagnostic: Diagnostic, excerpt: SourceExcerpt?) -> [String] {
    guard let excerpt else { return [diagnostic.description] }
    let number = String(diagnostic.location.line)
    func blanks(_ count: Int) -> String { String(repeating: " ", count: count) }
    return [
      diagnostic.description, "  \(number) | \(excerpt.text)",
      "  \(blanks(number.count)) | \(blanks(excerpt.caret))^",
    ]
  }

  private static func kinds(of diagnostics: [Diagnostic]) -> [String] {
    var counts: [String: Int] = [:]
    var kinds: [String] = []
    for diagnostic in diagnostics {
      let kind = "\(diagnostic.severity.rawValue): \(kind(of: diagnostic.message))"
      if counts[kind] == nil { kinds.append(kind) }
      counts[kind, default: 0] += 1
    }
    // Those that are as frequent stay in the order of their places.
    let ranked = kinds.enumerated().sorted { left, right in
      let (leftCount, rightCount) = (counts[left.element] ?? 0, counts[right.element] ?? 0)
      return (rightCount, left.offset) < (leftCount, right.offset)
    }
    let head = "\(diagnostics.count) more are not shown; --all shows them:"
    let lines = ranked.prefix(kindLimit).map { "  \(counts[$0.element] ?? 0) × \($0.element)" }
    return [head] + lines
      + (ranked.count > kindLimit ? ["  and \(counted(ranked.count - kindLimit, "other kind"))"] : [])
  }

  /// A message without the names between quotes and the numbers in it.
  private static func kind(of message: String) -> String {
    var kind = ""
    var isQuoted = false
    var previous: Character = " "
    for character in message {
      // The apostrophe of "can't" quotes nothing.
      if character == "'", isQuoted || !previous.isLetter {
        kind += isQuoted ? "…'" : "'"
        isQuoted.toggle()
      } else if !isQuoted {
        let isDigit = character.isWholeNumber
        if !isDigit || !previous.isWholeNumber { kind += isDigit ? "…" : String(character) }
      }
      previous = character
    }
    return kind
  }

  private static func counted(_ count: Int, _ what: String) -> String {
    "\(count) \(what)\(count == 1 ? "" : "s")"
  }
}
