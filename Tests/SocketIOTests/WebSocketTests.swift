import NIOCore
import NIOWebSocket
import Testing

@testable import SocketIO

@Suite("WebSocket frames")
struct WebSocketTests {
  /// A client's frame, masked.
  static func frame(_ first: UInt8, _ payload: [UInt8], masked: Bool = true) -> ByteBuffer {
    var frame = ByteBuffer(integer: first)
    let mask: UInt8 = masked ? 0x80 : 0
    switch payload.count {
    case ...125: frame.writeInteger(mask | UInt8(payload.count))
    case ...0xFFFF:
      frame.writeInteger(mask | 126)
      frame.writeInteger(UInt16(payload.count))
    default:
      frame.writeInteger(mask | 127)
      frame.writeInteger(UInt64(payload.count))
    }
    let key: [UInt8] = [0x37, 0xFA, 0x21, 0x3D]
    if masked { frame.writeBytes(key) }
    frame.writeBytes(payload.enumerated().map { masked ? $1 ^ key[$0 % 4] : $1 })
    return frame
  }

  private func messages(_ frames: ByteBuffer..., maxPayload: Int = 100) throws -> [WebSocketMessage] {
    var bytes = ByteBuffer()
    for frame in frames { bytes.writeImmutableBuffer(frame) }
    return try self.messages(bytes, maxPayload: maxPayload, step: bytes.readableBytes)
  }

  /// Everything that comes of the bytes when they arrive in pieces.
  private func messages(_ bytes: ByteBuffer, maxPayload: Int, step: Int) throws -> [WebSocketMessage] {
    let parser = ClientFrameParser(maxPayload: maxPayload)
    var assembler = MessageAssembler(maxPayload: maxPayload)
    var bytes = bytes
    var received = ByteBuffer()
    var messages: [WebSocketMessage] = []
    while let piece = bytes.readSlice(length: min(max(1, step), bytes.readableBytes)), piece.readableBytes > 0 {
      received.writeImmutableBuffer(piece)
      while let frame = try parser.next(&received) {
        if let message = try assembler.add(frame) { messages.append(message) }
      }
    }
    return messages
  }

  @Test("RFC 6455 §5.7: a masked text message, in pieces of any size", arguments: 1...11)
  func example(_ step: Int) throws {
    let bytes = ByteBuffer(bytes: [0x81, 0x85, 0x37, 0xFA, 0x21, 0x3D, 0x7F, 0x9F, 0x4D, 0x51, 0x58])
    #expect(try self.messages(bytes, maxPayload: 5, step: step) == [.text(ByteBuffer(string: "Hello"))])
  }

  @Test("binary messages are taken as they are, fragments included")
  func binary() throws {
    let messages = try self.messages(
      Self.frame(0x82, [0xFF, 0]), Self.frame(0x02, [0xC3]), Self.frame(0x80, [0x28]))
    #expect(messages == [.binary(ByteBuffer(bytes: [0xFF, 0])), .binary(ByteBuffer(bytes: [0xC3, 0x28]))])
  }

  @Test("every length is unmasked", arguments: [0, 1, 7, 8, 9, 17, 125, 126, 127, 65_535, 65_536, 70_001])
  func lengths(_ length: Int) throws {
    let text = (0..<length).map { UInt8(0x20 + $0 % 90) }
    #expect(try self.messages(Self.frame(0x81, text), maxPayload: 70_001) == [.text(ByteBuffer(bytes: text))])
  }

  @Test("fragments, with control frames between them")
  func fragments() throws {
    let messages = try self.messages(
      Self.frame(0x01, Array("Hä".utf8.prefix(2))), Self.frame(0x89, Array("?".utf8)),
      Self.frame(0x00, Array("Hä".utf8.suffix(1))), Self.frame(0x8A, []), Self.frame(0x80, []),
      Self.frame(0x88, [0x03, 0xE8]))
    #expect(
      messages == [.ping(ByteBuffer(string: "?")), .pong, .text(ByteBuffer(string: "Hä")), .close(.normalClosure)])
  }

  @Test(
    "violations are closed with their code",
    arguments: [
      ([Self.frame(0x81, [0x41], masked: false)], WebSocketErrorCode.protocolError),
      ([Self.frame(0xC1, [0x41])], .protocolError),
      ([Self.frame(0xA1, [0x41])], .protocolError),
      ([Self.frame(0x83, [])], .protocolError),
      ([Self.frame(0x8B, [])], .protocolError),
      ([Self.frame(0x09, [])], .protocolError),
      ([Self.frame(0x89, Array(repeating: 0x41, count: 126))], .protocolError),
      ([Self.frame(0x80, [0x41])], .protocolError),
      ([Self.frame(0x01, [0x41]), Self.frame(0x81, [0x41])], .protocolError),
      ([Self.frame(0x88, [0x03])], .protocolError),
      ([Self.frame(0x88, [0x03, 0xED])], .protocolError),
      ([Self.frame(0x88, [0x03, 0xE8, 0xFF])], .dataInconsistentWithMessage),
      ([Self.frame(0x81, [0xC3, 0x28])], .dataInconsistentWithMessage),
      ([Self.frame(0x81, [0xED, 0xA0, 0x80])], .dataInconsistentWithMessage),
      ([Self.frame(0x01, [0xC3]), Self.frame(0x80, [])], .dataInconsistentWithMessage),
      ([Self.frame(0x81, Array(repeating: 0x41, count: 101))], .messageTooLarge),
      (
        [Self.frame(0x01, Array(repeating: 0x41, count: 60)), Self.frame(0x80, Array(repeating: 0x41, count: 41))],
        .messageTooLarge
      ),
      ([ByteBuffer(bytes: [0x81, 0xFF] + Array(repeating: 0xFF, count: 8))], .messageTooLarge),
    ])
  func violations(_ frames: [ByteBuffer], _ code: WebSocketErrorCode) {
    var bytes = ByteBuffer()
    for frame in frames { bytes.writeImmutableBuffer(frame) }
    #expect {
      try self.messages(bytes, maxPayload: 100, step: bytes.readableBytes)
    } throws: { error in
      (error as? WebSocketViolation)?.code == code
    }
  }

  @Test("a frame that is too long is refused at its header")
  func header() {
    let header = ByteBuffer(bytes: [0x81, 0xFE, 0x00, 0x65])
    #expect(throws: WebSocketViolation.self) { try self.messages(header, maxPayload: 100, step: 4) }
  }

  @Test("the server's headers", arguments: [(0, 2), (125, 2), (126, 4), (65_535, 4), (65_536, 10)])
  func serverFrames(_ length: Int, _ header: Int) throws {
    let payload = ByteBuffer(repeating: 0x41, count: length)
    var frame = ServerFrame.text("", payload)
    #expect(frame.readableBytes == header + length)
    #expect(frame.getInteger(at: 0, as: UInt8.self) == 0x81)
    frame.moveReaderIndex(forwardBy: header)
    #expect(frame == payload)
  }

  @Test("random bytes never crash the parser")
  func randomBytes() {
    for _ in 0..<5_000 {
      let bytes = ByteBuffer(bytes: (0..<Int.random(in: 0..<40)).map { _ in UInt8.random(in: 0...255) })
      _ = try? self.messages(bytes, maxPayload: 30, step: 7)
    }
  }
}
