/// A regular expression as a tree.
indirect enum PatternNode: Equatable {
  case empty
  /// One code point of the set with this number in `PatternTree.sets`.
  case set(Int)
  case start
  case end
  case sequence([PatternNode])
  case alternatives([PatternNode])
  /// `maximum` nil: without end.
  case repetition(PatternNode, minimum: Int, maximum: Int?)
}

/// A parsed pattern: its root, and its sets of code points, each once.
struct PatternTree {
  var root: PatternNode
  var sets: [CharacterSet]
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

  let characters: [UInt32]
  var index = 0
  var budget: PatternBudget
  private var sets: [CharacterSet] = []
  private var numbers: [CharacterSet: Int] = [:]

  static func parse(_ source: String, budget: inout PatternBudget) throws(PatternError) -> PatternTree {
    let characters = source.unicodeScalars.prefix(lengthLimit + 1).map(\.value)
    guard characters.count <= lengthLimit else {
      throw PatternError(message: "the pattern is longer than \(lengthLimit) characters")
    }
    var parser = PatternParser(characters: characters, budget: budget)
    defer { budget = parser.budget }
    let root = try parser.parseAlternatives(depth: 0)
    if parser.index < parser.characters.count { throw parser.error("unbalanced ')'") }
    return PatternTree(root: root, sets: parser.sets)
  }

  private init(characters: [UInt32], budget: PatternBudget) {
    self.characters = characters
    self.budget = budget
  }

  func error(_ message: String, back: Int = 0) -> PatternError {
    PatternError(message: message, position: index - back + 1)
  }

  var next: Unicode.Scalar? {
    index < characters.count ? Unicode.Scalar(characters[index]) : nil
  }

  mutating func take(_ scalar: Unicode.Scalar) -> Bool {
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
    case ".": return try set(CharacterSet.lineTerminators.inverted)
    case "(": return try parseGroup(depth: depth)
    case "[": return try set(try parseClass())
    case "\\": return try set(try parseEscape(inClass: false))
    case "*", "+", "?": throw error("'\(scalar)' repeats nothing", back: 1)
    case "{", "}", "]": throw error("a literal '\(scalar)' is written '\\\(scalar)'", back: 1)
    default: return try set(CharacterSet(scalar.value))
    }
  }

  private mutating func set(_ set: CharacterSet) throws(PatternError) -> PatternNode {
    try budget.spend(1 + set.ranges.count)
    if let number = numbers[set] { return .set(number) }
    numbers[set] = sets.count
    sets.append(set)
    return .set(sets.count - 1)
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
}
