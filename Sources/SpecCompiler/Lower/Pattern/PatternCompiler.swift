/// Subset construction: the nondeterministic automaton becomes a `CompiledPattern`.
struct PatternCompiler {
  /// Of the deterministic automaton.
  static let stateLimit = 4_096
  /// Of its table.
  private static let cellLimit = 1 << 17
  /// Minimising is worth its time only where a table is small.
  private static let minimisedStates = 256
  /// Of cells that minimising looks at: where they don't suffice, the table stays as it is.
  private static let minimisingLimit = 1 << 19

  private var automaton: PatternAutomaton
  private let classes: PatternClasses
  private var budget: PatternBudget
  private var ranges: [CompiledPattern.Range]
  private var classCount: Int

  private var initial = 1
  private var transitions: [[Int]] = []
  private var accepting: [Bool] = []
  private var subsets: [[Int]] = []
  private var numbers: [[Int]: Int] = [:]

  static func compile(_ source: String) throws(PatternError) -> CompiledPattern {
    var budget = PatternBudget()
    return try compile(source, budget: &budget)
  }

  static func compile(_ source: String, budget: inout PatternBudget) throws(PatternError) -> CompiledPattern {
    let tree = try PatternParser.parse(source, budget: &budget)
    let automaton = try PatternAutomaton(tree.root, budget: &budget)
    let classes = try PatternClasses(tree.sets, budget: &budget)
    var compiler = PatternCompiler(automaton, classes, budget)
    defer { budget = compiler.budget }
    try compiler.build()
    compiler.mergeClasses()
    compiler.minimise()
    compiler.mergeClasses()
    return compiler.pattern(source: source)
  }

  private init(_ automaton: PatternAutomaton, _ classes: PatternClasses, _ budget: PatternBudget) {
    self.automaton = automaton
    self.classes = classes
    self.budget = budget
    ranges = classes.ranges
    classCount = classes.count
  }

  // MARK: - Subsets

  private mutating func closure(
    of seeds: [Int], atStart: Bool = false, atEnd: Bool = false
  ) throws(PatternError) -> [Int] {
    try automaton.closure(of: seeds, atStart: atStart, atEnd: atEnd, budget: &budget)
  }

  private mutating func build() throws(PatternError) {
    // What has matched stays matched: one absorbing state for all of these.
    _ = append([0], transitions: Array(repeating: 0, count: classCount), isAccepting: true)
    numbers[[0]] = 0
    let first = try closure(of: [automaton.initial], atStart: true)
    if first.first == 0 {
      initial = 0
      return
    }
    // The first state is one of its own: only there can ^ pass, so its own end is judged with it.
    let matchesEmpty = try closure(of: [automaton.initial], atStart: true, atEnd: true).first == 0
    initial = append(first, transitions: [], isAccepting: matchesEmpty)
    var next = initial
    while next < subsets.count {
      transitions[next] = try row(of: subsets[next])
      next += 1
    }
  }

  /// Where a subset leads, for each class. A pattern is not anchored by itself, so a match may begin again behind any
  /// character.
  private mutating func row(of subset: [Int]) throws(PatternError) -> [Int] {
    try budget.spend(classCount)
    var targets: [[Int]] = Array(repeating: [], count: classCount)
    for state in subset {
      guard case .read(let set, let target) = automaton.states[state] else { continue }
      try budget.spend(1 + classes.ofSet[set].count)
      for number in classes.ofSet[set] { targets[number].append(target) }
    }
    // Most characters of most patterns lead nowhere but to the beginning.
    var restart: Int?
    var row: [Int] = []
    for seeds in targets {
      if seeds.isEmpty, let restart {
        row.append(restart)
        continue
      }
      let reached = try closure(of: seeds + [automaton.initial])
      let number = try number(of: reached.first == 0 ? [0] : reached)
      if seeds.isEmpty { restart = number }
      row.append(number)
    }
    return row
  }

  private mutating func number(of subset: [Int]) throws(PatternError) -> Int {
    if let number = numbers[subset] { return number }
    guard subsets.count < Self.stateLimit else {
      throw PatternError(
        message: "the pattern needs more than \(Self.stateLimit) states; use maxLength instead of high repetitions")
    }
    guard (subsets.count + 1) * classCount <= Self.cellLimit else {
      throw PatternError(
        message: "the pattern's table is too large; use maxLength instead of high repetitions, or fewer alternatives")
    }
    let isAccepting = try closure(of: subset, atEnd: true).first == 0
    let number = append(subset, transitions: [], isAccepting: isAccepting)
    numbers[subset] = number
    return number
  }

  private mutating func append(_ subset: [Int], transitions row: [Int], isAccepting: Bool) -> Int {
    subsets.append(subset)
    transitions.append(row)
    accepting.append(isAccepting)
    return subsets.count - 1
  }

  // MARK: - Minimising

  /// Moore's algorithm: states are the same until something tells them apart.
  private mutating func minimise() {
    guard transitions.count <= Self.minimisedStates else { return }
    var cells = 0
    var blocks = accepting.map { $0 ? 1 : 0 }
    var count = Set(blocks).count
    while true {
      cells += transitions.count * classCount
      guard cells <= Self.minimisingLimit else { return }
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
    let numbers = (0..<classCount).map { index in
      let column = transitions.map { $0[index] }
      let number = known[column] ?? UInt16(known.count)
      known[column] = number
      return number
    }
    guard known.count < classCount else { return }
    let first = (0..<known.count).compactMap { number in numbers.firstIndex(of: UInt16(number)) }
    classCount = first.count
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
    var numbers = Array(repeating: CompiledPattern.dead, count: transitions.count)
    numbers[initial] = 0
    var next = 0
    while next < order.count {
      for target in transitions[order[next]] where alive[target] && numbers[target] == CompiledPattern.dead {
        numbers[target] = UInt16(order.count)
        order.append(target)
      }
      next += 1
    }
    let table = order.flatMap { state in transitions[state].map { alive[$0] ? numbers[$0] : CompiledPattern.dead } }
    return CompiledPattern(
      source: source, ranges: ranges, classCount: classCount, transitions: table, accepting: order.map { accepting[$0] }
    )
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
