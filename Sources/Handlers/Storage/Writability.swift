import ProtocolRuntime
import Synchronization

/// Whether the database can be written, as far as this node knows.
final class Writability: Sendable {
  /// How long an answer stands: anybody may ask for the readiness, and each asking costs a commit.
  private static let lifetime = Duration.seconds(1)
  /// How long somebody's failure counts.
  private static let memory = Duration.seconds(10)

  private struct State {
    var checkedAt: ContinuousClock.Instant?
    var failedAt: ContinuousClock.Instant?
  }

  private let now: @Sendable () -> ContinuousClock.Instant
  private let state = Mutex(State())

  /// - Parameter now: tells the time, which never goes back.
  init(now: @escaping @Sendable () -> ContinuousClock.Instant = { .now }) { self.now = now }

  /// Somebody could not write.
  func failed() {
    state.withLock {
      $0.failedAt = now()
      $0.checkedAt = nil
    }
  }

  /// Calls `write`, unless it worked a moment ago.
  ///
  /// - Throws: what `write` throws; `UnavailableError` if somebody else could not write in the last seconds.
  func check(_ write: () async throws -> Void) async throws {
    let (isFresh, hasFailed) = state.withLock { state in
      let now = self.now()
      return (
        state.checkedAt.map { now - $0 < Self.lifetime } ?? false,
        state.failedAt.map { now - $0 < Self.memory } ?? false
      )
    }
    if hasFailed { throw UnavailableError("The database could not be written a moment ago.") }
    if isFresh { return }
    try await write()
    state.withLock { $0.checkedAt = now() }
  }
}
