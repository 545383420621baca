/// Where a reader stands: the names and indices that lead from the whole text to the value before it.
///
/// A step is one number, and a place is there for each level that a text may nest: nothing is allocated, and no name is
/// made a text before something has to be said about it.
struct JSONPath {
  enum Step: Equatable {
    /// Where in the bytes the name begins, at its quote.
    case name(at: Int)
    case index(Int)
  }

  /// Offsets of names, and the complements of indices.
  private var numbers = InlineArray<64, Int>(repeating: 0)
  /// Of the steps: at most ``JSONReader/maxDepth``, since each is within a container that was entered.
  var count = 0

  mutating func append(nameAt offset: Int) {
    numbers[count] = offset
    count &+= 1
  }

  mutating func append(index: Int) {
    numbers[count] = ~index
    count &+= 1
  }

  mutating func removeLast() { count &-= 1 }

  var steps: [Step] {
    (0..<count).map { numbers[$0] < 0 ? .index(~numbers[$0]) : .name(at: numbers[$0]) }
  }
}
