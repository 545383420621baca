import NIOCore

/// A packet of Engine.IO 4 with the Socket.IO 5 packet in it, as far as a client of the namespace `/` without binary
/// attachments is told something.
enum SocketPacket: Equatable {
  /// Engine.IO's handshake.
  case open
  case ping
  /// The namespace was joined.
  case connected
  /// The namespace was refused; the JSON that says why.
  case refused(ByteBuffer)
  /// Name and payload, as the JSON array that they come in.
  case event(ByteBuffer)
  /// The acknowledged event's number, and the JSON array of arguments.
  case acknowledgement(Int, ByteBuffer)
  /// The server is done with this connection or this namespace.
  case close
  /// Engine.IO's noop.
  case nothing

  /// - Returns: nil for what is no packet that a server may send us.
  init?(_ text: ByteBuffer) {
    var text = text
    guard let engine = text.readInteger(as: UInt8.self) else { return nil }
    switch engine {
    case UInt8(ascii: "0"): self = .open
    case UInt8(ascii: "1"): self = .close
    case UInt8(ascii: "2"): self = .ping
    case UInt8(ascii: "4"): self.init(message: &text)
    case UInt8(ascii: "6"): self = .nothing
    default: return nil
    }
  }

  private init?(message text: inout ByteBuffer) {
    guard let type = text.readInteger(as: UInt8.self) else { return nil }
    switch type {
    case UInt8(ascii: "0"): self = .connected
    case UInt8(ascii: "1"): self = .close
    case UInt8(ascii: "2"): self = .event(text)
    case UInt8(ascii: "3"):
      let digits = text.readableBytesView.prefix { $0 != UInt8(ascii: "[") }
      guard let number = decimal(digits) else { return nil }
      text.moveReaderIndex(forwardBy: digits.count)
      self = .acknowledgement(number, text)
    case UInt8(ascii: "4"): self = .refused(text)
    default: return nil
    }
  }
}

extension ByteBuffer {
  func starts(with text: StaticString) -> Bool {
    withUnsafeReadableBytes { bytes in
      bytes.count >= text.utf8CodeUnitCount
        && text.withUTF8Buffer { UnsafeRawBufferPointer($0).elementsEqual(bytes.prefix($0.count)) }
    }
  }

  /// The integer after the first `"name":` in this JSON, found without parsing it. Good for texts whose strings hold
  /// no such name: a quote in a JSON string is escaped, so that only a member of an object can be met.
  func integer(named name: StaticString) -> Int? {
    withUnsafeReadableBytes { bytes in
      name.withUTF8Buffer { name in
        // "name": with its quotes and colon
        let length = name.count + 3
        guard bytes.count > length else { return nil }
        for start in 0..<(bytes.count - length)
        where bytes[start] == UInt8(ascii: "\"") && bytes[start + length - 1] == UInt8(ascii: ":")
          && bytes[start + length - 2] == UInt8(ascii: "\"")
          && bytes[(start + 1)..<(start + 1 + name.count)].elementsEqual(UnsafeRawBufferPointer(name))
        {
          let digits = bytes[(start + length)...].prefix { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
          return decimal(digits)
        }
        return nil
      }
    }
  }
}
