/// The code points divided into classes that no set of a pattern tells apart.
struct PatternClasses {
  /// Sorted. Class 0 is the one of U+10FFFF and has no ranges.
  private(set) var ranges: [CompiledPattern.Range] = []
  private(set) var count = 1
  /// The classes that each set consists of, rising.
  private(set) var ofSet: [[Int]] = []

  init(_ sets: [CharacterSet], budget: inout PatternBudget) throws(PatternError) {
    var bounds: [UInt32] = [0]
    for set in sets {
      for range in set.ranges {
        bounds.append(range.lowerBound)
        if range.upperBound < CharacterSet.last { bounds.append(range.upperBound + 1) }
      }
    }
    try budget.spend(8 * bounds.count)
    let starts = Self.sortedAndUnique(bounds)
    let (blocks, intervals) = try Self.refine(starts, by: sets, budget: &budget)

    // Numbered by their first code point, but for class 0.
    var numbers: [Int?] = Array(repeating: nil, count: starts.count)
    numbers[blocks[starts.count - 1]] = 0
    for (index, start) in starts.enumerated() {
      if numbers[blocks[index]] == nil {
        numbers[blocks[index]] = count
        count += 1
      }
      guard let number = numbers[blocks[index]], number != 0 else { continue }
      let end = index + 1 < starts.count ? starts[index + 1] - 1 : CharacterSet.last
      if let previous = ranges.last, previous.characterClass == number, previous.upper + 1 == start {
        ranges[ranges.count - 1].upper = end
      } else {
        ranges.append(CompiledPattern.Range(lower: start, upper: end, characterClass: UInt16(number)))
      }
    }
    ofSet = intervals.map { indices in Self.sortedAndUnique(indices.compactMap { numbers[blocks[$0]] }) }
  }

  private static func sortedAndUnique<Value: Comparable>(_ values: [Value]) -> [Value] {
    var result: [Value] = []
    for value in values.sorted() where result.last != value { result.append(value) }
    return result
  }

  /// Divides the intervals that begin at `starts` by each set in turn: what is in the set leaves the block that it is
  /// in. Returns each interval's block and each set's intervals.
  private static func refine(
    _ starts: [UInt32], by sets: [CharacterSet], budget: inout PatternBudget
  ) throws(PatternError) -> (blocks: [Int], intervals: [[Int]]) {
    var blocks = Array(repeating: 0, count: starts.count)
    var sizes = [starts.count]
    var intervals: [[Int]] = []
    for set in sets {
      var inside: [Int] = []
      var index = 0
      for range in set.ranges {
        index = self.index(of: range.lowerBound, in: starts, from: index)
        while index < starts.count, starts[index] <= range.upperBound {
          inside.append(index)
          index += 1
        }
      }
      try budget.spend(4 * inside.count + 8 * set.ranges.count)
      var counts: [Int: Int] = [:]
      for index in inside { counts[blocks[index], default: 0] += 1 }
      var divided: [Int: Int] = [:]
      for index in inside {
        let block = blocks[index]
        // A block that lies in the set as a whole is not divided.
        guard counts[block] != sizes[block] else { continue }
        let new = divided[block] ?? sizes.count
        if divided[block] == nil {
          divided[block] = new
          sizes.append(0)
        }
        blocks[index] = new
        sizes[new] += 1
      }
      for (block, new) in divided { sizes[block] -= sizes[new] }
      intervals.append(inside)
    }
    return (blocks, intervals)
  }

  /// The interval that begins at a bound of a set.
  private static func index(of start: UInt32, in starts: [UInt32], from first: Int) -> Int {
    var low = first
    var high = starts.count
    while low < high {
      let middle = (low + high) / 2
      if starts[middle] < start { low = middle + 1 } else { high = middle }
    }
    return low
  }
}
