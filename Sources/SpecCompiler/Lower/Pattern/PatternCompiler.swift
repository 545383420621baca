/// Subset construction: the nondeterministic automaton becomes a `CompiledPattern`.
struct PatternCompiler {
  /// Of the deterministic automaton.
  static let stateLimit = 4_096
  /// Minimising is worth its time only where a table is small.
  private static let minimisedStates = 256

  private let automaton: PatternAutomaton
  private var ranges: [CompiledPattern.Range] = []
  /// A code point of each class.
  private var representatives: [UInt32] = []
  /// Where a match may begin again behind the first character: a pattern is not anchored by itself.
  private let restart: [Int]

  private var transitions: [[Int]] = []
  private var accepting: [Bool] = []
  private var numbers: [[Int]: Int] = [:]

  static func compile(_ source: String) throws(PatternError) -> CompiledPattern {
    let root = try PatternParser.parse(source)
    var compiler = PatternCompiler(try PatternAutomaton(root))
    try compiler.build()
    compiler.minimise()
    compiler.mergeClasses()
    return compiler.pattern(source: source)
  }

  private init(_ automaton: PatternAutomaton) {
    self.automaton = automaton
    restart = automaton.closure(of: [automaton.initial], atStart: false, atEnd: false)
    partition()
  }

  // MARK: - Classes

  /// Divides the code points into classes that no set of the pattern tells apart. The one that U+10FFFF is in becomes
  /// class 0 and needs no ranges.
  private mutating func partition() {
    var sets: [CharacterSet] = []
    var known: Set<CharacterSet> = []
    for case .read(let set, _) in automaton.states where known.insert(set).inserted { sets.append(set) }
    var bounds: Set<UInt32> = [0]
    for range in sets.flatMap(\.ranges) {
      bounds.insert(range.lowerBound)
      bounds.insert(range.upperBound + 1)
    }
    let starts = bounds.filter { $0 <= CharacterSet.last }.sorted()
    func signature(_ scalar: UInt32) -> [Bool] { sets.map { $0.contains(scalar) } }
    var classes: [[Bool]: UInt16] = [signature(CharacterSet.last): 0]
    representatives = [CharacterSet.last]
    for (index, start) in starts.enumerated() {
      let end = index + 1 < starts.count ? starts[index + 1] - 1 : CharacterSet.last
      let signature = signature(start)
      if classes[signature] == nil {
        classes[signature] = UInt16(representatives.count)
        representatives.append(start)
      }
      guard let number = classes[signature], number != 0 else { continue }
      if let previous = ranges.last, previous.characterClass == number, previous.upper + 1 == start {
        ranges[ranges.count - 1].upper = end
      } else {
        ranges.append(CompiledPattern.Range(lower: start, upper: end, characterClass: number))
      }
    }
  }

  // MARK: - Subsets

  private mutating func build() throws(PatternError) {
    // What has matched stays matched: one absorbing state for all of these.
    let matched = [0]
    numbers[matched] = 0
    transitions.append(representatives.map { _ in 0 })
    accepting.append(true)
    let first = automaton.closure(of: [automaton.initial], atStart: true, atEnd: false)
    var subsets = [matched]
    if first.contains(0) {
      initial = 0
      return
    }
    // The first state is one of its own: only there can ^ pass, so its own end is judged with it.
    subsets.append(first)
    transitions.append([])
    accepting.append(automaton.closure(of: [automaton.initial], atStart: true, atEnd: true).contains(0))
    initial = 1
    var next = 1
    while next < subsets.count {
      for representative in representatives {
        let subset = step(subsets[next], over: representative)
        transitions[next].append(try number(of: subset, in: &subsets))
      }
      next += 1
    }
  }

  private var initial = 1

  private func step(_ subset: [Int], over scalar: UInt32) -> [Int] {
    var targets: [Int] = []
    for case .read(let set, let target) in subset.map({ automaton.states[$0] }) where set.contains(scalar) {
      targets.append(target)
    }
    let reached = automaton.closure(of: targets, atStart: false, atEnd: false)
    let union = Array(Set(reached).union(restart)).sorted()
    return union.first == 0 ? [0] : union
  }

  private mutating func number(of subset: [Int], in subsets: inout [[Int]]) throws(PatternError) -> Int {
    if let number = numbers[subset] { return number }
    guard subsets.count < Self.stateLimit else {
      throw PatternError(
        message: "the pattern needs more than \(Self.stateLimit) states; use maxLength instead of high repetitions")
    }
    let number = subsets.count
    numbers[subset] = number
    subsets.append(subset)
    transitions.append([])
    accepting.append(automaton.closure(of: subset, atStart: false, atEnd: true).contains(0))
    return number
  }

  // MARK: - Minimising

  /// Moore's algorithm: states are the same until something tells them apart.
  private mutating func minimise() {
    guard transitions.count <= Self.minimisedStates else { return }
    var blocks = accepting.map { $0 ? 1 : 0 }
    var count = Set(blocks).count
    while true {
      var known: [[Int]: Int] = [:]
      let refined = transitions.indices.map { state in
        let signature = [blocks[state]] + transitions[state].map { blocks[$0] }
        if let block = known[signature] { return block }
        known[signature] = known.count
        return known.count - 1
      }
      blocks = refined
      if known.count == count { break }
      count = known.count
    }
    var merged = Array(repeating: [Int](), count: count)
    var mergedAccepting = Array(repeating: false, count: count)
    for state in transitions.indices {
      merged[blocks[state]] = transitions[state].map { blocks[$0] }
      mergedAccepting[blocks[state]] = accepting[state]
    }
    initial = blocks[initial]
    transitions = merged
    accepting = mergedAccepting
  }

  /// Classes that no state tells apart become one; class 0 stays the first.
  private mutating func mergeClasses() {
    var known: [[Int]: UInt16] = [:]
    let numbers = representatives.indices.map { index in
      let column = transitions.map { $0[index] }
      let number = known[column] ?? UInt16(known.count)
      known[column] = number
      return number
    }
    guard known.count < representatives.count else { return }
    let first = (0..<known.count).compactMap { number in numbers.firstIndex(of: UInt16(number)) }
    representatives = first.map { representatives[$0] }
    transitions = transitions.map { row in first.map { row[$0] } }
    var merged: [CompiledPattern.Range] = []
    for var range in ranges {
      range.characterClass = numbers[Int(range.characterClass)]
      if range.characterClass == 0 { continue }
      if let previous = merged.last, previous.characterClass == range.characterClass, previous.upper + 1 == range.lower
      {
        merged[merged.count - 1].upper = range.upper
      } else {
        merged.append(range)
      }
    }
    ranges = merged
  }

  // MARK: - Result

  /// Numbers the states from the initial one in order of discovery and leaves out those that can't match any more.
  private func pattern(source: String) -> CompiledPattern {
    let alive = statesThatCanMatch()
    var order = [initial]
    var numbers = [initial: 0]
    var next = 0
    while next < order.count {
      for target in transitions[order[next]] where alive[target] && numbers[target] == nil {
        numbers[target] = order.count
        order.append(target)
      }
      next += 1
    }
    let table = order.flatMap { state in
      transitions[state].map { target in
        alive[target] ? numbers[target].map(UInt16.init) ?? CompiledPattern.dead : CompiledPattern.dead
      }
    }
    return CompiledPattern(
      source: source, ranges: ranges, classCount: representatives.count, transitions: table,
      accepting: order.map { accepting[$0] })
  }

  private func statesThatCanMatch() -> [Bool] {
    var sources = Array(repeating: [Int](), count: transitions.count)
    for (state, targets) in transitions.enumerated() {
      for target in targets { sources[target].append(state) }
    }
    var alive = accepting
    var pending = accepting.indices.filter { accepting[$0] }
    while let state = pending.popLast() {
      for source in sources[state] where !alive[source] {
        alive[source] = true
        pending.append(source)
      }
    }
    return alive
  }
}

extension CompiledPattern {
  /// Whether a text that has this code point can match.
  func takes(_ scalar: UInt32) -> Bool {
    let characterClass = Int(ranges.first { $0.lower <= scalar && scalar <= $0.upper }?.characterClass ?? 0)
    return accepting.indices.contains { transitions[$0 * classCount + characterClass] != Self.dead }
  }

  /// Whether some part of the text matches.
  func matches(_ text: String) -> Bool {
    var state = 0
    for scalar in text.unicodeScalars {
      let characterClass = ranges.first { $0.lower <= scalar.value && scalar.value <= $0.upper }?.characterClass ?? 0
      let next = transitions[state * classCount + Int(characterClass)]
      if next == Self.dead { return false }
      state = Int(next)
    }
    return accepting[state]
  }
}
