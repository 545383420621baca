import Handlers
import Logging
import NIOCore
import ProtocolRuntime
import Redis
import SocketIO
import SocketIORedis
import Synchronization
import TokenBuckets

/// This server as a node among others: takes the domain's words to Redis, and the others' words to the domain.
///
/// What has a place in a chat's order is handed to the domain, whoever sent it; all else goes to the rooms that it names.
final class RedisNodes: OtherNodes, RateLimiter.Nodes {
  private struct Links {
    var hasCommands = false
    var hasSubscriptions = false
  }

  private let adapter: RedisAdapter
  private let sockets: SocketIOServer
  private let logger: Logger
  private let buckets: SharedBuckets
  /// This node's name among those that tell what was spent.
  private let number = UInt64.random(in: .min ... .max)
  private let exchange = Mutex<Task<Void, Never>?>(nil)
  private let links = Mutex(Links())

  /// How often nodes tell each other what was spent of limits.
  private static let exchangeInterval = Duration.milliseconds(500)

  init(redisURL: String, sockets: SocketIOServer, eventLoop: any EventLoop, logger: Logger) {
    self.logger = logger
    self.sockets = sockets
    adapter = RedisAdapter(configuration: RedisAdapter.Configuration(url: redisURL), server: sockets, logger: logger)
    buckets = SharedBuckets(adapter: adapter, eventLoop: eventLoop)
  }

  /// Connects, now or as soon as Redis is there.
  func start(_ service: ChatService, limiter: RateLimiter) throws {
    var hooks = RedisAdapter.Hooks()
    hooks.takes = { arguments, target in
      guard target.namespace == "/", arguments.attachments.isEmpty, let event = arguments.event else { return false }
      return service.received(event.name, payload: event.payload, arguments: arguments.json)
    }
    hooks.message = { [number] push in
      if push.channel == SpentLimits.channel {
        guard let spent = SpentLimits(push.payload), spent.node != number else { return }
        for entry in spent.entries { limiter.charge(entry.spending, of: entry.name) }
        return
      }
      switch NodeNotice(push.payload) {
      case .sessionEnded(let session): service.sessionEndedElsewhere(session)
      case .look: service.look()
      case nil: break
      }
    }
    hooks.event = { self.happened($0, service) }
    try adapter.start(hooks)
    // For clients that come from another node. Of events, the domain's way is the only one.
    sockets.use(adapter)
    adapter.subscribe(to: NodeNotice.channel)
    adapter.subscribe(to: SpentLimits.channel)
    exchange.withLock {
      $0 = Task {
        while (try? await Task.sleep(for: Self.exchangeInterval)) != nil { tellSpendings(of: limiter) }
      }
    }
  }

  /// What nobody hears is dropped: it is of this moment.
  private func tellSpendings(of limiter: RateLimiter) {
    let entries = limiter.takeSpendings().map { SpentLimits.Entry(name: $0.name.description, spending: $0.spending) }
    guard !entries.isEmpty, hasCommands else { return }
    adapter.publish(SpentLimits(node: number, entries: entries).bytes, on: SpentLimits.channel)
  }

  func close() async {
    exchange.withLock { $0.take() }?.cancel()
    await adapter.close()
  }

  private func happened(_ event: RedisEvent, _ service: ChatService) {
    switch event {
    case .connected(.commands, _): links.withLock { $0.hasCommands = true }
    case .disconnected(.commands, _): links.withLock { $0.hasCommands = false }
    case .disconnected(.subscriptions, _): links.withLock { $0.hasSubscriptions = false }
    case .connected(.subscriptions, _): break
    case .subscriptionsRestored:
      links.withLock { $0.hasSubscriptions = true }
      logger.info("other nodes are heard")
      service.look()
    case .publishesLost(let count):
      logger.warning("other nodes missed what was published", metadata: ["count": "\(count)"])
      // If this is lost, too, it is told again: once a second at most, until Redis is there.
      adapter.publish(NodeNotice.look.bytes, on: NodeNotice.channel)
    case .refused(let error): logger.error("Redis refuses", metadata: ["error": "\(error)"])
    }
  }

  private var hasCommands: Bool { links.withLock { $0.hasCommands } }

  // MARK: - Limits

  func spend(_ key: TokenBuckets.Key, of name: StaticString, rate: TokenRate) async -> TokenBuckets.Outcome? {
    guard hasCommands else { return nil }
    return await buckets.spend(key, of: name, rate: rate)
  }

  // MARK: - OtherNodes

  var isReachable: Bool { links.withLock { $0.hasCommands && $0.hasSubscriptions } }

  func publish(_ event: EncodedEvent, toRoom room: String, exceptRoom: String?) {
    adapter.broadcast(
      Arguments(event.arguments), to: BroadcastTarget(rooms: [room], exceptRooms: exceptRoom.map { [$0] } ?? []),
      volatile: event.isVolatile, at: nil)
  }

  func sessionEnded(_ session: UUID) {
    adapter.publish(NodeNotice.sessionEnded(session).bytes, on: NodeNotice.channel)
  }
}
