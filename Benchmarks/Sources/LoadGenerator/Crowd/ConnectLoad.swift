/// What became of connections that were begun together.
public struct ConnectTally: Sendable {
  public internal(set) var connected = 0
  public internal(set) var failures: [Failure: Int] = [:]
  /// From TCP's first packet to the namespace.
  public internal(set) var latencies = Latencies()
  /// From the first begin to the last end, in seconds.
  public internal(set) var seconds = 0.0
  /// The generator's own CPU time, in seconds.
  public internal(set) var cpuSeconds = 0.0
}

/// Connects a whole crowd.
public final class ConnectLoad: CrowdListener {
  public enum Pace: Sendable {
    /// So many are on their way; the next begins when one has arrived.
    case parallel(Int)
    /// So many begin each second.
    case rate(Double)
  }

  private let crowd: Crowd
  private var tally = ConnectTally()
  private var pending = 0
  private var begun = 0
  private var lost: [Failure: Int] = [:]

  public init(crowd: Crowd) {
    self.crowd = crowd
  }

  /// - Parameter patience: Seconds, from the first begin, after which what is not connected has failed.
  /// - Returns: When each of the crowd is in or has failed. None is tried twice.
  public func run(_ pace: Pace, patience: Double, progress: inout ProgressLine) throws -> ConnectTally {
    tally = ConnectTally()
    begun = 0
    pending = 0
    crowd.listener = self
    let start = MonotonicClock.now()
    let cpu = MonotonicClock.processCPU()
    let end = start + UInt64(seconds: patience)
    var now = start
    while begun < crowd.count || pending > 0, now < end {
      let wake = try begin(pace, start: start, now: now)
      crowd.turn(until: min(wake, end, progress.due))
      now = MonotonicClock.now()
      progress.show("\(tally.connected) of \(crowd.count) connected", now: now)
    }
    let missing = crowd.count - tally.connected - tally.failures.values.reduce(0, +)
    if missing > 0 { tally.failures[.timeout] = missing }
    tally.seconds = Double(now - start) / 1e9
    tally.cpuSeconds = Double(MonotonicClock.processCPU() - cpu) / 1e9
    return tally
  }

  /// Begins those whose turn has come.
  ///
  /// - Returns: When the next one's turn comes; far away if that depends on those under way.
  private func begin(_ pace: Pace, start: UInt64, now: UInt64) throws -> UInt64 {
    switch pace {
    case .parallel(let limit):
      while begun < crowd.count, pending < limit { try beginNext() }
      return .max
    case .rate(let rate):
      while begun < crowd.count {
        let due = start + UInt64(Double(begun) / rate * 1e9)
        guard due <= now else { return due }
        try beginNext()
      }
      return .max
    }
  }

  private func beginNext() throws {
    try crowd.open(begun)
    begun += 1
    pending += 1
  }

  /// Cuts all connections at once.
  public func cutAll() {
    for member in 0..<crowd.count { crowd.cut(member) }
  }

  /// Holds the connections until a line or the end of standard input, or until the seconds are over.
  ///
  /// - Returns: How many were lost meanwhile.
  public func hold(seconds: Double) -> Int {
    let before = crowd.joinedCount
    _ = crowd.waitForLine(until: MonotonicClock.now() + UInt64(seconds: seconds))
    return before - crowd.joinedCount
  }

  func joined(_ member: Int, after nanoseconds: UInt64) {
    pending -= 1
    tally.connected += 1
    tally.latencies.record(nanoseconds: nanoseconds)
  }

  func received(_ packet: UnsafeRawBufferPointer, by member: Int, at now: UInt64) {}

  func ended(_ member: Int, _ failure: Failure) {
    pending -= 1
    tally.failures[failure, default: 0] += 1
  }
}
