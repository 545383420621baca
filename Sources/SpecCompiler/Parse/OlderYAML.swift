/// What YAML 1.1, which many tools still read, takes a plain scalar for. Its types are those of
/// https://yaml.org/type, as PyYAML and libyaml's users read them.
enum OlderYAML {
  /// How the scalar differs there from the core schema of YAML 1.2, and what to write; nil if both agree.
  static func difference(ofPlain text: String, as content: Node.Content) -> String? {
    switch text.lowercased() {
    case "yes", "no", "on", "off": return "a boolean in YAML 1.1; quote it"
    default: break
    }
    if isDate(text) { return "a date in YAML 1.1; quote it" }
    var scanner = Scanner(text)
    switch content {
    case .string:
      if scanner.takesNumber() || scanner.takesSexagesimal() { return "a number in YAML 1.1; quote it" }
    case .integer(let value):
      if text.hasPrefix("0o") { return "a string in YAML 1.1; write \(value)" }
      if scanner.takesOctal() {
        return "another value in YAML 1.1, where a leading 0 means octal; write \(value), or quote it"
      }
    case .number(let value):
      if !scanner.takesNumber() { return "a string in YAML 1.1; write \(decimal(value))" }
    case .null, .boolean, .sequence, .mapping: break
    }
    return nil
  }

  private static func isDate(_ text: String) -> Bool {
    let bytes = Array(text.utf8.prefix(12))
    guard bytes.count >= 10, bytes[4] == UInt8(ascii: "-"), bytes[7] == UInt8(ascii: "-"),
      [0, 1, 2, 3, 5, 6, 8, 9].allSatisfy({ Scanner.isDigit(bytes[$0]) })
    else { return false }
    let hasTime = bytes.count == 12 && "tT ".utf8.contains(bytes[10]) && Scanner.isDigit(bytes[11])
    return bytes.count == 10 || hasTime
  }

  /// A number as both versions and JSON read it: with a point, and a sign before the exponent.
  static func decimal(_ value: Double) -> String {
    let text = value.description
    guard let exponent = text.firstIndex(of: "e"), !text[..<exponent].contains(".") else { return text }
    return text[..<exponent] + ".0" + text[exponent...]
  }

  /// Tries the forms of numbers, each from the start of the text to its end.
  private struct Scanner {
    private let text: Substring.UTF8View
    private var rest: Substring.UTF8View

    init(_ text: String) {
      self.text = text[...].utf8
      rest = self.text
    }

    static func isDigit(_ byte: UInt8) -> Bool { byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9") }

    private static func isDigitOrLine(_ byte: UInt8) -> Bool { isDigit(byte) || byte == UInt8(ascii: "_") }

    private mutating func take(_ byte: Unicode.Scalar) -> Bool {
      guard rest.first == UInt8(ascii: byte) else { return false }
      rest.removeFirst()
      return true
    }

    /// How many there are.
    private mutating func takeAll(_ isTaken: (UInt8) -> Bool) -> Int {
      let taken = rest.prefix(while: isTaken)
      rest = rest[taken.endIndex...]
      return taken.count
    }

    private mutating func takeSign() {
      rest = text
      if !take("+") { _ = take("-") }
    }

    /// `[-+]?0[0-7_]+`, and the digits that no octal number has.
    mutating func takesOctal() -> Bool {
      takeSign()
      return take("0") && takeAll(Self.isDigitOrLine) > 0 && rest.isEmpty
    }

    /// A decimal, octal, binary or hexadecimal integer, or a fraction, each with `_` between digits.
    mutating func takesNumber() -> Bool {
      takeSign()
      if rest.first.map(Self.isDigit) == true {
        if take("0") {
          if take("b") { return takeAll { $0 == 0x30 || $0 == 0x31 || $0 == 0x5F } > 0 && rest.isEmpty }
          if take("x") { return takeAll { Self.isDigitOrLine($0) || Self.isHexLetter($0) } > 0 && rest.isEmpty }
        }
        _ = takeAll(Self.isDigitOrLine)
        if rest.isEmpty { return true }
        guard take(".") else { return false }
        _ = takeAll(Self.isDigitOrLine)
      } else {
        guard take("."), rest.first.map(Self.isDigit) == true else { return false }
        _ = takeAll(Self.isDigitOrLine)
      }
      if rest.isEmpty { return true }
      guard take("e") || take("E"), take("+") || take("-") else { return false }
      return takeAll(Self.isDigit) > 0 && rest.isEmpty
    }

    private static func isHexLetter(_ byte: UInt8) -> Bool { (0x61...0x66).contains(byte | 0x20) }

    /// Base 60: `1:30`, `190:20:30.15`.
    mutating func takesSexagesimal() -> Bool {
      takeSign()
      let startsWithZero = rest.first == UInt8(ascii: "0")
      guard rest.first.map(Self.isDigit) == true else { return false }
      _ = takeAll(Self.isDigitOrLine)
      var groups = 0
      while take(":") {
        groups += 1
        let tens = rest.first.map { $0 <= UInt8(ascii: "5") } ?? false
        let digits = takeAll(Self.isDigit)
        guard digits == 1 || digits == 2 && tens else { return false }
      }
      guard groups > 0 else { return false }
      if rest.isEmpty { return !startsWithZero }
      guard take(".") else { return false }
      _ = takeAll(Self.isDigitOrLine)
      return rest.isEmpty
    }
  }
}
