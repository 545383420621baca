import Logging
import ProtocolRuntime
import Synchronization

/// Compares what this node has told with PostgreSQL, from time to time and whenever something may have been lost: an
/// event whose node died before it could publish it, or that Redis lost (PROTOCOL.md, guarantee 6).
///
/// One look at a time: one that is asked for while another is under way follows it.
///
/// What may not wait for a look (who may no longer see or do something) is asked for by itself, every 2 s: also while the
/// other nodes are heard, for that they are not any more shows only when an answer of Redis is overdue.
final class HeadWatch: Sendable {
  private struct State {
    var isLooking = false
    var isWanted = false
    var isOver = false
    /// Who begins anew as soon as the look under way has ended.
    var successor: CheckedContinuation<Void, Never>?
    /// What the last looks saw, and when they began, the oldest first.
    var looks: [(snapshot: String, at: Duration)] = []
  }

  /// How far a look goes back at least, beyond the one before it if need be: who a look brought into a chat gets there
  /// some moments later, and is told by the next one which marks had risen there before. Twice told does no harm.
  private static let overlap = Duration.seconds(5)

  /// How often the ends of sessions and memberships are asked for: they are to be known within 3 s, whatever is lost.
  static let endsInterval = Duration.seconds(2)
  /// How many memberships that have ended are looked at each time.
  private static let endsLimit = 1_000

  private let streams: ChatStreams
  private let accounts: Accounts
  private let interval: Duration
  private let state = Mutex(State())

  init(streams: ChatStreams, accounts: Accounts, interval: Duration) {
    self.streams = streams
    self.accounts = accounts
    self.interval = interval
  }

  /// Looks now, and again after each interval.
  func start() {
    goOn()
    if streams.nodes != nil { watchEnds(since: nil) }
  }

  private func goOn() {
    guard !state.withLock({ $0.isOver }) else { return }
    look()
    // Once more soon, for the marks of chats that this look brings somebody into.
    if streams.marks != nil { streams.loop.scheduler.schedule(after: Self.overlap / 2) { self.look() } }
    streams.loop.scheduler.schedule(after: interval) { self.goOn() }
  }

  /// Asks for ends now, and again after each interval.
  ///
  /// - Parameter snapshot: what was seen the last time; nil the first time.
  private func watchEnds(since snapshot: String?) {
    guard !state.withLock({ $0.isOver }) else { return }
    let loop = streams.loop
    Task(executorPreference: loop.executor) {
      var seen = snapshot
      do {
        seen = try await self.lookForEnds(since: snapshot)
      } catch {
        self.streams.logger.warning("Ends could not be looked for", metadata: ["error": "\(error)"])
      }
      // Over, the loop may have ended.
      guard !self.state.withLock({ $0.isOver }) else { return }
      loop.scheduler.schedule(after: Self.endsInterval) { [seen] in self.watchEnds(since: seen) }
    }
  }

  /// - Returns: what was seen.
  private func lookForEnds(since snapshot: String?) async throws -> String {
    for session in try await accounts.learnRevoked() { streams.cut(session) }
    let now = try await streams.reader.snapshot()
    // The last look has seen what was before.
    let last = state.withLock { $0.looks.last?.snapshot }
    if let since = snapshot ?? last {
      try await streams.tellMissedDepartures(since: since, limit: Self.endsLimit)
    }
    return now
  }

  /// The database is another one: runs what begins anew between two looks, and looks again. What was seen before says
  /// nothing.
  ///
  /// A look that went on meanwhile would take the memberships that it finds for new ones, since no stream knows them, and
  /// begin streams where their members joined; and the next one would go back to what it saw. To be called once at a time.
  func beginAnew(_ body: () async throws -> Void) async throws {
    await withCheckedContinuation { continuation in
      let begins = state.withLock { state in
        if state.isLooking { state.successor = continuation }
        defer { state.isLooking = true }
        return !state.isLooking
      }
      if begins { continuation.resume() }
    }
    defer {
      state.withLock { state in
        state.looks = []
        state.isLooking = false
      }
      look()
    }
    try await body()
  }

  func stop() {
    state.withLock { $0.isOver = true }
  }

  func look() {
    let begins = state.withLock { state in
      guard !state.isOver else { return false }
      guard !state.isLooking else {
        state.isWanted = true
        return false
      }
      state.isLooking = true
      return true
    }
    guard begins else { return }
    Task(executorPreference: streams.loop.executor) {
      repeat {
        do {
          try await self.lookOnce()
        } catch {
          // The next look comes, and asks for what this one should have.
          self.streams.logger.warning("Heads could not be compared", metadata: ["error": "\(error)"])
        }
      } while self.goesOn()
    }
  }

  private func goesOn() -> Bool {
    let (goesOn, successor) = state.withLock { state in
      let successor = state.successor.take()
      let goesOn = successor == nil && state.isWanted && !state.isOver
      state.isWanted = false
      state.isLooking = goesOn || successor != nil
      return (goesOn, successor)
    }
    successor?.resume()
    return goesOn
  }

  private func lookOnce() async throws {
    try await streams.compareAllHeads()
    // Alone there is nobody else whose words could be lost.
    guard let marks = streams.marks else { return }
    let now = streams.loop.scheduler.now
    let last = state.withLock { state in
      let reaching = state.looks.lastIndex { now - $0.at >= Self.overlap } ?? 0
      state.looks.removeFirst(min(reaching, state.looks.count))
      return state.looks.first
    }
    for session in try await accounts.learnRevoked() { streams.cut(session) }
    marks.turn()
    let snapshot = try await streams.reader.snapshot()
    if let last {
      try await streams.tellMissedMemberships(since: last.snapshot)
      try await streams.tellMissedMarks(since: last.snapshot)
    }
    state.withLock { $0.looks.append((snapshot, now)) }
  }
}
