/// What was probably meant by a name that nothing has.
public struct Suggestion: Hashable, Sendable {
  /// As it is in the file: a key, or a whole scalar.
  public let written: String
  /// What to write in its place.
  public let replacement: String

  public init(written: String, replacement: String) {
    self.written = written
    self.replacement = replacement
  }
}

/// Finds what a misspelt name was meant to be. All questions of a run share its steps: a file can have thousands of
/// wrong names, each with thousands of right ones.
struct Spelling: Sendable {
  /// A step is a name that was looked at, or a pair of characters that was compared.
  private var stepsLeft: Int

  /// Of a name, in characters: a longer one is compared with none.
  private static let lengthLimit = 100

  init(steps: Int = 2_000_000) {
    stepsLeft = steps
  }

  /// The candidate that differs least, the first of several; nil if all differ in more than a quarter of the name's
  /// characters, or the steps are spent. Upper and lower case are the same.
  mutating func closest(to name: String, among candidates: some Sequence<String>) -> String? {
    let name = Array(name.lowercased().prefix(Self.lengthLimit + 1))
    guard stepsLeft > 0, name.count <= Self.lengthLimit else { return nil }
    // Of one character nothing would be left.
    var limit = min(max(1, name.count / 4), name.count - 1)
    var best: String?
    for candidate in candidates {
      stepsLeft -= 1
      guard stepsLeft > 0 else { return nil }
      let other = Array(candidate.lowercased().prefix(name.count + limit + 1))
      guard abs(other.count - name.count) <= limit else { continue }
      stepsLeft -= name.count * other.count
      let distance = Self.distance(name, other)
      guard distance <= limit else { continue }
      best = candidate
      // From here on only a closer one counts.
      limit = distance - 1
      if limit < 0 { break }
    }
    return best
  }

  /// How many characters are to be put in, left out, replaced or swapped with the next (optimal string alignment).
  private static func distance(_ left: [Character], _ right: [Character]) -> Int {
    var previous: [Int] = []
    var row = Array(0...right.count)
    for i in left.indices {
      var next = [i + 1]
      next.reserveCapacity(right.count + 1)
      for j in right.indices {
        var steps = min(row[j] + (left[i] == right[j] ? 0 : 1), row[j + 1] + 1, next[j] + 1)
        if i > 0, j > 0, left[i] == right[j - 1], left[i - 1] == right[j] { steps = min(steps, previous[j - 1] + 1) }
        next.append(steps)
      }
      (previous, row) = (row, next)
    }
    return row[right.count]
  }
}
