/// What is left in a bucket of tokens, counted by one who only sees what comes back: between two bounds, for nobody knows
/// when in the time between request and answer the server took the token.
struct TokenCount: Sendable {
  /// Seconds on some clock: a request was sent, and its answer was there.
  struct Moment: Sendable {
    let sent: Double
    let received: Double
  }

  /// So much is no difference: the server's own count is in whole nanoseconds.
  private static let tolerance = 1e-6

  let capacity: ClosedRange<Double>
  /// Seconds until there is a token more.
  let interval: ClosedRange<Double>
  private let start: ClosedRange<Double>
  private let first: Moment
  private(set) var spent = 0
  /// What ran over while the bucket was full, at least and at most.
  private var overflow = (least: 0.0, most: 0.0)

  /// - Parameter start: what is in the bucket at the first moment, before anything is taken.
  init(capacity: ClosedRange<Double>, interval: ClosedRange<Double>, start: ClosedRange<Double>, at first: Moment) {
    self.capacity = capacity
    self.interval = interval
    self.start = start
    self.first = first
  }

  /// How many tokens there were at a moment.
  func level(at moment: Moment) -> ClosedRange<Double> {
    let level = unbounded(at: moment)
    let most = max(0, min(level.upperBound - overflow.least, capacity.upperBound))
    return max(0, min(level.lowerBound - overflow.most, capacity.lowerBound, most))...most
  }

  /// As if nothing ever ran over.
  private func unbounded(at moment: Moment) -> ClosedRange<Double> {
    // At the first moment itself no time has gone by, whenever in it that was.
    let isFirst = moment.sent <= first.sent
    let passed = (isFirst ? 0 : max(0, moment.sent - first.received))...(isFirst ? 0 : moment.received - first.sent)
    let least = start.lowerBound + passed.lowerBound / interval.upperBound
    let most = start.upperBound + passed.upperBound / interval.lowerBound
    return least - Double(spent)...most - Double(spent)
  }

  /// Takes a token for what was let through.
  ///
  /// - Parameter remaining: how many are left, as the server tells; nil where it does not.
  /// - Returns: what is wrong with that.
  mutating func letThrough(at moment: Moment, remaining: Int?) -> [String] {
    let free = unbounded(at: moment)
    overflow.least = max(overflow.least, free.lowerBound - capacity.upperBound)
    overflow.most = max(overflow.most, free.upperBound - capacity.lowerBound)
    let level = level(at: moment)
    spent += 1
    guard level.upperBound >= 1 - Self.tolerance else { return ["is let through where the limit is used up"] }
    let left = (level.lowerBound - 1 - Self.tolerance).rounded(.down)...(level.upperBound - 1 + Self.tolerance)
    guard let remaining, !left.contains(Double(remaining)) else { return [] }
    return ["says that \(remaining) are left, where it is \(Self.text(left))"]
  }

  /// - Parameter seconds: that the server says to wait.
  /// - Returns: what is wrong with a refusal.
  func refused(at moment: Moment, seconds: Int) -> [String] {
    let level = level(at: moment)
    guard level.lowerBound < 1 + Self.tolerance else {
      return ["is refused where \(Self.text(level.lowerBound)) are left"]
    }
    let least = (max(0, 1 - level.upperBound) * interval.lowerBound - Self.tolerance).rounded(.up)
    let most = (max(0, 1 - level.lowerBound) * interval.upperBound + Self.tolerance).rounded(.up)
    let wait = max(1, least)...max(1, most)
    return wait.contains(Double(seconds)) ? [] : ["says to wait \(seconds) s, where it is \(Self.text(wait)) s"]
  }

  private static func text(_ range: ClosedRange<Double>) -> String {
    let (least, most) = (text(range.lowerBound), text(range.upperBound))
    return least == most ? least : "\(least) to \(most)"
  }

  /// Whole, or as it is where no Int is so large.
  private static func text(_ number: Double) -> String {
    Int(exactly: number.rounded(.down)).map(String.init) ?? "\(number)"
  }
}
