/// When to ask a connection whether it lives, and when to give it up. Without a clock of its own.
///
/// Redis answers at once or not at all: whoever waits for an answer longer than `limit` waits for nobody. A connection
/// that is quiet for `interval` is asked (PING), so that a partition is noticed within `interval` + `limit`.
struct Health {
  let interval: Duration
  let limit: Duration
  private var lastHeard: ContinuousClock.Instant
  /// Since when an answer is owed, and how many bytes had to be carried for it.
  private var waitingSince: ContinuousClock.Instant?
  private var owedBytes = 0

  init(interval: Duration, limit: Duration, now: ContinuousClock.Instant) {
    self.interval = interval
    self.limit = limit
    lastHeard = now
  }

  enum Verdict: Equatable {
    /// Nothing to do before this time.
    case wait(until: ContinuousClock.Instant)
    case ping
    case dead
  }

  /// Something that will be answered was handed to the connection.
  mutating func sent(bytes: Int, now: ContinuousClock.Instant) {
    owedBytes += bytes
    if waitingSince == nil { waitingSince = now }
  }

  /// Bytes have come. `owedBytes` is the size of what is still to be answered; nil if nothing is.
  mutating func heard(owedBytes: Int?, now: ContinuousClock.Instant) {
    lastHeard = now
    waitingSince = owedBytes == nil ? nil : now
    self.owedBytes = owedBytes ?? 0
  }

  func check(now: ContinuousClock.Instant) -> Verdict {
    guard let waitingSince else {
      let due = lastHeard + interval
      return now >= due ? .ping : .wait(until: due)
    }
    // A large message takes its time; slower than 8 MB/s is no link between servers.
    let due = waitingSince + limit + .microseconds(owedBytes / 8)
    return now >= due ? .dead : .wait(until: due)
  }
}
