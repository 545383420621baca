import ProtocolRuntime
import Synchronization

/// The sessions whose access tokens must not be accepted though they have not expired. PostgreSQL knows all of them;
/// this is what of it matters now, so that authentication asks no database.
final class RevokedSessions: Sendable {
  /// For how many seconds longer than tokens live a session is remembered: were it forgotten by a clock that is put back
  /// later, the session would revive.
  static let doubt = 24 * 60 * 60

  private struct State {
    /// When the last access token of each session expires, by any clock that is not a day off.
    var expiry: [UUID: Timestamp] = [:]
    var nextSweep = Timestamp(millisecondsSinceEpoch: 0)
  }

  private let state = Mutex(State())
  /// So that a server without revocations pays a load and no lock.
  private let isEmpty = Atomic<Bool>(true)

  /// - Returns: false if it was known.
  @discardableResult
  func insert(_ session: UUID, at now: Timestamp) -> Bool {
    state.withLock { state in
      let isNew = state.expiry[session] == nil
      state.expiry[session] = now.advanced(bySeconds: Int64(AccessTokens.lifetime + Self.doubt))
      if now >= state.nextSweep {
        state.expiry = state.expiry.filter { $0.value > now }
        state.nextSweep = now.advanced(bySeconds: 60)
      }
      isEmpty.store(false, ordering: .releasing)
      return isNew
    }
  }

  func contains(_ session: UUID) -> Bool {
    if isEmpty.load(ordering: .acquiring) { return false }
    return state.withLock { $0.expiry[session] != nil }
  }

  var count: Int { state.withLock { $0.expiry.count } }
}
