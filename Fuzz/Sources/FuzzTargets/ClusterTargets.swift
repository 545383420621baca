import Cluster
import NIOCore

enum ClusterTarget {
  private static let classic = ClassicFormat(namespace: "/")
  private static let sharded = ShardedFormat(namespace: "/")
  private static let handover = HandoverFormat()

  /// The first byte says on what channel: `b`, `q` or `a` of the classic format (broadcasts, requests, answers), `s` of
  /// the sharded one, `h` where nodes hand sockets over.
  static func play(_ bytes: ByteBuffer) throws {
    var payload = bytes
    // What can be read can be written, and is read again.
    switch payload.readInteger(as: UInt8.self) {
    case UInt8(ascii: "b"): try read(payload, on: classic.broadcastChannel)
    case UInt8(ascii: "q"): try read(payload, on: classic.requestChannel)
    case UInt8(ascii: "a"): try read(payload, on: classic.responseChannel)
    case UInt8(ascii: "s"):
      guard let message = try? sharded.message(payload) else { return }
      guard let again = try? sharded.publication(of: message, to: "x") else { return }
      try check((try? sharded.message(again.payload)) != nil)
    case UInt8(ascii: "h"):
      guard let message = try? handover.message(payload) else { return }
      guard let again = try? handover.payload(of: message) else { return }
      let read = try? handover.message(again)
      try check(read.flatMap { try? handover.payload(of: $0) } == again)
    default: break
    }
  }

  private static func read(_ payload: ByteBuffer, on channel: String) throws {
    guard let message = try? classic.message(payload, on: channel) else { return }
    guard let again = try? classic.publication(of: message) else { return }
    try check((try? classic.message(again.payload, on: again.channel)) != nil)
  }
}
