import Glibc

/// Strings as scalars of YAML that need one line. All of this counts code points, as YAML does.
enum YAMLText {
  /// Plain where that is the same string for every reader, else in quotes.
  static func oneLine(_ text: String) -> String {
    if isPlain(text) { return text }
    guard isPlainlySeen(text), !text.unicodeScalars.contains("\n") else { return quoted(text) }
    var result = "'"
    for scalar in text.unicodeScalars { result.unicodeScalars += scalar == "'" ? [scalar, scalar] : [scalar] }
    return result + "'"
  }

  /// In double quotes (YAML 1.2.2 §7.3.1), with an escape for each character that is not seen.
  static func quoted(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": result += "\\\""
      case "\\": result += "\\\\"
      case "\n": result += "\\n"
      case "\r": result += "\\r"
      case "\t": result += "\\t"
      case _ where isPrintable(scalar): result.unicodeScalars.append(scalar)
      default:
        let digits = String(scalar.value, radix: 16)
        let (mark, length) = scalar.value < 0x100 ? ("x", 2) : scalar.value < 0x1_0000 ? ("u", 4) : ("U", 8)
        result += "\\\(mark)" + String(repeating: "0", count: length - digits.count) + digits
      }
    }
    return result + "\""
  }

  /// Whether a text needs no escape: neither in single quotes nor in a block.
  static func isPlainlySeen(_ text: String) -> Bool {
    PlainBytes.printableLines.make(all: text)
      || text.unicodeScalars.allSatisfy { $0 == "\n" || isPrintable($0) }
  }

  /// YAML 1.2.2 §5.1, without what ends a line or is not seen (a byte order mark is a format character, too).
  private static func isPrintable(_ scalar: Unicode.Scalar) -> Bool {
    !scalar.endsOrDisguises && scalar.value & 0xFFFE != 0xFFFE
  }

  /// A plain scalar of one line (YAML 1.2.2 §7.3.3) that is a string by both versions' rules.
  private static func isPlain(_ text: String) -> Bool {
    guard let first = text.utf8.first, !indicators.contains(first) else { return false }
    for mark in ["\n", ": ", " #"] where strstr(text, mark) != nil { return false }
    guard let last = text.utf8.last, last != 0x3A, last != 0x20, isPlainlySeen(text) else { return false }
    // No version has a word of more than five letters for anything else, and all else begins with no letter.
    if text.utf8.count > 5, (0x61...0x7A).contains(first | 0x20) { return true }
    // Letters that YAML 1.1 has for booleans.
    if ["y", "Y", "n", "N"].contains(text) { return false }
    guard case .content(let content) = YAMLScalar.resolvePlain(text), case .string = content else { return false }
    return OlderYAML.difference(ofPlain: text, as: content) == nil
  }

  /// What a plain scalar is not begun with here, more than the standard forbids.
  private static let indicators = Set(" -?:,[]{}#&*!|>'\"%@`<=.~\n".utf8)
}
