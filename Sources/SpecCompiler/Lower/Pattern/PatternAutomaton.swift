/// Thompson's construction: a tree becomes a nondeterministic automaton with empty moves.
struct PatternAutomaton {
  enum State {
    case split([Int])
    /// One code point of the set with this number in `PatternTree.sets`.
    case read(set: Int, next: Int)
    /// Passed only before the first character.
    case start(Int)
    /// Passed only behind the last character.
    case end(Int)
    case match
  }

  /// Repetitions are written out, so that `(x{100}){100}` has to stop somewhere.
  private static let stateLimit = 50_000

  private(set) var states: [State] = [.match]
  private(set) var initial = 0
  /// The last round of `closure` that met each state.
  private var rounds: [Int] = []
  private var round = 0

  init(_ root: PatternNode, budget: inout PatternBudget) throws(PatternError) {
    initial = try add(root, next: 0)
    try budget.spend(states.count)
    rounds = Array(repeating: 0, count: states.count)
  }

  private mutating func append(_ state: State) throws(PatternError) -> Int {
    guard states.count < Self.stateLimit else {
      throw PatternError(message: "the pattern is too large; use maxLength instead of high repetitions")
    }
    states.append(state)
    return states.count - 1
  }

  /// Adds states that match `node` and go on at `next`; returns the first.
  private mutating func add(_ node: PatternNode, next: Int) throws(PatternError) -> Int {
    switch node {
    case .empty:
      return next
    case .set(let set):
      return try append(.read(set: set, next: next))
    case .start:
      return try append(.start(next))
    case .end:
      return try append(.end(next))
    case .sequence(let nodes):
      var next = next
      for node in nodes.reversed() { next = try add(node, next: next) }
      return next
    case .alternatives(let nodes):
      var targets: [Int] = []
      for node in nodes { targets.append(try add(node, next: next)) }
      return try append(.split(targets))
    case .repetition(let node, let minimum, let maximum):
      return try addRepetition(of: node, minimum: minimum, maximum: maximum, next: next)
    }
  }

  private mutating func addRepetition(
    of node: PatternNode, minimum: Int, maximum: Int?, next: Int
  ) throws(PatternError) -> Int {
    if case .repetition(let inner, minimum: 0, maximum: 1) = node {
      // (x?){2,5} is x{0,5}: written out it would be a chain of empty moves past each x.
      return try addRepetition(of: inner, minimum: 0, maximum: maximum, next: next)
    }
    if case .repetition(let inner, minimum: 0, maximum: nil) = node, maximum != 0 {
      return try addRepetition(of: inner, minimum: 0, maximum: nil, next: next)
    }
    var entry = next
    if let maximum {
      for _ in minimum..<max(minimum, maximum) {
        let body = try add(node, next: entry)
        entry = try append(.split([body, next]))
      }
    } else {
      let loop = try append(.split([]))
      let body = try add(node, next: loop)
      states[loop] = .split([body, next])
      entry = loop
    }
    for _ in 0..<minimum { entry = try add(node, next: entry) }
    return entry
  }

  /// What is reached from `seeds` without reading, only the states that matter for what follows, in rising order.
  mutating func closure(
    of seeds: [Int], atStart: Bool, atEnd: Bool, budget: inout PatternBudget
  ) throws(PatternError) -> [Int] {
    round += 1
    var pending: [Int] = []
    var result: [Int] = []
    func visit(_ state: Int, _ rounds: inout [Int]) {
      guard rounds[state] != round else { return }
      rounds[state] = round
      pending.append(state)
    }
    try budget.spend(seeds.count)
    for seed in seeds { visit(seed, &rounds) }
    while let state = pending.popLast() {
      switch states[state] {
      case .split(let targets):
        try budget.spend(targets.count)
        for target in targets { visit(target, &rounds) }
      case .start(let target): if atStart { visit(target, &rounds) }
      case .end(let target):
        result.append(state)
        if atEnd { visit(target, &rounds) }
      case .read, .match: result.append(state)
      }
    }
    // To sort and to look up cost more than to visit.
    try budget.spend(4 * result.count)
    return result.sorted()
  }
}
