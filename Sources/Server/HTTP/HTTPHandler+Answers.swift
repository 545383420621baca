import NIOCore
import ProtocolRuntime

extension HTTPHandler {
  /// A body of no more bytes shares its head's buffer.
  private static let joinedLimit = 16 << 10

  func answer(_ exchange: HTTPExchange, _ problem: HTTPProblem, allow: String? = nil) {
    let response = problem.response(requestID: exchange.requestID, catalog: shared.application.problems)
    answer(exchange, response, allow: allow)
  }

  func answerOptions(_ exchange: HTTPExchange, allow: String) {
    answer(exchange, Response(status: 204), allow: allow, isPreflight: exchange.fields.requestedMethod != nil)
  }

  /// Answers a request, once: one that took too long has its answer already when its operation ends.
  func answer(_ exchange: HTTPExchange, _ response: Response, allow: String? = nil, isPreflight: Bool = false) {
    guard !exchange.isAnswered else { return }
    exchange.isAnswered = true
    let response = settled(response, for: exchange)
    let hasContent = response.status != 204 && response.status != 304
    // HTTP/1.0 knows no chunks: there the connection's end is the answer's.
    let length = response.body.length
    let isChunked = hasContent && length == nil && !exchange.isHTTP10
    let closes = closes(exchange, response) || (hasContent && length == nil && exchange.isHTTP10)
    let head = head(
      of: response, for: exchange, hasContent: hasContent, length: length, isChunked: isChunked, allow: allow,
      isPreflight: isPreflight, closes: closes)
    guard hasContent, exchange.method != "HEAD" else { return send(head, nil, response, exchange, closes: closes) }
    switch response.body {
    case .bytes(let bytes): send(head, bytes, response, exchange, closes: closes)
    case .stream(let stream, let length):
      send(head, stream, length: length, isChunked: isChunked, response, exchange, closes: closes)
    case .file(let file, let range):
      send(
        head, file.stream(range), length: range.count, isChunked: false, response, exchange, closes: closes)
    }
  }

  /// Whether the connection ends with the answer.
  private func closes(_ exchange: HTTPExchange, _ response: Response) -> Bool {
    // A body that the client holds back until it is told to go on (RFC 9110 §10.1.1) may never come, and one that is
    // too long is not worth reading.
    let leavesBody = exchange.fields.hasBody && isIgnoring
    let isTooLong =
      response.status == 413 || (exchange.fields.contentLength ?? 0) > shared.configuration.skippedBodyLimit
    let endsForBody = leavesBody && (isTooLong || exchange.fields.expect != nil)
    return exchange.closes || endsForBody || !connection.willKeepAlive
  }

  private func head(
    of response: Response, for exchange: HTTPExchange, hasContent: Bool, length: Int?, isChunked: Bool, allow: String?,
    isPreflight: Bool, closes: Bool
  ) -> ResponseHead {
    let origin = exchange.fields.origin
    return ResponseHead(
      status: response.status, cacheControl: response.status < 400 ? exchange.cacheControl : nil,
      contentType: hasContent ? response.contentType : nil, mediaType: hasContent ? response.mediaType : nil,
      contentLength: hasContent ? length : nil, isChunked: isChunked, requestID: exchange.requestID,
      retryAfter: response.retryAfter, rateLimit: response.rateLimit, entityTag: response.entityTag,
      fields: response.fields, allow: allow,
      crossOrigin: exchange.method.isEmpty
        ? shared.crossOrigin.fallback
        : isPreflight ? shared.crossOrigin.preflightFields(for: origin) : shared.crossOrigin.fields(for: origin),
      isSecure: exchange.isSecure, closes: closes, saysKeepAlive: exchange.isHTTP10)
  }

  private func send(
    _ head: ResponseHead, _ body: ByteBuffer?, _ response: Response, _ exchange: HTTPExchange, closes: Bool
  ) {
    let length = body?.readableBytes ?? 0
    // One buffer and one write for what is small; a long body is not copied.
    let isJoined = length <= Self.joinedLimit
    var buffer = ByteBuffer()
    head.write(into: &buffer, date: shared.loop.date(), reserve: isJoined ? length : 0)
    if let check = shared.check {
      check.look(at: AnswerInFlight(exchange, response, head: buffer, body: exchange.method == "HEAD" ? nil : body))
    }
    if isJoined, let body { buffer.writeImmutableBuffer(body) }
    log(response, exchange, bytes: buffer.readableBytes + (isJoined ? 0 : length))
    connection.send(buffer, isJoined ? nil : body, closes: closes)
  }

  private func log(_ response: Response, _ exchange: HTTPExchange, bytes: Int) {
    shared.loop.append(
      AccessRecord(
        requestID: exchange.requestID, method: exchange.method, path: exchange.target.path, status: response.status,
        bytes: bytes, duration: .now() - exchange.startedAt, address: exchange.address, code: response.problemCode))
  }

  // MARK: - Streams

  private func send(
    _ head: ResponseHead, _ stream: BodyStream, length: Int?, isChunked: Bool, _ response: Response,
    _ exchange: HTTPExchange, closes: Bool
  ) {
    guard let eventLoop else { return }
    var buffer = ByteBuffer()
    head.write(into: &buffer, date: shared.loop.date(), reserve: 0)
    let headSize = buffer.readableBytes
    shared.check?.look(at: AnswerInFlight(exchange, response, head: buffer, body: nil))
    guard connection.sendBeginning(buffer, closes: closes) else { return }
    let writer = NIOLoopBound(
      OutgoingBody(connection: connection, length: length, isChunked: isChunked), eventLoop: eventLoop)
    let bound = NIOLoopBound((self, exchange, response), eventLoop: eventLoop)
    Task.immediate(executorPreference: shared.executor) {
      await writer.value.send(stream)
      let (handler, exchange, response) = bound.value
      handler.leaveBody(of: exchange)
      handler.log(response, exchange, bytes: headSize + writer.value.count)
    }
  }

  // MARK: - What becomes of an answer

  /// What becomes of an answer by what the client has, and by what the server can hold.
  private func settled(_ response: Response, for exchange: HTTPExchange) -> Response {
    guard exchange.method == "GET" || exchange.method == "HEAD", response.status == 200 else { return response }
    if let tag = response.entityTag, let known = exchange.fields.ifNoneMatch, EntityTag.matches(tag, in: known) {
      var unchanged = response
      unchanged.status = 304
      unchanged.body = .bytes(ByteBuffer())
      return unchanged
    }
    if exchange.acceptsRanges { return ranged(response, for: exchange) }
    return affordable(response, for: exchange)
  }

  /// The part of the content that the client asks for (RFC 9110 §14.2).
  private func ranged(_ whole: Response, for exchange: HTTPExchange) -> Response {
    guard let length = whole.body.length else { return whole }
    let response = whole.adding("Accept-Ranges", "bytes")
    // §13.1.5: with another content than the client's the whole of it is wanted. A weak tag never does.
    guard exchange.method == "GET", let field = exchange.fields.range,
      exchange.fields.ifRange.map({ $0 == whole.entityTag }) ?? true, let range = ByteRange(field, of: length)
    else { return affordable(response, for: exchange) }
    switch range {
    case .bytes(let bytes):
      guard let body = whole.body.part(bytes) else { return affordable(whole, for: exchange) }
      var part = response.adding("Content-Range", "bytes \(bytes.lowerBound)-\(bytes.upperBound - 1)/\(length)")
      part.status = 206
      part.body = body
      return affordable(part, for: exchange)
    case .unsatisfiable:
      return HTTPProblem.range(length: length)
        .response(requestID: exchange.requestID, catalog: shared.application.problems)
    }
  }

  /// A long answer may have to wait here for its client. What reads only can be asked again.
  private func affordable(_ response: Response, for exchange: HTTPExchange) -> Response {
    guard case .bytes(let bytes) = response.body, bytes.readableBytes > Self.joinedLimit, exchange.method == "GET",
      !shared.loop.held.hasRoom(for: bytes.readableBytes, network: connection.network)
    else { return response }
    return HTTPProblem.overloaded.response(requestID: exchange.requestID, catalog: shared.application.problems)
  }
}
