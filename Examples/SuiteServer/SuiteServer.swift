import ArgumentParser
import EventLoopExecutor
import Foundation
import Logging
import NIOCore
import NIOHTTP1
import NIOPosix
import SocketIO

/// A server for protocol suites: what it offers is told in Tests/SocketIO/README.md.
@main
struct SuiteServer: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "socketio-suite-server", abstract: "A Socket.IO server that the protocol's test suites play against.")

  @Option(help: "Where to listen, on 127.0.0.1.") var port = 3000
  @Option(help: "Milliseconds between a pong and the next ping.") var pingInterval: Int64 = 300
  @Option(help: "Milliseconds that a client has to answer a ping.") var pingTimeout: Int64 = 200
  @Option(help: "Milliseconds for which a lost session is kept; 0: not at all.") var recovery: Int64 = 0
  @Option(help: "The name of a cookie with the session's id.") var cookie: String?
  @Option(help: "The origin whose pages may read answers.") var origin = "*"

  func run() async throws {
    let group = MultiThreadedEventLoopGroup.singleton
    let logger = Logger(label: "socketio-suite-server")
    let socketIO = SocketIOServer(configuration: self.settings(), eventLoopGroup: group, logger: logger)
    for namespace in ["/", "/custom"] {
      socketIO.serve(
        SuiteApplication(
          server: socketIO, namespace: namespace, isRecoverable: self.recovery > 0,
          executor: LoopTaskExecutor(group.any())), on: namespace)
    }
    var settings = self.settings()
    settings.path = "/engine.io/"
    settings.engineMessage = { $0 }
    let engineIO = SocketIOServer(configuration: settings, eventLoopGroup: group, logger: logger)

    let channel = try await ServerBootstrap(group: group)
      .serverChannelOption(.backlog, value: 1024)
      .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
      .childChannelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          let other = NotFound()
          try socketIO.addHTTPHandlers(to: channel, removingOnUpgrade: [other])
          let pipeline = channel.pipeline.syncOperations
          try engineIO.addHandler(to: pipeline, removingOnUpgrade: [other])
          try pipeline.addHandler(other)
        }
      }
      .bind(host: "127.0.0.1", port: self.port).get()
    // print() would keep the line as long as the output is a pipe.
    let line = "socketio-suite-server is listening at http://127.0.0.1:\(channel.localAddress?.port ?? self.port)\n"
    try FileHandle.standardOutput.write(contentsOf: Data(line.utf8))
    await Self.terminated()
    try await channel.close()
    await socketIO.shutdown(grace: .seconds(1))
    await engineIO.shutdown(grace: .seconds(1))
  }

  private func settings() -> SocketIOServer.Configuration {
    var settings = SocketIOServer.Configuration()
    settings.pingInterval = .milliseconds(self.pingInterval)
    settings.pingTimeout = .milliseconds(self.pingTimeout)
    settings.connectTimeout = .seconds(1)
    settings.crossOrigin =
      self.origin == "*" ? .any : SocketIOServer.CrossOrigin(origins: [self.origin], allowsCredentials: true)
    if let cookie = self.cookie {
      settings.cookie = SocketIOServer.Cookie()
      settings.cookie?.name = cookie
    }
    if self.recovery > 0 {
      var recovery = SocketIOServer.Recovery()
      recovery.maxDisconnection = .milliseconds(self.recovery)
      settings.recovery = recovery
    }
    return settings
  }
}

/// The answer to what is neither of the two servers'.
private final class NotFound: ChannelInboundHandler, RemovableChannelHandler {
  typealias InboundIn = HTTPServerRequestPart
  typealias OutboundOut = HTTPServerResponsePart

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    guard case .end = self.unwrapInboundIn(data) else { return }
    let head = HTTPResponseHead(version: .http1_1, status: .notFound, headers: ["content-length": "0"])
    context.write(self.wrapOutboundOut(.head(head)), promise: nil)
    context.writeAndFlush(self.wrapOutboundOut(.end(nil)), promise: nil)
  }
}
