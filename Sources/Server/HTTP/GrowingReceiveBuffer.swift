import NIOCore

/// How much a connection receives at once: little, until it receives that much.
///
/// NIO keeps a channel's buffer as long as the channel, so thousands of idle connections hold one each. A request of more
/// than 512 bytes costs its connection one read more, once. A buffer never shrinks: NIO has no way to it.
struct GrowingReceiveBuffer: RecvByteBufferAllocator {
  private static let maxSize = 2048

  private var size = 512

  func buffer(allocator: ByteBufferAllocator) -> ByteBuffer { allocator.buffer(capacity: size) }

  func nextBufferSize() -> Int? { size }

  mutating func record(actualReadBytes: Int) -> Bool {
    guard actualReadBytes >= size, size < Self.maxSize else { return false }
    size *= 2
    return true
  }
}
