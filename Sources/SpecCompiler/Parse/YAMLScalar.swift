/// Resolution of plain scalars by the core schema (YAML 1.2.2 §10.3.2).
enum YAMLScalar {
  enum Resolved {
    case content(Node.Content)
    /// A number that can't be kept exactly or has no form in JSON, and what to say about it.
    case refused(String)
  }

  /// - Parameter rounding: whether a number of more digits is the nearest one that can be kept.
  static func resolvePlain(_ text: String, rounding: Bool = false) -> Resolved {
    switch text {
    case "", "~", "null", "Null", "NULL": return .content(.null)
    case "true", "True", "TRUE": return .content(.boolean(true))
    case "false", "False", "FALSE": return .content(.boolean(false))
    case ".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF", "-.inf", "-.Inf", "-.INF", ".nan", ".NaN", ".NAN":
      return .refused("'\(text)' has no form in JSON")
    default: break
    }
    guard let first = text.utf8.first, isNumberStart(first) else { return .content(.string(text)) }
    let excerpt = text.utf8.count > 100 ? text.prefix(100) + "…" : text[...]
    if isInteger(text) {
      guard let value = integerValue(text) else {
        if rounding, let nearest = Double(text), nearest.isFinite { return .content(.number(nearest)) }
        return .refused("the integer \(excerpt) does not fit in 64 bits")
      }
      return .content(.integer(value))
    }
    if isFloat(text) {
      guard let value = Double(text), value.isFinite else { return .refused("the number \(excerpt) is out of range") }
      let isShort = text.utf8.count <= 15 && !text.utf8.contains { $0 | 0x20 == UInt8(ascii: "e") }
      guard isShort || rounding || Decimal(text) == Decimal(value) else {
        return .refused("the number \(excerpt) can't be kept exactly; the nearest is \(value)")
      }
      return .content(.number(value))
    }
    return .content(.string(text))
  }

  private static func isNumberStart(_ byte: UInt8) -> Bool {
    isDigit(byte) || byte == UInt8(ascii: "+") || byte == UInt8(ascii: "-") || byte == UInt8(ascii: ".")
  }

  private static func isDigit(_ byte: UInt8) -> Bool {
    byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9")
  }

  /// `[-+]?[0-9]+`, `0o[0-7]+` or `0x[0-9a-fA-F]+`.
  private static func isInteger(_ text: String) -> Bool {
    if text.hasPrefix("0o") {
      return text.count > 2 && text.utf8.dropFirst(2).allSatisfy { (0x30...0x37).contains($0) }
    }
    if text.hasPrefix("0x") { return text.count > 2 && text.dropFirst(2).allSatisfy { $0.isASCII && $0.isHexDigit } }
    let digits = text.hasPrefix("-") || text.hasPrefix("+") ? text.utf8.dropFirst() : text.utf8[...]
    return !digits.isEmpty && digits.allSatisfy(isDigit)
  }

  private static func integerValue(_ text: String) -> Int? {
    if text.hasPrefix("0o") { return Int(text.dropFirst(2), radix: 8) }
    if text.hasPrefix("0x") { return Int(text.dropFirst(2), radix: 16) }
    return Int(text)
  }

  /// `[-+]? ( \. [0-9]+ | [0-9]+ ( \. [0-9]* )? ) ( [eE] [-+]? [0-9]+ )?`
  private static func isFloat(_ text: String) -> Bool {
    var rest = text.utf8[...]
    func takeDigits(_ rest: inout Substring.UTF8View) -> Int {
      let digits = rest.prefix(while: isDigit).count
      rest = rest.dropFirst(digits)
      return digits
    }
    if let sign = rest.first, sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-") { rest = rest.dropFirst() }
    var mantissa = takeDigits(&rest)
    if rest.first == UInt8(ascii: ".") {
      rest = rest.dropFirst()
      let fraction = takeDigits(&rest)
      mantissa += fraction
    }
    guard mantissa > 0 else { return false }
    if let exponent = rest.first, exponent == UInt8(ascii: "e") || exponent == UInt8(ascii: "E") {
      rest = rest.dropFirst()
      if let sign = rest.first, sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-") { rest = rest.dropFirst() }
      guard takeDigits(&rest) > 0 else { return false }
    }
    return rest.isEmpty
  }
}
