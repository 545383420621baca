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
  /// Which kind of thing it is; a note has the rule of what it belongs to.
  public let rule: Rule
  public let location: SourceLocation
  /// What is wrong and what to write instead.
  public let message: String
  /// A JSON Pointer (RFC 6901) to the node in its file; empty for a whole file.
  public let context: String
  /// What was probably meant; nil where nothing is near.
  public let suggestion: Suggestion?

  public init(
    _ severity: Severity, _ rule: Rule, at location: SourceLocation, _ message: String, context: String = "",
    suggestion: Suggestion? = nil
  ) {
    self.severity = severity
    self.rule = rule
    self.location = location
    self.message = message
    self.context = context
    self.suggestion = suggestion
  }

  /// The message with its suggestion, as a sentence on one line.
  var text: String {
    let suggestion = suggestion.map { "; did you mean '\($0.replacement)'?" } ?? ""
    // Names of a spec are in it, which are anybody's texts.
    return (message + suggestion).visible
  }

  /// `file:line:column: error: message [rule] (at /json/pointer)`: the form that SwiftPM and editors recognise. A note
  /// has no rule of its own.
  public var description: String {
    let place = "\(location.file):\(location.line):\(location.column)".visible
    let name = severity == .note ? "" : " [\(rule.rawValue)]"
    let suffix = context.isEmpty ? "" : " (at \(context.visible))"
    return "\(place): \(severity.rawValue): \(text)\(name)\(suffix)"
  }
}

extension [Diagnostic] {
  /// Each with the notes that follow it.
  var withNotes: [ArraySlice<Diagnostic>] {
    let starts = indices.filter { $0 == startIndex || self[$0].severity != .note }
    return zip(starts, starts.dropFirst() + [endIndex]).map { self[$0..<$1] }
  }
}
