/// Writes SARIF 2.1.0: sections are those of the OASIS standard.
struct SARIFLog {
  private var excerpts: SourceExcerpts

  init(_ sources: [SpecSource]) {
    excerpts = SourceExcerpts(sources)
  }

  mutating func document(_ groups: [ArraySlice<Diagnostic>]) -> IndentedJSON {
    let results = groups.map { result(of: $0) }
    let driver = IndentedJSON.object([
      ("name", .string("SpecTool")), ("rules", .array(Rule.allCases.map(Self.descriptor))),
    ])
    let run = IndentedJSON.object([
      ("tool", .object([("driver", driver)])),
      // §3.14.17: libyaml counts code points, not UTF-16 units, which are the default.
      ("columnKind", .string("unicodeCodePoints")),
      // §3.14.18: YAML 1.1 has more ends of lines than the default.
      ("newlineSequences", .array(["\r\n", "\n", "\r", "\u{85}", "\u{2028}", "\u{2029}"].map(IndentedJSON.string))),
      ("results", .array(results)),
    ])
    return .object([
      (
        "$schema", .string("https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json")
      ),
      ("version", .string("2.1.0")), ("runs", .array([run])),
    ])
  }

  /// §3.49
  private static func descriptor(of rule: Rule) -> IndentedJSON {
    .object([
      ("id", .string(rule.rawValue)), ("shortDescription", text(rule.meaning)),
      ("defaultConfiguration", .object([("level", .string(rule.isWarning ? "warning" : "error"))])),
    ])
  }

  /// §3.27
  private mutating func result(of group: ArraySlice<Diagnostic>) -> IndentedJSON {
    let diagnostic = group[group.startIndex]
    var members: [(String, IndentedJSON)] = [
      ("ruleId", .string(diagnostic.rule.rawValue)),
      ("ruleIndex", .integer(Rule.allCases.firstIndex(of: diagnostic.rule) ?? -1)),
      ("level", .string(diagnostic.severity.rawValue)), ("message", Self.text(diagnostic.text)),
      ("locations", .array([.object(location(of: diagnostic))])),
    ]
    let related = group.dropFirst().map { note in
      IndentedJSON.object(location(of: note) + [("message", Self.text(note.text))])
    }
    if !related.isEmpty { members.append(("relatedLocations", .array(related))) }
    if let fix = fix(of: diagnostic) { members.append(("fixes", .array([fix]))) }
    return .object(members)
  }

  private static func text(_ text: String) -> IndentedJSON { .object([("text", .string(text))]) }

  /// §3.28
  private func location(of diagnostic: Diagnostic) -> [(String, IndentedJSON)] {
    let place = diagnostic.location
    let physical = IndentedJSON.object([
      ("artifactLocation", Self.artifact(place.file)),
      ("region", .object([("startLine", .integer(place.line)), ("startColumn", .integer(place.column))])),
    ])
    var members = [("physicalLocation", physical)]
    if !diagnostic.context.isEmpty {
      // §3.33.5: a JSON Pointer is a fully qualified name.
      members.append(
        ("logicalLocations", .array([.object([("fullyQualifiedName", .string(diagnostic.context))])])))
    }
    return members
  }

  /// §3.55: the word is replaced; nil where it is not written in the file as it is meant.
  private mutating func fix(of diagnostic: Diagnostic) -> IndentedJSON? {
    guard let suggestion = diagnostic.suggestion,
      let column = excerpts.column(of: suggestion.written, at: diagnostic.location)
    else { return nil }
    let region = IndentedJSON.object([
      ("startLine", .integer(diagnostic.location.line)), ("startColumn", .integer(column)),
      ("endColumn", .integer(column + suggestion.written.unicodeScalars.count)),
    ])
    let replacement = IndentedJSON.object([
      ("deletedRegion", region), ("insertedContent", Self.text(suggestion.replacement)),
    ])
    let change = IndentedJSON.object([
      ("artifactLocation", Self.artifact(diagnostic.location.file)), ("replacements", .array([replacement])),
    ])
    return .object([
      ("description", Self.text("write '\(suggestion.replacement.visible)'")), ("artifactChanges", .array([change])),
    ])
  }

  /// §3.4.3: a URI, relative as the file's name is (RFC 3986 §4.2).
  private static func artifact(_ file: String) -> IndentedJSON {
    let unreserved = Set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~/".utf8)
    let path = file.utf8.map { byte in
      if unreserved.contains(byte) { return String(Unicode.Scalar(byte)) }
      return "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
    }.joined()
    return .object([("uri", .string(file.hasPrefix("/") ? "file://" + path : path))])
  }
}
