import Logging
import NIOCore

/// Holds the accepting back while there are as many connections as the server may have: the others wait in the kernel's
/// queue, instead of being accepted and refused, or of failing with EMFILE again and again. Meanwhile connections that
/// do nothing are sent away, so that one place is always about to be free.
///
/// Stands in the listening channel, in front of NIO's own back-off for errors of accept(2).
final class AcceptGate: ChannelDuplexHandler {
  typealias InboundIn = Channel
  typealias InboundOut = Channel
  typealias OutboundIn = Never

  /// How long until it is looked again for connections that can go.
  private static let retryDelay = TimeAmount.milliseconds(100)

  private let limit: Int
  private let logger: Logger
  private let makeRoom: () -> Void
  private var open = 0
  private var wantsRead = false
  private var nextWarning = NIODeadline.now()

  /// - Parameter makeRoom: sends connections away that nobody needs. It is called again and again while there are as
  ///   many as there may be.
  init(limit: Int, logger: Logger, makeRoom: @escaping () -> Void) {
    self.limit = limit
    self.logger = logger
    self.makeRoom = makeRoom
  }

  func read(context: ChannelHandlerContext) {
    guard open >= limit else { return context.read() }
    wantsRead = true
    warn("no more connections are accepted until one ends", ["connections": "\(open)", "limit": "\(limit)"])
    lookForRoom(context: context)
  }

  private func lookForRoom(context: ChannelHandlerContext) {
    guard wantsRead, context.channel.isActive else { return }
    makeRoom()
    let gate = NIOLoopBound((self, context), eventLoop: context.eventLoop)
    context.eventLoop.scheduleTask(in: Self.retryDelay) {
      let (gate, context) = gate.value
      gate.lookForRoom(context: context)
    }
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    let child = unwrapInboundIn(data)
    open += 1
    let gate = NIOLoopBound((self, context), eventLoop: context.eventLoop)
    child.closeFuture.hop(to: context.eventLoop).whenComplete { _ in
      let (gate, context) = gate.value
      gate.closed(context: context)
    }
    context.fireChannelRead(data)
  }

  private func closed(context: ChannelHandlerContext) {
    open -= 1
    guard wantsRead, open < limit else { return }
    wantsRead = false
    context.read()
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    warn("a connection could not be accepted; trying again in a second", ["error": "\(error)"])
    context.fireErrorCaught(error)
  }

  /// Says it once in ten seconds.
  private func warn(_ message: Logger.Message, _ metadata: Logger.Metadata) {
    let now = NIODeadline.now()
    guard now >= nextWarning else { return }
    nextWarning = now + .seconds(10)
    logger.warning(message, metadata: metadata)
  }
}
