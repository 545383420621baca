import Logging
import NIOCore
import NIOHTTP1
import NIOWebSocket

// The change of a channel from HTTP to WebSocket. RFC 6455 §4.2
extension EngineIOHandler {
  /// Only for its answer to `Sec-WebSocket-Key` (RFC 6455 §4.2.2): it never sees a pipeline.
  private static let accepting = NIOWebSocketServerUpgrader(
    shouldUpgrade: { channel, _ in channel.eventLoop.makeSucceededFuture([:]) },
    upgradePipelineHandler: { channel, _ in channel.eventLoop.makeSucceededVoidFuture() })

  /// - Parameter sid: The polling session that is to go on here.
  func openWebSocket(_ context: ChannelHandlerContext, _ head: HTTPRequestHead, upgrading sid: String?) {
    guard let subprotocols = head.headers.webSocketSubprotocols else {
      return self.write(context, head, .error(.badRequest))
    }
    var place: Places.Place?
    if let sid {
      // One that is gone is answered; one that another WebSocket is taking over is left to the state that follows.
      guard self.loop.registry.session(sid) != nil else {
        return self.write(context, head, .error(self.loop.registry.unknownSession))
      }
    } else {
      guard let reserved = self.reserve(context, head) else { return }
      place = reserved
    }
    self.finish()
    Self.accepting.buildUpgradeResponse(channel: context.channel, upgradeRequest: head, initialResponseHeaders: [:])
      .assumeIsolated()
      .whenComplete { result in
        switch result {
        case .success(var headers):
          // RFC 6455 §4.1: a browser fails the connection where it offers some and none is taken.
          if let first = subprotocols.first { headers.add(name: "sec-websocket-protocol", value: String(first)) }
          self.upgrade(context, head, headers, place, sid)
        case .failure:
          if let place { self.loop.registry.release(place) }
          self.resume()
          self.write(context, head, .error(.badRequest))
        }
      }
  }

  private func upgrade(
    _ context: ChannelHandlerContext, _ head: HTTPRequestHead, _ headers: HTTPHeaders,
    _ place: Places.Place?, _ upgrading: String?
  ) {
    let connection = Connection(
      loop: self.loop, headers: self.kept(head), remoteAddress: context.channel.remoteAddress, place: place,
      ownsChannel: self.codec != nil)
    if let upgrading {
      connection.upgrade = PendingUpgrade(sid: upgrading, session: self.loop.registry.beginUpgrade(upgrading))
    }
    let sid = upgrading ?? .randomSessionID()
    var headers = headers
    if upgrading == nil, let cookie = self.loop.configuration.cookie {
      headers.add(name: "set-cookie", value: cookie.field(sid: sid))
    }
    self.addFields(to: &headers, head, .switchingProtocols)
    let pipeline = context.pipeline.syncOperations
    do {
      // In the pipeline before the decoder leaves it: what the decoder has left over is bytes, which no handler of HTTP
      // parts may see.
      try pipeline.addHandler(connection, position: .after(self))
    } catch {
      connection.abandonUpgrade()
      connection.releasePlace()
      context.close(promise: nil)
      return
    }
    var handlers = self.removals + self.siblings + (self.codec?.reversed() ?? Self.codec(in: pipeline))
    // Parts of HTTP that a handler lets go are for this one, which ignores them; bytes of the decoder are not.
    let decoder = handlers.firstIndex { $0 is ByteToMessageHandler<HTTPRequestDecoder> }.map { handlers.remove(at: $0) }
    handlers.append(self)
    if let decoder { handlers.append(decoder) }
    let removed = handlers.map { pipeline.removeHandler($0) }
    let response = Self.response(headers)
    EventLoopFuture.andAllSucceed(removed, on: context.eventLoop).assumeIsolated().whenComplete { result in
      switch result {
      case .success:
        connection.open(response: response, sid: sid)
      case .failure(let error):
        self.loop.logger.error("could not take HTTP out of a pipeline", metadata: ["error": "\(error)"])
        connection.cut()
      }
    }
  }

  /// Finds NIO's handlers of HTTP. That some are not there is fine: which there are is the application's choice.
  private static func codec(in pipeline: ChannelPipeline.SynchronousOperations) -> [any RemovableChannelHandler] {
    let handlers: [(any RemovableChannelHandler)?] = [
      try? pipeline.handler(type: HTTPServerPipelineHandler.self),
      try? pipeline.handler(type: NIOHTTPResponseHeadersValidator.self),
      try? pipeline.handler(type: HTTPServerProtocolErrorHandler.self),
      try? pipeline.handler(type: HTTPResponseEncoder.self),
      try? pipeline.handler(type: ByteToMessageHandler<HTTPRequestDecoder>.self),
    ]
    return handlers.compactMap { $0 }
  }

  private static func response(_ headers: HTTPHeaders) -> ByteBuffer {
    var response = ByteBuffer(string: "HTTP/1.1 101 Switching Protocols\r\n")
    for (name, value) in headers {
      for part in [name, ": ", value, "\r\n"] { response.writeString(part) }
    }
    response.writeString("\r\n")
    return response
  }
}
