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
    let operation: @Sendable (Request) async -> Response
    var body = ByteBuffer()
  }

  private let shared: Shared
  private let connection: HTTPConnection
  private var collection: Collection?
  /// Answered before the request's end; what is left of it is ignored.
  private var isIgnoring = false
  private var eventLoop: (any EventLoop)?
  private var peer = ""

  init(shared: Shared, connection: HTTPConnection) {
    self.shared = shared
    self.connection = connection
  }

  func handlerAdded(context: ChannelHandlerContext) {
    eventLoop = context.eventLoop
    peer = context.remoteAddress?.ipAddress ?? "unix"
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
    switch error {
    case is RequestTimeoutError: problem = .timeout
    case HTTPParserError.headerOverflow: problem = .headersTooLarge
    case is HTTPParserError: problem = .malformed
    default: return context.close(promise: nil)
    }
    let exchange =
      collection?.exchange
      ?? HTTPExchange(
        method: "", target: .unknown, fields: RequestFields([:]), requestID: shared.loop.makeRequestID(), address: peer,
        isHTTP10: false, closes: true)
    exchange.closes = true
    collection = nil
    isIgnoring = true
    answer(exchange, problem)
  }

  // MARK: - The request

  private func begin(_ head: HTTPRequestHead) {
    let fields = RequestFields(head.headers)
    let target = RequestTarget(head.uri)
    let exchange = HTTPExchange(
      method: head.method.rawValue, target: target ?? .unknown, fields: fields,
      requestID: RequestID.accept(fields.requestID) ?? shared.loop.makeRequestID(),
      address: shared.configuration.trustedProxies.client(peer: peer, forwardedFor: fields.forwardedFor),
      isHTTP10: head.version == .http1_0,
      // NIO's decoder stops after a request that asks for an upgrade, whether it gets one or not.
      closes: !head.isKeepAlive || fields.hasUpgrade || head.method == .CONNECT)
    isIgnoring = true
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
    case .operation(let operation): accept(exchange, operation)
    }
  }

  private func accept(_ exchange: HTTPExchange, _ operation: @escaping @Sendable (Request) async -> Response) {
    if let length = exchange.fields.contentLength, length > shared.configuration.bodyLimit {
      return answer(exchange, .tooLarge)
    }
    if let expect = exchange.fields.expect, !exchange.isHTTP10 {
      guard expect.lowercased() == "100-continue" else { return answer(exchange, .expectation) }
      if exchange.fields.hasBody { connection.sendContinue() }
    }
    isIgnoring = false
    collection = Collection(exchange: exchange, operation: operation)
  }

  private func collect(_ part: ByteBuffer) {
    guard let count = collection?.body.readableBytes, let exchange = collection?.exchange else { return }
    guard count + part.readableBytes <= shared.configuration.bodyLimit else {
      collection = nil
      isIgnoring = true
      return answer(exchange, .tooLarge)
    }
    if count == 0 {
      collection?.body = part
    } else {
      collection?.body.reserveCapacity(exchange.fields.contentLength ?? count + part.readableBytes)
      collection?.body.writeImmutableBuffer(part)
    }
  }

  private func end() {
    guard let collection, let eventLoop else {
      isIgnoring = false
      return
    }
    self.collection = nil
    let exchange = collection.exchange
    let operation = collection.operation
    let request = Request(
      query: exchange.target.query, contentType: exchange.fields.contentType, accept: exchange.fields.accept,
      authorization: exchange.fields.authorization, body: collection.body,
      context: RequestContext(
        requestID: exchange.requestID, address: exchange.address, userAgent: exchange.fields.userAgent))
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
    let response = problem.response(
      requestID: exchange.requestID, bodyLimit: shared.configuration.bodyLimit, catalog: shared.application.problems)
    answer(exchange, response, allow: allow)
  }

  private func answerOptions(_ exchange: HTTPExchange, allow: String) {
    answer(exchange, Response(status: 204), allow: allow, isPreflight: exchange.fields.requestedMethod != nil)
  }

  private func answer(
    _ exchange: HTTPExchange, _ response: Response, allow: String? = nil, isPreflight: Bool = false
  ) {
    // A body that the client holds back until it is told to go on (RFC 9110 §10.1.1) may never come, and one that is
    // too long is not worth reading: the connection ends.
    let leavesBody = exchange.fields.hasBody && isIgnoring
    let isTooLong = response.status == 413 || (exchange.fields.contentLength ?? 0) > shared.configuration.bodyLimit
    let endsForBody = leavesBody && (isTooLong || exchange.fields.expect != nil)
    let closes = exchange.closes || endsForBody || !connection.willKeepAlive
    let origin = exchange.fields.origin
    let hasContent = response.status != 204 && response.status != 304
    let head = ResponseHead(
      status: response.status, contentType: response.contentType,
      contentLength: hasContent ? response.body.readableBytes : nil, requestID: exchange.requestID,
      retryAfter: response.retryAfter, allow: allow,
      crossOrigin: isPreflight
        ? shared.crossOrigin.preflightFields(for: origin) : shared.crossOrigin.fields(for: origin),
      closes: closes, saysKeepAlive: exchange.isHTTP10)
    let sendsBody = hasContent && exchange.method != "HEAD"
    let length = sendsBody ? response.body.readableBytes : 0
    // One buffer and one write for what is small; a long body is not copied.
    let isJoined = length <= 16 << 10
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
}

extension RequestTarget {
  /// For the log, where there is none.
  fileprivate static var unknown: RequestTarget { RequestTarget(path: "") }

  private init(path: String) {
    self.path = path
    query = nil
  }
}
