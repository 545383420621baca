/// What a compiled pattern says of texts.
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

  /// How many code points the texts that match have; nil if none matches, and `longest` nil if there is no end.
  var lengths: (shortest: Int, longest: Int?)? {
    // Every state but the first is reached, and leads to an accepting one; the first may do neither.
    guard accepting.contains(true) else { return nil }
    let targets = accepting.indices.map { state in
      Set(transitions[(state * classCount)..<((state + 1) * classCount)]).subtracting([Self.dead]).map(Int.init)
    }
    var shortest = 0
    var reached: Set = [0]
    var front = [0]
    while !front.contains(where: { accepting[$0] }) {
      shortest += 1
      front = front.flatMap { targets[$0] }.filter { reached.insert($0).inserted }
    }
    return (shortest, longestWay(targets))
  }

  /// In the order in which no state comes before what leads to it; a loop has no such order and no longest way.
  private func longestWay(_ targets: [[Int]]) -> Int? {
    var sources = Array(repeating: 0, count: targets.count)
    for target in targets.joined() { sources[target] += 1 }
    var distances = Array(repeating: 0, count: targets.count)
    var pending = sources[0] == 0 ? [0] : []
    var ordered = 0
    while let state = pending.popLast() {
      ordered += 1
      for target in targets[state] {
        distances[target] = max(distances[target], distances[state] + 1)
        sources[target] -= 1
        if sources[target] == 0 { pending.append(target) }
      }
    }
    return ordered == targets.count ? distances.max() : nil
  }
}
