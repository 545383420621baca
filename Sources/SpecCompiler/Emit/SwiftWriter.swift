/// Text with indentation. Lines in, a file out.
///
/// What a spec says gets in as a doc comment, as a `literal` or as a name of `SwiftName`, and no text can leave these.
struct SwiftWriter {
  private(set) var text = ""
  private var indentation = ""

  /// - Parameter line: without a line break or anything that is not seen: a place that forgets to escape a text of the
  ///   spec ends the compiler here, instead of writing code that the spec has made up.
  mutating func line(_ line: String = "") {
    precondition(
      PlainBytes.printable.make(all: line) || !line.unicodeScalars.contains { $0.endsOrDisguises },
      "a text of the spec is not escaped")
    if !line.isEmpty {
      text += indentation
      text += line
    }
    text += "\n"
  }

  /// A line that opens a brace, what is within, and the line that closes it.
  mutating func block(_ head: String, end: String = "}", _ body: (inout SwiftWriter) -> Void) {
    line(head.isEmpty ? "{" : head + " {")
    indented(body)
    line(end)
  }

  mutating func indented(_ body: (inout SwiftWriter) -> Void) {
    indentation += "  "
    body(&self)
    indentation.removeLast(2)
  }

  /// A doc comment of any number of lines, whatever ends them. What is not seen is written as its number.
  mutating func documentation(_ description: String) {
    if !description.isEmpty, PlainBytes.printable.make(all: description), !description.hasSuffix(" ") {
      return line("/// \(description)")
    }
    let lines = description.trimmingNewlines().split(omittingEmptySubsequences: false) { $0.isNewline }
    for part in lines {
      line(part.isEmpty ? "///" : "/// \(part.visible)")
    }
  }
}

extension String {
  func trimmingNewlines() -> Substring {
    var result = self[...]
    while result.last?.isWhitespace == true { result.removeLast() }
    while result.first?.isNewline == true { result.removeFirst() }
    return result
  }
}

/// A Swift string literal of any text.
func literal(_ text: String) -> String {
  let inside = PlainBytes.quotable.replacingOthers(in: text) { scalar in
    switch scalar {
    case "\"": "\\\""
    case "\\": "\\\\"
    case "\n": "\\n"
    case "\r": "\\r"
    case "\t": "\\t"
    case _ where scalar.endsOrDisguises: scalar.escape
    default: String(scalar)
    }
  }
  return "\"\(inside)\""
}
