// Texts of a spec where people read them: in comments, string literals and messages.

extension Unicode.Scalar {
  /// Whether it ends a line, or changes how a line looks without being seen, such as those that turn the direction of
  /// writing (CVE-2021-42574). The two joiners do neither: words and emoji need them.
  var endsOrDisguises: Bool {
    if isASCII { return value < 0x20 || value == 0x7F }
    switch properties.generalCategory {
    case .control, .lineSeparator, .paragraphSeparator: return true
    case .format: return value != 0x200C && value != 0x200D
    default: return false
    }
  }

  /// As a Swift string literal has it: `\u{202e}`.
  var escape: String { "\\u{\(String(value, radix: 16))}" }
}

extension StringProtocol {
  /// On one line, with what is not seen as its number: for comments and messages. A tab is two blanks.
  var visible: String {
    PlainBytes.printable.replacingOthers(in: String(self)) { scalar in
      scalar == "\t" ? "  " : scalar.endsOrDisguises ? scalar.escape : String(scalar)
    }
  }
}
