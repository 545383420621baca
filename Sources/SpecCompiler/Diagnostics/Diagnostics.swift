/// Collects what the stages have to say, so that a run reports everything and not only the first.
public struct Diagnostics: Sendable {
  /// Of errors and of warnings: nobody reads more, and a file of 4 MB can have a million.
  static let limit = 10_000

  /// In the order of reporting; a note follows what it belongs to.
  public private(set) var all: [Diagnostic] = []
  private var known: Set<Diagnostic> = []
  private var counts: [Diagnostic.Severity: Int] = [:]
  /// Whether the last one that was no note was left out.
  private var isLeftOut = false
  private var spelling = Spelling()

  public init() {}

  public var hasErrors: Bool { counts[.error] != nil }
  /// Of those that were told.
  var errorCount: Int { counts[.error] ?? 0 }

  public mutating func report(_ diagnostic: Diagnostic) {
    let severity = diagnostic.severity
    if severity == .note {
      if !isLeftOut { all.append(diagnostic) }
      return
    }
    // At the limit there is one more, which says so. One mistake is often met on several ways through a document.
    let count = counts[severity, default: 0]
    isLeftOut = count > Self.limit || !known.insert(diagnostic).inserted
    guard !isLeftOut else { return }
    counts[severity] = count + 1
    isLeftOut = count == Self.limit
    all.append(isLeftOut ? Self.last(severity, at: diagnostic.location) : diagnostic)
  }

  /// Another place that the last error or warning has to do with.
  mutating func note(at location: SourceLocation, _ message: String) {
    guard let owner = all.last else { return }
    report(Diagnostic(.note, owner.rule, at: location, message))
  }

  private static func last(_ severity: Diagnostic.Severity, at location: SourceLocation) -> Diagnostic {
    Diagnostic(
      severity, .tooManyDiagnostics, at: location,
      "there are more than \(limit) \(severity.rawValue)s; what is found after this one is left out")
  }

  /// What a name that nothing has was probably meant to be. Candidates are looked at as long as the run has steps left
  /// for it.
  mutating func suggestion(for name: String, among candidates: some Sequence<String>) -> Suggestion? {
    spelling.closest(to: name, among: candidates).map { Suggestion(written: name, replacement: $0) }
  }

  /// By file, line and column, each note still behind what it belongs to. Files are in the order of `files`.
  public func sorted(files: [String]) -> [Diagnostic] {
    let groups = all.withNotes
    let ranks = Dictionary(files.enumerated().map { ($1, $0) }) { first, _ in first }
    // The index keeps the order of reporting within one place.
    let keys = groups.enumerated().map { index, group in
      let location = group[group.startIndex].location
      return (ranks[location.file] ?? files.count, location.line, location.column, index)
    }
    return Self.told(once: keys.sorted(by: <).map { groups[$0.3] })
  }

  /// Of the places that have one and the same cause, how many are named beside the first.
  private static let placeLimit = 3

  /// Puts what has the same cause behind the first that has it, as notes.
  private static func told(once groups: [ArraySlice<Diagnostic>]) -> [Diagnostic] {
    struct Cause: Hashable {
      let rule: Rule
      let file: String
      let message: String
    }
    var firsts: [Cause: Int] = [:]
    var others: [Int: [SourceLocation]] = [:]
    var kept: [Int] = []
    for (index, group) in groups.enumerated() {
      guard let diagnostic = group.first, diagnostic.rule.isToldOnce else {
        kept.append(index)
        continue
      }
      let cause = Cause(rule: diagnostic.rule, file: diagnostic.location.file, message: diagnostic.message)
      if let first = firsts[cause] {
        others[first, default: []].append(diagnostic.location)
      } else {
        firsts[cause] = index
        kept.append(index)
      }
    }
    return kept.flatMap { index in
      let group = groups[index]
      let places = others[index] ?? []
      let more = places.count > placeLimit ? " and at \(places.count - placeLimit) more places" : ""
      let notes = places.prefix(placeLimit).enumerated().map { number, place in
        Diagnostic(
          .note, group[group.startIndex].rule, at: place,
          "the same is here" + (number == placeLimit - 1 ? more : ""))
      }
      return Array(group) + notes
    }
  }
}
