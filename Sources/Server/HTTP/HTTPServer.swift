import EventLoopExecutor
import Logging
import NIOCore
import NIOHTTP1
import NIOPosix

/// Listens, and puts the handlers of a connection together.
final class HTTPServer: Sendable {
  private let channel: any Channel
  private let loops: [NIOLoopBound<LoopState>]

  private init(channel: any Channel, loops: [NIOLoopBound<LoopState>]) {
    self.channel = channel
    self.loops = loops
  }

  /// Where it listens, with the port that the kernel chose for port 0.
  var address: SocketAddress? { channel.localAddress }

  /// Connections that speak HTTP now; those that were upgraded are not among them.
  func connectionCount() async throws -> Int {
    var count = 0
    for loop in loops { count += try await loop.eventLoop.submit { loop.value.connectionCount }.get() }
    return count
  }

  /// Adds the codec to a new channel, and behind it what takes requests before the application does. It is told which
  /// more handlers must go when the connection leaves HTTP.
  typealias AddHandlers =
    @Sendable (
      _ channel: any Channel, _ codec: [any RemovableChannelHandler], _ removingOnUpgrade: [any RemovableChannelHandler]
    ) throws -> Void

  /// Begins to listen.
  ///
  /// - Parameters:
  ///   - accessLog: nil for none.
  ///   - check: sees every answer as it is sent.
  static func start(
    host: String, port: Int, application: any HTTPApplication, configuration: HTTPConfiguration,
    eventLoopGroup: any EventLoopGroup, accessLog: LogSink?, logger: Logger,
    check: (any AnswerCheck)? = nil, addHandlers: @escaping AddHandlers
  ) async throws -> HTTPServer {
    let held = HeldBytes(limit: configuration.heldLimit)
    let newcomers = Newcomers(networkLimit: max(configuration.maxConnections / 4, 64))
    let crossOrigin = CrossOrigin(allowedOrigins: configuration.allowedOrigins)
    var shared: [ObjectIdentifier: NIOLoopBound<HTTPHandler.Shared>] = [:]
    var loops: [NIOLoopBound<LoopState>] = []
    for eventLoop in eventLoopGroup.makeIterator() {
      let bound = try await eventLoop.submit {
        let state = LoopState(
          eventLoop: eventLoop, accessLog: AccessLog(sink: accessLog), held: held, newcomers: newcomers)
        state.start(sweepInterval: configuration.sweepInterval)
        let shared = HTTPHandler.Shared(
          application: application, configuration: configuration, crossOrigin: crossOrigin,
          executor: LoopTaskExecutor(eventLoop), loop: state, check: check)
        return (NIOLoopBound(shared, eventLoop: eventLoop), NIOLoopBound(state, eventLoop: eventLoop))
      }.get()
      shared[ObjectIdentifier(eventLoop)] = bound.0
      loops.append(bound.1)
    }
    let handlers = shared
    let states = loops
    @Sendable func makeRoom() {
      if newcomers.closeOldest() { return }
      for state in states { state.eventLoop.execute { state.value.closeIdle(upTo: 16) } }
    }
    let bootstrap = ServerBootstrap(group: eventLoopGroup)
      .serverChannelOption(.backlog, value: 1024)
      .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
      .serverChannelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          let gate = AcceptGate(limit: configuration.maxConnections, logger: logger, makeRoom: makeRoom)
          try channel.pipeline.syncOperations.addHandler(gate)
        }
      }
      .childChannelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          guard let shared = handlers[ObjectIdentifier(channel.eventLoop)]?.value else {
            throw ChannelError.operationUnsupported
          }
          try configure(channel, shared: shared, addHandlers: addHandlers)
        }
      }
    return HTTPServer(channel: try await bootstrap.bind(host: host, port: port).get(), loops: loops)
  }

  private static func configure(
    _ channel: any Channel, shared: HTTPHandler.Shared, addHandlers: AddHandlers
  ) throws {
    // A client may end its side and still wait for the answer (RFC 9112 §9.6). Here, not in the bootstrap, where it
    // costs each connection a future.
    try channel.syncOptions?.setOption(.allowRemoteHalfClosure, value: true)
    var limits = NIOHTTPDecoderLimitConfiguration()
    // Twice what may be, so that what is a little too much is refused with all that an answer has: of a head that the
    // decoder has given up nothing is known, not even the page that waits for the answer.
    limits.maxHeaderFieldSize = shared.configuration.headerFieldLimit * 2
    limits.maxHeaderListSize = shared.configuration.headerLimit * 2
    limits.maxHeaderFieldCount = RequestFields.maxCount * 2
    let decoder = HTTPRequestDecoder(
      leftOverBytesStrategy: .forwardBytes, informationalResponseStrategy: .drop, limitConfiguration: limits)
    let connection = HTTPConnection(configuration: shared.configuration, loop: shared.loop)
    let handler = HTTPHandler(shared: shared, connection: connection)
    try addHandlers(channel, [HTTPResponseEncoder(), ByteToMessageHandler(decoder), connection], [handler])
    try channel.pipeline.syncOperations.addHandler(handler)
  }

  /// Accepts no more, closes idle connections, and the others with their answers. Whatever is left after `grace` is cut.
  func shutdown(grace: TimeAmount) async {
    try? await channel.close()
    for loop in loops { loop.eventLoop.execute { loop.value.drain() } }
    let deadline = ContinuousClock.now + .nanoseconds(grace.nanoseconds)
    while ContinuousClock.now < deadline, let count = try? await connectionCount(), count > 0 {
      try? await Task.sleep(for: .milliseconds(20))
    }
    for loop in loops {
      try? await loop.eventLoop.submit {
        loop.value.closeAll()
        loop.value.stop()
      }.get()
    }
  }
}
