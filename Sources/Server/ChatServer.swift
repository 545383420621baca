import EventLoopExecutor
import Generated
import GeneratedDocuments
import Glibc
import Handlers
import Logging
import NIOCore
import NIOPosix
import Postgres
import ProtocolRuntime
import ServiceLifecycle
import SocketIO

/// The server from its start to its end: puts the parts together, and takes them apart in the opposite order.
struct ChatServer: Service {
  /// How long requests and sockets have to end by themselves.
  private static let grace = TimeAmount.seconds(5)

  let configuration: ServerConfiguration
  let log: LogSink
  let logger: Logger
  /// What limits go by: nanoseconds, never going back.
  var clock: @Sendable () -> UInt64 = { NIODeadline.now().uptimeNanoseconds }

  func run() async throws {
    let secret =
      try configuration.secret ?? Secret(SecretFile.load(dataDirectory: configuration.dataDirectory))
    try await Startup.withDatabase(configuration, logger: logger) { url in
      try await DatabaseCheck(connectionString: url).run(connections: configuration.databaseConnections)
      _ = try await Migrator(connectionString: url, logger: logger).run(Schema.migrations)
      var settings = PostgresClient.Configuration(connectionString: url)
      settings.connections = configuration.databaseConnections
      settings.sessionSettings = Schema.sessionSettings
      settings.sessionStart = Schema.sessionStart
      try await serve(database: PostgresClient(configuration: settings, logger: logger), secret: secret)
    }
  }

  private func serve(database: PostgresClient, secret: Secret<[UInt8]>) async throws {
    let hasher = PasswordHasher()
    let group = MultiThreadedEventLoopGroup(numberOfThreads: System.coreCount)
    do {
      let accounts = try Accounts(database: database, secret: secret.revealed, hasher: hasher)
      try await accounts.start()
      try await serve(accounts: accounts, group: group)
    } catch {
      await end(hasher, database, group)
      throw error
    }
    await end(hasher, database, group)
  }

  private func end(
    _ hasher: PasswordHasher, _ database: PostgresClient, _ group: MultiThreadedEventLoopGroup
  ) async {
    await hasher.shutdown()
    // Before the loops: who waits for an answer of the database goes on on one of them.
    await database.close()
    try? await group.shutdownGracefully()
  }

  private func serve(accounts: Accounts, group: MultiThreadedEventLoopGroup) async throws {
    let check = configuration.checksResponses ? try ResponseCheck(logger: logger) : nil
    defer { check?.logCounts() }
    let maxConnections = max(64, FileLimit.raise() - FileLimit.reserve)
    let sockets = socketServer(maxConnections: maxConnections, check: check, group: group)
    let node = configuration.redisURL.map {
      RedisNodes(redisURL: $0.revealed, sockets: sockets, eventLoop: group.next(), logger: self.logger)
    }
    let limiter = RateLimiter(rateLimits, scale: configuration.rateLimitScale, nodes: node, clock: clock)
    var settings = ChatService.Configuration(editWindowHours: configuration.editWindowHours)
    // The other half of the connections is for all else.
    settings.flights = max(1, configuration.databaseConnections / 2)
    let service = ChatService(
      accounts: accounts, documents: specDocuments(),
      sink: SocketEventSink(sockets: sockets, hasNodes: node != nil, check: check),
      loops: group.makeIterator().map { loop in
        DeliveryLoop(scheduler: EventLoopScheduler(loop), executor: LoopTaskExecutor(loop))
      },
      nodes: node, configuration: settings, logger: logger)
    let logger = logger
    let api = service.makeAPI(limiter: limiter) { error, context in
      logger.error("a request failed", metadata: ["error": "\(error)", "request_id": "\(context.requestID)"])
    }
    let application = ChatSockets(
      service: service, api: api, sockets: sockets, trustedProxies: configuration.trustedProxies, check: check,
      logger: logger)
    sockets.serve(application)
    try await service.beginHistory()
    try node?.start(service, limiter: limiter)
    defer { service.stopWatching() }
    do {
      try await serve(service, api, sockets, check, maxConnections: maxConnections, group: group)
    } catch {
      await node?.close()
      throw error
    }
    await node?.close()
  }

  private func serve(
    _ service: ChatService, _ api: ChatAPI, _ sockets: SocketIOServer, _ check: ResponseCheck?, maxConnections: Int,
    group: MultiThreadedEventLoopGroup
  ) async throws {
    let http = try await listen(ChatApplication(api: api), check, maxConnections: maxConnections, group: group) {
      try sockets.addHTTPHandlers(to: $0, codec: $1, removingOnUpgrade: $2)
    }
    service.startWatching()
    Startup.print("Let'sChat is listening at \(url(of: http.address))")
    logger.info("listening", metadata: ["connections": "\(maxConnections)"])
    let memory = Task { await Memory.giveBackFreed() }
    defer { memory.cancel() }
    // Throws when the whole group is cancelled: then it is time to go, too.
    try? await gracefulShutdown()
    logger.info("shutting down")
    async let socketsEnd: Void = sockets.shutdown(grace: Self.grace)
    await http.shutdown(grace: Self.grace)
    await socketsEnd
  }

  private func socketServer(
    maxConnections: Int, check: ResponseCheck?, group: MultiThreadedEventLoopGroup
  ) -> SocketIOServer {
    var settings = SocketIOServer.Configuration()
    // Fewer than the listener takes: a handshake must find a connection to come by, to get the place of a newcomer.
    settings.maxConnections = maxConnections - min(max(maxConnections / 16, 32), 1024)
    settings.maxNewcomersPerAddress = min(settings.maxNewcomersPerAddress, maxConnections / 4)
    settings.address = { [proxies = configuration.trustedProxies] headers, peer in
      peer?.ipAddress.map {
        AddressRanges.network(
          of: proxies.client(peer: $0, forwardedFor: headers["x-forwarded-for"].joined(separator: ",")))
      }
    }
    if configuration.rateLimitScale > 0 {
      let scale = configuration.rateLimitScale
      settings.handshakeRate = SocketIOServer.Rate(20, per: .seconds(1), burst: 3000, scale: scale)
      settings.packetRate = SocketIOServer.Rate(200, per: .seconds(1), burst: 1000, scale: scale)
    }
    // Any origin may connect: a socket is authenticated by its token, never by what a browser adds of its own.
    settings.allowedOrigins = nil
    if !configuration.allowedOrigins.isEmpty {
      settings.crossOrigin = SocketIOServer.CrossOrigin(
        origins: Set(configuration.allowedOrigins), allowsCredentials: true)
    }
    var recovery = SocketIOServer.Recovery()
    recovery.restate = { earlier, latest in
      let restated = MessageEvents.restated(earlier, latest)
      if let check, let restated { check.look(atEvent: restated.json) }
      return restated
    }
    settings.recovery = recovery
    let fields = SocketAnswerFields()
    settings.answerFields = { fields.fields(to: $0, $1) }
    return SocketIOServer(configuration: settings, eventLoopGroup: group, logger: logger)
  }

  private func listen(
    _ application: ChatApplication, _ check: ResponseCheck?, maxConnections: Int,
    group: MultiThreadedEventLoopGroup, addHandlers: @escaping HTTPServer.AddHandlers
  ) async throws -> HTTPServer {
    var settings = HTTPConfiguration()
    settings.maxConnections = maxConnections
    settings.allowedOrigins = configuration.allowedOrigins
    settings.trustedProxies = configuration.trustedProxies
    let host = configuration.host
    let port = configuration.port
    do {
      return try await HTTPServer.start(
        host: host, port: port, application: application, configuration: settings, eventLoopGroup: group,
        accessLog: configuration.logLevel <= .info ? log : nil, logger: logger, check: check,
        addHandlers: addHandlers)
    } catch let error as IOError {
      let line =
        switch error.errnoCode {
        case EADDRINUSE: "port \(port) of \(host) is in use; choose another with --port or PORT"
        case EACCES: "port \(port) of \(host) needs more rights than this user has"
        case EADDRNOTAVAIL: "\(host) is no address of this machine; choose one with --host or HOST"
        default: "cannot listen at \(host), port \(port): \(error)"
        }
      throw Startup.Failure(line: line)
    } catch is SocketAddressError.UnknownHost {
      throw Startup.Failure(line: "\(host) is not known; choose an address of this machine with --host or HOST")
    }
  }

  private func url(of address: SocketAddress?) -> String {
    let host = configuration.host.contains(":") ? "[\(configuration.host)]" : configuration.host
    return "http://\(host):\(address?.port ?? configuration.port)"
  }
}
