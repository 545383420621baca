import Cluster
import Synchronization

/// The requests to all other nodes that wait for their answers.
final class PendingRequests: Sendable {
  private struct Pending {
    var missing: Int
    var answers: [ClusterMessage.Body] = []
    let continuation: CheckedContinuation<[ClusterMessage.Body], any Error>
    let clock: Task<Void, any Error>
  }

  private let pending = Mutex<[String: Pending]>([:])

  /// Waits for the answers of so many nodes.
  ///
  /// - Throws: ``RedisAdapterError`` `timeout`.
  func wait(
    _ id: String, for nodes: Int, within timeout: Duration, ask: () -> Void
  ) async throws -> [ClusterMessage.Body] {
    try await withCheckedThrowingContinuation { continuation in
      pending.withLock { pending in
        // Begun under the lock, lest it ends before there is something to give up.
        let clock = Task {
          try await Task.sleep(for: timeout)
          self.giveUp(id)
        }
        pending[id] = Pending(missing: nodes, continuation: continuation, clock: clock)
      }
      ask()
    }
  }

  /// One node has answered. What nobody waits for is ignored: all nodes hear the answers to all.
  func answered(_ id: String, _ answer: ClusterMessage.Body) {
    let done = pending.withLock { pending -> Pending? in
      guard pending[id] != nil else { return nil }
      pending[id]?.answers.append(answer)
      pending[id]?.missing -= 1
      return pending[id]?.missing == 0 ? pending.removeValue(forKey: id) : nil
    }
    guard let done else { return }
    done.clock.cancel()
    done.continuation.resume(returning: done.answers)
  }

  private func giveUp(_ id: String) {
    guard let late = pending.withLock({ $0.removeValue(forKey: id) }) else { return }
    late.continuation.resume(
      throwing: RedisAdapterError(code: .timeout, message: "\(late.missing) nodes have not answered in time"))
  }
}

/// What keeps a call from being carried out on all nodes.
public struct RedisAdapterError: Error, CustomStringConvertible {
  /// Grows: don't switch over it without a default.
  public struct Code: Hashable, Sendable {
    fileprivate enum Wrapped { case timeout, notStarted, unknownNamespace }
    fileprivate let wrapped: Wrapped

    /// Not all nodes answered within ``RedisAdapter/Configuration/requestTimeout``.
    public static let timeout = Code(wrapped: .timeout)
    /// The adapter is not started, or closed.
    public static let notStarted = Code(wrapped: .notStarted)
    /// The namespace is none of ``RedisAdapter/Configuration/namespaces``.
    public static let unknownNamespace = Code(wrapped: .unknownNamespace)
  }

  public let code: Code
  public let message: String

  public var description: String { "\(self.code.wrapped): \(self.message)" }
}
