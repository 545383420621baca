import Synchronization
import Threads

/// What the owner wants to hear, as he says it on any thread.
final class Subscriptions: Sendable {
  struct Subscription: Sendable, Hashable {
    var kind: RedisPush.Kind
    var name: String
  }

  /// Somebody who waits until what was asked for before is in force.
  struct Waiter: Sendable {
    let continuation: UnsafeContinuation<Result<Void, RedisError>, Never>
    let deadline: ContinuousClock.Instant
  }

  private struct State {
    var wanted: Set<Subscription> = []
    /// What may differ from what the connection knows.
    var changed: Set<Subscription> = []
    var waiters: [Waiter] = []
    var isClosing = false
  }

  private let state = Mutex(State())
  private let wakeUp: WakeUp
  private let patience: Duration

  init(wakeUp: WakeUp, patience: Duration) {
    self.wakeUp = wakeUp
    self.patience = patience
  }

  // MARK: The owner

  func change(_ kind: RedisPush.Kind, _ names: some Sequence<String>, isWanted: Bool) {
    state.withLock { state in
      for name in names {
        let subscription = Subscription(kind: kind, name: name)
        let isChanged =
          isWanted ? state.wanted.insert(subscription).inserted : state.wanted.remove(subscription) != nil
        if isChanged { state.changed.insert(subscription) }
      }
    }
    wakeUp.signal()
  }

  func wait(_ continuation: UnsafeContinuation<Result<Void, RedisError>, Never>) {
    let isClosed = state.withLock { state in
      if !state.isClosing { state.waiters.append(Waiter(continuation: continuation, deadline: .now + patience)) }
      return state.isClosing
    }
    wakeUp.signal()
    if isClosed { continuation.resume(returning: .failure(RedisError(.closed, "the client is closed"))) }
  }

  func beginClosing() {
    state.withLock { $0.isClosing = true }
    wakeUp.signal()
  }

  var count: Int { state.withLock { $0.wanted.count } }

  // MARK: The connection

  var isClosing: Bool { state.withLock { $0.isClosing } }

  /// A new connection knows nothing: all that is wanted is a change.
  func startAgain() {
    state.withLock { $0.changed = $0.wanted }
  }

  /// What changed, and whether it is wanted now; and who waits for that.
  func take() -> (changes: [(Subscription, isWanted: Bool)], waiters: [Waiter]) {
    state.withLock { state in
      let changes = state.changed.map { ($0, isWanted: state.wanted.contains($0)) }
      state.changed.removeAll(keepingCapacity: state.changed.count < 1_000)
      defer { state.waiters = [] }
      return (changes, state.waiters)
    }
  }

  /// Those wait for the next connection.
  func putBack(_ waiters: [Waiter]) {
    state.withLock { $0.waiters.insert(contentsOf: waiters, at: 0) }
  }

  /// Takes who has waited too long, or all. Also says when the next will have.
  func expire(isOver: Bool) -> (expired: [Waiter], next: ContinuousClock.Instant?) {
    state.withLock { state in
      let now = ContinuousClock.now
      let expired = state.waiters.filter { isOver || $0.deadline <= now }
      state.waiters.removeAll { isOver || $0.deadline <= now }
      return (expired, state.waiters.first?.deadline)
    }
  }
}
