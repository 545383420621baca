import Logging
import NIOCore
import NIOPosix
import SocketIO

struct Echo: SocketIOApplication {
  func connect(_ request: ConnectRequest) async -> ConnectDecision { .accept() }
  func receive(_ event: IncomingEvent, from socket: SocketID) async -> Arguments? { event.arguments }
  func disconnected(_ socket: SocketID, reason: DisconnectReason) {}
}

@main
enum EchoServer {
  static func main() async throws {
    let group = MultiThreadedEventLoopGroup.singleton
    let server = SocketIOServer(eventLoopGroup: group, logger: Logger(label: "echo"))
    server.serve(Echo())
    let bootstrap = ServerBootstrap(group: group).childChannelInitializer { channel in
      channel.eventLoop.makeCompletedFuture {
        try server.addHTTPHandlers(to: channel)
      }
    }
    try await bootstrap.bind(host: "127.0.0.1", port: 3000).get().closeFuture.get()
  }
}
