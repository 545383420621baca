import NIOCore
import NIOHTTP1

// What is sent on a connection, whole or piece by piece, and when the next request may come in.
extension HTTPConnection {
  /// Whether the connection goes on after the answer to the request that is being answered.
  var willKeepAlive: Bool { keepsAlive && !loop.isDraining && !isLast }

  /// No request can follow the one that is being answered.
  private var isLast: Bool { isInputEnded && waiting.isEmpty && waitingError == nil }

  /// Sends a whole answer, head included, as bytes.
  ///
  /// - Parameter body: what of the body `answer` does not hold.
  func send(_ answer: ByteBuffer, _ body: ByteBuffer? = nil, closes: Bool) {
    guard let context, let encoder, state != .closed, state != .lingering else { return }
    if closes || isLast { keepsAlive = false }
    // Only an end of the connection needs to know when the last byte has gone.
    let promise: EventLoopPromise<Void>? = keepsAlive ? nil : context.eventLoop.makePromise()
    encoder.write(NIOAny(IOData.byteBuffer(answer)), promise: body == nil ? promise : nil)
    if let body { encoder.write(NIOAny(IOData.byteBuffer(body)), promise: promise) }
    needsFlush = true
    mayBeSending = true
    if body != nil { isSendingMuch = true }
    answerEnded(context: context, written: promise?.futureResult)
    if !isReading, !isDelivering { flushIfNeeded(context: context) }
  }

  /// Sends the beginning of an answer whose body follows piece by piece.
  ///
  /// - Returns: false where there is nobody to send it to.
  func sendBeginning(_ head: ByteBuffer, closes: Bool) -> Bool {
    guard let context, let encoder, state == .receiving || state == .answering else { return false }
    if closes || isLast { keepsAlive = false }
    isStreaming = true
    encoder.write(NIOAny(IOData.byteBuffer(head)), promise: nil)
    needsFlush = true
    mayBeSending = true
    if !isReading, !isDelivering { flushIfNeeded(context: context) }
    return true
  }

  /// Sends more of it.
  func sendPiece(_ piece: ByteBuffer) {
    guard isStreaming, let context, let encoder else { return }
    encoder.write(NIOAny(IOData.byteBuffer(piece)), promise: nil)
    needsFlush = true
    mayBeSending = true
    isSendingMuch = true
    if !isReading, !isDelivering { flushIfNeeded(context: context) }
  }

  /// Whether more of it may be written now. If not, `wanted` is told when that is worth asking again.
  ///
  /// - Returns: nil where the connection has ended.
  func takesPiece(_ wanted: @escaping () -> Void) -> Bool? {
    guard isStreaming, let context else { return nil }
    if context.channel.isWritable { return true }
    pieceWanted = wanted
    return false
  }

  func wantPiece() {
    guard let wanted = pieceWanted else { return }
    pieceWanted = nil
    wanted()
  }

  /// The answer has been sent.
  func endStream() {
    guard isStreaming, let context, let encoder else { return }
    isStreaming = false
    let promise: EventLoopPromise<Void>? = keepsAlive && !isLast ? nil : context.eventLoop.makePromise()
    if promise != nil { encoder.writeAndFlush(NIOAny(IOData.byteBuffer(ByteBuffer())), promise: promise) }
    answerEnded(context: context, written: promise?.futureResult)
    if !isReading, !isDelivering { flushIfNeeded(context: context) }
  }

  /// What was promised of the answer can't be sent: the client sees that it ends early (RFC 9112 §8).
  func abortStream() {
    guard isStreaming, let context else { return }
    isStreaming = false
    close(context: context)
  }

  /// Sends an interim answer (RFC 9110 §15.2).
  func sendContinue() {
    guard let encoder, state == .receiving else { return }
    encoder.writeAndFlush(NIOAny(IOData.byteBuffer(ByteBuffer(string: "HTTP/1.1 100 Continue\r\n\r\n"))), promise: nil)
  }

  func answerEnded(context: ChannelHandlerContext, written: EventLoopFuture<Void>?) {
    guard keepsAlive, !isLast else {
      let isComplete = state == .answering && waiting.isEmpty
      state = .lingering
      receiving = nil
      bodyPace = nil
      deadline = .now() + configuration.lingerTimeout
      waiting.removeAll()
      let channel = context.channel
      written?.whenComplete { _ in channel.close(mode: isComplete ? .all : .output, promise: nil) }
      resumeReading(context: context)
      return
    }
    switch state {
    case .answering:
      becomeIdle()
      deliverWaiting(context: context)
      if state != .answering { resumeReading(context: context) }
    case .receiving:
      state = .discarding
      // What is left of the body is read in one go.
      if bodyPace != nil {
        bodyPace = nil
        deadline = .now() + configuration.bodyTimeout
        resumeReading(context: context)
      }
    case .idle, .discarding, .lingering, .closed: break
    }
  }

  func becomeIdle() {
    state = .idle
    deadline = .now() + configuration.idleTimeout
    if loop.isDraining, let context { close(context: context) }
  }

  func resumeReading(context: ChannelHandlerContext) {
    guard wantsRead else { return }
    wantsRead = false
    context.read()
  }

  func flushIfNeeded(context: ChannelHandlerContext) {
    guard needsFlush else { return }
    needsFlush = false
    context.flush()
    if isSendingMuch {
      isSendingMuch = false
      lookAtAnswers(now: .now())
    }
  }

  /// Looks how much of the answers has left, and puts the clock of what comes after them accordingly.
  func lookAtAnswers(now: NIODeadline) {
    guard mayBeSending, let context, state != .closed else { return }
    let progress = answers.look(at: context.channel)
    loop.held.change(by: answers.takeChange(), network: network)
    mayBeSending = answers.isLeaving
    if isStreaming {
      // The server may take its time, the client may while it takes something.
      if progress == .all || !answers.isLeaving {
        if state == .answering { deadline = .distantFuture }
      } else if progress == .some || deadline == .distantFuture {
        deadline = now + configuration.idleTimeout
      }
      return
    }
    switch (progress, state) {
    case (.none, _), (_, .receiving), (_, .answering), (_, .discarding), (_, .closed): break
    // For as long as it takes something of it, a client may take its time.
    case (.some, _), (.all, .idle): deadline = now + configuration.idleTimeout
    case (.all, .lingering): deadline = now + configuration.lingerTimeout
    }
  }
}
