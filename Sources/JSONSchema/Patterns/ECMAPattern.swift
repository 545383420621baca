/// A pattern of a schema as an automaton: all of its states go through a text side by side, so that a match takes at most
/// (states × code points) steps, whatever the pattern and the text are.
struct ECMAPattern: Sendable {
  /// Patterns that need more are refused: a quantifier is written out.
  static let maxStates = 20_000

  fileprivate enum Step: Sendable {
    case one(ScalarSet)
    case place(PatternNode.Place)
    case both(Int, Int)
    case go(Int)
    case match
  }

  private let steps: [Step]

  /// - Throws: what is wrong with it, or what can't be matched in linear time.
  init(_ pattern: String) throws(PatternError) {
    var builder = PatternBuilder()
    try builder.add(try PatternParser.parse(pattern))
    try builder.add(.match)
    steps = builder.steps
  }

  /// Whether it matches somewhere in the text (JSON Schema Validation §6.3.3: patterns are not anchored).
  func matches(_ text: String) -> Bool {
    var (now, then) = (StateSet(steps.count), StateSet(steps.count))
    var before: Unicode.Scalar?
    var rest = text.unicodeScalars[...]
    while true {
      let scalar = rest.popFirst()
      // It may begin at any place.
      if enter(0, &now, before, scalar) { return true }
      guard let scalar else { return false }
      then.removeAll()
      for state in now.members {
        guard case .one(let set) = steps[state], set.contains(scalar) else { continue }
        if enter(state + 1, &then, scalar, rest.first) { return true }
      }
      swap(&now, &then)
      before = scalar
    }
  }

  /// Adds a state and all that it leads to without a code point.
  ///
  /// - Returns: whether the pattern has matched.
  private func enter(
    _ first: Int, _ states: inout StateSet, _ before: Unicode.Scalar?, _ after: Unicode.Scalar?
  ) -> Bool {
    var pending = [first]
    while let state = pending.popLast() {
      guard states.insert(state) else { continue }
      switch steps[state] {
      case .match: return true
      case .one: break
      case .go(let next): pending.append(next)
      case .both(let one, let other):
        pending.append(other)
        pending.append(one)
      case .place(let place): if Self.isThere(place, before, after) { pending.append(state + 1) }
      }
    }
    return false
  }

  private static func isThere(
    _ place: PatternNode.Place, _ before: Unicode.Scalar?, _ after: Unicode.Scalar?
  ) -> Bool {
    func isWord(_ scalar: Unicode.Scalar?) -> Bool { scalar.map { ScalarSet.word.contains($0) } ?? false }
    return switch place {
    case .start: before == nil
    case .end: after == nil
    case .wordBoundary: isWord(before) != isWord(after)
    case .noWordBoundary: isWord(before) == isWord(after)
    }
  }
}

/// States in the order of their coming, each once.
private struct StateSet {
  private(set) var members: [Int] = []
  private var isIn: [Bool]

  init(_ count: Int) { isIn = Array(repeating: false, count: count) }

  mutating func insert(_ state: Int) -> Bool {
    guard !isIn[state] else { return false }
    isIn[state] = true
    members.append(state)
    return true
  }

  mutating func removeAll() {
    for state in members { isIn[state] = false }
    members.removeAll(keepingCapacity: true)
  }
}

/// Writes a pattern as steps.
private struct PatternBuilder {
  var steps: [ECMAPattern.Step] = []

  mutating func add(_ step: ECMAPattern.Step) throws(PatternError) {
    guard steps.count < ECMAPattern.maxStates else {
      throw PatternError("it needs more than \(ECMAPattern.maxStates) states")
    }
    steps.append(step)
  }

  mutating func add(_ node: PatternNode) throws(PatternError) {
    switch node {
    case .empty: break
    case .one(let set): try add(ECMAPattern.Step.one(set))
    case .place(let place): try add(ECMAPattern.Step.place(place))
    case .sequence(let nodes): for node in nodes { try add(node) }
    case .choice(let branches): try add(branches)
    case .repeated(let node, let least, let most): try add(node, least, most)
    }
  }

  private mutating func add(_ branches: [PatternNode]) throws(PatternError) {
    var ends: [Int] = []
    for (number, branch) in branches.enumerated() {
      let fork = steps.count
      let isLast = number == branches.count - 1
      if !isLast { try add(.both(fork + 1, 0)) }
      try add(branch)
      if !isLast {
        ends.append(steps.count)
        try add(.go(0))
        steps[fork] = .both(fork + 1, steps.count)
      }
    }
    for end in ends { steps[end] = .go(steps.count) }
  }

  private mutating func add(_ node: PatternNode, _ least: Int, _ most: Int?) throws(PatternError) {
    for _ in 0..<least {
      let size = steps.count
      try add(node)
      // What has no states can be repeated for ever.
      if steps.count == size { break }
    }
    guard let most else {
      let fork = steps.count
      try add(.both(fork + 1, 0))
      try add(node)
      try add(.go(fork))
      steps[fork] = .both(fork + 1, steps.count)
      return
    }
    var forks: [Int] = []
    for _ in 0..<(most - least) {
      let fork = steps.count
      forks.append(fork)
      try add(.both(fork + 1, 0))
      try add(node)
      if steps.count == fork + 1 { break }
    }
    for fork in forks { steps[fork] = .both(fork + 1, steps.count) }
  }
}
