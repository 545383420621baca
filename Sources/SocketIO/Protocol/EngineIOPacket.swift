import NIOCore

/// A packet of Engine.IO protocol 4: a digit, then the data. One WebSocket message carries one packet.
///
/// Source: socketio/socket.io, docs/engine.io-protocol/v4-current.md.
struct EngineIOPacket: Equatable {
  enum Kind: UInt8 {
    case open = 0x30
    case close, ping, pong, message, upgrade, noop
  }

  var kind: Kind
  var data: ByteBuffer

  init(kind: Kind, data: ByteBuffer = ByteBuffer()) {
    self.kind = kind
    self.data = data
  }

  /// Reads the packet that a text message is.
  init(decoding text: ByteBuffer) throws(PacketError) {
    var text = text
    guard let digit = text.readInteger(as: UInt8.self), let kind = Kind(rawValue: digit) else {
      throw .malformed("not an Engine.IO packet")
    }
    self.init(kind: kind, data: text)
  }

  /// The handshake, which the server sends first.
  static func open(sid: String, configuration: SocketIOServer.Configuration) -> EngineIOPacket {
    let json =
      #"{"sid":"\#(sid)","upgrades":[],"pingInterval":\#(configuration.pingInterval.nanoseconds / 1_000_000),"#
      + #""pingTimeout":\#(configuration.pingTimeout.nanoseconds / 1_000_000),"maxPayload":\#(configuration.maxPayload)}"#
    return EngineIOPacket(kind: .open, data: ByteBuffer(string: json))
  }

  func encode() -> ByteBuffer {
    var buffer = ByteBuffer()
    buffer.reserveCapacity(1 + self.data.readableBytes)
    buffer.writeInteger(self.kind.rawValue)
    buffer.writeImmutableBuffer(self.data)
    return buffer
  }
}
