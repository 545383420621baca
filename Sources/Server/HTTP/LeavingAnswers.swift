import Glibc
import NIOCore

/// How much of a connection's answers has not left yet, and whether its client takes anything of it.
///
/// "Has left" is said of what the kernel took. While it takes nothing, what the client's side has acknowledged is looked
/// at: the kernel's own buffer may be large enough for minutes of a slow line.
struct LeavingAnswers {
  enum Progress {
    /// Nothing went since the last look.
    case none
    case some
    /// All that was left at the last look has gone.
    case all
  }

  /// What NIO's queue holds, as of the last look.
  private var bytes = 0
  private var counted = 0
  private var acknowledged: UInt64 = 0

  var isLeaving: Bool { bytes > 0 }

  /// Asks the channel, on its event loop.
  mutating func look(at channel: any Channel) -> Progress {
    let before = bytes
    bytes = (try? channel.syncOptions?.getOption(.bufferedWritableBytes)) ?? 0
    guard bytes > 0 else { return before > 0 ? .all : .none }
    let acknowledged = Self.acknowledged(on: channel)
    defer { self.acknowledged = acknowledged }
    // What was not leaving at the last look begins to; an acknowledgement counts if it is known what was before it.
    return before == 0 || bytes < before || acknowledged > self.acknowledged ? .some : .none
  }

  mutating func reset() { bytes = 0 }

  /// By how much what is held has changed since this was asked last.
  mutating func takeChange() -> Int {
    defer { counted = bytes }
    return bytes - counted
  }

  /// `struct tcp_info` of Linux (include/uapi/linux/tcp.h) up to `tcpi_bytes_acked`, as 64-bit words; glibc's ends
  /// before it.
  private struct TransmissionInfo: Sendable {
    var head: (UInt64, UInt64, UInt64, UInt64, UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0, 0, 0, 0, 0)
    var middle: (UInt64, UInt64, UInt64, UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0, 0, 0, 0)
    var bytesAcknowledged: UInt64 = 0
  }

  /// Bytes that the other side has acknowledged since the connection began; 0 where the kernel does not say.
  private static func acknowledged(on channel: any Channel) -> UInt64 {
    guard let provider = channel as? any SocketOptionProvider else { return 0 }
    var result: UInt64 = 0
    // On the channel's own loop the future is fulfilled when it is returned.
    let info: EventLoopFuture<TransmissionInfo> = provider.unsafeGetSocketOption(
      level: .tcp, name: NIOBSDSocket.Option(rawValue: TCP_INFO))
    info.assumeIsolated().whenSuccess { result = $0.bytesAcknowledged }
    return result
  }
}
