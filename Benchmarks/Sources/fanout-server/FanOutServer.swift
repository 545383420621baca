import ArgumentParser
import Glibc
import Logging
import NIOCore
import NIOHTTP1
import NIOPosix
import SocketIO

/// The library's server of the fan-out benchmark: lets everybody into one room, and sends to the room what somebody
/// sends. It listens on loopback only.
@main
struct FanOutServer: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "fanout-server", abstract: "Broadcasts what each client sends to all clients.")

  @Option(help: "The port; 0 for one that the kernel chooses.")
  var port = 0

  @Option(help: "Event loops.")
  var loops = System.coreCount

  func run() async throws {
    let group = MultiThreadedEventLoopGroup(numberOfThreads: max(1, loops))
    var logger = Logger(label: "fanout-server") { StreamLogHandler.standardError(label: $0) }
    logger.logLevel = .warning
    let server = SocketIOServer(eventLoopGroup: group, logger: logger)
    server.serve(OneRoom(server: server))
    let channel = try await ServerBootstrap(group: group)
      .serverChannelOption(.backlog, value: 4096)
      .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
      .childChannelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          let http = NotFound()
          try server.addHTTPHandlers(to: channel, removingOnUpgrade: [http])
          try channel.pipeline.syncOperations.addHandler(http)
        }
      }
      .bind(host: "127.0.0.1", port: port).get()
    print("fanout-server is listening at port \(channel.localAddress?.port ?? 0)")
    // `print` is buffered when standard output is a file, and somebody waits for the line.
    fflush(nil)
    try await channel.closeFuture.get()
  }
}

/// Everybody is in it.
private struct OneRoom: SocketIOApplication {
  static let name = "everyone"
  let server: SocketIOServer

  func connect(_ request: ConnectRequest) async -> ConnectDecision { .accept(rooms: [Self.name]) }

  func receive(_ event: IncomingEvent, from socket: SocketID) async -> Arguments? {
    server.broadcast(event.arguments, to: .room(Self.name))
    return nil
  }

  func disconnected(_ socket: SocketID, reason: DisconnectReason) {}
}

/// There is nothing but Socket.IO.
private final class NotFound: ChannelInboundHandler, RemovableChannelHandler {
  typealias InboundIn = HTTPServerRequestPart
  typealias OutboundOut = HTTPServerResponsePart

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    guard case .end = unwrapInboundIn(data) else { return }
    let head = HTTPResponseHead(version: .http1_1, status: .notFound, headers: ["content-length": "0"])
    context.write(wrapOutboundOut(.head(head)), promise: nil)
    context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
  }
}
