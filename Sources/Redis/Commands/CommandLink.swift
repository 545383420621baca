import DequeModule
import Glibc
import NIOCore
import Threads

/// The command connection: sends what waits in one write, and matches replies in order.
final class CommandLink: LinkWork {
  private struct Flying {
    let purpose: CommandQueue.Entry.Purpose
    let size: Int
  }

  let kind = RedisEvent.Link.commands
  private let link: Link
  private let queue: CommandQueue
  private var backlog: CommandBacklog
  private var flying = Deque<Flying>()
  private var flyingBytes = 0
  private var lossIsToldAgain = ContinuousClock.now
  private var isRefusalTold = false

  /// How many bytes are handed to hiredis at once: it copies what a full socket has not taken.
  private static let batch = 256 << 10

  init(link: Link, queue: CommandQueue) {
    self.link = link
    self.queue = queue
    backlog = CommandBacklog(queue)
  }

  // Work that was accepted is done while the connection stands; without one, closing waits for nothing.
  var isClosing: Bool { queue.closesAt != nil }

  func attend() -> ContinuousClock.Instant? {
    let (expired, next) = backlog.expire()
    for entry in expired {
      settle(entry.purpose, entry.size, .failure(RedisError(.unavailable, "Redis was not reached in time")))
    }
    return tellLoss().map { earlier(next, $0) } ?? next
  }

  // Tells the owner of lost publishes: at once, and then each second at most. Says when it has to be called again.
  private func tellLoss() -> ContinuousClock.Instant? {
    guard queue.hasLost else { return nil }
    guard ContinuousClock.now >= lossIsToldAgain else { return lossIsToldAgain }
    link.report(.publishesLost(queue.takeLost()))
    lossIsToldAgain = .now + .seconds(1)
    return nil
  }

  func lost(_ error: RedisError) {
    let inDoubt =
      error.code == .closed
      ? error : RedisError(.connectionLost, "the connection was lost under way: \(error.message)")
    while let entry = flying.popFirst() { settle(entry.purpose, entry.size, .failure(inDoubt)) }
    flyingBytes = 0
  }

  func end() {
    lost(RedisError(.closed, "the client is closed"))
    for entry in backlog.close() {
      settle(entry.purpose, entry.size, .failure(RedisError(.closed, "the client is closed")))
    }
    if queue.hasLost { link.report(.publishesLost(queue.takeLost())) }
  }

  // Each entry comes here once.
  private func settle(
    _ purpose: CommandQueue.Entry.Purpose, _ size: Int, _ result: Result<RedisReply, RedisError>
  ) {
    queue.release(purpose, size: size)
    switch purpose {
    case .command(let continuation): continuation.resume(returning: result)
    case .publish:
      guard case .failure(let error) = result else { return }
      queue.addLost(1)
      if error.code == .command || error.code == .unsupported { tellRefusal(error) }
    case .ping: break
    }
  }

  private func tellRefusal(_ error: RedisError) {
    guard !isRefusalTold else { return }
    isRefusalTold = true
    link.logger.error("Redis does not publish", metadata: ["error": "\(error)"])
    link.report(.refused(error))
  }

  // MARK: Serving

  func serve(_ connection: RedisConnection) throws(RedisError) {
    isRefusalTold = false
    var health = Health(interval: link.settings.healthInterval, limit: link.settings.healthLimit, now: .now)
    while true {
      let due = attend()
      if !connection.hasUnsentBytes { try send(backlog.take(bytes: CommandLink.batch), on: connection, &health) }
      try connection.flush()
      if let closesAt = queue.closesAt {
        let isDone = flying.isEmpty && backlog.isEmpty() && !connection.hasUnsentBytes
        if isDone || ContinuousClock.now >= closesAt { return }
      }
      switch health.check(now: .now) {
      case .ping:
        try send(
          [CommandQueue.Entry(purpose: .ping, command: RedisCommand("PING"), deadline: .now)], on: connection, &health)
      case .dead:
        throw RedisError(.timeout, "Redis does not answer")
      case .wait(let until):
        let deadline = earlier(queue.closesAt, earlier(due, until))
        let events = link.wakeUp.wait(
          watching: connection.descriptor, for: POLLIN | (connection.hasUnsentBytes ? POLLOUT : 0), until: deadline)
        if events & ~POLLOUT != 0 { try receive(connection, &health) }
      }
    }
  }

  private func send(
    _ entries: [CommandQueue.Entry], on connection: RedisConnection, _ health: inout Health
  ) throws(RedisError) {
    for (index, entry) in entries.enumerated() {
      if case .publish(isSharded: true) = entry.purpose, !connection.hasShardedPubSub {
        settle(entry.purpose, entry.size, .failure(.noShardedPubSub(connection.version)))
        continue
      }
      do throws(RedisError) {
        try connection.append(entry.command)
      } catch {
        // What was taken from the queue and not sent is failed with the others.
        for rest in entries[index...] { flying.append(Flying(purpose: rest.purpose, size: rest.size)) }
        throw error
      }
      flying.append(Flying(purpose: entry.purpose, size: entry.size))
      flyingBytes += entry.size
      health.sent(bytes: entry.size, now: .now)
    }
  }

  private func receive(_ connection: RedisConnection, _ health: inout Health) throws(RedisError) {
    try connection.read()
    while let reply = try connection.nextReply() {
      let value = try RedisReply(reply.pointer)
      guard let entry = flying.popFirst() else {
        throw RedisError(.protocolViolation, "a reply that nobody waits for")
      }
      flyingBytes -= entry.size
      if case .error(let error) = value {
        settle(entry.purpose, entry.size, .failure(error))
      } else {
        settle(entry.purpose, entry.size, .success(value))
      }
    }
    health.heard(owedBytes: flying.isEmpty ? nil : flyingBytes, now: .now)
  }
}

extension RedisError {
  static func noShardedPubSub(_ version: String?) -> RedisError {
    RedisError(.unsupported, "sharded pub/sub needs Redis 7.0, and this is \(version ?? "older")")
  }
}
