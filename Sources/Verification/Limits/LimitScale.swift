/// By what a server multiplies the limits of its documents, as far as its answers tell: between two bounds.
struct LimitScale: Sendable, Equatable {
  let least: Double
  let most: Double

  static let one = LimitScale(least: 1, most: 1)

  /// Nearer to one than this, a server was not told other numbers: its own are wrong.
  private static let nearOne = 0.99...1.01
  private static let tolerance = 1e-9

  /// - Parameter limits: as the documents have them and as the server tells them.
  /// - Returns: nil where no factor explains them all.
  init?(_ limits: [(promised: LimitRule, told: RateLimitFields)]) {
    if limits.allSatisfy({ $1.quota == $0.burst && Double($1.window) == $0.filling.rounded(.up) }) {
      self = .one
      return
    }
    var (least, most) = (0.0, Double.infinity)
    for (promised, told) in limits {
      let (quota, window) = (Double(told.quota), Double(told.window))
      // A burst is rounded, and never less than one.
      if told.quota > 1 { least = max(least, (quota - 0.5) / Double(promised.burst)) }
      most = min(most, (quota + 0.5) / Double(promised.burst))
      // The seconds in which it comes again are rounded up.
      let tokens = quota * Double(promised.seconds) / Double(promised.limit)
      least = max(least, tokens / window - Self.tolerance)
      if window > 1 { most = min(most, tokens / (window - 1)) }
    }
    guard least > 0, least <= most, most < Self.nearOne.lowerBound || least > Self.nearOne.upperBound else {
      return nil
    }
    self.init(least: least, most: most)
  }

  private init(least: Double, most: Double) {
    self.least = least
    self.most = most
  }

  /// What a full bucket holds.
  func capacity(of rule: LimitRule) -> ClosedRange<Double> { tokens(rule, least)...tokens(rule, most) }

  private func tokens(_ rule: LimitRule, _ scale: Double) -> Double { max((Double(rule.burst) * scale).rounded(), 1) }

  /// Seconds until there is a token more.
  func interval(of rule: LimitRule) -> ClosedRange<Double> {
    let own = Double(rule.seconds) / Double(rule.limit)
    return own / most...own / least
  }
}
