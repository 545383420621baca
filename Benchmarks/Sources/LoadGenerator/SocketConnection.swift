import NIOCore
import NIOHTTP1
import NIOPosix
import NIOWebSocket

/// Who is told what comes over a ``SocketConnection``.
protocol SocketListener: AnyObject {
  func acknowledged(_ number: Int, arguments: ByteBuffer)
  func received(event: ByteBuffer)
  /// The connection is gone, for whatever reason; called once, and only after it was joined.
  func closed()
}

enum SocketError: Error {
  /// The answer to the upgrade was not 101.
  case notUpgraded
  /// The namespace's refusal, as the server wrote it.
  case refused(String)
  case closed
}

/// A minimal Socket.IO 5 client: WebSocket from the start, the namespace `/`, text only. It answers the server's
/// pings, and hands up acknowledgements and events.
final class SocketConnection: ChannelInboundHandler {
  typealias InboundIn = WebSocketFrame
  typealias OutboundOut = WebSocketFrame

  /// The namespace has to be joined within this time.
  static let patience = TimeAmount.seconds(10)

  private let eventLoop: any EventLoop
  private let target: LoopbackAddress
  private let token: String
  weak var listener: (any SocketListener)?
  private var context: ChannelHandlerContext?
  private var joined: EventLoopPromise<Void>?
  private var isJoined = false

  init(eventLoop: any EventLoop, target: LoopbackAddress, token: String) {
    self.eventLoop = eventLoop
    self.target = target
    self.token = token
  }

  /// Connects, upgrades and joins the namespace.
  func connect() -> EventLoopFuture<Void> {
    let this = NIOLoopBound(self, eventLoop: eventLoop)
    let promise = eventLoop.makePromise(of: Void.self)
    joined = promise
    let authority = target.authority
    let deadline = eventLoop.scheduleTask(in: Self.patience) { this.value.drop(SocketError.closed) }
    ClientBootstrap(group: eventLoop)
      .channelOption(.tcpOption(.tcp_nodelay), value: 1)
      .connectTimeout(.seconds(5))
      .channelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          try upgrade(channel, authority: authority, to: this).whenFailure { this.value.drop($0) }
        }
      }
      .connect(to: target.socketAddress)
      .whenFailure { this.value.drop($0) }
    promise.futureResult.whenComplete { _ in deadline.cancel() }
    return promise.futureResult
  }

  /// Sends the octets of a packet as one text frame.
  func send(_ packet: ByteBuffer) {
    // RFC 6455 §5.3: a client masks each frame, with a key that can't be foreseen.
    let frame = WebSocketFrame(fin: true, opcode: .text, maskKey: .random(), data: packet)
    context?.writeAndFlush(wrapOutboundOut(frame), promise: nil)
  }

  func close() {
    context?.close(promise: nil)
  }

  func handlerAdded(context: ChannelHandlerContext) {
    self.context = context
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    let frame = unwrapInboundIn(data)
    switch frame.opcode {
    case .text:
      // A server that cuts its packets into fragments is not one that this client can measure.
      guard frame.fin, let packet = SocketPacket(frame.data) else { return drop(SocketError.closed) }
      receive(packet)
    case .ping:
      let pong = WebSocketFrame(fin: true, opcode: .pong, maskKey: .random(), data: frame.data)
      context.writeAndFlush(wrapOutboundOut(pong), promise: nil)
    case .pong:
      break
    default:
      drop(SocketError.closed)
    }
  }

  private func receive(_ packet: SocketPacket) {
    switch packet {
    case .open: send(ByteBuffer(string: "40{\"token\":\"\(token)\"}"))
    case .ping: send(ByteBuffer(string: "3"))
    case .connected:
      isJoined = true
      joined?.succeed()
      joined = nil
    case .refused(let reason): drop(SocketError.refused(String(buffer: reason)))
    case .event(let event): listener?.received(event: event)
    case .acknowledgement(let number, let arguments): listener?.acknowledged(number, arguments: arguments)
    case .close: drop(SocketError.closed)
    case .nothing: break
    }
  }

  func channelInactive(context: ChannelHandlerContext) {
    drop(SocketError.closed)
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    drop(error)
  }

  private func drop(_ error: any Error) {
    let wasJoined = isJoined
    isJoined = false
    context?.close(promise: nil)
    context = nil
    joined?.fail(error)
    joined = nil
    if wasJoined { listener?.closed() }
  }
}

/// Puts the upgrade to a WebSocket into a new channel; the future is done when it is one, long after the connection.
private func upgrade(
  _ channel: any Channel, authority: String, to connection: NIOLoopBound<SocketConnection>
) throws -> EventLoopFuture<Void> {
  let upgrader = NIOTypedWebSocketClientUpgrader<Void>(maxFrameSize: 1 << 20) { channel, _ in
    channel.eventLoop.makeCompletedFuture { try channel.pipeline.syncOperations.addHandler(connection.value) }
  }
  let head = HTTPRequestHead(
    version: .http1_1, method: .GET, uri: "/socket.io/?EIO=4&transport=websocket", headers: ["Host": authority])
  var configuration = NIOUpgradableHTTPClientPipelineConfiguration(
    upgradeConfiguration: NIOTypedHTTPClientUpgradeConfiguration(
      upgradeRequestHead: head, upgraders: [upgrader],
      notUpgradingCompletionHandler: { $0.eventLoop.makeFailedFuture(SocketError.notUpgraded) }))
  // The handshake packet may come in the same segment as the 101.
  configuration.leftOverBytesStrategy = .forwardBytes
  return try channel.pipeline.syncOperations.configureUpgradableHTTPClientPipeline(configuration: configuration)
}
