import NIOCore

/// What carries the packets of one Engine.IO session. Those that come are a stream, which ends with it.
struct EngineIOTransport: Sendable {
  enum Kind: String, Sendable, CaseIterable {
    case websocket, polling
  }

  let eventLoop: any EventLoop
  /// Packets leave in the order of the calls.
  let send: @Sendable (String) -> Void
  let close: @Sendable () async -> Void
}
