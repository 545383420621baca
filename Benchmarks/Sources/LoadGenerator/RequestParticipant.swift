import NIOCore
import NIOPosix

/// A GET request that is issued again and again.
public struct Request: Sendable, Codable {
  /// Path and query.
  public var path: String
  /// The access token.
  public var token: String
}

/// A keep-alive connection with one request in flight.
final class RequestParticipant: ChannelInboundHandler, Participant {
  typealias InboundIn = ByteBuffer
  typealias OutboundOut = ByteBuffer

  private unowned let loop: ClosedLoop
  private let target: LoopbackAddress
  private let check: AnswerCheck
  /// The request's octets, made once.
  private let octets: ByteBuffer
  private var context: ChannelHandlerContext?
  private var framer = ResponseFramer()
  private var issuedAt: NIODeadline?
  /// In this window.
  private var answers = 0

  init(loop: ClosedLoop, target: LoopbackAddress, request: Request, check: AnswerCheck) {
    self.loop = loop
    self.target = target
    self.check = check
    self.octets = ByteBuffer(
      string: "GET \(request.path) HTTP/1.1\r\nHost: \(target.authority)\r\nAccept: application/json\r\n"
        + "Authorization: Bearer \(request.token)\r\n\r\n")
  }

  func connect() -> EventLoopFuture<Void> {
    let this = NIOLoopBound(self, eventLoop: loop.eventLoop)
    return ClientBootstrap(group: loop.eventLoop)
      .channelOption(.tcpOption(.tcp_nodelay), value: 1)
      .connectTimeout(.seconds(5))
      .channelInitializer { channel in
        channel.eventLoop.makeCompletedFuture { try channel.pipeline.syncOperations.addHandler(this.value) }
      }
      .connect(to: target.socketAddress)
      .map { _ in }
  }

  func begin() {
    answers = 0
    let now = NIODeadline.now()
    guard loop.mayIssue(at: now) else { return loop.rest() }
    issue(at: now)
  }

  func end() {
    context?.close(promise: nil)
  }

  private func issue(at now: NIODeadline) {
    issuedAt = now
    if let context {
      context.writeAndFlush(wrapOutboundOut(octets), promise: nil)
      return
    }
    // A server may close a connection that was idle between two windows (Node does after 5 s): that is no failure,
    // but the time to connect again is the request's. It is written when the connection is active.
    let this = NIOLoopBound(self, eventLoop: loop.eventLoop)
    connect().whenFailure { _ in
      this.value.issuedAt = nil
      this.value.loop.tally.fail(.connect)
      // A server that takes no connection is not asked again in this window.
      this.value.loop.rest()
    }
  }

  private func goOn(at now: NIODeadline) {
    issuedAt = nil
    if loop.mayIssue(at: now) { issue(at: now) } else { loop.rest() }
  }

  func channelActive(context: ChannelHandlerContext) {
    self.context = context
    framer = ResponseFramer()
    if issuedAt != nil { context.writeAndFlush(wrapOutboundOut(octets), promise: nil) }
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    framer.append(unwrapInboundIn(data))
    do {
      guard let response = try framer.next() else { return }
      guard let issuedAt, framer.isEmpty else { throw ResponseFramer.FramingError.malformedHead }
      let now = NIODeadline.now()
      answers += 1
      if let failure = check.failure(of: response, answer: answers, tally: &loop.tally) {
        loop.tally.fail(failure)
      } else {
        loop.tally.octets += response.body.readableBytes
        loop.answered(issuedAt: issuedAt, at: now)
      }
      self.issuedAt = nil
      loop.wait(since: issuedAt) { self.goOn(at: .now()) }
    } catch {
      drop(.framing, context: context)
    }
  }

  func channelInactive(context: ChannelHandlerContext) {
    drop(.closed, context: context)
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    drop(.closed, context: context)
  }

  /// The connection is of no use any more; a request in flight is lost with it.
  private func drop(_ failure: Failure, context: ChannelHandlerContext) {
    // The end of a connection that was dropped before says nothing about its successor.
    guard self.context === context else { return }
    self.context = nil
    context.close(promise: nil)
    guard issuedAt != nil else { return }
    loop.tally.fail(failure)
    goOn(at: .now())
  }
}
