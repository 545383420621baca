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
