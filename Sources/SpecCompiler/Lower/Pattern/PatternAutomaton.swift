/// Thompson's construction: a tree becomes a nondeterministic automaton with empty moves.
struct PatternAutomaton {
  enum State {
    case split([Int])
    case read(CharacterSet, Int)
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

  init(_ root: PatternNode) throws(PatternError) {
    initial = try add(root, next: 0)
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
      return try append(.read(set, next))
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
  func closure(of seeds: [Int], atStart: Bool, atEnd: Bool) -> [Int] {
    var seen = Set(seeds)
    var pending = seeds
    var result: [Int] = []
    func visit(_ state: Int) {
      if seen.insert(state).inserted { pending.append(state) }
    }
    while let state = pending.popLast() {
      switch states[state] {
      case .split(let targets): for target in targets { visit(target) }
      case .start(let target): if atStart { visit(target) }
      case .end(let target):
        result.append(state)
        if atEnd { visit(target) }
      case .read, .match: result.append(state)
      }
    }
    return result.sorted()
  }
}
