import NIOCore
import Testing

@testable import letschat

@Suite struct GrowingReceiveBufferTests {
  @Test func `it grows when it was full, up to its limit`() {
    var sizes = GrowingReceiveBuffer()
    #expect(!sizes.record(actualReadBytes: 511))
    #expect(sizes.nextBufferSize() == 512)
    #expect(sizes.record(actualReadBytes: 512))
    #expect(sizes.nextBufferSize() == 1024)
    #expect(sizes.buffer(allocator: ByteBufferAllocator()).capacity >= 1024)
    #expect(sizes.record(actualReadBytes: 1024))
    #expect(!sizes.record(actualReadBytes: 2048))
    #expect(sizes.nextBufferSize() == 2048)
  }
}
