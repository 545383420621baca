import Synchronization

/// How names of the specs are written in Swift: nothing else makes a name of them. The checks of `Lower` ask here too, so
/// that two names that become one are found where they are written.
///
/// A name that is taken where it is declared gets a `_` behind it, which no name of a spec can have there.
enum SwiftName {
  /// Where a name is declared.
  enum Scope: CaseIterable {
    /// A property of a struct: of an object, or a parameter of an operation.
    case property
    /// A case of an enumeration, of a union or of codes.
    case member
    /// A handler's function, and its case among the operations.
    case operation
    /// A method of the access policies.
    case policy
    /// A handler that the API keeps.
    case tag
    /// An event to clients: a function and a case.
    case event
    /// A case of a form's parts.
    case field

    /// What the generated code, or a protocol that it conforms to, declares there.
    fileprivate var taken: Set<String> {
      switch self {
      case .property: ["additionalProperties", "encode", "decode", "hash", "hashValue"]
      case .member: Self.ofEnumerations
      case .operation: Self.ofEnumerations.union(["traits"])
      case .policy: []
      case .tag: ["authenticator", "limiter", "onFault", "policies", "problem", "receive", "refuse", "respond"]
      case .event: Self.ofEnumerations.union(["encoded", "event", "following", "name", "position"])
      case .field: Self.ofEnumerations.union(["data", "fields", "file", "text"])
      }
    }

    private static let ofEnumerations: Set<String> = [
      "allCases", "decode", "encode", "hash", "hashValue", "none", "rawValue", "some",
    ]
  }

  // MARK: - Members

  /// `chat_id` → `chatID`, `not_found` → `notFound`, `chatId` → `chatID`: as it is declared, escaped where it must be.
  static func member(_ name: String, _ scope: Scope) -> String {
    escaped(bare(name, scope))
  }

  /// A member where it is declared.
  static func escaped(_ bare: String) -> String { keywords.contains(bare) ? "`\(bare)`" : bare }

  /// The same after a dot, as an argument's label or as a part of a longer name, where no escape is needed.
  static func bare(_ name: String, _ scope: Scope) -> String {
    var result = ""
    for (index, word) in words(spelled(name)).enumerated() {
      result += index == 0 ? word.lowercased() : capitalized(word)
    }
    if result.first?.isNumber == true { result = "_" + result }
    return unescapable.contains(result) || scope.taken.contains(result) ? result + "_" : result
  }

  /// What means something else after a dot, with and without backticks.
  private static let unescapable: Set<String> = ["deinit", "init", "self", "subscript"]

  /// Those of a context, such as `await`, are among them: as the beginning of an expression they are read as such.
  private static let keywords: Set<String> = [
    "Any", "Self", "Type", "any", "as", "associatedtype", "async", "await", "borrowing", "break", "case", "catch",
    "class",
    "consume", "consuming", "continue", "copy", "default", "defer", "discard", "do", "each", "else", "enum",
    "extension",
    "fallthrough", "false", "fileprivate", "for", "func", "guard", "if", "import", "in", "inout", "internal", "is",
    "isolated", "let", "nil", "operator", "precedencegroup", "private", "protocol", "public", "repeat", "rethrows",
    "return", "sending", "some", "static", "struct", "super", "switch", "then", "throw", "throws", "true", "try",
    "typealias", "unsafe", "var", "where", "while", "yield",
  ]

  // MARK: - Types

  /// A component schema: its own name, unless that is taken.
  static func schema(_ name: String) -> String {
    let isTaken = takenTypes.contains(name) || takenSuffixes.contains { name.hasSuffix($0) }
    return isTaken ? name + "_" : name
  }

  /// The namespace of an operation or event, within which no type that it mentions may be hidden.
  static func operationType(_ id: String) -> String { schema(part(id)) }

  /// The handlers of a tag: a parameter of the API's type.
  static func handler(_ tag: String) -> String {
    let name = "\(part(tag))Handler"
    return [policyHandler, tokenHandler].contains(name) ? name + "_" : name
  }

  static let policyHandler = "PolicyHandler"
  static let tokenHandler = "TokenHandler"

  /// A part of a longer name: `send_message` → `SendMessage`, `chat-member` → `ChatMember`, `chatId` → `ChatID`.
  static func part(_ name: String) -> String {
    words(name).map(capitalized).joined()
  }

  /// The same of any text: what has no letter and no digit is spelled.
  static func spelledPart(_ name: String) -> String { part(spelled(name)) }

  // MARK: - Words

  /// Signs that tell names apart, by what they are called.
  private static let signs: [Character: String] = [
    "+": "plus", "-": "minus", "*": "star", "/": "slash", "=": "equal", "<": "less", ">": "greater", "!": "not",
    "@": "at", "#": "hash", "$": "dollar", "%": "percent", "&": "and", "?": "question", ".": "dot", ",": "comma",
    ":": "colon", ";": "semicolon", "_": "underscore", " ": "space", "~": "tilde", "|": "bar", "^": "caret",
    "(": "open", ")": "close", "[": "opening", "]": "closing", "{": "begin", "}": "end", "'": "quote", "\"": "quotes",
  ]

  /// A text that has a letter or digit of ASCII at least.
  private static func spelled(_ name: String) -> String {
    if words(name).contains(where: { !$0.isEmpty }) {
      // A sign before a number is all that tells 1 from -1.
      guard let sign = name.first, sign == "-" || sign == "+" || sign == "$", let word = signs[sign],
        name.dropFirst().first?.isNumber == true
      else { return name }
      return "\(word) \(name.dropFirst())"
    }
    guard !name.isEmpty else { return "empty" }
    return name.prefix(8).map { sign in
      signs[sign] ?? sign.unicodeScalars.map { "u" + String($0.value, radix: 16) }.joined(separator: " ")
    }.joined(separator: " ")
  }

  private static func capitalized(_ word: String) -> String {
    guard word.utf8.count <= 3 else { return word.prefix(1).uppercased() + word.dropFirst() }
    return switch word.lowercased() {
    case "id": "ID"
    case "ids": "IDs"
    case "url": "URL"
    default: word.prefix(1).uppercased() + word.dropFirst()
    }
  }

  /// Splits at what is neither a letter nor a digit of ASCII, and before a capital that follows a small letter or digit.
  private static func words(_ name: String) -> [String] {
    if !name.isEmpty, PlainBytes.smallLetters.make(all: name) { return [name] }
    if let known = known.withLock({ $0[name] }) { return known }
    let words = newWords(name)
    known.withLock { known in
      if known.count >= knownLimit { known.removeAll() }
      known[name] = words
    }
    return words
  }

  /// The same few names are asked for again and again.
  private static let known = Mutex<[String: [String]]>([:])
  private static let knownLimit = 10_000

  private static func newWords(_ name: String) -> [String] {
    var words: [String] = []
    var current: [UInt8] = []
    func end() {
      if !current.isEmpty { words.append(String(decoding: current, as: UTF8.self)) }
      current.removeAll()
    }
    // A character of several code points is none of ASCII, whatever it begins with.
    let isPlain = PlainBytes.printable.make(all: name)
    for byte in isPlain ? Array(name.utf8) : name.map({ $0.asciiValue ?? UInt8(ascii: " ") }) {
      switch byte {
      case 0x41...0x5A:
        if let last = current.last, !(0x41...0x5A).contains(last) { end() }
        current.append(byte)
      case 0x30...0x39, 0x61...0x7A: current.append(byte)
      default: end()
      }
    }
    end()
    return words
  }
}
