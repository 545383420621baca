import NIOCore
import NIOHTTP1
import ProtocolRuntime
import SocketIO

/// Takes the requests of one connection to the application and its answers back: collects the body within its limit,
/// routes when the head is there, so that what can't be served is answered without reading on.
final class HTTPHandler: ChannelInboundHandler, RemovableChannelHandler {
  typealias InboundIn = HTTPServerRequestPart

  /// What the connections of an event loop share.
  struct Shared {
    let application: any HTTPApplication
    let configuration: HTTPConfiguration
    let crossOrigin: CrossOrigin
    let executor: LoopTaskExecutor
    let loop: LoopState
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

  /// A body of no more bytes shares its head's buffer.
  private static let joinedLimit = 16 << 10

  private let shared: Shared
  private let connection: HTTPConnection
  private var collection: Collection?
  /// Answered before the request's end; what is left of it is ignored.
  private var isIgnoring = false
  private var eventLoop: (any EventLoop)?
  private var peer = ""
  private var isProxy = false

  init(shared: Shared, connection: HTTPConnection) {
    self.shared = shared
    self.connection = connection
  }

  func handlerAdded(context: ChannelHandlerContext) {
    eventLoop = context.eventLoop
    peer = context.remoteAddress?.ipAddress ?? "unix"
    isProxy = shared.configuration.trustedProxies.contains(peer)
  }

  func handlerRemoved(context: ChannelHandlerContext) { endCollection() }

  func channelInactive(context: ChannelHandlerContext) {
    endCollection()
    context.fireChannelInactive()
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    switch unwrapInboundIn(data) {
    case .head(let head): begin(head)
    case .body(let part): collect(part)
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
    let exchange = collection?.exchange ?? makeExchange(head)
    exchange.closes = true
    endCollection()
    isIgnoring = true
    answer(exchange, problem)
  }

  // MARK: - The request

  private func begin(_ head: HTTPRequestHead) {
    let target = RequestTarget(head.uri)
    let exchange = makeExchange(head, target: target)
    let fields = exchange.fields
    isIgnoring = true
    let configuration = shared.configuration
    let longest = max(fields.longest, head.uri.utf8.count)
    if fields.count > RequestFields.maxCount || longest > configuration.headerFieldLimit
      || fields.size > configuration.headerLimit
    {
      exchange.closes = true
      return answer(exchange, .headersTooLarge)
    }
    // RFC 9112 §3.2: exactly one Host; HTTP/1.0 did not know it.
    guard let target, fields.hosts == 1 || (exchange.isHTTP10 && fields.hosts == 0) else {
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
      if !traits.fields.isEmpty { exchange.named = RequestFields.named(traits.fields, in: head.headers) }
      accept(exchange, traits, operation)
    }
  }

  private func makeExchange(_ head: HTTPRequestHead, target: RequestTarget?) -> HTTPExchange {
    let fields = RequestFields(head.headers)
    let proto = isProxy ? fields.forwardedProto?.prefix { $0 != "," && $0 != " " } : nil
    return HTTPExchange(
      method: head.method.rawValue, target: target ?? .unknown, fields: fields,
      requestID: RequestID.accept(fields.requestID) ?? shared.loop.makeRequestID(),
      address: shared.configuration.trustedProxies.client(peer: peer, forwardedFor: fields.forwardedFor),
      isHTTP10: head.version == .http1_0, isSecure: proto?.lowercased() == "https",
      // NIO's decoder stops after a request that asks for an upgrade, whether it gets one or not.
      closes: !head.isKeepAlive || fields.hasUpgrade || head.method == .CONNECT)
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
    if exchange.fields.hasBody, traits.body != .none {
      if exchange.fields.isCoded { return answer(exchange, .coded) }
      // What is refused anyhow is refused before its body has come.
      do throws(ProblemDetails) {
        try request(of: exchange, body: ByteBuffer()).checkHead(traits)
      } catch {
        return answer(
          exchange,
          Response.problem(error, requestID: exchange.requestID, catalog: shared.application.problems))
      }
    }
    if let expect = exchange.fields.expect, !exchange.isHTTP10 {
      guard expect.lowercased() == "100-continue" else { return answer(exchange, .expectation) }
      if exchange.fields.hasBody { connection.sendContinue() }
    }
    isIgnoring = false
    collection = Collection(exchange: exchange, traits: traits, operation: operation)
  }

  private func request(of exchange: HTTPExchange, body: ByteBuffer) -> Request {
    Request(
      query: exchange.target.query, contentType: exchange.fields.contentType, accept: exchange.fields.accept,
      authorization: exchange.fields.authorization, fields: exchange.named, body: body,
      context: RequestContext(
        requestID: exchange.requestID, address: exchange.address, userAgent: exchange.fields.userAgent))
  }

  private func collect(_ part: ByteBuffer) {
    guard let count = collection?.body.readableBytes, let traits = collection?.traits, traits.body != .none else {
      return
    }
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
      collection?.network = isProxy && exchange.address == peer ? "" : AddressRanges.network(of: exchange.address)
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
  private func endCollection() {
    guard let collection else { return }
    self.collection = nil
    shared.loop.held.change(by: -collection.held, network: collection.network)
  }

  private func end() {
    guard let collection, let eventLoop else {
      isIgnoring = false
      return
    }
    endCollection()
    let exchange = collection.exchange
    let operation = collection.operation
    let request = request(of: exchange, body: collection.body)
    let handler = NIOLoopBound((self, exchange), eventLoop: eventLoop)
    // Starts in this turn of the loop, and stays on it: the executor is the loop.
    Task.immediate(executorPreference: shared.executor) {
      let response = await operation(request)
      let (handler, exchange) = handler.value
      handler.answer(exchange, response)
    }
  }

  // MARK: - The answer

  private func answer(_ exchange: HTTPExchange, _ problem: HTTPProblem, allow: String? = nil) {
    let response = problem.response(requestID: exchange.requestID, catalog: shared.application.problems)
    answer(exchange, response, allow: allow)
  }

  private func answerOptions(_ exchange: HTTPExchange, allow: String) {
    answer(exchange, Response(status: 204), allow: allow, isPreflight: exchange.fields.requestedMethod != nil)
  }

  private func answer(
    _ exchange: HTTPExchange, _ response: Response, allow: String? = nil, isPreflight: Bool = false
  ) {
    let response = settled(response, for: exchange)
    // A body that the client holds back until it is told to go on (RFC 9110 §10.1.1) may never come, and one that is
    // too long is not worth reading: the connection ends.
    let leavesBody = exchange.fields.hasBody && isIgnoring
    let isTooLong =
      response.status == 413 || (exchange.fields.contentLength ?? 0) > shared.configuration.skippedBodyLimit
    let endsForBody = leavesBody && (isTooLong || exchange.fields.expect != nil)
    let closes = exchange.closes || endsForBody || !connection.willKeepAlive
    let origin = exchange.fields.origin
    let hasContent = response.status != 204 && response.status != 304
    let head = ResponseHead(
      status: response.status, isDocument: response.entityTag != nil,
      contentType: hasContent ? response.contentType : nil,
      contentLength: hasContent ? response.body.readableBytes : nil, requestID: exchange.requestID,
      retryAfter: response.retryAfter, entityTag: response.entityTag, fields: response.fields, allow: allow,
      crossOrigin: exchange.method.isEmpty
        ? shared.crossOrigin.fallback
        : isPreflight ? shared.crossOrigin.preflightFields(for: origin) : shared.crossOrigin.fields(for: origin),
      isSecure: exchange.isSecure, closes: closes, saysKeepAlive: exchange.isHTTP10)
    let sendsBody = hasContent && exchange.method != "HEAD"
    let length = sendsBody ? response.body.readableBytes : 0
    // One buffer and one write for what is small; a long body is not copied.
    let isJoined = length <= Self.joinedLimit
    var buffer = ByteBuffer()
    head.write(into: &buffer, date: shared.loop.date(), reserve: isJoined ? length : 0)
    if sendsBody, isJoined { buffer.writeImmutableBuffer(response.body) }
    shared.loop.append(
      AccessRecord(
        requestID: exchange.requestID, method: exchange.method, path: exchange.target.path, status: response.status,
        bytes: buffer.readableBytes + (isJoined ? 0 : length), duration: .now() - exchange.startedAt,
        address: exchange.address, code: response.problemCode))
    connection.send(buffer, isJoined ? nil : response.body, closes: closes)
  }

  /// What becomes of an answer by what the client has, and by what the server can hold.
  private func settled(_ response: Response, for exchange: HTTPExchange) -> Response {
    guard exchange.method == "GET" || exchange.method == "HEAD", response.status == 200 else { return response }
    if let tag = response.entityTag, let known = exchange.fields.ifNoneMatch, EntityTag.matches(tag, in: known) {
      var unchanged = response
      unchanged.status = 304
      unchanged.body = ByteBuffer()
      return unchanged
    }
    if exchange.acceptsRanges { return ranged(response, for: exchange) }
    return affordable(response, for: exchange)
  }

  /// The part of the content that the client asks for (RFC 9110 §14.2).
  private func ranged(_ whole: Response, for exchange: HTTPExchange) -> Response {
    let response = whole.adding("Accept-Ranges", "bytes")
    // §13.1.5: with another content than the client's the whole of it is wanted. A weak tag never does.
    guard exchange.method == "GET", let field = exchange.fields.range,
      exchange.fields.ifRange.map({ $0 == whole.entityTag }) ?? true,
      let range = ByteRange(field, of: whole.body.readableBytes)
    else { return affordable(response, for: exchange) }
    switch range {
    case .bytes(let bytes):
      var part = response.adding(
        "Content-Range", "bytes \(bytes.lowerBound)-\(bytes.upperBound - 1)/\(whole.body.readableBytes)")
      part.status = 206
      part.body.moveReaderIndex(forwardBy: bytes.lowerBound)
      part.body = part.body.readSlice(length: bytes.count) ?? ByteBuffer()
      return affordable(part, for: exchange)
    case .unsatisfiable:
      return HTTPProblem.range(length: whole.body.readableBytes)
        .response(requestID: exchange.requestID, catalog: shared.application.problems)
    }
  }

  /// A long answer may have to wait here for its client. What reads only can be asked again.
  private func affordable(_ response: Response, for exchange: HTTPExchange) -> Response {
    let length = response.body.readableBytes
    guard length > Self.joinedLimit, exchange.method == "GET",
      !shared.loop.held.hasRoom(for: length, network: connection.network)
    else { return response }
    return HTTPProblem.overloaded.response(requestID: exchange.requestID, catalog: shared.application.problems)
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
