import NIOCore
import NIOHTTP1
import NIOPosix
import NIOWebSocket

/// Opens a WebSocket to the server's Engine.IO.
enum WebSocketClient {
  private static let maxFrame = 4 << 20

  /// - Parameter messages: gets every text message, and ends with the connection.
  static func connect(
    _ address: ServerAddress, group: any EventLoopGroup, messages: AsyncStream<String>.Continuation
  ) async throws -> EngineIOTransport {
    let upgrader = NIOTypedWebSocketClientUpgrader<any Channel>(maxFrameSize: maxFrame) { channel, _ in
      channel.eventLoop.makeCompletedFuture {
        try channel.pipeline.syncOperations.addHandler(MessageCollector(messages: messages))
        return channel
      }
    }
    var head = HTTPRequestHead(version: .http1_1, method: .GET, uri: "/socket.io/?EIO=4&transport=websocket")
    head.headers.add(name: "Host", value: address.authority)
    let configuration = NIOTypedHTTPClientUpgradeConfiguration<any Channel>(
      upgradeRequestHead: head, upgraders: [upgrader]
    ) { channel in
      channel.eventLoop.makeFailedFuture(ClientError("the server does not speak WebSocket at /socket.io/"))
    }
    var settings = NIOUpgradableHTTPClientPipelineConfiguration(upgradeConfiguration: configuration)
    // The server's first frame may come with its answer.
    settings.leftOverBytesStrategy = .forwardBytes
    let pipeline = settings
    let upgraded = try await ClientBootstrap(group: group).connectTimeout(.seconds(20))
      .connect(host: address.host, port: address.port) { channel in
        channel.eventLoop.makeCompletedFuture {
          try channel.pipeline.syncOperations.configureUpgradableHTTPClientPipeline(
            configuration: pipeline)
        }
      }
    let channel = try await upgraded.get()
    return EngineIOTransport(eventLoop: channel.eventLoop) { text in
      // RFC 6455 §5.3: what a client sends is masked.
      let frame = WebSocketFrame(fin: true, opcode: .text, maskKey: .random(), data: ByteBuffer(string: text))
      channel.writeAndFlush(frame, promise: nil)
    } close: {
      try? await channel.close()
    }
  }
}

/// Puts messages together (RFC 6455 §5.4), and answers pings (§5.5.2).
private final class MessageCollector: ChannelInboundHandler {
  typealias InboundIn = WebSocketFrame
  typealias OutboundOut = WebSocketFrame

  private static let maxMessage = 16 << 20

  private let messages: AsyncStream<String>.Continuation
  private var message = ByteBuffer()

  init(messages: AsyncStream<String>.Continuation) { self.messages = messages }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    let frame = unwrapInboundIn(data)
    switch frame.opcode {
    case .text, .continuation:
      message.writeImmutableBuffer(frame.unmaskedData)
      guard message.readableBytes <= Self.maxMessage else { return context.close(promise: nil) }
      guard frame.fin else { return }
      messages.yield(String(buffer: message))
      message = ByteBuffer()
    case .ping:
      let pong = WebSocketFrame(fin: true, opcode: .pong, maskKey: .random(), data: frame.unmaskedData)
      context.writeAndFlush(wrapOutboundOut(pong), promise: nil)
    case .connectionClose: context.close(promise: nil)
    default: break
    }
  }

  func channelInactive(context: ChannelHandlerContext) {
    messages.finish()
    context.fireChannelInactive()
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
}
