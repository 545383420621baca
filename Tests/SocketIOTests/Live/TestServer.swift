import Logging
import NIOConcurrencyHelpers
import NIOCore
import NIOHTTP1
import NIOPosix
import SocketIO

/// What the tests' servers serve, with the behaviour passed in, and a stream of what happened.
final class TestApplication: SocketIOApplication {
  typealias OnConnect = @Sendable (ConnectRequest) async -> ConnectDecision
  typealias OnEvent = @Sendable (IncomingEvent, SocketID) async -> Arguments?

  private let onConnect: OnConnect
  private let onEvent: OnEvent
  private let happened: AsyncStream<String>.Continuation
  /// `connected`, `disconnected REASON`.
  let log: AsyncStream<String>
  private let known = NIOLockedValueBox<[SocketID]>([])

  init(
    onConnect: @escaping OnConnect = { _ in .accept() },
    onEvent: @escaping OnEvent = { event, _ in event.arguments }
  ) {
    self.onConnect = onConnect
    self.onEvent = onEvent
    (self.log, self.happened) = AsyncStream.makeStream()
  }

  /// The sockets that were connected, in order.
  var sockets: [SocketID] { self.known.withLockedValue { $0 } }

  func connect(_ request: ConnectRequest) async -> ConnectDecision { await self.onConnect(request) }

  func connected(_ socket: SocketID) {
    self.known.withLockedValue { $0.append(socket) }
    self.happened.yield("connected")
  }

  func receive(_ event: IncomingEvent, from socket: SocketID) async -> Arguments? {
    await self.onEvent(event, socket)
  }

  func disconnected(_ socket: SocketID, reason: DisconnectReason) {
    self.happened.yield("disconnected \(reason.rawValue)")
  }
}

/// A Socket.IO server on loopback, in an HTTP server that answers all else with its path. All share two event loops, and
/// tests have deadlines of parts of a second: suites of them are `.serialized`.
struct TestServer {
  let socketIO: SocketIOServer
  let port: Int
  private let channel: any Channel

  static let group = MultiThreadedEventLoopGroup(numberOfThreads: 2)

  typealias AddHandlers = @Sendable (SocketIOServer, any Channel, [any RemovableChannelHandler]) throws -> Void

  /// Runs the body against a server, and stops the server.
  ///
  /// - Parameter addHandlers: Adds HTTP's handlers and the server's to a new channel, as an application does.
  static func run(
    _ configuration: SocketIOServer.Configuration = SocketIOServer.Configuration(),
    _ application: (SocketIOServer) -> TestApplication = { _ in TestApplication() },
    addHandlers: @escaping AddHandlers = { try $0.addHTTPHandlers(to: $1, removingOnUpgrade: $2) },
    body: (TestServer, TestApplication) async throws -> Void
  ) async throws {
    let socketIO = SocketIOServer(
      configuration: configuration, eventLoopGroup: Self.group, logger: Logger(label: "test"))
    let application = application(socketIO)
    socketIO.serve(application)
    let channel = try await ServerBootstrap(group: Self.group)
      .childChannelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          let http = PathEcho()
          try addHandlers(socketIO, channel, [http])
          try channel.pipeline.syncOperations.addHandler(http)
        }
      }
      .bind(host: "127.0.0.1", port: 0).get()
    let server = TestServer(socketIO: socketIO, port: channel.localAddress?.port ?? 0, channel: channel)
    do {
      try await body(server, application)
    } catch {
      try await server.stop()
      throw error
    }
    try await server.stop()
  }

  private func stop() async throws {
    try await self.channel.close()
    await self.socketIO.shutdown(grace: .milliseconds(100))
  }
}

/// The application's own HTTP.
private final class PathEcho: ChannelInboundHandler, RemovableChannelHandler {
  typealias InboundIn = HTTPServerRequestPart
  typealias OutboundOut = HTTPServerResponsePart

  private var uri = ""

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    switch self.unwrapInboundIn(data) {
    case .head(let head): self.uri = head.uri
    case .body: break
    case .end:
      let head = HTTPResponseHead(
        version: .http1_1, status: .ok, headers: ["content-length": String(self.uri.utf8.count)])
      context.write(self.wrapOutboundOut(.head(head)), promise: nil)
      context.write(self.wrapOutboundOut(.body(.byteBuffer(ByteBuffer(string: self.uri)))), promise: nil)
      context.writeAndFlush(self.wrapOutboundOut(.end(nil)), promise: nil)
    }
  }
}
