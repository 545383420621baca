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
    /// What the last looks saw, and when they began, the oldest first.
    var looks: [(snapshot: String, at: Duration)] = []
  }

  /// How far a look goes back at least, beyond the one before it if need be: who a look brought into a chat gets there
  /// some moments later, and is told by the next one which marks had risen there before. Twice told does no harm.
  private static let overlap = Duration.seconds(5)

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
    // Once more soon, for the marks of chats that this look brings somebody into.
    if streams.marks != nil { streams.scheduler.schedule(after: Self.overlap / 2) { self.look() } }
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
    let last = state.withLock { state in
      let reaching = state.looks.lastIndex { now - $0.at >= Self.overlap } ?? 0
      state.looks.removeFirst(min(reaching, state.looks.count))
      return state.looks.first
    }
    // A minute more than needed, for clocks that differ; what is told twice does no harm.
    let window = Int(max(now - (last?.at ?? now), interval).components.seconds) + 60
    for session in try await accounts.learnRevoked(within: last == nil ? AccessTokens.lifetime : window) {
      streams.cut(session)
    }
    marks.turn()
    let snapshot = try await streams.reader.snapshot()
    if let last {
      try await streams.tellMissedMemberships(since: last.snapshot)
      try await streams.tellMissedMarks(since: last.snapshot, within: window)
    }
    state.withLock { $0.looks.append((snapshot, now)) }
  }
}
