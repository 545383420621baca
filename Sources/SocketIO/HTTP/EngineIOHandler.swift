import Logging
import NIOCore
import NIOHTTP1

/// Stands between NIO's HTTP handlers and the application's, and takes the requests that are Engine.IO's: those of polling
/// it passes on to the session's loop, those for a WebSocket it carries out on any request of a connection.
///
/// NIO's `HTTPServerUpgradeHandler` looks at the first request of a connection only. A proxy that keeps connections to
/// its upstream alive (Go's net/http, nginx with `keepalive`) sends the upgrade on one that has carried other requests.
final class EngineIOHandler: ChannelInboundHandler, RemovableChannelHandler {
  typealias InboundIn = HTTPServerRequestPart
  typealias InboundOut = HTTPServerRequestPart
  typealias OutboundOut = HTTPServerResponsePart

  private enum State {
    case passing
    /// The head was ours, and the request's end has not come. A POST's session knows of it already.
    case receiving(HTTPRequestHead, EngineIORequest, ByteBuffer, Pending?)
    /// Answered before the request's end; what is left of it is ignored.
    case ignoring
    /// A session has the request.
    case waiting(HTTPRequestHead, Pending)
    /// The channel is being closed, or is no longer HTTP's.
    case done

    var pending: (HTTPRequestHead, Pending)? {
      switch self {
      case .receiving(let head, _, _, .some(let pending)), .waiting(let head, let pending): (head, pending)
      case .receiving, .passing, .ignoring, .done: nil
      }
    }
  }

  /// A request that a session is to answer, and that it is told of if the channel is closed before.
  private struct Pending {
    let exchange: EngineIOExchange
    /// nil: the one that begins with this request.
    var session: ServerRegistry.PollingSession?
    var sid = ""
  }

  let loop: ConnectionLoop
  let removals: [any RemovableChannelHandler]
  /// What stands between the socket and this handler; nil where that is not known to be all.
  private(set) var codec: [any RemovableChannelHandler]?
  private var state = State.passing
  private var context: ChannelHandlerContext?
  /// The longest body that the request may have, how much of it has come, and how much of that is kept.
  private var maxBodyBytes = 0
  private var bodyBytes = 0
  private var heldBytes = 0
  /// The handlers of other servers in the same pipeline: one for each path.
  private(set) var siblings: [EngineIOHandler] = []
  private var configuration: SocketIOServer.Configuration { self.loop.configuration }

  init(
    loop: ConnectionLoop, codec: [any RemovableChannelHandler]? = nil,
    removingOnUpgrade: [any RemovableChannelHandler]
  ) {
    self.loop = loop
    self.codec = codec
    self.removals = removingOnUpgrade
  }

  func handlerAdded(context: ChannelHandlerContext) {
    self.context = context
    // The one that came with the codec is the first.
    guard self.codec == nil,
      let first = try? context.pipeline.syncOperations.handler(type: EngineIOHandler.self), first !== self
    else { return }
    self.codec = first.codec
    self.siblings = [first] + first.siblings
    for sibling in self.siblings { sibling.siblings.append(self) }
  }

  func handlerRemoved(context: ChannelHandlerContext) {
    self.context = nil
    self.siblings = []
  }

  // MARK: - Requests

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    switch (self.unwrapInboundIn(data), self.state) {
    case (.head(let head), .passing):
      guard head.uri.utf8.starts(with: self.loop.configuration.path.utf8) else { return context.fireChannelRead(data) }
      let trimmed = head.withoutBlankEnds
      self.begin(context, trimmed, EngineIORequest(trimmed, configuration: self.configuration))
    case (.body(let part), .receiving(let head, let request, var body, let pending)):
      self.bodyBytes += part.readableBytes
      guard self.bodyBytes <= self.maxBodyBytes else { return self.refuse(context, head, .tooLarge) }
      guard pending != nil else { return }
      guard self.loop.registry.hold(part.readableBytes, limit: self.configuration.maxUnfinishedBytes) else {
        return self.refuse(context, head, .unavailable)
      }
      self.heldBytes += part.readableBytes
      // The state lets go of the body, lest each part copies it.
      self.state = .done
      body.writeImmutableBuffer(part)
      self.state = .receiving(head, request, body, pending)
    case (.end, .receiving(let head, let request, let body, let pending)):
      self.state = .passing
      self.letGoOfBody()
      self.carryOut(context, head, request, body, pending)
    case (.end, .ignoring): self.state = .passing
    case (_, .passing): context.fireChannelRead(data)
    case (_, .receiving), (_, .ignoring), (_, .waiting), (_, .done): break
    }
  }

  private func begin(_ context: ChannelHandlerContext, _ head: HTTPRequestHead, _ request: EngineIORequest) {
    self.state = .receiving(head, request, ByteBuffer(), nil)
    self.bodyBytes = 0
    self.maxBodyBytes = min(self.configuration.maxConnectBytes, self.configuration.maxPayload)
    let length = head.headers.first(name: "content-length").map { Int($0) ?? .max } ?? 0
    let expectation = head.version == .http1_1 ? head.headers.first(name: "expect") : nil
    if let expectation, expectation.lowercased() != "100-continue" {
      return self.refuse(context, head, .expectationFailed)
    }
    guard case .post(let sid) = request, let pending = self.pending(sid) else {
      // Nobody wants the body. The connection outlives a short one, which is thrown away as it comes; one that is held
      // back is not asked for.
      if length > self.maxBodyBytes || (expectation != nil && head.headers.announcesContent) {
        self.refuse(context, head, self.refusal(of: request))
      }
      return
    }
    guard !head.headers.codesContent else { return self.refuse(context, head, .codedBody) }
    if pending.session?.isNewcomer == false { self.maxBodyBytes = self.configuration.maxPayload }
    self.state = .receiving(head, request, ByteBuffer(), pending)
    guard length <= self.maxBodyBytes else { return self.refuse(context, head, .tooLarge) }
    self.pass(pending) { connection, exchange in connection.begin(post: exchange) }
    // RFC 9110 §10.1.1: the client holds its content back until it is told to go on.
    if expectation != nil, head.headers.announcesContent {
      let go = HTTPResponseHead(version: .http1_1, status: .continue)
      context.writeAndFlush(self.wrapOutboundOut(.head(go)), promise: nil)
    }
  }

  /// What a request with a long body that nobody wants is told.
  private func refusal(of request: EngineIORequest) -> EngineIOError {
    switch request {
    case .error(let error): return error
    case .post(let sid), .misfit(let sid): return self.refusal(of: sid)
    case .badPost(let sid):
      if let pending = self.pending(sid) { self.pass(pending) { $0.badPost($1) } }
      return .badRequest
    case .webSocket, .openPolling, .poll, .preflight: return .tooLarge
    }
  }

  /// The body has come, or never will.
  private func letGoOfBody() {
    _ = self.loop.registry.hold(-self.heldBytes, limit: .max)
    self.heldBytes = 0
  }

  private func carryOut(
    _ context: ChannelHandlerContext, _ head: HTTPRequestHead, _ request: EngineIORequest, _ body: ByteBuffer,
    _ pending: Pending?
  ) {
    switch request {
    case .error(let error): self.write(context, head, .error(error))
    case .preflight: self.write(context, head, .preflight)
    case .webSocket(let sid): self.openWebSocket(context, head, upgrading: sid)
    case .openPolling: self.openPolling(context, head)
    case .poll(let sid):
      self.wait(context, head, sid, self.pending(sid)) { connection, exchange in connection.poll(exchange) }
    case .post(let sid):
      self.wait(context, head, sid, pending) { connection, exchange in connection.post(body, exchange) }
    case .badPost(let sid):
      self.wait(context, head, sid, self.pending(sid)) { connection, exchange in connection.badPost(exchange) }
    case .misfit(let sid): self.write(context, head, .error(self.refusal(of: sid)))
    }
  }

  // MARK: - Polling

  private func openPolling(_ context: ChannelHandlerContext, _ head: HTTPRequestHead) {
    guard let place = self.reserve(context, head) else { return }
    let pending = Pending(exchange: self.makeExchange())
    self.state = .waiting(head, pending)
    let connection = Connection(
      loop: self.loop, headers: self.kept(head), remoteAddress: context.channel.remoteAddress, place: place)
    connection.open(polling: pending.exchange)
  }

  /// Gives the request to its session.
  private func wait(
    _ context: ChannelHandlerContext, _ head: HTTPRequestHead, _ sid: String, _ pending: Pending?,
    _ body: @escaping @Sendable (Connection, EngineIOExchange) -> Void
  ) {
    guard let pending else { return self.write(context, head, .error(self.refusal(of: sid))) }
    self.state = .waiting(head, pending)
    self.pass(pending, body)
  }

  /// nil if there is no such session, or none that is on polling.
  private func pending(_ sid: String) -> Pending? {
    guard let session = self.loop.registry.session(sid), session.state != .upgraded else { return nil }
    return Pending(exchange: self.makeExchange(), session: session, sid: sid)
  }

  /// Why a session does not take a request.
  private func refusal(of sid: String) -> EngineIOError {
    self.loop.registry.session(sid) == nil ? self.loop.registry.unknownSession : .badRequest
  }

  private func makeExchange() -> EngineIOExchange {
    EngineIOExchange(
      id: self.loop.registry.makeExchangeID(), handler: NIOLoopBound(self, eventLoop: self.loop.eventLoop))
  }

  private func pass(_ pending: Pending, _ body: @escaping @Sendable (Connection, EngineIOExchange) -> Void) {
    guard let session = pending.session else { return }
    let sid = pending.sid
    let exchange = pending.exchange
    self.loop.switchboard?.at(session.loop) { loop in
      if let connection = loop.connection(slot: session.slot, sid: sid) {
        body(connection, exchange)
      } else {
        exchange.respond(.error(loop.registry.unknownSession))
      }
    }
  }

  func answer(_ id: UInt64, _ response: EngineIOResponse) {
    guard let context = self.context, let (head, pending) = self.state.pending, pending.exchange.id == id else {
      return
    }
    if case .waiting = self.state {
      self.state = .passing
      self.write(context, head, response)
    } else {
      // Before the request's end.
      self.letGoOfBody()
      self.state = .ignoring
      self.write(context, head, response, closes: true)
    }
  }

  func channelInactive(context: ChannelHandlerContext) {
    self.lost()
    context.fireChannelInactive()
  }

  func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
    // A client that ends its side while it waits for packets has given up.
    if let event = event as? ChannelEvent, event == .inputClosed, self.state.pending != nil {
      self.lost()
      context.close(promise: nil)
    }
    context.fireUserInboundEventTriggered(event)
  }

  private func lost() {
    defer { self.state = .done }
    self.letGoOfBody()
    guard let (_, pending) = self.state.pending else { return }
    self.pass(pending) { connection, exchange in connection.lost(exchange) }
  }

  // MARK: - Answers

  /// Answers before the request's end.
  private func refuse(_ context: ChannelHandlerContext, _ head: HTTPRequestHead, _ error: EngineIOError) {
    if let (_, pending) = self.state.pending { self.pass(pending) { $0.lost($1) } }
    self.letGoOfBody()
    self.state = .ignoring
    self.write(context, head, .error(error), closes: true)
  }

  func write(
    _ context: ChannelHandlerContext, _ head: HTTPRequestHead, _ answer: EngineIOResponse, closes: Bool = false
  ) {
    // NIO's decoder reads nothing after a request that asked for an upgrade.
    let keepsAlive = head.isKeepAlive && !closes && !head.headers.contains(name: "upgrade")
    let body = answer.body
    var headers = answer.headers(to: head, crossOrigin: self.configuration.crossOrigin)
    self.addFields(to: &headers, head, answer.status)
    if answer.status != .noContent { headers.add(name: "content-length", value: String(body.readableBytes)) }
    if !keepsAlive { headers.add(name: "connection", value: "close") }
    let response = HTTPResponseHead(version: head.version, status: answer.status, headers: headers)
    context.write(self.wrapOutboundOut(.head(response)), promise: nil)
    if head.method != .HEAD, body.readableBytes > 0 {
      context.write(self.wrapOutboundOut(.body(.byteBuffer(body))), promise: nil)
    }
    guard !keepsAlive else { return context.writeAndFlush(self.wrapOutboundOut(.end(nil)), promise: nil) }
    self.state = .done
    context.writeAndFlush(self.wrapOutboundOut(.end(nil))).assumeIsolated().whenComplete { _ in
      context.close(promise: nil)
    }
  }

  /// Adds what the application wants on each answer.
  func addFields(to headers: inout HTTPHeaders, _ request: HTTPRequestHead, _ status: HTTPResponseStatus) {
    guard let fields = self.configuration.answerFields?(request, status) else { return }
    let own = headers
    for (name, value) in fields where !own.contains(name: name) { headers.add(name: name, value: value) }
  }

  // MARK: - What both kinds of session need

  /// A place among the connections; nil if there is none, and the request is answered.
  func reserve(_ context: ChannelHandlerContext, _ head: HTTPRequestHead) -> Places.Place? {
    let configuration = self.configuration
    let address = configuration.address(head.headers, context.channel.remoteAddress)
    if let rate = configuration.handshakeRate, let address,
      let seconds = self.loop.registry.refuseHandshake(of: address, rate: rate)
    {
      self.write(context, head, .error(.tooManyHandshakes(retryAfter: seconds)))
      return nil
    }
    let reservation = self.loop.registry.reserve(
      address: address, loop: self.loop.index,
      isNewcomer: configuration.engineMessage == nil, limits: configuration.placeLimits)
    switch reservation {
    case .reserved(let place, let evicted):
      for newcomer in evicted { self.loop.switchboard?.at(newcomer.loop) { $0.evict(newcomer.number) } }
      return place
    case .full: self.write(context, head, .error(.unavailable))
    case .tooManyOfAddress: self.write(context, head, .error(.tooManyConnections))
    }
    return nil
  }

  func kept(_ head: HTTPRequestHead) -> HTTPHeaders {
    var kept = HTTPHeaders()
    for name in self.configuration.handshakeHeaders {
      for value in head.headers[name] { kept.add(name: name, value: value) }
    }
    return kept
  }

  /// The channel is no longer HTTP's.
  func finish() {
    self.state = .done
  }

  func resume() {
    self.state = .passing
  }
}
