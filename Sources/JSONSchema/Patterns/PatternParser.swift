/// Why a pattern can't be judged by.
struct PatternError: Error, CustomStringConvertible {
  let description: String

  init(_ description: String) { self.description = description }
}

/// What a pattern is made of.
indirect enum PatternNode {
  enum Place {
    case start, end, wordBoundary, noWordBoundary
  }

  case empty
  case one(ScalarSet)
  case place(Place)
  case sequence([PatternNode])
  case choice([PatternNode])
  /// So many times; without an end where `most` is nil.
  case repeated(PatternNode, least: Int, most: Int?)
}

/// Reads a regular expression of ECMA-262 (§22.2.1) as one with the flag `u`, as JSON Schema has it (Core §6.4), with the
/// freedom that schemas take: any punctuation may be escaped, and a brace that is no quantifier is itself.
///
/// What no automaton can do in linear time is refused: references back, and looking ahead or behind.
struct PatternParser {
  private static let maxNesting = 64

  private var rest: ArraySlice<Unicode.Scalar>
  private var nesting = 0

  static func parse(_ pattern: String) throws(PatternError) -> PatternNode {
    var parser = PatternParser(rest: Array(pattern.unicodeScalars)[...])
    let node = try parser.choice()
    guard parser.rest.isEmpty else { throw PatternError("a parenthesis closes nothing") }
    return node
  }

  private init(rest: ArraySlice<Unicode.Scalar>) { self.rest = rest }

  private mutating func take(_ scalar: Unicode.Scalar) -> Bool {
    guard rest.first == scalar else { return false }
    rest.removeFirst()
    return true
  }

  private mutating func take(_ text: String) -> Bool {
    guard rest.starts(with: text.unicodeScalars) else { return false }
    rest.removeFirst(text.unicodeScalars.count)
    return true
  }

  private mutating func choice() throws(PatternError) -> PatternNode {
    var branches = [try sequence()]
    while take("|") { branches.append(try sequence()) }
    return branches.count == 1 ? branches[0] : .choice(branches)
  }

  private mutating func sequence() throws(PatternError) -> PatternNode {
    var terms: [PatternNode] = []
    while let next = rest.first, next != "|", next != ")" { terms.append(try term()) }
    return terms.isEmpty ? .empty : terms.count == 1 ? terms[0] : .sequence(terms)
  }

  private mutating func term() throws(PatternError) -> PatternNode {
    let atom = try atom()
    guard let (least, most) = try quantifier() else { return atom }
    if case .place = atom { throw PatternError("a place is repeated") }
    // Lazy or not, it takes the same texts.
    _ = take("?")
    return .repeated(atom, least: least, most: most)
  }

  private mutating func quantifier() throws(PatternError) -> (Int, Int?)? {
    if take("*") { return (0, nil) }
    if take("+") { return (1, nil) }
    if take("?") { return (0, 1) }
    let before = rest
    guard take("{"), let least = number() else {
      rest = before
      return nil
    }
    var most: Int? = least
    if take(",") { most = number() }
    guard take("}") else {
      rest = before
      return nil
    }
    if let most, most < least { throw PatternError("a quantifier's numbers are out of order") }
    return (least, most)
  }

  private mutating func number() -> Int? {
    var value: Int?
    while let next = rest.first, ("0"..."9").contains(next) {
      rest.removeFirst()
      value = min((value ?? 0) * 10 + Int(next.value - 0x30), 1_000_000)
    }
    return value
  }

  private mutating func atom() throws(PatternError) -> PatternNode {
    guard let next = rest.popFirst() else { return .empty }
    switch next {
    case "^": return .place(.start)
    case "$": return .place(.end)
    case ".": return .one(.any)
    case "(": return try group()
    case "[": return .one(try characterClass())
    case "*", "+", "?": throw PatternError("a quantifier repeats nothing")
    case "\\":
      if take("b") { return .place(.wordBoundary) }
      if take("B") { return .place(.noWordBoundary) }
      return .one(try escape())
    default: return .one(ScalarSet(next.value...next.value))
    }
  }

  private mutating func group() throws(PatternError) -> PatternNode {
    for look in ["?=", "?!", "?<=", "?<!"] where take(look) {
      throw PatternError("(\(look)…) looks ahead or behind, which takes no linear time")
    }
    if take("?<") {
      while let next = rest.first, next != ">" {
        rest.removeFirst()
        if next == ")" { throw PatternError("a group's name does not end") }
      }
      guard take(">") else { throw PatternError("a group's name does not end") }
    } else if !take("?:"), rest.first == "?" {
      throw PatternError("a group of an unknown kind")
    }
    nesting += 1
    guard nesting <= Self.maxNesting else { throw PatternError("more than \(Self.maxNesting) groups in each other") }
    let inner = try choice()
    nesting -= 1
    guard take(")") else { throw PatternError("a group does not end") }
    return inner
  }

  private mutating func characterClass() throws(PatternError) -> ScalarSet {
    var set = ScalarSet()
    set.isNegated = take("^")
    while !take("]") {
      let (first, isSet) = try classAtom()
      guard rest.first == "-", rest.count > 1, rest[rest.startIndex + 1] != "]" else {
        set.insert(first)
        continue
      }
      rest.removeFirst()
      let (last, isSetToo) = try classAtom()
      guard !isSet, !isSetToo, let low = first.ranges.first?.lowerBound, let high = last.ranges.first?.lowerBound,
        low <= high
      else { throw PatternError("a range of a class is out of order, or has a class as its end") }
      set.ranges.append(low...high)
    }
    return set
  }

  /// One code point of a class, or a class within it.
  private mutating func classAtom() throws(PatternError) -> (ScalarSet, isSet: Bool) {
    guard let next = rest.popFirst() else { throw PatternError("a class does not end") }
    guard next == "\\" else { return (ScalarSet(next.value...next.value), false) }
    if take("b") { return (ScalarSet(0x08...0x08), false) }
    let set = try escape()
    let isOne = set.properties.isEmpty && !set.isNegated && set.ranges.count == 1 && set.ranges[0].count == 1
    return (set, !isOne)
  }

  private mutating func escape() throws(PatternError) -> ScalarSet {
    guard let next = rest.popFirst() else { throw PatternError("a backslash at the end") }
    func one(_ value: UInt32) -> ScalarSet { ScalarSet(value...value) }
    switch next {
    case "d": return .digit
    case "D": return .digit.negated()
    case "w": return .word
    case "W": return .word.negated()
    case "s": return .space
    case "S": return .space.negated()
    case "t": return one(0x09)
    case "n": return one(0x0A)
    case "v": return one(0x0B)
    case "f": return one(0x0C)
    case "r": return one(0x0D)
    case "0": return one(0)
    case "c":
      guard let letter = rest.popFirst(), ("a"..."z").contains(letter) || ("A"..."Z").contains(letter) else {
        throw PatternError("\\c without a letter")
      }
      return one(letter.value % 32)
    case "x": return one(try hexadecimal(2))
    case "u": return one(try codePoint())
    case "p": return try property()
    case "P": return try property().negated()
    case "1"..."9", "k": throw PatternError("\\\(next) refers back, which takes no linear time")
    default:
      guard next.isASCII, !next.properties.isAlphabetic else { throw PatternError("\\\(next) is no escape") }
      return one(next.value)
    }
  }

  private mutating func hexadecimal(_ count: Int) throws(PatternError) -> UInt32 {
    var value: UInt32 = 0
    for _ in 0..<count {
      guard let digit = rest.popFirst().flatMap({ Character($0).hexDigitValue }) else {
        throw PatternError("an escape without its \(count) hexadecimal digits")
      }
      value = value << 4 | UInt32(digit)
    }
    return value
  }

  private mutating func codePoint() throws(PatternError) -> UInt32 {
    if take("{") {
      var value: UInt32 = 0
      while !take("}") {
        guard let digit = rest.popFirst().flatMap({ Character($0).hexDigitValue }), value <= 0x10FFFF else {
          throw PatternError("\\u{…} is no code point")
        }
        value = value << 4 | UInt32(digit)
      }
      guard value <= 0x10FFFF else { throw PatternError("\\u{…} is no code point") }
      return value
    }
    let first = try hexadecimal(4)
    // Two escapes of surrogates are one code point.
    let before = rest
    if (0xD800..<0xDC00).contains(first), take("\\u"), let second = try? hexadecimal(4),
      (0xDC00..<0xE000).contains(second)
    {
      return 0x10000 + (first - 0xD800) << 10 + (second - 0xDC00)
    }
    if (0xD800..<0xDC00).contains(first) { rest = before }
    return first
  }

  private mutating func property() throws(PatternError) -> ScalarSet {
    var name = ""
    guard take("{") else { throw PatternError("\\p without {…}") }
    while !take("}") {
      guard let next = rest.popFirst() else { throw PatternError("\\p{…} does not end") }
      name.unicodeScalars.append(next)
    }
    guard let set = UnicodeProperty.set(named: name) else {
      throw PatternError("\\p{\(name)} is no property that is known here")
    }
    return set
  }
}
