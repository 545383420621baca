import ProtocolRuntime
import Synchronization

/// The sessions of tokens from before the database was found to be another one, which may lack them: each is looked for
/// when its token is shown, once.
///
/// When no such token is good any more, authentication asks no database again.
final class UnconfirmedSessions: Sendable {
  /// How many that were found are remembered: some 3 MB.
  static let capacity = 65_536

  private struct State {
    /// How often the database was found to be another one: what was read of the one before says nothing.
    var round = 0
    var found: Set<UUID> = []
  }

  private let state = Mutex(State())
  /// Seconds since 1970: tokens that were issued later are of the database that is. So that a server whose database stays
  /// the same pays a load and no lock.
  private let issuedUntil = Atomic<Int>(.min)

  /// The database is another one.
  func begin(at now: Timestamp) {
    state.withLock { state in
      state.round += 1
      state.found = []
      issuedUntil.store(Int(now.millisecondsSinceEpoch / 1000) + AccessTokens.skew, ordering: .releasing)
    }
  }

  /// The round in which a token's session has to be looked for; nil if it has not.
  func round(of token: TokenClaims) -> Int? {
    guard token.issuedAt <= issuedUntil.load(ordering: .acquiring) else { return nil }
    return state.withLock { $0.found.contains(token.caller.sessionID) ? nil : $0.round }
  }

  /// The database has a session that was looked for in a round.
  func confirm(_ session: UUID, in round: Int) {
    state.withLock { state in
      guard round == state.round else { return }
      // Full: it costs a look for each to begin again.
      if state.found.count >= Self.capacity { state.found.removeAll(keepingCapacity: true) }
      state.found.insert(session)
    }
  }
}
