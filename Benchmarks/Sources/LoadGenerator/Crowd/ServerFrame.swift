/// A WebSocket frame as a server sends it: whole and without a mask (RFC 6455 §5.1, §5.2).
struct ServerFrame: Equatable {
  enum Kind: UInt8 {
    case text = 1
    case binary, close = 8
    case ping, pong
  }

  /// What this client does not read: fragments, masks, RSV bits, frames longer than ``longest``.
  struct Unreadable: Error, Equatable {}

  static let longest = 1 << 20

  var kind: Kind
  /// Where the payload lies in the octets that it was read from.
  var payload: Range<Int>

  /// The frame that begins at an offset.
  ///
  /// - Returns: nil if it is not all there yet.
  static func read(_ octets: UnsafeRawBufferPointer, at start: Int) throws(Unreadable) -> ServerFrame? {
    guard octets.count - start >= 2 else { return nil }
    // FIN, and no RSV bit: nothing is negotiated that would set one.
    guard octets[start] & 0xF0 == 0x80, let kind = Kind(rawValue: octets[start] & 0x0F) else { throw Unreadable() }
    var begin = start + 2
    var length = Int(octets[start + 1])
    guard length < 128 else { throw Unreadable() }
    if length >= 126 {
      let width = length == 126 ? 2 : 8
      guard octets.count - begin >= width else { return nil }
      length = 0
      for octet in octets[begin..<(begin + width)] {
        guard length <= longest else { throw Unreadable() }
        length = length << 8 | Int(octet)
      }
      begin += width
    }
    guard length <= longest else { throw Unreadable() }
    guard octets.count - begin >= length else { return nil }
    return ServerFrame(kind: kind, payload: begin..<(begin + length))
  }
}

/// A frame as a client has to send it, with a mask (RFC 6455 §5.3).
enum ClientFrame {
  static func encode(_ kind: ServerFrame.Kind, _ payload: some Collection<UInt8>, key: UInt32) -> [UInt8] {
    precondition(payload.count < 1 << 16, "this client sends short messages")
    var frame: [UInt8] = []
    frame.reserveCapacity(payload.count + 8)
    frame.append(0x80 | kind.rawValue)
    if payload.count < 126 {
      frame.append(0x80 | UInt8(payload.count))
    } else {
      frame += [0x80 | 126, UInt8(payload.count >> 8), UInt8(payload.count & 0xFF)]
    }
    let mask = [UInt8(key >> 24), UInt8(key >> 16 & 0xFF), UInt8(key >> 8 & 0xFF), UInt8(key & 0xFF)]
    frame += mask
    for (index, octet) in payload.enumerated() { frame.append(octet ^ mask[index & 3]) }
    return frame
  }
}
