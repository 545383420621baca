import NIOCore

/// Receives into buffers that live no longer than what they hold is needed.
///
/// NIO keeps the first buffer of a channel as long as the channel, and gives it back to be filled again unless the next
/// one may be larger. Where one read is made in a turn (`maxMessagesPerRead`), it keeps no other. So the first is tiny,
/// and each one after it is new: a connection that is idle holds 16 bytes, not what its longest request took.
struct TransientReceiveBuffer: RecvByteBufferAllocator {
  private static let sizes = 2048...16_384

  private var size = 16

  func buffer(allocator: ByteBufferAllocator) -> ByteBuffer { allocator.buffer(capacity: self.size) }

  mutating func record(actualReadBytes: Int) -> Bool {
    let next = actualReadBytes < self.size ? 0 : self.size * 2
    self.size = min(max(next, Self.sizes.lowerBound), Self.sizes.upperBound)
    return true
  }
}
