import Cluster
import Logging
import NIOCore
import Redis
import SocketIO
import Synchronization

/// Makes a ``SocketIOServer`` a node of a cluster that talks over Redis's pub/sub, in the wire format of
/// @socket.io/redis-adapter: nodes on Node.js and @socket.io/redis-emitter take part.
/// ```swift
/// let adapter = RedisAdapter(configuration: .init(url: "redis://localhost"), server: server, logger: logger)
/// try adapter.start()
/// server.use(adapter)
/// ```
/// In this order: the server tells the adapter at once of the rooms that there are.
///
/// While Redis is away the node serves its own sockets; what is told meanwhile is lost, which ``Hooks/event`` tells.
///
/// Source: socketio/socket.io-redis-adapter 8.3.0, lib/index.ts and lib/sharded-adapter.ts.
public final class RedisAdapter: ClusterAdapter, Sendable {
  /// Which of the original's two formats is spoken. All nodes must say the same.
  public struct Format: Sendable, Hashable {
    let subscriptions: ShardedFormat.Subscriptions?

    /// `createAdapter`: PUBLISH, and a pattern subscription for all rooms.
    public static let classic = Format(subscriptions: nil)
    /// `createShardedAdapter` with its default, `subscriptionMode: "dynamic"`. See ``sharded(_:)``.
    public static let sharded = sharded(.dynamic)

    /// `createShardedAdapter`: SPUBLISH; needs Redis 7.0.
    ///
    /// With `.dynamic` a room that sockets were put into has a channel of its own, and a broadcast to it alone goes to
    /// the nodes with somebody in it. It is subscribed when the first one joins, and heard from the moment that Redis
    /// has taken that: what another node sends to the room before is missed. ``RedisAdapter/settle()`` waits for it.
    /// With `.fixed` (`"static"`) all nodes hear all broadcasts; nothing is missed, and nothing is spared. With
    /// `.dynamicPrivate` (`"dynamic-private"`) each socket's own room has a channel, too.
    ///
    /// A node on Node.js with `"dynamic"` takes the `sid` of one of our sockets for a room that others may be in, by its
    /// length, and what it sends to that one socket is not heard here. Where nodes on Node.js do that, all must say
    /// `.fixed` or `.dynamicPrivate`.
    public static func sharded(_ subscriptions: ShardedFormat.Subscriptions) -> Format {
      Format(subscriptions: subscriptions)
    }
  }

  public struct Configuration: Sendable {
    public var redis: RedisClient.Configuration
    public var format = Format.classic
    /// The original's option `key`, or `channelPrefix`.
    public var prefix = "socket.io"
    /// Those of which is told, and heard.
    public var namespaces = ["/"]
    /// How long other nodes have to answer.
    public var requestTimeout = Duration.seconds(5)
    /// How long a client that comes from another node waits for its socket; then it begins anew.
    public var handoverTimeout = Duration.seconds(2)
    /// What a message from Redis may cost.
    public var limits = ClusterLimits()

    public init(url: String) { redis = RedisClient.Configuration(url: url) }
  }

  /// What the application may have a part in. None of the functions may block: they are called on Redis's threads.
  public struct Hooks: Sendable {
    /// Looks at what another node, or an emitter, sends to clients; true if the application takes care of it.
    public var takes: @Sendable (Arguments, BroadcastTarget) -> Bool = { _, _ in false }
    /// An event for the applications, and its namespace. It is not acknowledged: a node that waits for that waits in vain.
    public var serverSideEvent: @Sendable (Arguments, String) -> Void = { _, _ in }
    /// A message on a channel that the application subscribed to: see ``RedisAdapter/subscribe(to:)``.
    public var message: @Sendable (RedisPush) -> Void = { _ in }
    public var event: @Sendable (RedisEvent) -> Void = { _ in }

    public init() {}
  }

  /// This node's name in the cluster.
  let uid = String((0..<10).compactMap { _ in "abcdefghijklmnopqrstuvwxyz0123456789".randomElement() })
  let configuration: Configuration
  let server: SocketIOServer
  let logger: Logger
  let namespaces: [NamespaceChannels]
  let requests = PendingRequests()
  let broadcasts = PendingBroadcasts()
  let handovers = PendingHandovers()
  let handoverFormat: HandoverFormat
  /// Where this node is asked for sockets, and answered; nil if it keeps nobody's state.
  let handoverChannel: String?
  /// How this node's own broadcasts begin in the classic format, so that they need not be decoded.
  let ownBeginning: [UInt8]
  let hasWarned = Atomic(false)
  /// Once it is started.
  let client = AtomicLazyReference<RedisClient>()

  public init(configuration: Configuration, server: SocketIOServer, logger: Logger) {
    self.configuration = configuration
    self.server = server
    self.logger = logger
    handoverFormat = HandoverFormat(prefix: configuration.prefix, limits: configuration.limits)
    handoverChannel = server.local.recoveryName.map(handoverFormat.channel)
    namespaces = configuration.namespaces.map { namespace in
      guard let subscriptions = configuration.format.subscriptions else {
        return .classic(ClassicFormat(namespace: namespace, prefix: configuration.prefix, limits: configuration.limits))
      }
      return .sharded(
        ShardedFormat(
          namespace: namespace, subscriptions: subscriptions, prefix: configuration.prefix,
          limits: configuration.limits))
    }
    // An array of three, and a string of less than 32 bytes (MessagePack's fixarray and fixstr).
    ownBeginning = [0x93, 0xA0 | UInt8(uid.utf8.count)] + Array(uid.utf8)
  }

  /// Connects, now or as soon as Redis is there, and listens.
  ///
  /// - Throws: as `RedisClient.init`.
  public func start(_ hooks: Hooks = Hooks()) throws(RedisError) {
    let client = try RedisClient(
      configuration: configuration.redis, logger: logger, onPush: { self.receive($0, hooks) }, onEvent: hooks.event)
    // The client's callbacks hold this adapter, and it holds the client, until it is closed.
    precondition(self.client.storeIfNil(client) === client, "an adapter is started once")
    for namespace in namespaces {
      for (names, kind) in namespace.subscriptions(of: uid) { client.subscribe(to: names, as: kind) }
    }
    if let handoverChannel { client.subscribe(to: [handoverChannel]) }
  }

  /// Waits until what is subscribed is in force.
  ///
  /// - Throws: as `RedisClient.settleSubscriptions`; ``RedisAdapterError`` `notStarted`.
  public func settle() async throws {
    try await startedClient().settleSubscriptions()
  }

  /// Leaves the cluster.
  public func close() async {
    await client.load()?.close()
  }

  // MARK: - The application's own messages

  /// Listens to a channel of the application's own; what comes there is ``Hooks/message``'s.
  public func subscribe(to channel: String) {
    client.load()?.subscribe(to: [channel])
  }

  /// Publishes on a channel of the application's own.
  ///
  /// - Returns: false if the message was dropped.
  @discardableResult
  public func publish(_ payload: ByteBuffer, on channel: String) -> Bool {
    client.load()?.publish(payload, on: channel) ?? false
  }

  /// Executes a command.
  ///
  /// - Throws: as `RedisClient.command`; ``RedisAdapterError`` `notStarted`.
  public func command(_ arguments: [ByteBuffer]) async throws -> RedisReply {
    try await startedClient().command(arguments)
  }

  // MARK: - ClusterAdapter

  public func broadcast(
    _ arguments: Arguments, to target: BroadcastTarget, volatile: Bool, at position: StreamPosition?
  ) {
    var options = BroadcastOptions(target)
    options.isVolatile = volatile
    options.position = position.map(BroadcastPosition.init)
    publish(
      .broadcast(
        ClusterPacket(namespace: target.namespace, arguments: ClusterValue(arguments)), options, requestID: nil),
      in: target.namespace)
  }

  public func join(_ target: BroadcastTarget, room: String) {
    publish(.join(BroadcastOptions(target), rooms: [room], requestID: nil), in: target.namespace)
  }

  public func leave(_ target: BroadcastTarget, room: String) {
    publish(.leave(BroadcastOptions(target), rooms: [room], requestID: nil), in: target.namespace)
  }

  public func disconnect(_ target: BroadcastTarget, close: Bool) {
    publish(.disconnect(BroadcastOptions(target), close: close, requestID: nil), in: target.namespace)
  }

  public func serverSideEmit(_ arguments: Arguments, namespace: String) {
    publish(.serverSideEmit(ClusterValue(arguments), requestID: nil), in: namespace)
  }

  public func fetchSockets(_ target: BroadcastTarget) async throws -> [SocketDescription] {
    let answers = try await ask(in: target.namespace) { .fetchSockets(BroadcastOptions(target), requestID: $0) }
    return answers.flatMap { answer -> [SocketDescription] in
      guard case .fetchSocketsResponse(let sockets, _) = answer else { return [] }
      return sockets.map(SocketDescription.init)
    }
  }

  func startedClient() throws -> RedisClient {
    guard let client = client.load() else {
      throw RedisAdapterError(code: .notStarted, message: "the adapter is not started")
    }
    return client
  }

  /// - Parameter requester: of a response: who asked.
  func publish(_ body: ClusterMessage.Body, in namespace: String, to requester: String? = nil) {
    guard let client = client.load(),
      let channels = namespaces.first(where: { $0.namespace == namespace })
    else { return }
    do throws(ClusterError) {
      let message = ClusterMessage(sender: uid, namespace: namespace, body: body)
      let publication = try channels.publication(message, to: requester)
      client.publish(publication.payload, on: publication.channel, isSharded: channels.isSharded)
    } catch {
      // The application's arguments are no JSON, or binaries are where the format has none.
      logger.error("a message for other nodes could not be written", metadata: ["error": "\(error)"])
    }
  }
}

extension BroadcastOptions {
  init(_ target: BroadcastTarget) { self.init(rooms: target.rooms, except: target.exceptRooms) }
}

extension ClusterValue {
  init(_ arguments: Arguments) { self.init(json: arguments.json, attachments: arguments.attachments) }
}
