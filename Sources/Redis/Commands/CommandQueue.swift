import DequeModule
import Synchronization
import Threads

/// What waits for the command connection. Commands have somebody who waits for the reply; publishes have nobody.
final class CommandQueue: Sendable {
  struct Entry: Sendable {
    enum Purpose: Sendable {
      case command(UnsafeContinuation<Result<RedisReply, RedisError>, Never>)
      case publish(isSharded: Bool)
      case ping
    }
    let purpose: Purpose
    let command: RedisCommand
    let deadline: ContinuousClock.Instant

    var size: Int { command.size }
  }

  private struct State {
    var waiting = Deque<Entry>()
    /// Bytes that wait or are not answered yet.
    var commandBytes = 0
    var publishBytes = 0
    /// Publishes that were lost and are not told yet.
    var lost = 0
    var allLost = 0
    var closesAt: ContinuousClock.Instant?
  }

  private let state = Mutex(State())
  private let wakeUp: WakeUp
  private let limit: Int
  private let patience: Duration

  init(wakeUp: WakeUp, limit: Int, patience: Duration) {
    self.wakeUp = wakeUp
    self.limit = limit
    self.patience = patience
  }

  // MARK: Callers

  func submit(_ command: RedisCommand, _ continuation: UnsafeContinuation<Result<RedisReply, RedisError>, Never>) {
    let entry = Entry(purpose: .command(continuation), command: command, deadline: .now + patience)
    let (refusal, mustWake) = state.withLock { state -> (RedisError?, Bool) in
      if state.closesAt != nil { return (RedisError(.closed, "the client is closed"), false) }
      guard state.commandBytes + entry.size <= limit else {
        return (RedisError(.unavailable, "\(limit) bytes of commands wait already"), false)
      }
      state.commandBytes += entry.size
      state.waiting.append(entry)
      return (nil, state.waiting.count == 1)
    }
    if mustWake { wakeUp.signal() }
    if let refusal { continuation.resume(returning: .failure(refusal)) }
  }

  /// Never waits. False if the message was dropped.
  func publish(_ command: RedisCommand, isSharded: Bool) -> Bool {
    let entry = Entry(purpose: .publish(isSharded: isSharded), command: command, deadline: .now + patience)
    let (isAccepted, mustWake) = state.withLock { state in
      guard state.closesAt == nil, state.publishBytes + entry.size <= limit else {
        state.lost += 1
        state.allLost += 1
        return (false, state.lost == 1)
      }
      state.publishBytes += entry.size
      state.waiting.append(entry)
      return (true, state.waiting.count == 1)
    }
    if mustWake { wakeUp.signal() }
    return isAccepted
  }

  /// Refuses new work; what is there gets so long to be done.
  func beginClosing(within timeout: Duration) {
    state.withLock { state in
      if state.closesAt == nil { state.closesAt = .now + timeout }
    }
    wakeUp.signal()
  }

  func count(into statistics: inout RedisClient.Statistics) {
    state.withLock { state in
      statistics.waiting = state.waiting.count
      statistics.commandBytes = state.commandBytes
      statistics.publishBytes = state.publishBytes
      statistics.publishesLost = state.allLost
    }
  }

  // MARK: The connection

  var closesAt: ContinuousClock.Instant? { state.withLock { $0.closesAt } }

  var isEmpty: Bool { state.withLock { $0.waiting.isEmpty } }

  /// Takes what waits, up to about so many bytes: at least one, if there is one.
  func take(bytes: Int) -> [Entry] {
    state.withLock { state in
      var taken: [Entry] = []
      var size = 0
      while size < bytes, let entry = state.waiting.popFirst() {
        size += entry.size
        taken.append(entry)
      }
      return taken
    }
  }

  /// Takes what has waited too long; all of it when `isOver`. Also says when the next will have.
  func expire(isOver: Bool) -> (expired: [Entry], next: ContinuousClock.Instant?) {
    state.withLock { state in
      var expired: [Entry] = []
      let now = ContinuousClock.now
      while let entry = state.waiting.first, isOver || entry.deadline <= now {
        expired.append(entry)
        state.waiting.removeFirst()
      }
      return (expired, state.waiting.first?.deadline)
    }
  }

  /// The entry is answered, or given up: its bytes are free again.
  func release(_ purpose: Entry.Purpose, size: Int) {
    state.withLock { state in
      switch purpose {
      case .command: state.commandBytes -= size
      case .publish: state.publishBytes -= size
      case .ping: break
      }
    }
  }

  func addLost(_ count: Int) {
    state.withLock { state in
      state.lost += count
      state.allLost += count
    }
  }

  /// How many publishes were lost since this was last asked.
  func takeLost() -> Int {
    state.withLock { state in
      defer { state.lost = 0 }
      return state.lost
    }
  }

  var hasLost: Bool { state.withLock { $0.lost > 0 } }
}
