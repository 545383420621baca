import Bytes
import NIOCore

/// The payload of an EVENT packet, cut into its parts without being decoded.
struct ParsedEvent: Equatable {
  var name: String
  /// The first argument's JSON, or empty.
  var first: ByteBuffer

  /// Names that only the library itself may give to events, on either side.
  ///
  /// Source: socketio/socket.io, packages/socket.io-parser/lib/index.ts, `RESERVED_EVENTS`.
  static let reservedNames: Set<String> = [
    "connect", "connect_error", "disconnect", "disconnecting", "newListener", "removeListener",
  ]

  /// Cuts a payload that is known to be well-formed UTF-8.
  init(decoding payload: ByteBuffer) throws(PacketError) {
    guard let parts = Self.split(payload.readableBytesUInt8Span) else {
      throw .malformed("the payload is not an array that begins with a name")
    }
    guard !Self.reservedNames.contains(parts.name) else { throw .malformed("reserved event name") }
    self.name = parts.name
    self.first =
      parts.first.flatMap { payload.getSlice(at: payload.readerIndex + $0.lowerBound, length: $0.count) }
      ?? ByteBuffer()
  }

  private static func split(_ bytes: Span<UInt8>) -> (name: String, first: Range<Int>?)? {
    var scan = JSONScan()
    scan.whitespace(bytes)
    guard scan.take(UInt8(ascii: "["), bytes) else { return nil }
    scan.whitespace(bytes)
    guard let name = self.name(bytes, &scan) else { return nil }
    scan.whitespace(bytes)
    var first: Range<Int>?
    while !scan.take(UInt8(ascii: "]"), bytes) {
      guard scan.take(UInt8(ascii: ","), bytes), let argument = scan.value(bytes) else { return nil }
      first = first ?? argument
      scan.whitespace(bytes)
    }
    scan.whitespace(bytes)
    guard scan.position == bytes.count else { return nil }
    return (name, first)
  }

  /// A string; the reference takes a number, too.
  private static func name(_ bytes: Span<UInt8>, _ scan: inout JSONScan) -> String? {
    guard scan.position < bytes.count else { return nil }
    switch bytes[scan.position] {
    case UInt8(ascii: "\""): return scan.string(bytes).map { JSONString.decode(bytes, $0) }
    case UInt8(ascii: "-"), 0x30...0x39:
      return scan.value(bytes).map { number in
        bytes.extracting(number).withUnsafeBufferPointer { String(decoding: $0, as: UTF8.self) }
      }
    default: return nil
    }
  }
}

extension ByteBuffer {
  /// Whether this is one JSON value that begins with the byte, and nothing else.
  func isJSON(beginningWith byte: UInt8) -> Bool {
    let bytes = self.readableBytesUInt8Span
    var scan = JSONScan()
    guard let value = scan.value(bytes), bytes[value.lowerBound] == byte else { return false }
    scan.whitespace(bytes)
    return scan.position == bytes.count
  }
}
