import NIOCore

/// How fast the messages of a client come that owes a pong. The pong may be behind a long message on a slow line: it is
/// waited for as long as the message grows at a pace, and so has an end. Control frames in its middle don't count.
struct UploadPace {
  private var taken = 0
  private var before = 0

  /// A frame of a message has come.
  mutating func took(_ frame: ClientFrame) {
    switch frame.opcode {
    case .text, .binary, .continuation: self.taken += frame.payload.readableBytes
    default: break
    }
  }

  /// What has come since the last look, in bytes.
  ///
  /// - Parameter partial: What has come of a frame that is not whole.
  mutating func look(partial: Int) -> Int {
    let sum = self.taken + partial
    defer { self.before = sum }
    return sum - self.before
  }
}

// What is kept of messages whose rest has not come.
extension Connection {
  /// Counts what is kept now. What only waits for the application does not count: it has a bound of its own.
  ///
  /// - Returns: false if there is no room for it: then the connection must end.
  func holdInput() -> Bool {
    var bytes = self.assembler.heldBytes + self.session.heldBytes
    if self.received.readableBytes > 0, !self.isPaused {
      // A few bytes must not keep a whole receive buffer.
      if self.received.storageCapacity > 4 * self.received.readableBytes + 64 {
        self.received = ByteBuffer(buffer: self.received)
      }
      bytes += self.received.storageCapacity
    }
    guard bytes != self.heldBytes else { return true }
    let limit = self.loop.configuration.maxUnfinishedBytes
    guard self.loop.registry.hold(bytes - self.heldBytes, limit: limit) else { return false }
    self.heldBytes = bytes
    return true
  }

  /// Counts a frame or packet; false if the client sends too many.
  func countPacket() -> Bool {
    guard let rate = self.loop.configuration.packetRate else { return true }
    return self.packets.spend(rate.tokens, now: NIODeadline.now().uptimeNanoseconds)
  }

  /// Nothing that came is of use any more.
  func dropInput() {
    self.received = ByteBuffer()
    self.assembler = MessageAssembler(maxPayload: self.assembler.maxPayload)
    _ = self.loop.registry.hold(-self.heldBytes, limit: .max)
    self.heldBytes = 0
  }
}
