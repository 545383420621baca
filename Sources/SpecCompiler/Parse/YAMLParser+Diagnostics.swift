import CYAML
import Glibc

/// What there is to say about a file.
extension YAMLParser {
  mutating func check(
    anchor: UnsafeMutablePointer<yaml_char_t>?, tag: UnsafeMutablePointer<yaml_char_t>?, at location: SourceLocation,
    _ path: NodePath
  ) {
    if anchor != nil, !source.isForeign {
      reportOnce(
        .yamlAnchor, at: location, "an anchor is not allowed; write it out where it is needed, or use $ref", path)
    }
    if tag != nil {
      reportOnce(.yamlTag, at: location, "a tag is not allowed; quote a string that looks like something else", path)
    }
  }

  mutating func report(_ rule: Rule, at location: SourceLocation, _ message: String, _ path: NodePath? = nil) {
    diagnostics.report(Diagnostic(.error, rule, at: location, message, context: path?.pointer ?? ""))
  }

  mutating func reportOnce(_ rule: Rule, at location: SourceLocation, _ message: String, _ path: NodePath? = nil) {
    if let index = repeated.firstIndex(where: { $0.message == message }) {
      repeated[index].count += 1
    } else {
      repeated.append(Repeated(rule: rule, message: message, location: location, path: path ?? root))
    }
  }

  mutating func reportRepeated() {
    for one in repeated {
      let others = one.count > 1 ? " (and \(one.count - 1) more in this file)" : ""
      report(one.rule, at: one.location, one.message + others, one.path)
    }
  }

  /// libyaml ends the last line of a file itself, where nothing else does: what it places behind that is at the end.
  func location(_ mark: yaml_mark_t) -> SourceLocation {
    let line = Int(mark.line) + 1
    return line > lines.count ? end : SourceLocation(file: source.path, line: line, column: Int(mark.column) + 1)
  }

  mutating func reportSyntaxError() {
    let problem = parser.pointee.problem.map { String(cString: $0) } ?? "syntax error"
    if parser.pointee.error == YAML_READER_ERROR {
      let place = lines.place(ofByte: Int(parser.pointee.problem_offset))
      report(.invalidYAML, at: SourceLocation(file: source.path, line: place.line, column: place.column), problem)
      return
    }
    let place = location(parser.pointee.problem_mark)
    if !isRootInFlowStyle, let tab = indentationTab(line: place.line) {
      report(.tabIndentation, at: tab, Self.tabMessage)
      return
    }
    guard let context = parser.pointee.context.map({ String(cString: $0) }) else {
      report(.invalidYAML, at: place, "not valid YAML: \(problem)")
      return
    }
    let start = location(parser.pointee.context_mark)
    if context == "while scanning a quoted scalar", problem == "found unexpected end of stream" {
      report(.invalidYAML, at: start, "not valid YAML: the quote that begins here has no end")
      return
    }
    report(.invalidYAML, at: place, "not valid YAML: \(context), \(problem)")
    if start.line < place.line {
      // "while parsing a flow mapping"
      let what = context.split(separator: " ").dropFirst(2).joined(separator: " ")
      diagnostics.note(at: start, "\(what) begins here")
    }
  }

  private static let tabMessage = "a tab can't indent YAML; use spaces"

  /// libyaml lets a tab pass in a few places (flow collections); other parsers don't.
  mutating func checkTabs() {
    var scalars = multilineScalars[...]
    var line = 0
    while let next = lineOfTab(behind: line) {
      line = next
      guard let tab = indentationTab(line: line) else { continue }
      while let scalar = scalars.first, scalar.upperBound < line { scalars.removeFirst() }
      if let scalar = scalars.first, scalar.lowerBound < line { continue }
      reportOnce(.tabIndentation, at: tab, Self.tabMessage)
    }
  }

  /// The next line that has a tab.
  private func lineOfTab(behind line: Int) -> Int? {
    guard line < lines.count else { return nil }
    let start = lines.bytes(ofLine: line + 1).startIndex
    return source.bytes.withUnsafeBytes { bytes in
      guard let base = bytes.baseAddress, let tab = memchr(base + start, 0x09, bytes.count - start) else { return nil }
      return lines.line(ofByte: UnsafeRawPointer(tab) - base)
    }
  }

  private func indentationTab(line: Int) -> SourceLocation? {
    let bytes = lines.bytes(ofLine: line)
    let spaces = bytes.prefix { $0 == UInt8(ascii: " ") }.count
    guard bytes.dropFirst(spaces).first == UInt8(ascii: "\t") else { return nil }
    return SourceLocation(file: source.path, line: line, column: spaces + 1)
  }
}
