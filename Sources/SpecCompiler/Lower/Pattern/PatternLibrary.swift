/// The patterns of both specs: each is compiled once, and all together may cost only so much.
struct PatternLibrary {
  enum Outcome {
    case compiled(CompiledPattern)
    case refused(PatternError)
    /// Over the limit, which has been said at the first such pattern.
    case skipped
  }

  /// In the steps of `PatternBudget`.
  private static let limit = 8_000_000
  /// Of a pattern whatever it is.
  private static let baseCost = 500
  /// Of a Unicode property when the specs first use it.
  private static let propertyCost = 120_000

  private var known: [String: Outcome] = [:]
  private var properties: Set<String> = []
  private var spent = 0

  mutating func compile(_ source: String) -> Outcome {
    if let outcome = known[source] { return outcome }
    guard spent <= Self.limit else { return .skipped }
    var budget = PatternBudget()
    var outcome: Outcome
    do throws(PatternError) {
      let pattern = try PatternCompiler.compile(source, budget: &budget)
      guard pattern.accepting.contains(true) else { throw PatternError(message: "no text matches the pattern") }
      outcome = .compiled(pattern)
    } catch {
      outcome = .refused(error)
    }
    spent += Self.baseCost + budget.spent + budget.properties.subtracting(properties).count * Self.propertyCost
    properties.formUnion(budget.properties)
    if spent > Self.limit, case .compiled = outcome {
      outcome = .refused(
        PatternError(message: "the patterns up to this one take too much work to compile; use fewer or simpler ones"))
    }
    known[source] = outcome
    return outcome
  }
}
