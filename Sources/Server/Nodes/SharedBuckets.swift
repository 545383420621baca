import NIOCore
import ProtocolRuntime
import Redis
import SocketIORedis
import Synchronization
import TokenBuckets

/// The buckets that all nodes have together, in Redis, for the limits that ask first.
struct SharedBuckets: Sendable {
  /// How long Redis has to answer; then this node's own bucket counts.
  static let patience = TimeAmount.milliseconds(50)

  let adapter: RedisAdapter
  /// For the timer.
  let eventLoop: any EventLoop

  /// As TokenBuckets counts, by Redis's clock, in microseconds: the key holds the moment at which the bucket will be full,
  /// and is forgotten then.
  private static let script = """
    local time = redis.call('TIME')
    local now = time[1] * 1000000 + time[2]
    local interval, filling = tonumber(ARGV[1]), tonumber(ARGV[2])
    local debt = math.max((tonumber(redis.call('GET', KEYS[1])) or now) - now, 0)
    if debt + interval > filling then return {0, debt} end
    debt = debt + interval
    redis.call('SET', KEYS[1], string.format('%.0f', now + debt), 'PX', math.ceil(debt / 1000))
    return {1, debt}
    """

  /// Nil where Redis does not answer in time.
  func spend(_ key: TokenBuckets.Key, of name: StaticString, rate: TokenRate) async -> TokenBuckets.Outcome? {
    let interval = max(1, rate.interval / 1000)
    let place = "letschat:limit:\(name):\(String(key.high, radix: 16)):\(String(key.low, radix: 16))"
    let arguments = [
      "EVAL", Self.script, "1", place, String(interval), String(interval * rate.capacity),
    ].map { ByteBuffer(string: $0) }
    let reply = await firstAnswer { try? await adapter.command(arguments) }
    guard let values = reply?.array, values.count == 2, let isAllowed = values[0].integer,
      let debt = values[1].integer, debt >= 0
    else { return nil }
    return TokenBuckets.Outcome(
      isAllowed: isAllowed == 1, debt: min(UInt64(debt), rate.filling / 1000) * 1000, rate: rate)
  }

  /// What is answered in time: a command that was sent can't be called back, so it is left to itself.
  private func firstAnswer(_ ask: @escaping @Sendable () async -> RedisReply?) async -> RedisReply? {
    await withCheckedContinuation { continuation in
      let answer = Answer(continuation)
      Task { answer.give(await ask()) }
      eventLoop.scheduleTask(in: Self.patience) { answer.give(nil) }
    }
  }

  private final class Answer: Sendable {
    private let waiting: Mutex<CheckedContinuation<RedisReply?, Never>?>

    init(_ continuation: CheckedContinuation<RedisReply?, Never>) { waiting = Mutex(continuation) }

    func give(_ reply: RedisReply?) { waiting.withLock { $0.take() }?.resume(returning: reply) }
  }
}
