import Logging
import NIOCore

/// From frames to the transport, within bounds.
extension Connection {
  /// Sends frames, or queues them (drops them, if they are volatile), or cuts a client for which too much is queued.
  func send(_ frames: ByteBuffer, volatile: Bool = false) {
    self.loop.deliverBatch()
    self.deliver(frames, volatile: volatile)
  }

  /// Sends frames of a broadcast: what was gathered for a room before has gone.
  func deliver(_ frames: ByteBuffer, volatile: Bool) {
    guard self.phase == .open || self.phase == .leaving else { return }
    if self.outbox.isEmpty, self.phase == .open, self.polling == nil, let context = self.context {
      // A tick's writes can fill the channel of a client that is not slow at all: see what the kernel takes.
      if self.isUnflushed, !self.isWritable { self.flush() }
      if self.isWritable { return self.write(frames, context) }
    }
    if volatile, self.polling?.canSend != true || !self.outbox.isEmpty { return }
    guard self.outboxBytes + frames.readableBytes <= self.loop.configuration.sendQueueBytes else {
      self.loop.logger.debug("slow client cut off", metadata: ["queued": "\(self.outboxBytes)"])
      return self.cut(.transportClose)
    }
    self.queue(frames)
    if self.polling?.canSend == true { self.flushInThisTick() }
  }

  /// Puts frames behind those that wait, whatever the bound.
  func queue(_ frames: ByteBuffer) {
    self.outboxBytes += frames.readableBytes
    self.outbox.append(frames)
  }

  /// Sends a frame whatever the client takes: the last one.
  func sendRegardless(_ frame: ByteBuffer) {
    if let context = self.context { self.write(frame, context) }
  }

  func flush() {
    guard self.isUnflushed else { return }
    self.isUnflushed = false
    guard self.polling == nil else { return self.answerPoll() }
    guard let context = self.context else { return }
    if var frames = self.unsent.take() {
      self.directSocket.write(&frames, context)
      guard frames.readableBytes > 0 else { return }
      self.queueInChannel(frames, context)
    }
    context.flush()
  }

  func channelWritabilityChanged(context: ChannelHandlerContext) {
    self.isWritable = context.channel.isWritable
    if self.phase == .open { self.writeOutbox(context) }
    context.fireChannelWritabilityChanged()
  }

  func writeOutbox(_ context: ChannelHandlerContext) {
    while self.isWritable, let frames = self.outbox.popFirst() {
      self.outboxBytes -= frames.readableBytes
      self.write(frames, context)
    }
    if self.outbox.isEmpty { self.outbox = [] }
  }

  private func write(_ frames: ByteBuffer, _ context: ChannelHandlerContext) {
    if !self.isUnflushed, self.directSocket.isPossible {
      self.unsent = frames
    } else {
      if let first = self.unsent.take() { self.queueInChannel(first, context) }
      self.queueInChannel(frames, context)
    }
    self.flushInThisTick()
  }

  private func queueInChannel(_ frames: ByteBuffer, _ context: ChannelHandlerContext) {
    self.directSocket.queued()
    context.write(self.wrapOutboundOut(frames), promise: nil)
  }

  private func flushInThisTick() {
    guard !self.isUnflushed else { return }
    self.isUnflushed = true
    self.loop.flushLater(self)
  }
}
