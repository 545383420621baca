import NIOCore

/// A command and its arguments, in one piece of memory.
struct RedisCommand: Sendable {
  private(set) var bytes: ByteBuffer
  private(set) var lengths: [Int]

  /// What it costs while it waits.
  var size: Int { bytes.readableBytes + 32 * lengths.count }

  init(_ arguments: [ByteBuffer]) {
    bytes = ByteBufferAllocator().buffer(capacity: arguments.reduce(0) { $0 + $1.readableBytes })
    for argument in arguments { bytes.writeImmutableBuffer(argument) }
    lengths = arguments.map(\.readableBytes)
  }

  init(_ name: StaticString) {
    bytes = ByteBuffer(staticString: name)
    lengths = [name.utf8CodeUnitCount]
  }

  mutating func append(_ text: String) { lengths.append(bytes.writeString(text)) }

  mutating func append(_ argument: ByteBuffer) { lengths.append(bytes.writeImmutableBuffer(argument)) }

  /// Replies to these do not match commands one by one, or they change what the connection is for those after them.
  private static let forbidden: Set<String> = [
    "SUBSCRIBE", "PSUBSCRIBE", "SSUBSCRIBE", "UNSUBSCRIBE", "PUNSUBSCRIBE", "SUNSUBSCRIBE", "MONITOR", "SYNC", "PSYNC",
    "QUIT", "RESET", "HELLO", "SELECT", "AUTH", "MULTI", "EXEC", "DISCARD", "WATCH", "UNWATCH",
  ]

  /// Throws `badCommand` for what the shared connection cannot have.
  func check() throws(RedisError) {
    guard let first = lengths.first, first > 0 else { throw RedisError(.badCommand, "a command has a name") }
    let name = (bytes.getString(at: bytes.readerIndex, length: first) ?? "").uppercased()
    guard !RedisCommand.forbidden.contains(name) else {
      throw RedisError(.badCommand, "\(name) is not for a connection that many share")
    }
    // CLIENT REPLY OFF would leave everybody without replies.
    if name == "CLIENT", lengths.count > 1 {
      let second = bytes.getString(at: bytes.readerIndex + first, length: lengths[1])
      guard second?.uppercased() != "REPLY" else {
        throw RedisError(.badCommand, "CLIENT REPLY is not for a connection that many share")
      }
    }
  }
}
