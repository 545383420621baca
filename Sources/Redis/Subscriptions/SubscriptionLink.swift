import CHiredis
import DequeModule
import Glibc
import NIOCore
import Threads

/// The subscriber connection: keeps Redis's subscriptions as the owner wants them, and hands out what comes.
final class SubscriptionLink: LinkWork {
  /// Why a PING was sent. Redis handles commands in order: its answer says that all before it is done.
  private enum Ping {
    case health
    case restored
    case settled([Subscriptions.Waiter])
  }

  let kind = RedisEvent.Link.subscriptions
  private let link: Link
  private let subscriptions: Subscriptions
  private let deliver: @Sendable (RedisPush) -> Void
  private var pings = Deque<Ping>()
  /// What Redis knows of.
  private var sent: Set<Subscriptions.Subscription> = []
  /// How many SUNSUBSCRIBEs of a channel are unanswered: it may be wanted again by the time that the answer comes.
  private var leaving: [String: Int] = [:]
  /// What Redis said no to, for those who wait.
  private var refusal: RedisError?

  /// How many names one command has.
  private static let batch = 500

  init(link: Link, subscriptions: Subscriptions, deliver: @escaping @Sendable (RedisPush) -> Void) {
    self.link = link
    self.subscriptions = subscriptions
    self.deliver = deliver
  }

  var isClosing: Bool { subscriptions.isClosing }

  func attend() -> ContinuousClock.Instant? {
    let (expired, next) = subscriptions.expire(isOver: false)
    for waiter in expired {
      waiter.continuation.resume(returning: .failure(RedisError(.unavailable, "Redis was not reached in time")))
    }
    return next
  }

  func lost(_ error: RedisError) {
    sent = []
    leaving = [:]
    refusal = nil
    while let ping = pings.popFirst() {
      if case .settled(let waiters) = ping { subscriptions.putBack(waiters) }
    }
  }

  func end() {
    lost(RedisError(.closed, "the client is closed"))
    for waiter in subscriptions.expire(isOver: true).expired {
      waiter.continuation.resume(returning: .failure(RedisError(.closed, "the client is closed")))
    }
  }

  // MARK: Serving

  func serve(_ connection: RedisConnection) throws(RedisError) {
    var health = Health(interval: link.settings.healthInterval, limit: link.settings.healthLimit, now: .now)
    subscriptions.startAgain()
    try update(connection, &health, isRestoring: true)
    while !subscriptions.isClosing {
      if !connection.hasUnsentBytes { try update(connection, &health, isRestoring: false) }
      try connection.flush()
      let due = attend()
      switch health.check(now: .now) {
      case .ping: try ping(.health, on: connection, &health)
      case .dead: throw RedisError(.timeout, "Redis does not answer")
      case .wait(let until):
        let events = link.wakeUp.wait(
          watching: connection.descriptor, for: POLLIN | (connection.hasUnsentBytes ? POLLOUT : 0),
          until: earlier(due, until))
        guard events & ~POLLOUT != 0 else { continue }
        try connection.read()
        while let reply = try connection.nextReply() { try receive(reply) }
        health.heard(owedBytes: pings.isEmpty ? nil : 0, now: .now)
      }
    }
  }

  private func ping(_ purpose: Ping, on connection: RedisConnection, _ health: inout Health) throws(RedisError) {
    pings.append(purpose)
    try connection.append(RedisCommand("PING"))
    health.sent(bytes: 0, now: .now)
  }

  // Tells Redis what changed.
  private func update(
    _ connection: RedisConnection, _ health: inout Health, isRestoring: Bool
  ) throws(RedisError) {
    let (changes, waiters) = subscriptions.take()
    var names: [Change: [String]] = [:]
    for (subscription, isWanted) in changes {
      if subscription.kind == .shard, !connection.hasShardedPubSub {
        if isWanted { refuse(.noShardedPubSub(connection.version)) }
        continue
      }
      let isNew = isWanted ? sent.insert(subscription).inserted : sent.remove(subscription) != nil
      if isNew { names[Change(kind: subscription.kind, isWanted: isWanted), default: []].append(subscription.name) }
    }
    for (change, names) in names {
      for start in stride(from: 0, to: names.count, by: SubscriptionLink.batch) {
        var command = RedisCommand(change.command)
        for name in names[start..<min(start + SubscriptionLink.batch, names.count)] {
          command.append(name)
          if change.kind == .shard, !change.isWanted { leaving[name, default: 0] += 1 }
        }
        try connection.append(command)
      }
    }
    if isRestoring { try ping(.restored, on: connection, &health) }
    if !waiters.isEmpty { try ping(.settled(waiters), on: connection, &health) }
  }

  private struct Change: Hashable {
    var kind: RedisPush.Kind
    var isWanted: Bool

    var command: StaticString {
      switch (kind, isWanted) {
      case (.channel, true): "SUBSCRIBE"
      case (.channel, false): "UNSUBSCRIBE"
      case (.pattern, true): "PSUBSCRIBE"
      case (.pattern, false): "PUNSUBSCRIBE"
      case (.shard, true): "SSUBSCRIBE"
      case (.shard, false): "SUNSUBSCRIBE"
      }
    }
  }

  private func refuse(_ error: RedisError) {
    guard refusal != error else { return }
    refusal = error
    link.logger.error("Redis does not subscribe", metadata: ["error": "\(error)"])
    link.report(.refused(error))
  }

  // MARK: Receiving

  private func receive(_ reply: borrowing RedisConnection.Reply) throws(RedisError) {
    let fields = reply.pointer.pointee
    switch fields.type {
    case REDIS_REPLY_ARRAY: try receive(array: fields)
    // Without a subscription PING is answered like this.
    case REDIS_REPLY_STATUS: try pong()
    case REDIS_REPLY_ERROR: refuse(RedisError(.command, text(fields)))
    default: throw RedisError(.protocolViolation, "a reply of type \(fields.type) to a subscriber")
    }
  }

  private func receive(array: redisReply) throws(RedisError) {
    guard array.elements >= 1, let first = array.element[0] else {
      throw RedisError(.protocolViolation, "an empty message")
    }
    switch (text(first.pointee), array.elements) {
    case ("message", 3):
      deliver(RedisPush(kind: .channel, channel: try text(array, 1), pattern: nil, payload: try bytes(array, 2)))
    case ("pmessage", 4):
      deliver(
        RedisPush(
          kind: .pattern, channel: try text(array, 2), pattern: try text(array, 1), payload: try bytes(array, 3)))
    case ("smessage", 3):
      deliver(RedisPush(kind: .shard, channel: try text(array, 1), pattern: nil, payload: try bytes(array, 2)))
    case ("pong", 2): try pong()
    case ("subscribe", 3), ("psubscribe", 3), ("ssubscribe", 3), ("unsubscribe", 3), ("punsubscribe", 3):
      break
    case ("sunsubscribe", 3):
      // A cluster that moves a slot says so unasked; it is wanted still, so the connection begins again.
      let name = try text(array, 1)
      if let count = leaving[name] {
        leaving[name] = count > 1 ? count - 1 : nil
      } else if sent.contains(Subscriptions.Subscription(kind: .shard, name: name)) {
        throw RedisError(.connectionLost, "Redis moved a channel")
      }
    default: throw RedisError(.protocolViolation, "a message of a kind that is not known")
    }
  }

  private func pong() throws(RedisError) {
    guard let ping = pings.popFirst() else { throw RedisError(.protocolViolation, "an answer to no PING") }
    switch ping {
    case .health: break
    case .restored: link.report(.subscriptionsRestored)
    case .settled(let waiters):
      let result: Result<Void, RedisError> = refusal.map { .failure($0) } ?? .success(())
      refusal = nil
      for waiter in waiters { waiter.continuation.resume(returning: result) }
    }
  }

  private func element(_ array: redisReply, _ index: Int) throws(RedisError) -> redisReply {
    guard let element = array.element[index]?.pointee, element.type == REDIS_REPLY_STRING else {
      throw RedisError(.protocolViolation, "a message without text")
    }
    return element
  }

  private func text(_ reply: redisReply) -> String {
    String(decoding: UnsafeRawBufferPointer(start: reply.str, count: reply.len), as: UTF8.self)
  }

  private func text(_ array: redisReply, _ index: Int) throws(RedisError) -> String {
    text(try element(array, index))
  }

  private func bytes(_ array: redisReply, _ index: Int) throws(RedisError) -> ByteBuffer {
    let element = try element(array, index)
    return ByteBuffer(bytes: UnsafeRawBufferPointer(start: element.str, count: element.len))
  }
}
