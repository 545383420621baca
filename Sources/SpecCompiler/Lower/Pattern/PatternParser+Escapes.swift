/// Classes and escapes.
extension PatternParser {
  mutating func parseClass() throws(PatternError) -> CharacterSet {
    let opening = index
    let isNegated = take("^")
    var ranges: [ClosedRange<UInt32>] = []
    while !take("]") {
      guard next != nil else { throw PatternError(message: "the class has no ']'", position: opening) }
      let first = try parseClassAtom()
      guard next == "-", index + 1 < characters.count, Unicode.Scalar(characters[index + 1]) != "]" else {
        try budget.spend(8 * first.ranges.count)
        ranges += first.ranges
        continue
      }
      index += 1
      let last = try parseClassAtom()
      guard let lower = first.single, let upper = last.single else {
        throw error("a range goes from one character to another, not to a class", back: 1)
      }
      guard lower <= upper else { throw error("the range is out of order", back: 1) }
      ranges.append(lower...upper)
    }
    let set = CharacterSet(ranges)
    return isNegated ? set.inverted : set
  }

  private mutating func parseClassAtom() throws(PatternError) -> CharacterSet {
    guard let scalar = next else { throw error("the class has no ']'") }
    index += 1
    return scalar == "\\" ? try parseEscape(inClass: true) : CharacterSet(scalar.value)
  }

  mutating func parseEscape(inClass: Bool) throws(PatternError) -> CharacterSet {
    guard let scalar = next else { throw error("'\\' at the end", back: 1) }
    index += 1
    switch scalar {
    case "d": return .digits
    case "D": return CharacterSet.digits.inverted
    case "w": return .word
    case "W": return CharacterSet.word.inverted
    case "s": return .space
    case "S": return CharacterSet.space.inverted
    case "t": return CharacterSet(0x09)
    case "n": return CharacterSet(0x0A)
    case "v": return CharacterSet(0x0B)
    case "f": return CharacterSet(0x0C)
    case "r": return CharacterSet(0x0D)
    case "b" where inClass: return CharacterSet(0x08)
    case "b", "B": throw error("word boundaries are not supported", back: 2)
    case "0":
      if let digit = next, ("0"..."9").contains(digit) { throw error("octal escapes are not supported", back: 2) }
      return CharacterSet(0)
    case "1"..."9", "k": throw error("backreferences are not supported", back: 2)
    case "p": return try parseProperty()
    case "P": return try parseProperty().inverted
    case "c": return CharacterSet(try parseControl())
    case "x": return CharacterSet(try parseHex(digits: 2))
    case "u": return CharacterSet(try parseUnicode())
    case "^", "$", "\\", ".", "*", "+", "?", "(", ")", "[", "]", "{", "}", "|", "/", "-":
      return CharacterSet(scalar.value)
    default:
      throw error("unknown escape '\\\(scalar)'", back: 2)
    }
  }

  /// `\p{…}`: a general category or a binary property, by its name in ECMA-262.
  private mutating func parseProperty() throws(PatternError) -> CharacterSet {
    let opening = index - 1
    guard take("{") else { throw error("'\\p' needs a property in braces, such as \\p{L}", back: 2) }
    var name = ""
    while let scalar = next, scalar != "}" {
      name.unicodeScalars.append(scalar)
      index += 1
    }
    guard take("}") else { throw PatternError(message: "the property has no '}'", position: opening) }
    let property: UnicodeProperty
    do throws(UnicodeProperty.Unknown) {
      property = try UnicodeProperty(named: name)
    } catch {
      throw PatternError(message: error.message, position: opening)
    }
    try budget.spend(onProperty: property.walk)
    return property.set
  }

  private mutating func parseControl() throws(PatternError) -> UInt32 {
    guard let letter = next, ("a"..."z").contains(letter) || ("A"..."Z").contains(letter) else {
      throw error("'\\c' needs a letter", back: 2)
    }
    index += 1
    return letter.value % 32
  }

  private mutating func parseHex(digits: Int) throws(PatternError) -> UInt32 {
    var value: UInt32 = 0
    for _ in 0..<digits {
      guard let digit = next.flatMap({ Character($0).hexDigitValue }) else {
        throw error("the escape needs \(digits) hexadecimal digits")
      }
      value = value << 4 | UInt32(digit)
      index += 1
    }
    return value
  }

  /// `\uXXXX`, a surrogate pair of them, or `\u{…}`.
  private mutating func parseUnicode() throws(PatternError) -> UInt32 {
    var value: UInt32 = 0
    if take("{") {
      var count = 0
      while let digit = next.flatMap({ Character($0).hexDigitValue }) {
        value = value << 4 | UInt32(digit)
        guard value <= CharacterSet.last else { throw error("no such code point") }
        index += 1
        count += 1
      }
      guard count > 0, take("}") else { throw error("'\\u{' needs hexadecimal digits and '}'") }
    } else {
      value = try parseHex(digits: 4)
      if (0xD800...0xDBFF).contains(value), take("\\") {
        guard take("u") else { throw error("a high surrogate needs a low one") }
        let low = try parseHex(digits: 4)
        guard (0xDC00...0xDFFF).contains(low) else { throw error("a high surrogate needs a low one", back: 4) }
        value = 0x10000 + ((value - 0xD800) << 10) + (low - 0xDC00)
      }
    }
    guard Unicode.Scalar(value) != nil else { throw error("a lone surrogate is no character") }
    return value
  }
}

extension CharacterSet {
  /// Its only code point, if it has just one.
  fileprivate var single: UInt32? {
    guard ranges.count == 1, ranges[0].count == 1 else { return nil }
    return ranges[0].lowerBound
  }
}
