import NIOCore
import Testing

@testable import SocketIO

@Suite("Payloads of polling")
struct PayloadTests {
  private func packets(_ payload: String) throws -> [EngineIOPacket] {
    var payload = ByteBuffer(string: payload)
    var packets: [EngineIOPacket] = []
    while payload.readableBytes > 0 { packets.append(try EngineIOPayload.next(&payload)) }
    return packets
  }

  @Test("packets are cut at the separator, binary ones read from base64")
  func decoding() throws {
    #expect(
      try self.packets("4hello\u{1E}2\u{1E}bAQIDBA==\u{1E}4") == [
        EngineIOPacket(kind: .message, data: ByteBuffer(string: "hello")), EngineIOPacket(kind: .ping),
        EngineIOPacket(binary: ByteBuffer(bytes: [1, 2, 3, 4])), EngineIOPacket(kind: .message),
      ])
  }

  /// The official client for Java and Android writes it so: it was cut off with 400.
  @Test("base64 may have line breaks", arguments: ["bYWJj\n", "bYW\r\nJj\r\n", "bYWJj"])
  func lineBreaks(_ payload: String) throws {
    #expect(
      try self.packets("4a\u{1E}\(payload)\u{1E}4b") == [
        EngineIOPacket(kind: .message, data: ByteBuffer(string: "a")),
        EngineIOPacket(binary: ByteBuffer(string: "abc")),
        EngineIOPacket(kind: .message, data: ByteBuffer(string: "b")),
      ])
  }

  @Test("base64 may lack its padding", arguments: ["bYQ", "bYQ==", "bYQ\n", "bYQ==\n"])
  func padding(_ payload: String) throws {
    #expect(try self.packets(payload) == [EngineIOPacket(binary: ByteBuffer(string: "a"))])
  }

  @Test(
    "what is no payload is an error",
    arguments: [
      "\u{1E}", "4a\u{1E}", "\u{1E}4a", "4a\u{1E}\u{1E}4b", "abc", "b!", "bAQ=", "7", "bAQIDBA==x", "bYW Jj", "bYWJj\t",
      "bYWJjY", "bY-Jj",
    ])
  func malformed(_ payload: String) {
    #expect(throws: PacketError.self) { _ = try self.packets(payload) }
  }

  @Test("what goes out over WebSocket is cut into the packets of polling")
  func encoding() throws {
    let packet = SocketIOPacket.event(
      Arguments(
        ByteBuffer(string: #"["a",{"_placeholder":true,"num":0}]"#), attachments: [ByteBuffer(bytes: [1, 2, 3, 4])]),
      namespace: "/custom")
    var frames = ServerFrame.packet(packet)
    var payload = ByteBuffer()
    while let part = ServerFrame.nextPart(&frames) { EngineIOPayload.append(part, to: &payload) }
    #expect(
      String(buffer: payload) == #"451-/custom,["a",{"_placeholder":true,"num":0}]"# + "\u{1E}bAQIDBA==")
  }

  @Test("frames of any length are cut again", arguments: [0, 125, 126, 65_535, 65_536])
  func lengths(_ length: Int) throws {
    let text = ByteBuffer(repeating: UInt8(ascii: "x"), count: length)
    var frames = ServerFrame.text("", text)
    frames.writeImmutableBuffer(ServerFrame.noop)
    var parts: [ByteBuffer] = []
    while let part = ServerFrame.nextPart(&frames) { parts.append(part.payload) }
    #expect(parts == [text, ByteBuffer(string: "6")])
  }
}
