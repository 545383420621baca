import EventLoopExecutor
import NIOCore
import NIOHTTP1
import ProtocolRuntime

/// Takes the requests of one connection to the application and its answers back: collects the body within its limit or
/// hands it on as it comes, routes when the head is there, so that what can't be served is answered without reading on.
final class HTTPHandler: ChannelInboundHandler, RemovableChannelHandler {
  typealias InboundIn = HTTPServerRequestPart

  /// What the connections of an event loop share.
  struct Shared {
    let application: any HTTPApplication
    let configuration: HTTPConfiguration
    let crossOrigin: CrossOrigin
    let executor: LoopTaskExecutor
    let loop: LoopState
    /// Nil where nobody looks at answers.
    let check: (any AnswerCheck)?
  }

  /// A request whose body comes in.
  private struct Collection {
    let exchange: HTTPExchange
    let traits: OperationTraits
    let operation: @Sendable (Request) async -> Response
    var body = ByteBuffer()
    /// Whose share of what the server may hold the body is, and how much of it is counted there.
    var network = ""
    var held = 0
  }

  /// A request whose body goes through to its operation, which has begun.
  private struct Passage {
    let exchange: HTTPExchange
    let body: IncomingBody
    let limit: Int
    var count = 0
  }

  let shared: Shared
  let connection: HTTPConnection
  private var collection: Collection?
  private var passage: Passage?
  /// Answered before the request's end; what is left of it is ignored.
  private(set) var isIgnoring = false
  private(set) var eventLoop: (any EventLoop)?
  private var peer = ""
  private var isProxy = false

  init(shared: Shared, connection: HTTPConnection) {
    self.shared = shared
    self.connection = connection
  }

  func handlerAdded(context: ChannelHandlerContext) {
    eventLoop = context.eventLoop
    peer = context.channel.remoteAddress?.ipAddress ?? "unix"
    isProxy = shared.configuration.trustedProxies.contains(peer)
  }

  func handlerRemoved(context: ChannelHandlerContext) { endBodies() }

  func channelInactive(context: ChannelHandlerContext) {
    endBodies()
    context.fireChannelInactive()
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    switch unwrapInboundIn(data) {
    case .head(let head): begin(head)
    case .body(let part): if passage != nil { pass(part) } else { collect(part) }
    case .end: end()
    }
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    let problem: HTTPProblem
    var head: HTTPRequestHead?
    switch error {
    case let timeout as RequestTimeoutError:
      problem = .timeout
      head = timeout.head
    case HTTPParserError.headerOverflow: problem = .headersTooLarge
    case is HTTPParserError: problem = .malformed
    default: return context.close(promise: nil)
    }
    let exchange = passage?.exchange ?? collection?.exchange ?? makeExchange(head)
    exchange.closes = true
    endBodies()
    isIgnoring = true
    answer(exchange, problem)
  }

  // MARK: - The request

  private func begin(_ head: HTTPRequestHead) {
    let target = RequestTarget(head.uri)
    let exchange = makeExchange(head, target: target)
    isIgnoring = true
    let configuration = shared.configuration
    let longest = max(exchange.fields.longest, head.uri.utf8.count)
    if exchange.fields.count > RequestFields.maxCount || longest > configuration.headerFieldLimit
      || exchange.fields.size > configuration.headerLimit
    {
      exchange.closes = true
      return answer(exchange, .headersTooLarge)
    }
    // RFC 9112 §3.2: exactly one Host; HTTP/1.0 did not know it.
    guard let target, exchange.fields.hosts == 1 || (exchange.isHTTP10 && exchange.fields.hosts == 0) else {
      exchange.closes = true
      return answer(exchange, .malformed)
    }
    // About the server as a whole (RFC 9110 §9.3.7).
    if target.path == "*", head.method == .OPTIONS {
      return answerOptions(exchange, allow: "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS")
    }
    switch shared.application.route(method: exchange.method, path: target.path) {
    case .notFound: answer(exchange, .notFound)
    case .methodNotAllowed(let allow): answer(exchange, .methodNotAllowed, allow: allow)
    case .options(let allow): answerOptions(exchange, allow: allow)
    case .operation(let traits, let operation):
      exchange.acceptsRanges = traits.acceptsRanges
      exchange.cacheControl = traits.cacheControl
      if !traits.fields.isEmpty { exchange.named = RequestFields.named(traits.fields, in: head.headers) }
      accept(exchange, traits, operation)
    }
  }

  private func makeExchange(_ head: HTTPRequestHead, target: RequestTarget?) -> HTTPExchange {
    let fields = RequestFields(head.headers)
    let proto = isProxy ? fields.forwardedProto?.prefix { $0 != "," && $0 != " " } : nil
    let requestID = RequestID.accept(fields.requestID) ?? shared.loop.makeRequestID()
    let address = shared.configuration.trustedProxies.client(peer: peer, forwardedFor: fields.forwardedFor)
    // NIO's decoder stops after a request that asks for an upgrade, whether it gets one or not.
    let closes = !head.isKeepAlive || fields.hasUpgrade || head.method == .CONNECT
    return HTTPExchange(
      method: head.method.rawValue, target: target ?? .unknown, fields: fields, requestID: requestID, address: address,
      isHTTP10: head.version == .http1_0, isSecure: proto?.lowercased() == "https", closes: closes)
  }

  /// For an answer to what never became a request of this handler's.
  private func makeExchange(_ head: HTTPRequestHead?) -> HTTPExchange {
    if let head { return makeExchange(head, target: RequestTarget(head.uri)) }
    return HTTPExchange(
      method: "", target: .unknown, fields: RequestFields([:]), requestID: shared.loop.makeRequestID(), address: peer,
      isHTTP10: false, isSecure: false, closes: true)
  }

  private func accept(
    _ exchange: HTTPExchange, _ traits: OperationTraits, _ operation: @escaping @Sendable (Request) async -> Response
  ) {
    if let length = exchange.fields.contentLength, length > traits.bodyLimit {
      return answer(exchange, .tooLarge(limit: traits.bodyLimit))
    }
    if exchange.fields.hasBody, traits.body.mediaType != nil {
      if exchange.fields.isCoded { return answer(exchange, .coded) }
      // What is refused anyhow is refused before its body has come.
      let head = request(of: exchange, body: .whole(ByteBuffer()))
      do throws(ProblemDetails) {
        try head.checkHead(traits)
      } catch {
        return answer(exchange, shared.application.refuse(error, context: head.context))
      }
    }
    if let expect = exchange.fields.expect, !exchange.isHTTP10 {
      guard expect.lowercased() == "100-continue" else { return answer(exchange, .expectation) }
      if exchange.fields.hasBody { connection.sendContinue() }
    }
    isIgnoring = false
    if case .stream = traits.body {
      pass(exchange, traits, operation)
    } else {
      collection = Collection(exchange: exchange, traits: traits, operation: operation)
    }
  }

  private func request(of exchange: HTTPExchange, body: RequestBody) -> Request {
    Request(
      query: exchange.target.query, contentType: exchange.fields.contentType, accept: exchange.fields.accept,
      authorization: exchange.fields.authorization, fields: exchange.named, body: body,
      context: RequestContext(
        requestID: exchange.requestID, address: exchange.address, userAgent: exchange.fields.userAgent))
  }

  private func collect(_ part: ByteBuffer) {
    guard let count = collection?.body.readableBytes, let traits = collection?.traits, traits.body.mediaType != nil
    else { return }
    guard count + part.readableBytes <= traits.bodyLimit else {
      return refuseCollection(.tooLarge(limit: traits.bodyLimit))
    }
    // In no more than twice the room that what has come needs: a length is only a promise.
    if count == 0 { collection?.body = part } else { collection?.body.writeImmutableBuffer(part) }
  }

  func channelReadComplete(context: ChannelHandlerContext) {
    holdBody()
    context.fireChannelReadComplete()
  }

  /// Counts a body that has not come whole yet, or refuses it when too much is held already.
  private func holdBody() {
    guard let count = collection?.body.readableBytes, let held = collection?.held, count > held else { return }
    if held == 0, let exchange = collection?.exchange, let body = collection?.body {
      collection?.network = network(of: exchange)
      // The first part is a piece of what was read: that must not live as long as the body.
      collection?.body = ByteBuffer(bytes: body.readableBytesView)
    }
    guard let network = collection?.network else { return }
    guard shared.loop.held.hasRoom(for: count - held, network: network) else { return refuseCollection(.overloaded) }
    shared.loop.held.change(by: count - held, network: network)
    collection?.held = count
  }

  private func refuseCollection(_ problem: HTTPProblem) {
    guard let exchange = collection?.exchange else { return }
    endCollection()
    exchange.closes = true
    isIgnoring = true
    answer(exchange, problem)
  }

  /// The body is complete, or no longer wanted.
  @discardableResult
  private func endCollection() -> Collection? {
    guard let collection = collection.take() else { return nil }
    shared.loop.held.change(by: -collection.held, network: collection.network)
    return collection
  }

  /// Whose share of what the server may hold its body is; empty for a proxy of ours, which comes for many.
  private func network(of exchange: HTTPExchange) -> String {
    isProxy && exchange.address == peer ? "" : AddressRanges.network(of: exchange.address)
  }

  private func end() {
    if let passage {
      self.passage = nil
      passage.body.finish()
      return
    }
    guard let collection = endCollection() else {
      isIgnoring = false
      return
    }
    run(collection.operation, for: collection.exchange, body: .whole(collection.body))
  }

  private func run(
    _ operation: @escaping @Sendable (Request) async -> Response, for exchange: HTTPExchange, body: RequestBody
  ) {
    guard let eventLoop else { return }
    let request = request(of: exchange, body: body)
    let handler = NIOLoopBound((self, exchange), eventLoop: eventLoop)
    // Starts in this turn of the loop, and stays on it: the executor is the loop.
    Task.immediate(executorPreference: shared.executor) {
      let response = await operation(request)
      let (handler, exchange) = handler.value
      handler.operationEnded(exchange, response)
    }
  }

  private func operationEnded(_ exchange: HTTPExchange, _ response: Response) {
    // A stream may be made of the request's body while that still comes.
    if case .stream = response.body {} else { leaveBody(of: exchange) }
    answer(exchange, response)
  }

  /// What is left of the body is needed by nobody.
  func leaveBody(of exchange: HTTPExchange) {
    guard let passage, passage.exchange === exchange else { return }
    self.passage = nil
    isIgnoring = true
  }

  // MARK: - Bodies that are taken as they come

  private func pass(
    _ exchange: HTTPExchange, _ traits: OperationTraits, _ operation: @escaping @Sendable (Request) async -> Response
  ) {
    guard let eventLoop else { return }
    let bound = NIOLoopBound(connection, eventLoop: eventLoop)
    let body = IncomingBody(held: shared.loop.held, network: network(of: exchange)) {
      eventLoop.execute { bound.value.resumeBody() }
    }
    passage = Passage(exchange: exchange, body: body, limit: traits.bodyLimit)
    connection.streamBody()
    run(operation, for: exchange, body: .stream(body.stream))
  }

  private func pass(_ part: ByteBuffer) {
    guard let body = passage?.body, let limit = passage?.limit, let count = passage?.count else { return }
    guard count + part.readableBytes <= limit else {
      return failPassage(ProblemDetails("payload_too_large", "The body may have \(limit) bytes."))
    }
    passage?.count = count + part.readableBytes
    switch body.take(part) {
    case .more, .unread: break
    case .enough: connection.holdBody()
    case .noRoom:
      failPassage(ProblemDetails("unavailable", "Too much is under way here. Try again in a moment.", retryAfter: 2))
    }
  }

  /// The rest of the body is not taken. Its operation hears why, and answers.
  private func failPassage(_ problem: ProblemDetails) {
    guard let passage else { return }
    self.passage = nil
    passage.exchange.closes = true
    isIgnoring = true
    passage.body.fail(problem)
  }

  private func endBodies() {
    endCollection()
    guard let passage else { return }
    self.passage = nil
    passage.body.fail(ProblemDetails("malformed_body", "The body ended early."))
  }
}

extension RequestTarget {
  /// For the log, where there is none.
  fileprivate static var unknown: RequestTarget { RequestTarget(path: "") }

  private init(path: String) {
    self.path = path
    query = nil
  }
}
