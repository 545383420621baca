import Logging
import NIOCore
import NIOHTTP1
import NIOWebSocket

/// Stands between NIO's HTTP handlers and the application's, and takes the requests that are Engine.IO's.
///
/// NIO's `HTTPServerUpgradeHandler` looks at the first request of a connection only. A proxy that keeps connections to
/// its upstream alive (Go's net/http, nginx with `keepalive`) sends the upgrade on one that has carried other requests.
/// So the upgrade is done here, on any request; the answer to the key is NIO's.
final class HandshakeHandler: ChannelInboundHandler, RemovableChannelHandler {
  typealias InboundIn = HTTPServerRequestPart
  typealias InboundOut = HTTPServerRequestPart
  typealias OutboundOut = HTTPServerResponsePart

  private enum State {
    case passing
    /// The head was ours: the answer follows the request's end.
    case answering(HTTPRequestHead, EngineIORequest)
    /// The channel is being closed, or is no longer HTTP's.
    case done
  }

  private var state = State.passing
  private let loop: ConnectionLoop
  private let occupancy: Occupancy
  private let application: any SocketIOApplication
  private let removals: [any RemovableChannelHandler]

  init(
    loop: ConnectionLoop, occupancy: Occupancy, application: any SocketIOApplication,
    removingOnUpgrade: [any RemovableChannelHandler]
  ) {
    self.loop = loop
    self.occupancy = occupancy
    self.application = application
    self.removals = removingOnUpgrade
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    switch (self.unwrapInboundIn(data), self.state) {
    case (.head(let head), .passing):
      let request = EngineIORequest(head, configuration: self.loop.configuration)
      if request == .other {
        context.fireChannelRead(data)
      } else {
        self.state = .answering(head, request)
      }
    case (.end, .answering(let head, let request)):
      self.state = .passing
      switch request {
      case .other: break
      case .error(let error): self.answer(context, head, error)
      case .webSocketHandshake: self.handshake(context, head)
      }
    case (_, .passing): context.fireChannelRead(data)
    case (_, .answering), (_, .done): break
    }
  }

  // MARK: - Errors

  private func answer(_ context: ChannelHandlerContext, _ head: HTTPRequestHead, _ error: EngineIOError) {
    // NIO's decoder reads nothing after a request that asked for an upgrade.
    let keepsAlive = head.isKeepAlive && !head.headers.contains(name: "upgrade")
    var headers = HTTPHeaders([
      ("content-type", "application/json"), ("content-length", String(error.json.utf8.count)),
    ])
    if !keepsAlive { headers.add(name: "connection", value: "close") }
    if let allowed = self.loop.configuration.allowedOrigins {
      headers.add(name: "vary", value: "Origin")
      if let origin = head.headers.first(name: "origin"), allowed.contains(origin) {
        headers.add(name: "access-control-allow-origin", value: origin)
      }
    }
    let response = HTTPResponseHead(version: head.version, status: error.status, headers: headers)
    context.write(self.wrapOutboundOut(.head(response)), promise: nil)
    if head.method != .HEAD {
      context.write(self.wrapOutboundOut(.body(.byteBuffer(ByteBuffer(string: error.json)))), promise: nil)
    }
    guard keepsAlive else {
      self.state = .done
      context.writeAndFlush(self.wrapOutboundOut(.end(nil))).assumeIsolated().whenComplete { _ in
        context.close(promise: nil)
      }
      return
    }
    context.writeAndFlush(self.wrapOutboundOut(.end(nil)), promise: nil)
  }

  // MARK: - The upgrade

  /// Only for its answer to `Sec-WebSocket-Key` (RFC 6455 §4.2.2): it never sees a pipeline.
  private static let accepting = NIOWebSocketServerUpgrader(
    shouldUpgrade: { channel, _ in channel.eventLoop.makeSucceededFuture([:]) },
    upgradePipelineHandler: { channel, _ in channel.eventLoop.makeSucceededVoidFuture() })

  private func handshake(_ context: ChannelHandlerContext, _ head: HTTPRequestHead) {
    guard self.occupancy.reserve(limit: self.loop.configuration.maxConnections) else {
      self.answer(context, head, .unavailable)
      return
    }
    self.state = .done
    Self.accepting.buildUpgradeResponse(channel: context.channel, upgradeRequest: head, initialResponseHeaders: [:])
      .assumeIsolated()
      .whenComplete { result in
        switch result {
        case .success(let headers):
          self.upgrade(context, head, headers)
        case .failure:
          self.occupancy.release()
          self.answer(context, head, .badRequest)
        }
      }
  }

  private func upgrade(_ context: ChannelHandlerContext, _ head: HTTPRequestHead, _ headers: HTTPHeaders) {
    var kept = HTTPHeaders()
    for name in self.loop.configuration.handshakeHeaders {
      for value in head.headers[name] { kept.add(name: name, value: value) }
    }
    let connection = Connection(
      loop: self.loop, application: self.application, headers: kept, remoteAddress: context.remoteAddress)
    let pipeline = context.pipeline.syncOperations
    do {
      // In the pipeline before the decoder leaves it: what the decoder has left over is bytes, which no handler of HTTP
      // parts may see.
      try pipeline.addHandler(connection, position: .after(self))
    } catch {
      self.occupancy.release()
      context.close(promise: nil)
      return
    }
    var removed = self.removals.map { pipeline.removeHandler($0) }
    removed.append(contentsOf: Self.remove(HTTPServerPipelineHandler.self, from: pipeline))
    removed.append(contentsOf: Self.remove(NIOHTTPResponseHeadersValidator.self, from: pipeline))
    removed.append(contentsOf: Self.remove(HTTPServerProtocolErrorHandler.self, from: pipeline))
    removed.append(pipeline.removeHandler(context: context))
    removed.append(contentsOf: Self.remove(HTTPResponseEncoder.self, from: pipeline))
    removed.append(contentsOf: Self.remove(ByteToMessageHandler<HTTPRequestDecoder>.self, from: pipeline))
    let response = Self.response(headers)
    EventLoopFuture.andAllSucceed(removed, on: context.eventLoop).assumeIsolated().whenComplete { result in
      switch result {
      case .success:
        connection.open(response: response)
      case .failure(let error):
        self.loop.logger.error("could not take HTTP out of a pipeline", metadata: ["error": "\(error)"])
        connection.cut()
      }
    }
  }

  private static func remove<Handler: RemovableChannelHandler>(
    _ type: Handler.Type, from pipeline: ChannelPipeline.SynchronousOperations
  ) -> [EventLoopFuture<Void>] {
    // A pipeline without this handler is fine: which ones there are is the application's choice.
    guard let handler = try? pipeline.handler(type: type) else { return [] }
    return [pipeline.removeHandler(handler)]
  }

  private static func response(_ headers: HTTPHeaders) -> ByteBuffer {
    var response = ByteBuffer(string: "HTTP/1.1 101 Switching Protocols\r\n")
    for (name, value) in headers { response.writeString("\(name): \(value)\r\n") }
    response.writeString("\r\n")
    return response
  }
}
