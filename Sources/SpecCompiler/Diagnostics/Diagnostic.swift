/// A place in a spec file. Lines and columns count from 1, columns in characters as libyaml counts them.
public struct SourceLocation: Hashable, Sendable {
  /// The file as it was named on the command line, so that an editor can open it.
  public let file: String
  public let line: Int
  public let column: Int

  public init(file: String, line: Int, column: Int) {
    self.file = file
    self.line = line
    self.column = column
  }
}

/// Something that the compiler has to say about a spec.
public struct Diagnostic: Hashable, Sendable, CustomStringConvertible {
  public enum Severity: String, Sendable {
    case error, warning, note
  }

  public let severity: Severity
  public let location: SourceLocation
  /// What is wrong and what to write instead.
  public let message: String
  /// A JSON Pointer (RFC 6901) to the node in its file; empty for a whole file.
  public let context: String

  public init(_ severity: Severity, at location: SourceLocation, _ message: String, context: String = "") {
    self.severity = severity
    self.location = location
    self.message = message
    self.context = context
  }

  /// `file:line:column: error: message (at /json/pointer)`: the form that SwiftPM and editors recognise.
  public var description: String {
    let place = "\(location.file):\(location.line):\(location.column)"
    let suffix = context.isEmpty ? "" : " (at \(context))"
    // Names of a spec are in it, which are anybody's texts.
    return "\(place): \(severity.rawValue): \(message)\(suffix)".visible
  }
}

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

  public init() {}

  public var hasErrors: Bool { counts[.error] != nil }
  public var errorCount: Int { counts[.error] ?? 0 }

  public mutating func report(_ diagnostic: Diagnostic) {
    let severity = diagnostic.severity
    if severity != .note { isLeftOut = counts[severity, default: 0] >= Self.limit }
    // At the limit there is one more, which says so.
    guard !isLeftOut || severity != .note && counts[severity] == Self.limit else { return }
    // One mistake is often met on several ways through a document.
    guard known.insert(diagnostic).inserted else { return }
    counts[severity, default: 0] += 1
    guard isLeftOut else {
      all.append(diagnostic)
      return
    }
    all.append(
      Diagnostic(
        severity, at: diagnostic.location,
        "there are more than \(Self.limit) \(severity.rawValue)s; what is found after this one is left out"))
  }

  /// By file, line and column, each note still behind what it belongs to. Files are in the order of `files`.
  public func sorted(files: [String]) -> [Diagnostic] {
    var groups: [[Diagnostic]] = []
    for diagnostic in all {
      if diagnostic.severity == .note, !groups.isEmpty {
        groups[groups.count - 1].append(diagnostic)
      } else {
        groups.append([diagnostic])
      }
    }
    // The index keeps the order of reporting within one place.
    let keys = groups.enumerated().map { index, group in
      let location = group[0].location
      return (files.firstIndex(of: location.file) ?? files.count, location.line, location.column, index)
    }
    return keys.sorted(by: <).flatMap { groups[$0.3] }
  }
}
