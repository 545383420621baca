/// Text with indentation. Lines in, a file out.
struct SwiftWriter {
  private(set) var text = ""
  private var depth = 0

  mutating func line(_ line: String = "") {
    if !line.isEmpty { text += String(repeating: "  ", count: depth) + line }
    text += "\n"
  }

  /// A line that opens a brace, what is within, and the line that closes it.
  mutating func block(_ head: String, end: String = "}", _ body: (inout SwiftWriter) -> Void) {
    line(head.isEmpty ? "{" : head + " {")
    indented(body)
    line(end)
  }

  mutating func indented(_ body: (inout SwiftWriter) -> Void) {
    depth += 1
    body(&self)
    depth -= 1
  }

  /// A doc comment of any number of lines.
  mutating func documentation(_ description: String) {
    for part in description.trimmingNewlines().split(separator: "\n", omittingEmptySubsequences: false) {
      line(part.isEmpty ? "///" : "/// \(part)")
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

/// How names of the specs are written in Swift.
enum SwiftName {
  private static let keywords: Set<String> = [
    "as", "associatedtype", "break", "case", "catch", "class", "continue", "default", "defer", "deinit", "do", "else",
    "enum", "extension", "fallthrough", "false", "fileprivate", "for", "func", "guard", "if", "import", "in", "init",
    "inout", "internal", "is", "let", "nil", "operator", "precedencegroup", "private", "protocol", "public", "repeat",
    "rethrows", "return", "self", "static", "struct", "subscript", "super", "switch", "throw", "throws", "true", "try",
    "typealias", "var", "where", "while", "Type", "Self", "Any",
  ]

  /// `chat_id` → `chatID`, `not_found` → `notFound`, `chatId` → `chatID`: a member's name, escaped where it must be.
  static func member(_ name: String) -> String {
    var result = ""
    for (index, word) in words(name).enumerated() {
      result += index == 0 ? word.lowercased() : capitalized(word)
    }
    if result.first?.isNumber == true { result = "_" + result }
    return keywords.contains(result) ? "`\(result)`" : result
  }

  /// `send_message` → `SendMessage`, `sendMessage` → `SendMessage`, `chat-member` → `ChatMember`.
  static func type(_ name: String) -> String {
    words(name).map(capitalized).joined()
  }

  private static func capitalized(_ word: String) -> String {
    switch word.lowercased() {
    case "id": "ID"
    case "ids": "IDs"
    case "url": "URL"
    default: word.prefix(1).uppercased() + word.dropFirst()
    }
  }

  /// Splits at `_`, `-`, `.` and before a capital that follows a small letter or digit.
  private static func words(_ name: String) -> [String] {
    var words: [String] = []
    var current = ""
    for character in name {
      if !character.isLetter && !character.isNumber {
        if !current.isEmpty { words.append(current) }
        current = ""
      } else if character.isUppercase, let last = current.last, !last.isUppercase {
        words.append(current)
        current = String(character)
      } else {
        current.append(character)
      }
    }
    if !current.isEmpty { words.append(current) }
    return words
  }
}

/// A Swift string literal.
func literal(_ text: String) -> String {
  var result = "\""
  for scalar in text.unicodeScalars {
    switch scalar {
    case "\"": result += "\\\""
    case "\\": result += "\\\\"
    case "\n": result += "\\n"
    case "\r": result += "\\r"
    case "\t": result += "\\t"
    default:
      if scalar.value < 0x20 || scalar.value == 0x7f {
        result += "\\u{\(String(scalar.value, radix: 16))}"
      } else {
        result.unicodeScalars.append(scalar)
      }
    }
  }
  return result + "\""
}

/// A JSON string (RFC 8259 §7) of any text.
func jsonString(_ text: String) -> String {
  var result = "\""
  for scalar in text.unicodeScalars {
    switch scalar {
    case "\"": result += "\\\""
    case "\\": result += "\\\\"
    case _ where scalar.value < 0x20:
      let digits = String(scalar.value, radix: 16)
      result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
    default: result.unicodeScalars.append(scalar)
    }
  }
  return result + "\""
}
