import NIOCore
import NIOWebSocket

/// A frame that a client sent, unmasked. Its RSV bits are 0, for no extension is negotiated.
struct ClientFrame: Equatable {
  var isFinal: Bool
  var opcode: WebSocketOpcode
  var payload: ByteBuffer
}

/// A violation of RFC 6455, with the status code to close with (§7.4.1).
struct WebSocketViolation: Error, Equatable, CustomStringConvertible {
  let code: WebSocketErrorCode
  let description: String

  /// RFC 6455 §7.4.1 leaves the number to IANA's registry: "try again later".
  static let tooMuchUnfinished = WebSocketViolation(code: .unknown(1013), description: "too much unfinished input")

  static let tooManyPackets = WebSocketViolation(code: .policyViolation, description: "too many packets")

  static func protocolError(_ description: String) -> WebSocketViolation {
    WebSocketViolation(code: .protocolError, description: description)
  }
}

/// Cuts a client's bytes into frames.
///
/// NIOWebSocket's decoder and aggregator do most of this, in two handlers with buffers of their own on each connection;
/// they leave the RSV bits, reserved opcodes and missing masks to the caller, and bound single frames, not messages.
struct ClientFrameParser {
  /// In bytes. A longer frame is refused when its header is seen: nothing of it is kept.
  let maxPayload: Int

  /// Takes the next frame off the buffer.
  ///
  /// - Returns: nil, with the buffer as it was, if the frame is not whole yet.
  func next(_ buffer: inout ByteBuffer) throws(WebSocketViolation) -> ClientFrame? {
    var rest = buffer
    // RFC 6455 §5.2
    guard let (first, second) = rest.readMultipleIntegers(as: (UInt8, UInt8).self) else { return nil }
    guard first & 0x70 == 0 else { throw .protocolError("RSV bit without an extension") }
    guard let opcode = WebSocketOpcode(encodedWebSocketOpcode: first & 0x0F), opcode.isDefined else {
      throw .protocolError("reserved opcode")
    }
    // RFC 6455 §5.1: a server must close the connection on a frame that is not masked
    guard second & 0x80 != 0 else { throw .protocolError("frame without a mask") }
    let isFinal = first & 0x80 != 0
    if opcode.isControl {
      // RFC 6455 §5.5
      guard isFinal, second & 0x7F <= 125 else { throw .protocolError("fragmented or overlong control frame") }
    }
    guard let length = try self.readLength(second & 0x7F, &rest), let key = rest.readInteger(as: UInt32.self),
      rest.readableBytes >= length
    else { return nil }
    let payload = Self.unmask(rest.readableBytesUInt8Span.extracting(first: length), key)
    rest.moveReaderIndex(forwardBy: length)
    buffer = rest
    return ClientFrame(isFinal: isFinal, opcode: opcode, payload: payload)
  }

  private func readLength(_ length: UInt8, _ buffer: inout ByteBuffer) throws(WebSocketViolation) -> Int? {
    let wide: UInt64?
    switch length {
    case 127: wide = buffer.readInteger(as: UInt64.self)
    case 126: wide = buffer.readInteger(as: UInt16.self).map(UInt64.init)
    default: wide = UInt64(length)
    }
    guard let wide else { return nil }
    guard wide <= UInt64(self.maxPayload) else {
      throw WebSocketViolation(code: .messageTooLarge, description: "frame over the maximum payload")
    }
    return Int(wide)
  }

  /// A copy of its own, so that a small message doesn't keep a whole receive buffer alive. RFC 6455 §5.3
  private static func unmask(_ masked: Span<UInt8>, _ key: UInt32) -> ByteBuffer {
    guard !masked.isEmpty else { return ByteBuffer() }
    var payload = ByteBuffer()
    payload.writeWithUnsafeMutableBytes(minimumWritableBytes: masked.count) { target in
      masked.withUnsafeBytes { source in
        let wide = (UInt64(key) << 32 | UInt64(key)).bigEndian
        var offset = 0
        while offset + 8 <= source.count {
          let word = source.loadUnaligned(fromByteOffset: offset, as: UInt64.self) ^ wide
          target.storeBytes(of: word, toByteOffset: offset, as: UInt64.self)
          offset += 8
        }
        while offset < source.count {
          target[offset] = source[offset] ^ UInt8(truncatingIfNeeded: key >> UInt32(24 - 8 * (offset & 3)))
          offset += 1
        }
      }
      return masked.count
    }
    return payload
  }
}

extension WebSocketOpcode {
  fileprivate var isDefined: Bool {
    switch self {
    case .continuation, .text, .binary, .connectionClose, .ping, .pong: true
    default: false
    }
  }

  fileprivate var isControl: Bool {
    switch self {
    case .connectionClose, .ping, .pong: true
    default: false
    }
  }
}
