import NIOCore
import NIOWebSocket

/// The server's frames: final, unmasked, so one buffer serves any number of connections. RFC 6455 §5.2
///
/// A packet with attachments is several frames in one buffer. What goes out by polling is cut out of the same buffer:
/// see ``nextPart(_:)``.
enum ServerFrame {
  /// A text frame with this header (ASCII) before the payload.
  static func text(_ header: String = "", _ payload: ByteBuffer) -> ByteBuffer {
    var frame = ByteBuffer()
    self.append(.text, header, payload, to: &frame)
    return frame
  }

  static func pong(_ payload: ByteBuffer) -> ByteBuffer {
    var frame = ByteBuffer()
    self.append(.pong, "", payload, to: &frame)
    return frame
  }

  static func close(_ code: WebSocketErrorCode?) -> ByteBuffer {
    var payload = ByteBuffer()
    if let code { payload.write(webSocketErrorCode: code) }
    var frame = ByteBuffer()
    self.append(.connectionClose, "", payload, to: &frame)
    return frame
  }

  static func message(_ message: EngineIOMessage) -> ByteBuffer {
    var frame = ByteBuffer()
    switch message {
    case .text(let text): self.append(.text, "4", text, to: &frame)
    case .binary(let data): self.append(.binary, "", data, to: &frame)
    }
    return frame
  }

  /// A Socket.IO packet in its Engine.IO messages.
  static func packet(_ packet: SocketIOPacket) -> ByteBuffer {
    var frames = ByteBuffer()
    self.append(.text, "4" + packet.header, packet.payload, to: &frames)
    for attachment in packet.attachments { self.append(.binary, "", attachment, to: &frames) }
    return frames
  }

  /// An EVENT packet.
  static func event(_ arguments: Arguments, namespace: String = "/") -> ByteBuffer {
    // The usual one, without the detour over a packet.
    if arguments.attachments.isEmpty, namespace == "/" { return self.text("42", arguments.json) }
    return self.packet(.event(arguments, namespace: namespace))
  }

  /// An Engine.IO ping, the same for all.
  static let ping = Self.text("2", ByteBuffer())
  static let noop = Self.text("6", ByteBuffer())
  static let probeAnswer = Self.text("3probe", ByteBuffer())

  private static func append(
    _ opcode: WebSocketOpcode, _ header: String, _ payload: ByteBuffer, to frame: inout ByteBuffer
  ) {
    let length = header.utf8.count + payload.readableBytes
    frame.reserveCapacity(minimumWritableBytes: 10 + length)
    frame.writeInteger(0x80 | UInt8(webSocketOpcode: opcode))
    switch length {
    case ...125:
      frame.writeInteger(UInt8(length))
    case ...0xFFFF:
      frame.writeInteger(UInt8(126))
      frame.writeInteger(UInt16(length))
    default:
      frame.writeInteger(UInt8(127))
      frame.writeInteger(UInt64(length))
    }
    frame.writeString(header)
    frame.writeImmutableBuffer(payload)
  }

  /// One frame of a buffer that this made.
  struct Part {
    let isBinary: Bool
    let payload: ByteBuffer
  }

  /// Takes the first frame off such a buffer; nil if it is empty.
  static func nextPart(_ frames: inout ByteBuffer) -> Part? {
    guard let (first, second) = frames.readMultipleIntegers(as: (UInt8, UInt8).self) else { return nil }
    let length: Int? =
      switch second {
      case 127: frames.readInteger(as: UInt64.self).map { Int($0) }
      case 126: frames.readInteger(as: UInt16.self).map { Int($0) }
      default: Int(second)
      }
    guard let length, let payload = frames.readSlice(length: length) else { return nil }
    return Part(isBinary: WebSocketOpcode(encodedWebSocketOpcode: first & 0x0F) == .binary, payload: payload)
  }
}
