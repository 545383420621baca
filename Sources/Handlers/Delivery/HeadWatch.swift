import Logging
import ProtocolRuntime
import Synchronization

/// Compares what this node has told with PostgreSQL, from time to time and whenever something may have been lost: an
/// event whose node died before it could publish it, or that Redis lost (PROTOCOL.md, guarantee 6).
///
/// One look at a time: one that is asked for while another is under way follows it.
final class HeadWatch: Sendable {
  private struct State {
    var isLooking = false
    var isWanted = false
    var isOver = false
    /// What the last look saw of the marks, and when it began.
    var snapshot: String?
    var lookedAt = Duration.zero
  }

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
    guard !state.withLock({ $0.isOver }) else { return }
    look()
    streams.scheduler.schedule(after: interval) { self.start() }
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
    Task(executorPreference: streams.executor) {
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
    state.withLock { state in
      state.isLooking = state.isWanted && !state.isOver
      state.isWanted = false
      return state.isLooking
    }
  }

  private func lookOnce() async throws {
    try await streams.compareAllHeads()
    // Alone there is nobody else whose words could be lost.
    guard let marks = streams.marks else { return }
    let now = streams.scheduler.now
    let (since, age) = state.withLock { ($0.snapshot, now - $0.lookedAt) }
    // A minute more than needed, for clocks that differ; what is told twice does no harm.
    let window = Int(max(age, interval).components.seconds) + 60
    for session in try await accounts.learnRevoked(within: since == nil ? AccessTokens.lifetime : window) {
      streams.cut(session)
    }
    marks.turn()
    let snapshot = try await streams.reader.snapshot()
    if let since {
      try await streams.tellMissedMemberships(since: since)
      try await streams.tellMissedMarks(since: since, within: window)
    }
    state.withLock { state in
      state.snapshot = snapshot
      state.lookedAt = now
    }
  }
}
