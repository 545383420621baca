import NIOCore
import NIOWebSocket

/// What a client says on a WebSocket, its fragments put together.
enum WebSocketMessage: Equatable {
  /// Well-formed UTF-8.
  case text(ByteBuffer)
  case ping(ByteBuffer)
  case pong
  case close(WebSocketErrorCode?)
}

/// Puts frames together to messages. RFC 6455 §5.4
struct MessageAssembler {
  /// In bytes, for all fragments of a message together.
  let maxPayload: Int
  /// The fragments so far; nil between messages.
  private var fragments: ByteBuffer?

  init(maxPayload: Int) {
    self.maxPayload = maxPayload
  }

  /// - Returns: The message that this frame completes, if it does.
  mutating func add(_ frame: ClientFrame) throws(WebSocketViolation) -> WebSocketMessage? {
    switch frame.opcode {
    // RFC 6455 §5.5: control frames may come between the fragments of a message
    case .ping: return .ping(frame.payload)
    case .pong: return .pong
    case .connectionClose: return .close(try Self.closeCode(frame.payload))
    case .text:
      guard self.fragments == nil else { throw .protocolError("new message before the last one's end") }
      if frame.isFinal { return .text(try Self.checked(frame.payload)) }
      self.fragments = frame.payload
      return nil
    case .continuation:
      guard var message = self.fragments.take() else { throw .protocolError("continuation of nothing") }
      guard message.readableBytes + frame.payload.readableBytes <= self.maxPayload else {
        throw WebSocketViolation(code: .messageTooLarge, description: "message over the maximum payload")
      }
      message.writeImmutableBuffer(frame.payload)
      if frame.isFinal { return .text(try Self.checked(message)) }
      self.fragments = message
      return nil
    default:
      throw WebSocketViolation(code: .unacceptableData, description: "binary message")
    }
  }

  /// RFC 6455 §8.1: text that is not UTF-8 fails the connection.
  private static func checked(_ text: ByteBuffer) throws(WebSocketViolation) -> ByteBuffer {
    guard (try? UTF8Span(validating: text.readableBytesUInt8Span)) != nil else {
      throw WebSocketViolation(code: .dataInconsistentWithMessage, description: "text that is not UTF-8")
    }
    return text
  }

  /// RFC 6455 §5.5.1 and §7.4: no payload, or two bytes of status code and a reason in UTF-8.
  private static func closeCode(_ payload: ByteBuffer) throws(WebSocketViolation) -> WebSocketErrorCode? {
    guard payload.readableBytes > 0 else { return nil }
    var payload = payload
    guard let code = payload.readInteger(as: UInt16.self) else { throw .protocolError("half a status code") }
    switch code {
    case 1000...1003, 1007...1014, 3000...4999: break
    default: throw .protocolError("status code that must not be sent")
    }
    _ = try Self.checked(payload)
    return WebSocketErrorCode(codeNumber: Int(code))
  }
}

/// The server's frames: final, unmasked, so one buffer serves any number of connections. RFC 6455 §5.2
enum ServerFrame {
  /// A text frame with this header (ASCII) before the payload.
  static func text(_ header: String = "", _ payload: ByteBuffer) -> ByteBuffer {
    var frame = Self.begin(.text, length: header.utf8.count + payload.readableBytes)
    frame.writeString(header)
    frame.writeImmutableBuffer(payload)
    return frame
  }

  static func pong(_ payload: ByteBuffer) -> ByteBuffer {
    var frame = Self.begin(.pong, length: payload.readableBytes)
    frame.writeImmutableBuffer(payload)
    return frame
  }

  static func close(_ code: WebSocketErrorCode?) -> ByteBuffer {
    var frame = Self.begin(.connectionClose, length: code == nil ? 0 : 2)
    if let code { frame.write(webSocketErrorCode: code) }
    return frame
  }

  /// A Socket.IO packet in its Engine.IO message.
  static func packet(_ packet: SocketIOPacket) -> ByteBuffer {
    Self.text("4" + packet.header, packet.payload)
  }

  /// An EVENT of the namespace `/`: the arguments as they are.
  static func event(_ arguments: ByteBuffer) -> ByteBuffer {
    Self.text("42", arguments)
  }

  /// An Engine.IO ping, the same for all.
  static let ping = Self.text("2", ByteBuffer())

  private static func begin(_ opcode: WebSocketOpcode, length: Int) -> ByteBuffer {
    var frame = ByteBuffer()
    frame.reserveCapacity(10 + length)
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
    return frame
  }
}
