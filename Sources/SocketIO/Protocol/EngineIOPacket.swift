import NIOCore

/// A packet of Engine.IO protocol 4: a type, then the data.
///
/// A WebSocket message carries one packet: a text message begins with the type's digit, a binary one is the data of a
/// MESSAGE packet. HTTP long-polling carries several in a payload: see ``EngineIOPayload``.
///
/// Source: socketio/socket.io, docs/engine.io-protocol/v4-current.md.
struct EngineIOPacket: Equatable {
  enum Kind: UInt8 {
    case open = 0x30
    case close, ping, pong, message, upgrade, noop
  }

  var kind: Kind
  /// Well-formed UTF-8, unless `isBinary`.
  var data: ByteBuffer
  /// Only a MESSAGE is.
  var isBinary = false

  init(kind: Kind, data: ByteBuffer = ByteBuffer()) {
    self.kind = kind
    self.data = data
  }

  /// The MESSAGE packet that a binary message is.
  init(binary data: ByteBuffer) {
    self.kind = .message
    self.data = data
    self.isBinary = true
  }

  /// Reads the packet that a text message is.
  init(decoding text: ByteBuffer) throws(PacketError) {
    var text = text
    guard let digit = text.readInteger(as: UInt8.self), let kind = Kind(rawValue: digit) else {
      throw .malformed("not an Engine.IO packet")
    }
    self.init(kind: kind, data: text)
  }

  /// The text of the handshake, which the server sends first.
  static func open(sid: String, upgrades: [String], configuration: SocketIOServer.Configuration) -> ByteBuffer {
    let upgrades = upgrades.map { "\"\($0)\"" }.joined(separator: ",")
    return ByteBuffer(
      string: #"0{"sid":"\#(sid)","upgrades":[\#(upgrades)],"#
        + #""pingInterval":\#(configuration.pingInterval.nanoseconds / 1_000_000),"#
        + #""pingTimeout":\#(configuration.pingTimeout.nanoseconds / 1_000_000),"#
        + #""maxPayload":\#(configuration.maxPayload)}"#)
  }
}
