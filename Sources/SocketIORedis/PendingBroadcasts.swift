import SocketIO
import Synchronization

/// The broadcasts of this node that clients of others are to acknowledge. One is complete when each node has said how many
/// sockets it has sent it to, and so many have acknowledged it; the answers may come before the counts.
///
/// Source: socketio/socket.io, packages/socket.io, lib/broadcast-operator.ts, `emit`.
final class PendingBroadcasts: Sendable {
  private struct Pending {
    let continuation: CheckedContinuation<Acknowledgements, any Error>
    let clock: Task<Void, any Error>
    /// nil: not counted yet.
    var nodes: Int?
    var countedNodes = 0
    var sockets = 0
    var answers: [Arguments] = []

    var isComplete: Bool {
      guard let nodes else { return false }
      return self.countedNodes >= nodes && self.answers.count >= self.sockets
    }

    var acknowledgements: Acknowledgements {
      Acknowledgements(
        answers: self.answers, missing: max(self.sockets - self.answers.count, 0),
        silentNodes: max((self.nodes ?? 0) - self.countedNodes, 0))
    }
  }

  private let pending = Mutex<[String: Pending]>([:])

  /// Waits until it is complete, or the time is over.
  ///
  /// - Throws: What ``fail(_:_:)`` was called with; ``RedisAdapterError`` `timeout` if it is not known in time how many
  ///   nodes there are.
  func wait(_ id: String, within timeout: Duration, send: () -> Void) async throws -> Acknowledgements {
    try await withCheckedThrowingContinuation { continuation in
      pending.withLock { pending in
        // Begun under the lock, lest it ends before there is something to give up.
        let clock = Task {
          try await Task.sleep(for: timeout)
          self.giveUp(id)
        }
        pending[id] = Pending(continuation: continuation, clock: clock)
      }
      send()
    }
  }

  /// So many nodes are to answer.
  func expect(_ id: String, nodes: Int) {
    update(id) { $0.nodes = nodes }
  }

  /// One node has said to how many of its sockets it has sent the event. Redis may be shared with who knows whom: the
  /// number is believed up to a bound that no sum exceeds.
  func counted(_ id: String, _ sockets: Int) {
    update(id) { pending in
      pending.countedNodes += 1
      pending.sockets += min(max(sockets, 0), Int(Int32.max))
    }
  }

  func answered(_ id: String, _ answer: Arguments) {
    update(id) { $0.answers.append(answer) }
  }

  func fail(_ id: String, _ error: any Error) {
    guard let failed = pending.withLock({ $0.removeValue(forKey: id) }) else { return }
    failed.clock.cancel()
    failed.continuation.resume(throwing: error)
  }

  /// What nobody waits for is ignored: in the classic format all nodes hear the answers to all.
  private func update(_ id: String, _ body: (inout Pending) -> Void) {
    let done = pending.withLock { pending -> Pending? in
      guard var one = pending.removeValue(forKey: id) else { return nil }
      body(&one)
      if one.isComplete { return one }
      pending[id] = one
      return nil
    }
    guard let done else { return }
    done.clock.cancel()
    done.continuation.resume(returning: done.acknowledgements)
  }

  private func giveUp(_ id: String) {
    guard let late = pending.withLock({ $0.removeValue(forKey: id) }) else { return }
    guard late.nodes != nil else {
      return late.continuation.resume(
        throwing: RedisAdapterError(code: .timeout, message: "the other nodes were not counted in time"))
    }
    late.continuation.resume(returning: late.acknowledgements)
  }
}
