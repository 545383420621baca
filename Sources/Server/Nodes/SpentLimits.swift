import NIOCore
import ProtocolRuntime
import TokenBuckets

/// What was spent of limits on one node, as it tells it to the others: a byte for the version, the node, and for each
/// bucket the limit's name with its length before it, the key and the tokens. Numbers are big-endian.
struct SpentLimits {
  /// The channel on which they are told.
  static let channel = "letschat-limits"
  private static let version: UInt8 = 1

  struct Entry: Equatable {
    /// The limit's.
    var name: String
    /// Where the limit's place in a table is nobody else's business: 0.
    var spending: TokenBuckets.Spending
  }

  /// Who tells it.
  var node: UInt64
  var entries: [Entry] = []

  init(node: UInt64, entries: [Entry]) {
    self.node = node
    self.entries = entries
  }

  /// Nil for what is no such message.
  init?(_ bytes: ByteBuffer) {
    var bytes = bytes
    guard bytes.readInteger(as: UInt8.self) == Self.version, let node = bytes.readInteger(as: UInt64.self) else {
      return nil
    }
    self.node = node
    while bytes.readableBytes > 0 {
      guard let length = bytes.readInteger(as: UInt8.self), let name = bytes.readString(length: Int(length)),
        let (high, low, count) = bytes.readMultipleIntegers(as: (UInt64, UInt64, UInt32).self)
      else { return nil }
      let key = TokenBuckets.Key(limit: 0, high: high, low: low)
      entries.append(Entry(name: name, spending: TokenBuckets.Spending(key: key, count: count)))
    }
  }

  var bytes: ByteBuffer {
    var bytes = ByteBufferAllocator().buffer(capacity: 9 + entries.count * 48)
    bytes.writeMultipleIntegers(Self.version, node)
    for entry in entries {
      let name = entry.name.utf8.prefix(255)
      bytes.writeInteger(UInt8(name.count))
      bytes.writeBytes(name)
      bytes.writeMultipleIntegers(entry.spending.key.high, entry.spending.key.low, entry.spending.count)
    }
    return bytes
  }
}
