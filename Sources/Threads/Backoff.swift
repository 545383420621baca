/// Growing pauses with jitter, so that the connections of many servers do not come back in step.
package struct Backoff {
  private let first: Duration
  private let limit: Duration
  private var pause: Duration

  package init(first: Duration, limit: Duration) {
    self.first = first
    self.limit = limit
    pause = first
  }

  /// The next pause: half of it certain, half random.
  package mutating func next() -> Duration {
    defer { pause = min(pause * 2, limit) }
    return pause / 2 * Double.random(in: 1...2)
  }

  package mutating func reset() { pause = first }
}
