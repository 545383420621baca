import NIOCore

/// Strings of JSON.
enum JSONText {
  /// The end of the string that begins at `start`, its quotes included. The JSON is known to be well-formed.
  static func end(ofStringAt start: Int, _ bytes: Span<UInt8>) -> Int {
    var position = start + 1
    while bytes[position] != UInt8(ascii: "\"") { position += bytes[position] == UInt8(ascii: "\\") ? 2 : 1 }
    return position + 1
  }

  /// The text of a well-formed string, whose quotes `range` includes. Half of a surrogate pair becomes U+FFFD, as Node
  /// makes of it when it writes UTF-8, and so do bytes that are no UTF-8.
  static func decode(_ bytes: Span<UInt8>, _ range: Range<Int>) -> String {
    var text = ""
    var run: [UInt8] = []
    var units: [UInt16] = []
    var position = range.lowerBound + 1
    while position < range.upperBound - 1 {
      let byte = bytes[position]
      position += 1
      guard byte == UInt8(ascii: "\\") else {
        if !units.isEmpty { text += String(decoding: units, as: UTF16.self) }
        units.removeAll(keepingCapacity: true)
        run.append(byte)
        continue
      }
      // Pairs of escapes are one character: they are collected until something else comes.
      text += String(decoding: run, as: UTF8.self)
      run.removeAll(keepingCapacity: true)
      let escape = bytes[position]
      position += 1
      switch escape {
      case UInt8(ascii: "u"):
        units.append((0..<4).reduce(0) { $0 << 4 | (bytes[position + $1].hexadecimalValue ?? 0) })
        position += 4
      case UInt8(ascii: "b"): units.append(0x08)
      case UInt8(ascii: "f"): units.append(0x0C)
      case UInt8(ascii: "n"): units.append(0x0A)
      case UInt8(ascii: "r"): units.append(0x0D)
      case UInt8(ascii: "t"): units.append(0x09)
      default: units.append(UInt16(escape))
      }
    }
    return text + String(decoding: units, as: UTF16.self) + String(decoding: run, as: UTF8.self)
  }

  /// Writes a string with its quotes, escaped as RFC 8259 §7 demands and no further.
  static func write(_ text: String, into json: inout ByteBuffer) {
    json.writeInteger(UInt8(ascii: "\""))
    for byte in text.utf8 { write(escaped: byte, into: &json) }
    json.writeInteger(UInt8(ascii: "\""))
  }

  /// Writes UTF-8 from outside as a string; what is not UTF-8 becomes U+FFFD.
  static func write(utf8 bytes: Span<UInt8>, into json: inout ByteBuffer) {
    var isPlain = true
    for index in bytes.indices {
      let byte = bytes[index]
      if byte < 0x20 || byte >= 0x80 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") {
        isPlain = false
        break
      }
    }
    guard isPlain else {
      return write(bytes.withUnsafeBufferPointer { String(decoding: $0, as: UTF8.self) }, into: &json)
    }
    json.writeInteger(UInt8(ascii: "\""))
    bytes.withUnsafeBytes { _ = json.writeBytes($0) }
    json.writeInteger(UInt8(ascii: "\""))
  }

  private static func write(escaped byte: UInt8, into json: inout ByteBuffer) {
    switch byte {
    case UInt8(ascii: "\""): json.writeStaticString("\\\"")
    case UInt8(ascii: "\\"): json.writeStaticString("\\\\")
    case UInt8(ascii: "\n"): json.writeStaticString("\\n")
    case UInt8(ascii: "\r"): json.writeStaticString("\\r")
    case UInt8(ascii: "\t"): json.writeStaticString("\\t")
    case 0..<0x20:
      json.writeStaticString("\\u00")
      json.writeInteger(hexadecimal(byte >> 4))
      json.writeInteger(hexadecimal(byte & 0x0F))
    default: json.writeInteger(byte)
    }
  }

  private static func hexadecimal(_ digit: UInt8) -> UInt8 {
    digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") + digit - 10
  }
}
