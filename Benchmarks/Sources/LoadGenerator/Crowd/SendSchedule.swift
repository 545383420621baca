/// The open loop: when each message is due, whatever became of those before. Latencies count from there, so that a
/// server which stops for a second is told of with every message that it kept waiting (no coordinated omission).
struct SendSchedule {
  private let begin: UInt64
  private let end: UInt64
  private let interval: Double
  private let senders: Int
  private var count = 0

  /// - Parameters:
  ///   - rate: Messages a second of all senders together; more than 0.
  ///   - senders: They take turns.
  ///   - begin, end: On ``MonotonicClock``; nothing is due at the end or after it.
  init(rate: Double, senders: Int, begin: UInt64, end: UInt64) {
    precondition(rate > 0 && senders > 0)
    self.begin = begin
    self.end = end
    self.senders = senders
    interval = 1e9 / rate
  }

  /// When the next message is due; nil if none is any more.
  var next: UInt64? {
    let due = begin + UInt64(Double(count) * interval)
    return due < end ? due : nil
  }

  /// Takes the next message if it is due by now.
  mutating func pop(now: UInt64) -> (sender: Int, due: UInt64)? {
    guard let due = next, due <= now else { return nil }
    defer { count += 1 }
    return (count % senders, due)
  }
}
