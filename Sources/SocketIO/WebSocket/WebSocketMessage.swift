import Bytes
import NIOCore
import NIOWebSocket

/// What a client says on a WebSocket, its fragments put together.
enum WebSocketMessage: Equatable {
  /// Well-formed UTF-8.
  case text(ByteBuffer)
  case binary(ByteBuffer)
  case ping(ByteBuffer)
  case pong
  case close(WebSocketErrorCode?)
}

/// Puts frames together to messages. RFC 6455 §5.4
struct MessageAssembler {
  /// In bytes, for all fragments of a message together.
  var maxPayload: Int
  /// The fragments so far; nil between messages.
  private var fragments: ByteBuffer?
  private var isBinary = false

  var isInsideMessage: Bool { self.fragments != nil }
  /// What the fragments so far take, in bytes.
  var heldBytes: Int { self.fragments?.storageCapacity ?? 0 }

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
    case .text, .binary:
      guard self.fragments == nil else { throw .protocolError("new message before the last one's end") }
      self.isBinary = frame.opcode == .binary
      if frame.isFinal { return try self.message(frame.payload) }
      self.fragments = frame.payload
      return nil
    case .continuation:
      guard var message = self.fragments.take() else { throw .protocolError("continuation of nothing") }
      guard message.readableBytes + frame.payload.readableBytes <= self.maxPayload else {
        throw WebSocketViolation(code: .messageTooLarge, description: "message over the maximum payload")
      }
      message.writeImmutableBuffer(frame.payload)
      if frame.isFinal { return try self.message(message) }
      self.fragments = message
      return nil
    default: throw .protocolError("reserved opcode")
    }
  }

  private func message(_ payload: ByteBuffer) throws(WebSocketViolation) -> WebSocketMessage {
    self.isBinary ? .binary(payload) : .text(try Self.checked(payload))
  }

  /// RFC 6455 §8.1: text that is not UTF-8 fails the connection.
  private static func checked(_ text: ByteBuffer) throws(WebSocketViolation) -> ByteBuffer {
    guard text.isUTF8 else {
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

extension ByteBuffer {
  var isUTF8: Bool { UTF8Check.firstInvalid(in: self.readableBytesUInt8Span) == nil }
}
