import NIOCore
import Testing

@testable import letschat

@Suite struct GrowingReceiveBufferTests {
  @Test func `it grows when it was full, up to its limit`() {
    var sizes = GrowingReceiveBuffer()
    let grew1 = sizes.record(actualReadBytes: 511)
    #expect(!grew1)
    #expect(sizes.nextBufferSize() == 512)
    let grew2 = sizes.record(actualReadBytes: 512)
    #expect(grew2)
    #expect(sizes.nextBufferSize() == 1024)
    #expect(sizes.buffer(allocator: ByteBufferAllocator()).capacity >= 1024)
    let grew3 = sizes.record(actualReadBytes: 1024)
    #expect(grew3)
    let grew4 = sizes.record(actualReadBytes: 2048)
    #expect(!grew4)
    #expect(sizes.nextBufferSize() == 2048)
  }
}
