import DequeModule
import NIOCore
import NIOHTTP1

/// The client took longer than it may to send a request.
struct RequestTimeoutError: Error {
  /// Of the request that has not come whole.
  let head: HTTPRequestHead?
}

/// Keeps one connection in order: lets one request in at a time (pipelined ones wait), watches the times, ends the
/// connection as the client and the answers want it.
///
/// It stands behind NIO's HTTP codecs and before the handlers that answer, of which there may be several; it stands in
/// for NIO's pipelining and error handlers. This file is about requests and the connection's end; what is sent is in
/// HTTPConnection+Answers.swift, and nobody else touches what both share.
final class HTTPConnection: ChannelDuplexHandler, RemovableChannelHandler {
  typealias InboundIn = HTTPServerRequestPart
  typealias InboundOut = HTTPServerRequestPart
  typealias OutboundIn = HTTPServerResponsePart
  typealias OutboundOut = HTTPServerResponsePart

  enum State {
    /// Between an answer and the next request.
    case idle
    /// Parts of a request come in.
    case receiving
    /// The request is there, its answer is not; nothing more is read.
    case answering
    /// Answered before the request's end; the rest is read and ignored.
    case discarding
    /// Nothing will be answered any more. What the client still sends is read and dropped until it closes: closing with
    /// unread bytes would reset the connection, and the client might lose the answer (RFC 9112 §9.6).
    case lingering
    case closed
  }

  let configuration: HTTPConfiguration
  let loop: LoopState
  var context: ChannelHandlerContext?
  /// NIO's encoder: what is written from its place goes to the socket as it is.
  var encoder: ChannelHandlerContext?
  var state = State.idle
  var keepsAlive = true
  /// The client has ended its side; what it had sent is still answered.
  var isInputEnded = false
  /// What followed the requests that wait was none.
  var waitingError: HTTPParserError?
  var waiting: Deque<NIOAny> = []
  var isDelivering = false
  var wantsRead = false
  var isReading = false
  var needsFlush = false
  /// The head of the request that is coming in.
  var receiving: HTTPRequestHead?

  /// Among those that have not sent a request yet.
  private var ticket: Newcomers.Ticket?
  /// Whose share of what the server may hold its bytes are; empty for nobody's.
  private(set) var network = ""
  var answers = LeavingAnswers()
  /// An answer was written since it was last looked at whether all have left.
  var mayBeSending = false
  /// A long answer was: that is to be counted at once.
  var isSendingMuch = false
  /// The answer goes piece by piece, and more of it follows.
  var isStreaming = false
  /// Told when more of it may be written, or that the connection has ended.
  var pieceWanted: (() -> Void)?
  /// The time of a body that is taken as it comes; nil for one that is collected.
  var bodyPace: BodyPace?

  /// Its place in the loop's list, -1 for none.
  var index = -1
  /// When the sweep must look at this connection.
  var deadline: NIODeadline

  init(configuration: HTTPConfiguration, loop: LoopState) {
    self.configuration = configuration
    self.loop = loop
    deadline = .now() + configuration.headerTimeout
  }

  func handlerAdded(context: ChannelHandlerContext) {
    self.context = context
    encoder = try? context.pipeline.syncOperations.context(handlerType: HTTPResponseEncoder.self)
    loop.add(self)
    let peer = context.channel.remoteAddress?.ipAddress
    // A proxy of ours comes for many; it has no share of its own.
    if let peer, !configuration.trustedProxies.contains(peer) { network = AddressRanges.network(of: peer) }
    ticket = loop.newcomers.enter(context.channel, network: network)
  }

  func handlerRemoved(context: ChannelHandlerContext) {
    forget()
    self.context = nil
    encoder = nil
    guard state != .closed else { return }
    // Upgraded: half-closed connections are HTTP's custom only.
    try? context.channel.syncOptions?.setOption(.allowRemoteHalfClosure, value: false)
    for part in waiting { context.fireChannelRead(part) }
    waiting.removeAll()
    if wantsRead { context.read() }
  }

  func channelInactive(context: ChannelHandlerContext) {
    state = .closed
    forget()
    context.fireChannelInactive()
  }

  /// It is no longer HTTP's, or there is no longer anything of it.
  private func forget() {
    isStreaming = false
    wantPiece()
    loop.remove(self)
    cameIn()
    receiving = nil
    answers.reset()
    loop.held.change(by: answers.takeChange(), network: network)
  }

  /// It is one that sends requests.
  private func cameIn() {
    guard let ticket else { return }
    self.ticket = nil
    loop.newcomers.leave(ticket)
  }

  // MARK: - Requests

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    isReading = true
    switch state {
    case .lingering, .closed: return
    case .idle, .receiving, .answering, .discarding:
      if waiting.isEmpty, takesParts(context) { deliver(data, context: context) } else { waiting.append(data) }
    }
  }

  /// Whether the next part of a request may come in. A new request may when the one before it is answered and enough of
  /// the answers has left: otherwise a client that does not read has its answers pile up here.
  private func takesParts(_ context: ChannelHandlerContext) -> Bool {
    switch state {
    case .idle: context.channel.isWritable
    case .receiving, .discarding: true
    case .answering, .lingering, .closed: false
    }
  }

  private func deliver(_ data: NIOAny, context: ChannelHandlerContext) {
    switch unwrapInboundIn(data) {
    case .head(let head):
      cameIn()
      state = .receiving
      receiving = head
      keepsAlive = head.isKeepAlive && !loop.isDraining
      deadline = .now() + configuration.bodyTimeout
    case .body(let part):
      if bodyPace != nil { bodyPace?.came(part.readableBytes) }
      if let due = bodyPace?.deadline { deadline = due }
    case .end:
      receiving = nil
      bodyPace = nil
      if state == .discarding {
        becomeIdle()
      } else {
        state = .answering
        deadline = .distantFuture
      }
    }
    context.fireChannelRead(data)
  }

  /// Lets the requests in that have waited, up to the next one whose answer takes time.
  func deliverWaiting(context: ChannelHandlerContext) {
    // An answer that is made at once ends up here again, within `deliver`: the outer loop goes on then.
    guard !isDelivering else { return }
    isDelivering = true
    defer { isDelivering = false }
    var delivered = false
    while takesParts(context), let data = waiting.popFirst() {
      delivered = true
      deliver(data, context: context)
    }
    if delivered { context.fireChannelReadComplete() }
    if state == .idle, waiting.isEmpty, let error = waitingError {
      waitingError = nil
      errorCaught(context: context, error: error)
    }
  }

  func channelReadComplete(context: ChannelHandlerContext) {
    isReading = false
    context.fireChannelReadComplete()
    flushIfNeeded(context: context)
  }

  func read(context: ChannelHandlerContext) {
    // Back pressure: a client that pipelines without end fills its own buffers, not ours. As long as nothing waits the
    // socket stays registered for reading: to take it out and put it back would be two system calls a request.
    // A client that does not read its answers is not read either.
    let isHeld = bodyPace?.isHeld ?? false
    if (state == .answering && !waiting.isEmpty) || (state == .idle && !context.channel.isWritable) || isHeld {
      wantsRead = true
    } else {
      context.read()
    }
  }

  func channelWritabilityChanged(context: ChannelHandlerContext) {
    if state == .idle, context.channel.isWritable {
      deliverWaiting(context: context)
      if takesParts(context) { resumeReading(context: context) }
      if !isReading, !isDelivering { flushIfNeeded(context: context) }
    }
    if context.channel.isWritable { wantPiece() }
    context.fireChannelWritabilityChanged()
  }

  func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
    if case ChannelEvent.inputClosed? = event as? ChannelEvent {
      switch state {
      case .answering: isInputEnded = true
      case .idle where !waiting.isEmpty: isInputEnded = true
      case .idle: closeWhenSent(context: context)
      case .lingering:
        lookAtAnswers(now: .now())
        if !answers.isLeaving { close(context: context) }
      case .receiving, .discarding: close(context: context)
      case .closed: break
      }
    }
    context.fireUserInboundEventTriggered(event)
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    guard let parserError = error as? HTTPParserError else {
      // ByteToMessageDecoderError comes again for whatever follows bytes that made no sense.
      if !(error is ByteToMessageDecoderError) { close(context: context) }
      return
    }
    switch state {
    case .idle where !waiting.isEmpty: waitingError = parserError
    case .idle, .receiving:
      keepsAlive = false
      state = .receiving
      context.fireErrorCaught(error)
    case .answering: waitingError = parserError
    case .discarding: close(context: context)
    case .lingering, .closed: break
    }
  }

  // MARK: - Bodies that are taken as they come

  /// The body of the request that comes in is taken piece by piece, so it may take longer than one that is collected.
  func streamBody() {
    if state == .receiving { bodyPace = BodyPace(timeout: configuration.bodyTimeout) }
  }

  /// Stops reading until ``resumeBody()``: what came is not taken yet.
  func holdBody() {
    guard bodyPace != nil else { return }
    bodyPace?.hold()
    deadline = .distantFuture
  }

  func resumeBody() {
    guard bodyPace?.isHeld == true, let context else { return }
    bodyPace?.resume()
    if let due = bodyPace?.deadline { deadline = due }
    resumeReading(context: context)
  }

  // MARK: - Answers

  func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
    switch unwrapOutboundIn(data) {
    case .head(let head):
      if !head.isKeepAlive { keepsAlive = false }
      context.write(data, promise: promise)
    case .body: context.write(data, promise: promise)
    case .end:
      mayBeSending = true
      let promise = promise ?? context.eventLoop.makePromise()
      context.write(data, promise: promise)
      answerEnded(context: context, written: promise.futureResult)
    }
  }

  // MARK: - The end

  /// Ends the connection now if it is idle, otherwise with the answer.
  func drain() {
    keepsAlive = false
    if state == .idle, let context { close(context: context) }
  }

  func abort() {
    if let context { close(context: context) }
  }

  /// Since when it waits for a request; nil if it is busy.
  var idleSince: NIODeadline? {
    state == .idle && ticket == nil && waiting.isEmpty && !mayBeSending ? deadline - configuration.idleTimeout : nil
  }

  /// Ends the connection when what was answered has left.
  private func closeWhenSent(context: ChannelHandlerContext) {
    lookAtAnswers(now: .now())
    guard answers.isLeaving, let encoder else { return close(context: context) }
    state = .lingering
    let channel = context.channel
    let sent = context.eventLoop.makePromise(of: Void.self)
    encoder.writeAndFlush(NIOAny(IOData.byteBuffer(ByteBuffer())), promise: sent)
    sent.futureResult.whenComplete { _ in channel.close(promise: nil) }
  }

  func deadlinePassed() {
    guard let context else { return }
    deadline = .distantFuture
    if state == .receiving, !isStreaming {
      keepsAlive = false
      context.fireErrorCaught(RequestTimeoutError(head: receiving))
    } else {
      close(context: context)
    }
  }

  func close(context: ChannelHandlerContext) {
    guard state != .closed else { return }
    state = .closed
    waiting.removeAll()
    // An answer that was written in this turn may still wait for its flush.
    flushIfNeeded(context: context)
    context.close(promise: nil)
  }
}
