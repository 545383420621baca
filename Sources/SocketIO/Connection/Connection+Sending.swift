import Logging
import NIOCore

/// From frames to the transport, within bounds.
extension Connection {
  /// Sends frames, or queues them, or cuts a client for which too much is queued.
  func send(_ frames: ByteBuffer) {
    self.loop.deliverBatch()
    self.deliver(frames, volatile: false)
  }

  /// Sends frames that the client has asked for, or queues them.
  func answer(_ frames: ByteBuffer) {
    self.loop.deliverBatch()
    self.deliver(frames, volatile: false, isAnswer: true)
  }

  /// Sends frames of a broadcast, or drops them, if they are volatile and the client can't take them at once: what was
  /// gathered for a room before has gone.
  func deliver(_ frames: ByteBuffer, volatile: Bool, isAnswer: Bool = false) {
    guard self.phase == .open || self.phase == .leaving else { return }
    if self.outbox.isEmpty, self.phase == .open, self.polling == nil, let context = self.context {
      // A tick's writes can fill the channel of a client that is not slow at all: see what the kernel takes.
      if self.isUnflushed, !self.isWritable { self.flush() }
      if self.isWritable { return self.write(frames, context) }
    }
    if volatile, self.polling?.canSend != true || !self.outbox.isEmpty { return }
    // However long it is, one passes where none waits.
    let queued = self.outbox.eventBytes
    guard isAnswer || queued == 0 || queued + frames.readableBytes <= self.loop.configuration.sendQueueBytes else {
      self.loop.logger.debug("slow client cut off", metadata: ["queued": "\(queued)"])
      return self.cut(.transportClose)
    }
    self.outbox.append(Outbox.Entry(frames: frames, isAnswer: isAnswer))
    if self.polling?.canSend == true { self.flushInThisTick() }
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
    switch self.phase {
    case .open, .goingAway, .closing: self.writeOutbox(context)
    default: break
    }
    self.endIfSent()
    context.fireChannelWritabilityChanged()
  }

  func writeOutbox(_ context: ChannelHandlerContext) {
    while self.isWritable, let entry = self.outbox.popFirst() {
      self.hasTaken = true
      self.write(entry.frames, context)
    }
    self.resumeWork()
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
