import ProtocolRuntime
import Synchronization

/// Values of one kind, each with a lock of its own: who works on one does not wait for who works on another.
final class Sharded<Value: Sendable>: Sendable {
  private final class Shard: Sendable {
    let value: Mutex<Value>

    init(_ value: Value) {
      self.value = Mutex(value)
    }
  }

  private let shards: [Shard]

  /// - Parameter count: at least 1.
  init(count: Int = 16, _ initial: Value) {
    shards = (0..<max(1, count)).map { _ in Shard(initial) }
  }

  var count: Int { shards.count }

  /// Which one has to do with a number whose last bits are random; those of a UUIDv7 are.
  func index(of number: UInt64) -> Int { Int(truncatingIfNeeded: number % UInt64(shards.count)) }

  func withLock<Result>(_ index: Int, _ body: (inout sending Value) throws -> sending Result) rethrows -> sending Result
  {
    try shards[index].value.withLock(body)
  }

  func withLock<Result>(of id: UUID, _ body: (inout sending Value) throws -> sending Result) rethrows -> sending Result
  {
    try shards[index(of: id.low)].value.withLock(body)
  }
}
