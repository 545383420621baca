import Logging
import NIOCore
import Synchronization
import Threads

/// A Redis server, reached by two connections with a thread each: one for commands and publishes, one for subscriptions.
///
/// - Commands of all callers share one connection: what waits is sent in one write, and replies are matched in order. So
///   commands that block (BLPOP, WAIT) are not for it: a connection that is silent for `healthLimit` while an answer is
///   owed is given up.
/// - Publishing never waits: what does not fit into `queueLimit` bytes is dropped, and counted.
/// - Both connections come back by themselves, and the subscriptions with the second. Pub/sub delivers at most once:
///   what is published meanwhile is lost, which ``RedisEvent`` tells.
///
/// Redis Cluster is not spoken: sharded channels are those of one server, or of a proxy.
///
/// A cancelled task still gets its answer: what was sent cannot be called back.
public final class RedisClient: Sendable {
  public struct Configuration: Sendable {
    /// `redis://[[user]:password@]host[:port][/database]` or `unix:///path`.
    public var url: String
    /// What CLIENT LIST shows: no spaces.
    public var name = "letschat"
    /// How long connecting may take, entering included. The look-up of the host's name comes on top.
    public var connectTimeout: Duration = .seconds(3)
    /// How long commands and publishes wait for a connection while there is none.
    public var waitLimit: Duration = .seconds(5)
    /// A connection that is quiet for so long is asked with a PING.
    public var healthInterval: Duration = .seconds(2)
    /// A connection that owes an answer for so long without a byte is given up. With ``healthInterval`` this is how long
    /// a partition goes unnoticed. Large messages get their time on top, at 8 MB/s.
    public var healthLimit: Duration = .milliseconds(2_500)
    /// Bytes of commands, and as many of publishes, that may wait or be unanswered.
    public var queueLimit = 16 << 20
    /// The first pause before connecting again; it doubles, with jitter, up to ``reconnectLimit``.
    public var reconnectAfter: Duration = .milliseconds(50)
    public var reconnectLimit: Duration = .seconds(2)
    /// How long ``RedisClient/close()`` waits for what was accepted, while the connection stands.
    public var closeTimeout: Duration = .seconds(1)

    public init(url: String) { self.url = url }

    /// Throws `badConfiguration` for a URL that cannot be read. The error does not hold the URL.
    public func check() throws(RedisError) { _ = try RedisURL(url) }
  }

  public struct Statistics: Sendable, Hashable {
    /// Commands and publishes that wait to be sent.
    public var waiting = 0
    /// Bytes of commands that wait or are unanswered.
    public var commandBytes = 0
    /// Bytes of publishes that wait or are unanswered.
    public var publishBytes = 0
    /// Publishes that were lost since the client was made; see ``RedisEvent/publishesLost(_:)``.
    public var publishesLost = 0
    /// Subscriptions that are wanted.
    public var subscriptions = 0
  }

  private let queue: CommandQueue
  private let subscriptions: Subscriptions
  private let closeTimeout: Duration
  private let threads: RunningThreads

  /// Starts the threads, which connect by themselves; a Redis that is away is no error here.
  ///
  /// Throws `badConfiguration` for a URL that cannot be read, and `unavailable` if the system has no thread left.
  ///
  /// - Parameters:
  ///   - onPush: gets the messages, in the order of their arrival, on the subscriptions' thread. It must not block: what
  ///     it does not take waits in Redis, which ends connections that lag (`client-output-buffer-limit`).
  ///   - onEvent: gets what happens, on the thread of the connection that it happens to. It must not block either.
  public init(
    configuration: Configuration, logger: Logger, onPush: @escaping @Sendable (RedisPush) -> Void = { _ in },
    onEvent: @escaping @Sendable (RedisEvent) -> Void = { _ in }
  ) throws(RedisError) {
    let url = try RedisURL(configuration.url)
    let threads = RunningThreads()
    self.threads = threads
    closeTimeout = configuration.closeTimeout
    let commandWakeUp: WakeUp
    let subscriptionWakeUp: WakeUp
    do throws(ThreadError) {
      commandWakeUp = try WakeUp()
      subscriptionWakeUp = try WakeUp()
    } catch {
      throw RedisError(error)
    }
    let queue = CommandQueue(
      wakeUp: commandWakeUp, limit: configuration.queueLimit, patience: configuration.waitLimit)
    let subscriptions = Subscriptions(wakeUp: subscriptionWakeUp, patience: configuration.waitLimit)
    self.queue = queue
    self.subscriptions = subscriptions
    func link(_ wakeUp: WakeUp) -> Link {
      Link(settings: configuration, url: url, wakeUp: wakeUp, logger: logger, report: onEvent)
    }
    let commandLink = link(commandWakeUp)
    let subscriptionLink = link(subscriptionWakeUp)
    do throws(ThreadError) {
      try threads.start("redis-commands") { commandLink.run(CommandLink(link: commandLink, queue: queue)) }
      try threads.start("redis-messages") {
        subscriptionLink.run(
          SubscriptionLink(link: subscriptionLink, subscriptions: subscriptions, deliver: onPush))
      }
    } catch {
      queue.beginClosing(within: .zero)
      throw RedisError(error)
    }
  }

  deinit {
    queue.beginClosing(within: .zero)
    subscriptions.beginClosing()
  }

  // MARK: Commands

  /// Executes a command: its name and its arguments.
  ///
  /// Throws `command` if Redis refuses it; `unavailable` if it was not reached within `waitLimit`, or the queue is full;
  /// `connectionLost` if the connection broke under way; `badCommand` for what a shared connection cannot have.
  public func command(_ arguments: [ByteBuffer]) async throws(RedisError) -> RedisReply {
    let command = RedisCommand(arguments)
    try command.check()
    // Unsafe only in that a lost continuation is not diagnosed: each is resumed once, by CommandLink.settle.
    return try await withUnsafeContinuation { continuation in
      queue.submit(command, continuation)
    }.get()
  }

  /// Executes a command whose arguments are texts.
  public func command(_ arguments: String...) async throws(RedisError) -> RedisReply {
    try await command(arguments.map { ByteBuffer(string: $0) })
  }

  /// Publishes a message, in the order of the calls. Never waits, and says nothing of whether it arrives: false if it was
  /// dropped at once, because the queue is full or the client closed. What is lost later is told as
  /// ``RedisEvent/publishesLost(_:)``.
  ///
  /// - Parameter isSharded: SPUBLISH, for subscribers of ``RedisPush/Kind/shard``; needs Redis 7.0.
  @discardableResult
  public func publish(_ payload: ByteBuffer, on channel: String, isSharded: Bool = false) -> Bool {
    var command = RedisCommand(isSharded ? "SPUBLISH" : "PUBLISH")
    command.append(channel)
    command.append(payload)
    return queue.publish(command, isSharded: isSharded)
  }

  // MARK: Subscriptions

  /// Subscribes, now or as soon as there is a connection, and again after each loss of it. What is subscribed already
  /// stays so.
  public func subscribe(to names: some Sequence<String>, as kind: RedisPush.Kind = .channel) {
    subscriptions.change(kind, names, isWanted: true)
  }

  /// Ends subscriptions. Messages that are under way may still come.
  public func unsubscribe(from names: some Sequence<String>, as kind: RedisPush.Kind = .channel) {
    subscriptions.change(kind, names, isWanted: false)
  }

  /// Waits until Redis has confirmed what was subscribed and unsubscribed before this call.
  ///
  /// Throws `unavailable` if that takes longer than `waitLimit`, `unsupported` or `command` if Redis refuses one.
  public func settleSubscriptions() async throws(RedisError) {
    try await withUnsafeContinuation { continuation in
      subscriptions.wait(continuation)
    }.get()
  }

  // MARK: The end

  public var statistics: Statistics {
    var statistics = Statistics(subscriptions: subscriptions.count)
    queue.count(into: &statistics)
    return statistics
  }

  /// Refuses new work, finishes what was accepted (as far as Redis is there, and for `closeTimeout`), and ends the
  /// threads. No callback comes after it.
  public func close() async {
    queue.beginClosing(within: closeTimeout)
    subscriptions.beginClosing()
    await threads.end()
  }
}

/// The threads of a client, and who waits for their end.
private final class RunningThreads: Sendable {
  private struct State {
    var running = 0
    var waiting: [UnsafeContinuation<Void, Never>] = []
  }

  private let state = Mutex(State())

  func start(_ name: String, _ body: @escaping @Sendable () -> Void) throws(ThreadError) {
    state.withLock { $0.running += 1 }
    do throws(ThreadError) {
      try BackgroundThread.start(name) {
        body()
        self.ended()
      }
    } catch {
      ended()
      throw error
    }
  }

  /// Waits until all have ended.
  func end() async {
    await withUnsafeContinuation { continuation in
      let isOver = state.withLock { state in
        if state.running > 0 { state.waiting.append(continuation) }
        return state.running == 0
      }
      if isOver { continuation.resume() }
    }
  }

  private func ended() {
    let waiting = state.withLock { state in
      state.running -= 1
      defer { if state.running == 0 { state.waiting = [] } }
      return state.running == 0 ? state.waiting : []
    }
    for continuation in waiting { continuation.resume() }
  }
}
