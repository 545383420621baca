import FoundationEssentials
import NIOCore

/// Several packets in the body of one HTTP request or response: their texts, separated by U+001E; a binary one is `b`
/// and its base64.
///
/// Source: socketio/socket.io, docs/engine.io-protocol/v4-current.md, "HTTP long-polling".
enum EngineIOPayload {
  static let separator: UInt8 = 0x1E
  private static let binary = UInt8(ascii: "b")

  /// Takes the first packet off a payload, and the separator behind it.
  ///
  /// - Parameter payload: Well-formed UTF-8, and not empty.
  static func next(_ payload: inout ByteBuffer) throws(PacketError) -> EngineIOPacket {
    let view = payload.readableBytesView
    let end = view.firstIndex(of: self.separator) ?? view.endIndex
    guard let text = payload.readSlice(length: end - view.startIndex) else { throw .malformed("empty payload") }
    // What follows a separator is a packet, also where nothing is: the reference refuses an empty one, too.
    if payload.readableBytes > 0 {
      payload.moveReaderIndex(forwardBy: 1)
      if payload.readableBytes == 0 { throw .malformed("a payload that ends with a separator") }
    }
    guard text.peekInteger(as: UInt8.self) == self.binary else { return try EngineIOPacket(decoding: text) }
    guard let data = Self.data(base64: text.readableBytesView.dropFirst()) else {
      throw .malformed("a binary packet that is not base64")
    }
    return EngineIOPacket(binary: ByteBuffer(bytes: data))
  }

  /// The official client for Java and Android (engine.io-client-java, with Android's `Base64.DEFAULT`) breaks the lines
  /// and ends the last one, as RFC 2045 §6.8 has it; some leave the padding out. The reference passes over whatever is
  /// no base64; here anything else is an error.
  private static func data(base64 text: ByteBufferView) -> Data? {
    var text = Data(text)
    if text.contains(where: Self.isLineBreak) { text.removeAll(where: Self.isLineBreak) }
    if let last = text.last, last != UInt8(ascii: "="), text.count % 4 > 1 {
      text.append(contentsOf: repeatElement(UInt8(ascii: "="), count: 4 - text.count % 4))
    }
    return Data(base64Encoded: text)
  }

  private static func isLineBreak(_ byte: UInt8) -> Bool { byte == 0x0A || byte == 0x0D }

  /// Adds a packet to a payload.
  static func append(_ packet: ServerFrame.Part, to payload: inout ByteBuffer) {
    if payload.readableBytes > 0 { payload.writeInteger(self.separator) }
    if packet.isBinary {
      payload.writeInteger(self.binary)
      payload.writeBytes(Data(packet.payload.readableBytesView).base64EncodedData())
    } else {
      payload.writeImmutableBuffer(packet.payload)
    }
  }
}
