import Logging
import NIOCore

/// From frames to the channel, within bounds.
extension Connection {
  /// Sends a frame, or queues it (drops it, if it is volatile), or cuts a client for which too much is queued.
  func send(_ frame: ByteBuffer, volatile: Bool = false) {
    guard self.phase == .open, let context = self.context else { return }
    if self.outbox.isEmpty {
      // A tick's writes can fill the channel of a client that is not slow at all: see what the kernel takes.
      if self.isUnflushed, !context.channel.isWritable { self.flush() }
      if context.channel.isWritable {
        self.write(frame, context)
        return
      }
    }
    if volatile { return }
    guard self.outboxBytes + frame.readableBytes <= self.loop.configuration.sendQueueBytes else {
      self.loop.logger.debug("slow client cut off", metadata: ["queued": "\(self.outboxBytes)"])
      self.cut(.transportClose)
      return
    }
    self.outboxBytes += frame.readableBytes
    self.outbox.append(frame)
  }

  /// Sends a frame whatever the client takes: the last one.
  func sendRegardless(_ frame: ByteBuffer) {
    if let context = self.context { self.write(frame, context) }
  }

  func flush() {
    guard self.isUnflushed else { return }
    self.isUnflushed = false
    self.context?.flush()
  }

  func channelWritabilityChanged(context: ChannelHandlerContext) {
    while context.channel.isWritable, let frame = self.outbox.popFirst() {
      self.outboxBytes -= frame.readableBytes
      self.write(frame, context)
    }
    if self.outbox.isEmpty { self.outbox = [] }
    context.fireChannelWritabilityChanged()
  }

  private func write(_ frame: ByteBuffer, _ context: ChannelHandlerContext) {
    context.write(self.wrapOutboundOut(frame), promise: nil)
    guard !self.isUnflushed else { return }
    self.isUnflushed = true
    self.loop.flushLater(self)
  }
}
