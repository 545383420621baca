import NIOCore

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// The way past NIO's queue: writes to a channel's socket itself, as long as nothing waits in the channel.
///
/// A frame through the channel costs the server a third more CPU (decision 15). Only for channels that are SocketIO's
/// from the socket on: a handler in between, of TLS say, would be passed by.
struct DirectSocket {
  private enum State {
    /// There is none, or the channel is not SocketIO's alone.
    case none
    /// NIO looks a socket up by a cast of 3 µs. A connection that only says hello is better off without.
    case unused, unknown
    case known(CInt)
  }

  private var state: State
  /// Whether the channel may hold bytes that must go first.
  private var mayHaveQueued = true

  init(isAllowed: Bool) {
    self.state = isAllowed ? .unused : .none
  }

  var isPossible: Bool { if case .none = self.state { false } else { true } }

  /// Bytes were given to the channel.
  mutating func queued() {
    self.mayHaveQueued = true
  }

  /// Writes what the kernel takes now, and takes it off `bytes`: the rest is for the channel.
  mutating func write(_ bytes: inout ByteBuffer, _ context: ChannelHandlerContext) {
    // A channel that is closed has given its descriptor back, perhaps to another one.
    guard context.channel.isActive, !self.hasQueued(context), let descriptor = self.descriptor(context) else { return }
    let sent = bytes.withUnsafeReadableBytes { send(descriptor, $0.baseAddress, $0.count, CInt(MSG_NOSIGNAL)) }
    // Whatever has failed, the channel meets it, too, and knows what to do.
    if sent > 0 { bytes.moveReaderIndex(forwardBy: sent) }
  }

  private mutating func descriptor(_ context: ChannelHandlerContext) -> CInt? {
    switch self.state {
    case .none: return nil
    case .known(let descriptor): return descriptor
    case .unused:
      self.state = .unknown
      return nil
    case .unknown:
      let descriptor = try? context.pipeline.syncOperations.withUnsafeTransportIfAvailable { (socket: CInt) in socket }
      self.state = descriptor.map { .known($0) } ?? .none
      return descriptor
    }
  }

  private mutating func hasQueued(_ context: ChannelHandlerContext) -> Bool {
    guard self.mayHaveQueued else { return false }
    // A channel that does not know is taken for one that holds something.
    let bytes = (try? context.channel.syncOptions?.getOption(.bufferedWritableBytes)) ?? 1
    self.mayHaveQueued = bytes > 0
    return self.mayHaveQueued
  }
}
