/// Counts the work that one pattern costs, so that a hostile one ends with a message and not with a long wait.
struct PatternBudget {
  /// In steps: a state, a range or a cell of the table that is looked at.
  static let limit = 1_000_000

  /// Of a Unicode property that the pattern names: its first use walks over all code points.
  private static let propertyCost = 60_000

  private(set) var spent = 0
  private(set) var properties: Set<String> = []

  mutating func spend(_ steps: Int) throws(PatternError) {
    spent += steps
    guard spent <= Self.limit else {
      throw PatternError(
        message: "the pattern takes too much work to compile; use maxLength instead of high repetitions, or fewer"
          + " alternatives")
    }
  }

  mutating func spend(onProperty name: String) throws(PatternError) {
    if properties.insert(name).inserted { try spend(Self.propertyCost) }
  }
}
