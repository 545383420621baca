import NIOCore

/// Events to one room that follow each other within a tick of the loop, joined: each member then gets one write of one
/// shared buffer instead of one for each event.
struct BroadcastBatch {
  private var target: BroadcastTarget?
  private var plain = ByteBuffer()
  private var numbered: ByteBuffer?
  private(set) var count = 0

  /// Of what is joined, in bytes: what is copied once more is less than what the writes would cost.
  private static let maxBytes = 32 << 10

  /// - Returns: false if the packet can't be part of this batch; then nothing has changed.
  mutating func add(_ packet: OutgoingPacket, to target: BroadcastTarget) -> Bool {
    // What may be dropped, or is not for all, goes by itself.
    guard !packet.isVolatile, target.rooms.count == 1, target.exceptRooms.isEmpty, target.exceptSocket == nil else {
      return false
    }
    guard self.count > 0 else {
      self.target = target
      self.plain = packet.plain
      self.numbered = packet.numbered
      self.count = 1
      return true
    }
    guard self.target == target, self.plain.readableBytes + packet.plain.readableBytes <= Self.maxBytes else {
      return false
    }
    if self.numbered != nil || packet.numbered != nil {
      var numbered = self.numbered ?? self.plain
      numbered.writeImmutableBuffer(packet.numbered ?? packet.plain)
      self.numbered = numbered
    }
    self.plain.writeImmutableBuffer(packet.plain)
    self.count += 1
    return true
  }

  /// Gives the batch away, and is empty.
  mutating func take() -> (OutgoingPacket, BroadcastTarget) {
    let taken = (OutgoingPacket(plain: self.plain, numbered: self.numbered), self.target ?? .everyone())
    self = BroadcastBatch()
    return taken
  }
}
