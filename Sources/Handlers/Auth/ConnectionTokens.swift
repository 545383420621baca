import Generated
import ProtocolRuntime
import Synchronization

/// Tells this node's connections when their access tokens are about to end, and cuts those that show no newer one.
final class ConnectionTokens: Sendable {
  private struct State {
    var deadlines = TokenDeadlines()
    /// One timer for all of them, and none while there are none.
    var isTicking = false
  }

  private let sink: any EventSink
  private let scheduler: any Scheduler
  private let state = Mutex(State())

  init(sink: any EventSink, scheduler: any Scheduler) {
    self.sink = sink
    self.scheduler = scheduler
  }

  /// A connection comes in by this token. To be called before it is told anything.
  func begin(_ connection: ConnectionID, by token: TokenClaims) {
    let begins = state.withLock { state in
      _ = state.deadlines.show(token, on: connection, now: scheduler.now, time: .now())
      defer { state.isTicking = true }
      return !state.isTicking
    }
    if begins { scheduleTick() }
  }

  /// The connection shows another token of its session.
  ///
  /// - Returns: when its token ends; nil for a connection that is gone, or about to be cut.
  func renew(_ connection: ConnectionID, by token: TokenClaims) -> Timestamp? {
    state.withLock { state in
      guard state.deadlines.knows(connection) else { return nil }
      return state.deadlines.show(token, on: connection, now: scheduler.now, time: .now())
    }
  }

  func forget(_ connection: ConnectionID) {
    state.withLock { $0.deadlines.forget(connection) }
  }

  private func scheduleTick() {
    scheduler.schedule(after: TokenDeadlines.tick) { self.tick() }
  }

  private func tick() {
    let (steps, goesOn) = state.withLock { state in
      let steps = state.deadlines.advance(to: scheduler.now)
      state.isTicking = !state.deadlines.isEmpty
      return (steps, state.isTicking)
    }
    if goesOn { scheduleTick() }
    for step in steps {
      switch step {
      case .expiring(let connection, let time):
        sink.send(ServerEvents.tokenExpiring(.init(expiresAt: time)), to: connection)
      case .expired(let connection):
        // Socket.IO's DISCONNECT packet has no room for a reason: it goes before.
        sink.send(ServerEvents.problem(Self.tokenExpired()), to: connection)
        sink.disconnect(connection)
      case .sessionEnded(let connection): sink.disconnect(connection)
      }
    }
  }

  private static func tokenExpired() -> ProblemEvent {
    let code = "token_expired"
    let entry = problemCatalog[code]
    return ProblemEvent(
      error: Problem(
        type: "/problems/\(code)", title: entry.title, status: entry.status,
        detail: "The access token of this connection ended 60 seconds ago. Connect again with a newer one.",
        code: code, requestID: UUID.v7().description))
  }
}
