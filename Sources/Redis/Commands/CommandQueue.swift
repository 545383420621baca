import Synchronization
import Threads

/// The way to the command connection, for all threads of a node: what they give waits in the ``CommandBacklog``. Commands
/// have somebody who waits for the reply; publishes have nobody.
///
/// Each event that is broadcast comes this way, so nothing here is locked but the closing.
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

  /// What was given, and the backlog has not taken.
  let inbox = Inbox<Entry>()
  private let waiting = Atomic<Int>(0)
  // Bytes that wait or are not answered yet.
  private let commandBytes = Atomic<Int>(0)
  private let publishBytes = Atomic<Int>(0)
  /// Publishes that were lost and are not told yet.
  private let lost = Atomic<Int>(0)
  private let allLost = Atomic<Int>(0)
  /// Whether `closing` says anything.
  private let isClosing = Atomic<Bool>(false)
  private let closing = Mutex<ContinuousClock.Instant?>(nil)
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
    if let refusal = accept(entry, commandBytes) { continuation.resume(returning: .failure(refusal)) }
  }

  /// Never waits. False if the message was dropped.
  func publish(_ command: RedisCommand, isSharded: Bool) -> Bool {
    let entry = Entry(purpose: .publish(isSharded: isSharded), command: command, deadline: .now + patience)
    guard accept(entry, publishBytes) != nil else { return true }
    if addLost(1) { wakeUp.signal() }
    return false
  }

  private static var isClosed: RedisError { RedisError(.closed, "the client is closed") }

  /// - Parameter bytes: those of its kind.
  /// - Returns: why it is not accepted; nil if it is.
  private func accept(_ entry: Entry, _ bytes: borrowing Atomic<Int>) -> RedisError? {
    if isClosing.load(ordering: .acquiring) { return Self.isClosed }
    // What is beyond the limit is given back. Two at a time may be refused where one of them had found place.
    guard bytes.wrappingAdd(entry.size, ordering: .relaxed).newValue <= limit else {
      bytes.wrappingSubtract(entry.size, ordering: .relaxed)
      return RedisError(.unavailable, "\(limit) bytes of commands wait already")
    }
    waiting.wrappingAdd(1, ordering: .relaxed)
    switch inbox.push(entry) {
    case .first: wakeUp.signal()
    case .behindOthers: break
    case .refused:
      waiting.wrappingSubtract(1, ordering: .relaxed)
      bytes.wrappingSubtract(entry.size, ordering: .relaxed)
      return Self.isClosed
    }
    return nil
  }

  /// Refuses new work; what is there gets so long to be done.
  func beginClosing(within timeout: Duration) {
    closing.withLock { $0 = $0 ?? .now + timeout }
    isClosing.store(true, ordering: .releasing)
    wakeUp.signal()
  }

  func count(into statistics: inout RedisClient.Statistics) {
    statistics.waiting = waiting.load(ordering: .relaxed)
    statistics.commandBytes = commandBytes.load(ordering: .relaxed)
    statistics.publishBytes = publishBytes.load(ordering: .relaxed)
    statistics.publishesLost = allLost.load(ordering: .relaxed)
  }

  // MARK: The connection

  /// What was given before this says something is in the inbox.
  var closesAt: ContinuousClock.Instant? {
    isClosing.load(ordering: .acquiring) ? closing.withLock { $0 } : nil
  }

  /// So many do not wait any more.
  func took(_ count: Int) {
    if count > 0 { waiting.wrappingSubtract(count, ordering: .relaxed) }
  }

  /// The entry is answered, or given up: its bytes are free again.
  func release(_ purpose: Entry.Purpose, size: Int) {
    switch purpose {
    case .command: commandBytes.wrappingSubtract(size, ordering: .relaxed)
    case .publish: publishBytes.wrappingSubtract(size, ordering: .relaxed)
    case .ping: break
    }
  }

  /// - Returns: whether these are the first that are not told yet.
  @discardableResult
  func addLost(_ count: Int) -> Bool {
    allLost.wrappingAdd(count, ordering: .relaxed)
    return lost.wrappingAdd(count, ordering: .relaxed).oldValue == 0
  }

  /// How many publishes were lost since this was last asked.
  func takeLost() -> Int { lost.exchange(0, ordering: .relaxed) }

  var hasLost: Bool { lost.load(ordering: .relaxed) > 0 }
}
