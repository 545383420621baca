/// A regular expression as a tree.
indirect enum PatternNode: Equatable {
  case empty
  case set(CharacterSet)
  case start
  case end
  case sequence([PatternNode])
  case alternatives([PatternNode])
  /// `maximum` nil: without end.
  case repetition(PatternNode, minimum: Int, maximum: Int?)
}

/// What is wrong with a `pattern`.
struct PatternError: Error, Equatable {
  let message: String
  /// Of the character, from 1; nil if it is about the whole.
  var position: Int?
}

/// Reads the subset of ECMA-262's regular expressions (in Unicode mode) that a finite automaton can match:
/// no backreferences, no look-around, no word boundaries.
struct PatternParser {
  /// Of nested groups.
  private static let depthLimit = 100
  /// Of a quantifier's number: a larger one is a length, which `maxLength` says better.
  private static let repetitionLimit = 10_000
  /// Of a pattern, in characters.
  private static let lengthLimit = 2_000

  private let characters: [UInt32]
  private var index = 0

  static func parse(_ source: String) throws(PatternError) -> PatternNode {
    var parser = PatternParser(characters: source.unicodeScalars.map(\.value))
    guard parser.characters.count <= lengthLimit else {
      throw PatternError(message: "the pattern is longer than \(lengthLimit) characters")
    }
    let node = try parser.parseAlternatives(depth: 0)
    if parser.index < parser.characters.count { throw parser.error("unbalanced ')'") }
    return node
  }

  private init(characters: [UInt32]) {
    self.characters = characters
  }

  private func error(_ message: String, back: Int = 0) -> PatternError {
    PatternError(message: message, position: index - back + 1)
  }

  private var next: Unicode.Scalar? {
    index < characters.count ? Unicode.Scalar(characters[index]) : nil
  }

  private mutating func take(_ scalar: Unicode.Scalar) -> Bool {
    guard next == scalar else { return false }
    index += 1
    return true
  }

  private mutating func parseAlternatives(depth: Int) throws(PatternError) -> PatternNode {
    var alternatives = [try parseSequence(depth: depth)]
    while take("|") { alternatives.append(try parseSequence(depth: depth)) }
    return alternatives.count == 1 ? alternatives[0] : .alternatives(alternatives)
  }

  private mutating func parseSequence(depth: Int) throws(PatternError) -> PatternNode {
    var terms: [PatternNode] = []
    while let scalar = next, scalar != "|", scalar != ")" {
      let atom = try parseAtom(depth: depth)
      terms.append(try parseQuantifier(of: atom))
    }
    return switch terms.count {
    case 0: .empty
    case 1: terms[0]
    default: .sequence(terms)
    }
  }

  private mutating func parseAtom(depth: Int) throws(PatternError) -> PatternNode {
    guard let scalar = next else { return .empty }
    index += 1
    switch scalar {
    case "^": return .start
    case "$": return .end
    case ".": return .set(CharacterSet.lineTerminators.inverted)
    case "(": return try parseGroup(depth: depth)
    case "[": return .set(try parseClass())
    case "\\": return .set(try parseEscape(inClass: false))
    case "*", "+", "?": throw error("'\(scalar)' repeats nothing", back: 1)
    case "{", "}", "]": throw error("a literal '\(scalar)' is written '\\\(scalar)'", back: 1)
    default: return .set(CharacterSet(scalar.value))
    }
  }

  private mutating func parseGroup(depth: Int) throws(PatternError) -> PatternNode {
    guard depth < Self.depthLimit else { throw error("groups are nested deeper than \(Self.depthLimit) levels") }
    let opening = index
    if take("?") {
      if take("=") || take("!") { throw error("look-ahead is not supported", back: 2) }
      if take("<") {
        if take("=") || take("!") { throw error("look-behind is not supported", back: 3) }
        while let scalar = next, scalar != ">" { _ = take(scalar) }
        guard take(">") else { throw error("the group's name has no '>'") }
      } else if !take(":") {
        throw error("unknown kind of group; write (…) or (?:…)", back: 1)
      }
    }
    let node = try parseAlternatives(depth: depth + 1)
    guard take(")") else { throw PatternError(message: "the group has no ')'", position: opening) }
    return node
  }

  // MARK: - Quantifiers

  private mutating func parseQuantifier(of atom: PatternNode) throws(PatternError) -> PatternNode {
    let minimum: Int
    let maximum: Int?
    if take("*") {
      (minimum, maximum) = (0, nil)
    } else if take("+") {
      (minimum, maximum) = (1, nil)
    } else if take("?") {
      (minimum, maximum) = (0, 1)
    } else if take("{") {
      (minimum, maximum) = try parseBounds()
    } else {
      return atom
    }
    if atom == .start || atom == .end { throw error("an anchor can't be repeated", back: 1) }
    _ = take("?")  // Lazy or greedy, the same texts match.
    if let scalar = next, "*+?{".unicodeScalars.contains(scalar) { throw error("'\(scalar)' repeats nothing") }
    return .repetition(atom, minimum: minimum, maximum: maximum)
  }

  private mutating func parseBounds() throws(PatternError) -> (Int, Int?) {
    guard let minimum = try parseNumber() else { throw error("a literal '{' is written '\\{'", back: 1) }
    var maximum: Int? = minimum
    if take(",") { maximum = try parseNumber() }
    guard take("}") else { throw error("the quantifier has no '}'") }
    if let maximum, maximum < minimum { throw error("the quantifier's bounds are out of order", back: 1) }
    return (minimum, maximum)
  }

  private mutating func parseNumber() throws(PatternError) -> Int? {
    var number: Int?
    while let scalar = next, ("0"..."9").contains(scalar) {
      let value = (number ?? 0) * 10 + Int(scalar.value - 0x30)
      guard value <= Self.repetitionLimit else {
        throw error("more than \(Self.repetitionLimit) repetitions; use minLength and maxLength")
      }
      number = value
      index += 1
    }
    return number
  }

  // MARK: - Classes and escapes

  private mutating func parseClass() throws(PatternError) -> CharacterSet {
    let opening = index
    let isNegated = take("^")
    var set = CharacterSet()
    while !take("]") {
      guard next != nil else { throw PatternError(message: "the class has no ']'", position: opening) }
      let first = try parseClassAtom()
      guard next == "-", index + 1 < characters.count, Unicode.Scalar(characters[index + 1]) != "]" else {
        set = set.union(first)
        continue
      }
      index += 1
      let last = try parseClassAtom()
      guard let lower = first.single, let upper = last.single else {
        throw error("a range goes from one character to another, not to a class", back: 1)
      }
      guard lower <= upper else { throw error("the range is out of order", back: 1) }
      set = set.union(CharacterSet([lower...upper]))
    }
    return isNegated ? set.inverted : set
  }

  private mutating func parseClassAtom() throws(PatternError) -> CharacterSet {
    guard let scalar = next else { throw error("the class has no ']'") }
    index += 1
    return scalar == "\\" ? try parseEscape(inClass: true) : CharacterSet(scalar.value)
  }

  private mutating func parseEscape(inClass: Bool) throws(PatternError) -> CharacterSet {
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
    case "p", "P": throw error("Unicode properties are not supported; list the ranges", back: 2)
    case "c": return CharacterSet(try parseControl())
    case "x": return CharacterSet(try parseHex(digits: 2))
    case "u": return CharacterSet(try parseUnicode())
    case "^", "$", "\\", ".", "*", "+", "?", "(", ")", "[", "]", "{", "}", "|", "/", "-":
      return CharacterSet(scalar.value)
    default:
      throw error("unknown escape '\\\(scalar)'", back: 2)
    }
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
