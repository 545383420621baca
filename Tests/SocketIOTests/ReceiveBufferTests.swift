import NIOCore
import Testing

@testable import SocketIO

@Suite("Receive buffers")
struct ReceiveBufferTests {
  /// One buffer of a channel's, filled so far.
  private struct Received {
    let capacity: Int
    /// Whether the channel keeps it.
    let isKept: Bool
  }

  private func receive(_ count: Int, _ pool: inout NIOPooledRecvBufferAllocator) -> Received {
    var (buffer, capacity) = pool.buffer(allocator: ByteBufferAllocator()) { $0.capacity }
    pool.record(actualReadBytes: min(count, capacity))
    return Received(capacity: capacity, isKept: buffer.modifyIfUniquelyOwned { _ in true } == nil)
  }

  @Test("of all buffers, a channel that reads once a turn keeps a tiny one")
  func keepsNone() {
    var pool = NIOPooledRecvBufferAllocator(capacity: 1, recvAllocator: TransientReceiveBuffer())
    let first = self.receive(1000, &pool)
    #expect(first.capacity <= 32)
    #expect(first.isKept)
    for _ in 0..<5 {
      let next = self.receive(1000, &pool)
      #expect(next.capacity == 2048)
      #expect(!next.isKept)
    }
    #expect(pool.count == 1)
  }

  @Test("they grow while they are filled, and shrink when they are not")
  func sizes() {
    var pool = NIOPooledRecvBufferAllocator(capacity: 1, recvAllocator: TransientReceiveBuffer())
    _ = self.receive(.max, &pool)
    #expect((0..<5).map { _ in self.receive(.max, &pool).capacity } == [2048, 4096, 8192, 16_384, 16_384])
    #expect(self.receive(1, &pool).capacity == 16_384)
    #expect(self.receive(1, &pool).capacity == 2048)
  }
}
