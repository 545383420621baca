import ProtocolRuntime

/// How long each connection may go on by the access token that it showed last: when it is told that the token is about
/// to end, and when it is cut.
///
/// The deadlines lie in buckets of a quarter of a second, so that a connection costs no timer and some 60 bytes. A
/// token's times are compared with the clock of this server once, when the token is shown; from then on a clock runs that
/// nobody sets.
struct TokenDeadlines {
  enum Step: Equatable {
    /// The token ends soon.
    case expiring(ConnectionID, at: Timestamp)
    /// The token ended a while ago: the connection is not known here any more.
    case expired(ConnectionID)
    /// The session has ended: the connection is not known here any more.
    case sessionEnded(ConnectionID)
  }

  /// The length of a bucket.
  static let tick = Duration.milliseconds(250)
  private static let tickMilliseconds: Int64 = 250
  /// How long before a token's end that is told, and how long after it the connection is cut, in ticks: 60 s.
  private static let notice: UInt32 = 240
  /// No deadline lies farther ahead, whatever a token says: a year.
  private static let farthest: Int64 = 365 * 24 * 60 * 60 * 1000
  /// The last second of the year 9999.
  private static let lastSecond = 253_402_300_799

  private struct Deadline {
    var expiresAt: Timestamp
    /// Ticks of this struct's clock.
    var end: UInt32
    var sessionEnd: UInt32
    /// The bucket that it lies in.
    var due: UInt32
    var isTold = false

    var next: UInt32 {
      let own = isTold ? end + TokenDeadlines.notice : end - min(end, TokenDeadlines.notice)
      return min(own, sessionEnd)
    }
  }

  private var deadlines: [ConnectionID: Deadline] = [:]
  private var buckets: [UInt32: Set<ConnectionID>] = [:]
  /// The first tick that has not been looked at.
  private var nextTick: UInt32 = 0

  var isEmpty: Bool { deadlines.isEmpty }
  var count: Int { deadlines.count }

  /// Takes a token that a connection shows. One that ends before the last one changes nothing.
  ///
  /// - Parameters:
  ///   - now: time since some fixed moment; it never goes back.
  ///   - time: the same moment by the clock that tokens are made with.
  /// - Returns: when the connection's token ends.
  mutating func show(_ token: TokenClaims, on connection: ConnectionID, now: Duration, time: Timestamp) -> Timestamp {
    let end = Self.tick(of: token.expiresAt, now: now, time: time)
    let known = deadlines[connection]
    if let known, known.end >= end { return known.expiresAt }
    if deadlines.isEmpty { nextTick = max(nextTick, Self.lastTick(by: now) + 1) }
    let seconds = min(max(0, token.expiresAt), Self.lastSecond)
    var deadline = Deadline(
      expiresAt: Timestamp(millisecondsSinceEpoch: Int64(seconds) * 1000), end: end,
      sessionEnd: max(Self.tick(of: token.sessionEndsAt, now: now, time: time), known?.sessionEnd ?? 0), due: 0)
    if let known { remove(connection, from: known.due) }
    file(connection, &deadline)
    return deadline.expiresAt
  }

  /// Whether the connection is known: it has shown a token, and was neither cut nor forgotten.
  func knows(_ connection: ConnectionID) -> Bool { deadlines[connection] != nil }

  mutating func forget(_ connection: ConnectionID) {
    if let known = deadlines.removeValue(forKey: connection) { remove(connection, from: known.due) }
  }

  /// What is to be done by now.
  mutating func advance(to now: Duration) -> [Step] {
    var steps: [Step] = []
    let last = Self.lastTick(by: now)
    while nextTick <= last, !deadlines.isEmpty {
      let tick = nextTick
      // What is filed from here on is for later buckets.
      nextTick += 1
      for connection in buckets.removeValue(forKey: tick) ?? [] {
        if let step = step(of: connection, at: tick) { steps.append(step) }
      }
    }
    return steps
  }

  private mutating func step(of connection: ConnectionID, at tick: UInt32) -> Step? {
    guard var deadline = deadlines[connection] else { return nil }
    if tick >= deadline.sessionEnd {
      deadlines[connection] = nil
      return .sessionEnded(connection)
    }
    if tick >= deadline.end + Self.notice {
      deadlines[connection] = nil
      return .expired(connection)
    }
    let isDue = tick >= deadline.next
    let tells = isDue && !deadline.isTold
    if tells { deadline.isTold = true }
    file(connection, &deadline)
    return tells ? .expiring(connection, at: deadline.expiresAt) : nil
  }

  private mutating func file(_ connection: ConnectionID, _ deadline: inout Deadline) {
    deadline.due = max(deadline.next, nextTick)
    buckets[deadline.due, default: []].insert(connection)
    deadlines[connection] = deadline
  }

  private mutating func remove(_ connection: ConnectionID, from bucket: UInt32) {
    buckets[bucket]?.remove(connection)
    if buckets[bucket]?.isEmpty == true { buckets[bucket] = nil }
  }

  // MARK: - Times

  private static func milliseconds(_ now: Duration) -> Int64 {
    let (seconds, attoseconds) = now.components
    // 30 years, so that ticks have 32 bits.
    return min(max(0, seconds), 1_000_000_000) * 1000 + attoseconds / 1_000_000_000_000_000
  }

  private static func lastTick(by now: Duration) -> UInt32 {
    UInt32(clamping: milliseconds(now) / tickMilliseconds)
  }

  /// The first tick at or after a time.
  ///
  /// - Parameter seconds: since 1970; any number.
  private static func tick(of seconds: Int, now: Duration, time: Timestamp) -> UInt32 {
    let end = Int64(min(max(0, seconds), lastSecond)) * 1000
    let left = min(max(0, end - time.millisecondsSinceEpoch), farthest)
    // Far below 2^32, with room for the notice.
    return UInt32(clamping: (milliseconds(now) + left + tickMilliseconds - 1) / tickMilliseconds)
  }
}
