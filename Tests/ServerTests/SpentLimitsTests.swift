import NIOCore
import Testing
import TokenBuckets

@testable import letschat

/// What nodes tell each other of limits.
struct SpentLimitsTests {
  private let spent = SpentLimits(
    node: 0x1122_3344_5566_7788,
    entries: [
      .init(name: "user", spending: .init(key: .init(limit: 0, high: .max, low: 1), count: 7)),
      .init(name: "login/ip+account", spending: .init(key: .init(limit: 0, high: 2, low: .max), count: .max)),
    ])

  @Test func `what is told is what is heard`() throws {
    let heard = try #require(SpentLimits(spent.bytes))
    #expect(heard.node == spent.node)
    #expect(heard.entries == spent.entries)
    #expect(SpentLimits(SpentLimits(node: 1, entries: []).bytes)?.entries == [])
  }

  @Test func `what is cut off, or of another version, is nothing`() throws {
    let bytes = spent.bytes
    for length in 0..<bytes.readableBytes {
      let part = SpentLimits(try #require(bytes.getSlice(at: 0, length: length)))
      #expect(part == nil || part?.entries.count ?? 0 < 2)
    }
    var other = bytes
    other.setInteger(UInt8(2), at: 0)
    #expect(SpentLimits(other) == nil)
  }

  @Test func `any bytes are read to their end`() {
    for _ in 0..<2000 {
      let bytes = (0..<Int.random(in: 0...80)).map { _ in UInt8.random(in: 0...40) }
      _ = SpentLimits(ByteBuffer(bytes: [1] + bytes))
    }
  }
}
