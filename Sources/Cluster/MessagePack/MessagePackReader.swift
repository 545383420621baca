import NIOCore

/// Turns MessagePack into JSON and attachments, in one pass and without recursion.
///
/// It reads what notepack.io writes, in the versions that adapters and emitters use, and makes of it what
/// `JSON.stringify` would have made of the values that notepack.io reads:
///
/// | MessagePack | JSON |
/// | --- | --- |
/// | bin; ext 8, 16, 32 of type 0 (an ArrayBuffer, notepack 2) | an attachment's placeholder |
/// | ext -1, timestamp 32, 64, 96 (a Date, notepack 3); fixext 8 of type 0 (a Date, notepack 2) | a string, ISO 8601 |
/// | fixext 1 of type 0 (undefined, notepack 2) | null; as a map's value, the member is left out |
/// | any other ext | an array: type, attachment |
/// | infinity, NaN | null |
struct MessagePackReader {
  private var bytes: ByteBuffer
  private let limits: ClusterLimits
  private var json = ByteBuffer()
  private var attachments: [ByteBuffer] = []
  private var open: [Container] = []

  private struct Container {
    let isMap: Bool
    /// Values, or pairs, that are still to come.
    var left: Int
    var isFirst = true
  }

  /// Reads one value, which must be all there is.
  static func value(_ bytes: ByteBuffer, limits: ClusterLimits) throws(ClusterError) -> ClusterValue {
    guard bytes.readableBytes <= limits.maxBytes else {
      throw ClusterError(.tooLarge, "more than \(limits.maxBytes) bytes")
    }
    var reader = MessagePackReader(bytes, limits)
    try reader.value()
    while try reader.goOn() { try reader.value() }
    guard reader.bytes.readableBytes == 0 else { throw .malformed("MessagePack: something follows the value") }
    return ClusterValue(json: reader.json, attachments: reader.attachments)
  }

  private init(_ bytes: ByteBuffer, _ limits: ClusterLimits) {
    self.bytes = bytes
    self.limits = limits
    json.reserveCapacity(bytes.readableBytes + bytes.readableBytes / 4)
  }

  // Writes what stands between values: closes what is complete, and passes the next name. False at the end.
  private mutating func goOn() throws(ClusterError) -> Bool {
    guard json.readableBytes <= limits.maxBytes else {
      throw ClusterError(.tooLarge, "more than \(limits.maxBytes) bytes of JSON")
    }
    while let container = open.last {
      guard container.left > 0 else {
        json.writeInteger(UInt8(ascii: container.isMap ? "}" : "]"))
        open.removeLast()
        continue
      }
      open[open.count - 1].left -= 1
      guard container.isMap else {
        comma(container)
        return true
      }
      let start = json.writerIndex
      comma(container)
      try name()
      guard isUndefined else { return true }
      // JSON.stringify leaves such members out.
      bytes.moveReaderIndex(forwardBy: 3)
      json.moveWriterIndex(to: start)
      open[open.count - 1].isFirst = container.isFirst
    }
    return false
  }

  private mutating func comma(_ container: Container) {
    if !container.isFirst { json.writeInteger(UInt8(ascii: ",")) }
    open[open.count - 1].isFirst = false
  }

  private mutating func name() throws(ClusterError) {
    let prefix = try next(UInt8.self)
    switch prefix {
    case 0xA0...0xBF: try string(Int(prefix & 0x1F))
    case 0xD9: try string(Int(next(UInt8.self)))
    case 0xDA: try string(Int(next(UInt16.self)))
    case 0xDB: try string(Int(next(UInt32.self)))
    default:
      // JavaScript's objects have names only, but others may send numbers.
      json.writeInteger(UInt8(ascii: "\""))
      guard try number(prefix) else { throw .malformed("MessagePack: a name that is neither text nor number") }
      json.writeInteger(UInt8(ascii: "\""))
    }
    json.writeInteger(UInt8(ascii: ":"))
  }

  private var isUndefined: Bool {
    bytes.readableBytes >= 3 && bytes.getInteger(at: bytes.readerIndex, as: UInt16.self) == 0xD400
  }

  private mutating func value() throws(ClusterError) {
    let prefix = try next(UInt8.self)
    switch prefix {
    case 0x80...0x8F: try begin(Int(prefix & 0x0F), isMap: true)
    case 0x90...0x9F: try begin(Int(prefix & 0x0F), isMap: false)
    case 0xA0...0xBF: try string(Int(prefix & 0x1F))
    case 0xC0: json.writeStaticString("null")
    case 0xC2: json.writeStaticString("false")
    case 0xC3: json.writeStaticString("true")
    case 0xC4: try attachment(Int(next(UInt8.self)))
    case 0xC5: try attachment(Int(next(UInt16.self)))
    case 0xC6: try attachment(Int(next(UInt32.self)))
    case 0xC7: try ext(Int(next(UInt8.self)), isFixed: false)
    case 0xC8: try ext(Int(next(UInt16.self)), isFixed: false)
    case 0xC9: try ext(Int(next(UInt32.self)), isFixed: false)
    case 0xD4...0xD8: try ext(1 << Int(prefix - 0xD4), isFixed: true)
    case 0xD9: try string(Int(next(UInt8.self)))
    case 0xDA: try string(Int(next(UInt16.self)))
    case 0xDB: try string(Int(next(UInt32.self)))
    case 0xDC: try begin(Int(next(UInt16.self)), isMap: false)
    case 0xDD: try begin(Int(next(UInt32.self)), isMap: false)
    case 0xDE: try begin(Int(next(UInt16.self)), isMap: true)
    case 0xDF: try begin(Int(next(UInt32.self)), isMap: true)
    default:
      guard try number(prefix) else { throw .malformed("MessagePack: no value begins with \(prefix)") }
    }
  }

  private mutating func begin(_ count: Int, isMap: Bool) throws(ClusterError) {
    // Each element has a byte at least: a count that cannot be true is noticed before anything is done.
    guard count <= bytes.readableBytes else { throw .malformed("MessagePack: it ends early") }
    guard open.count < limits.maxDepth else {
      throw ClusterError(.tooLarge, "MessagePack nested deeper than \(limits.maxDepth)")
    }
    json.writeInteger(UInt8(ascii: isMap ? "{" : "["))
    open.append(Container(isMap: isMap, left: count))
  }

  private mutating func string(_ count: Int) throws(ClusterError) {
    let text = try take(count)
    JSONText.write(utf8: text.readableBytesUInt8Span, into: &json)
  }

  private mutating func attachment(_ count: Int) throws(ClusterError) {
    let binary = try take(count)
    json.writeStaticString("{\"_placeholder\":true,\"num\":")
    json.writeString(String(attachments.count))
    json.writeStaticString("}")
    attachments.append(binary)
  }

  private mutating func number(_ prefix: UInt8) throws(ClusterError) -> Bool {
    switch prefix {
    case 0x00...0x7F: json.writeString(String(prefix))
    case 0xE0...0xFF: json.writeString(String(Int8(bitPattern: prefix)))
    case 0xCA: double(Double(Float(bitPattern: try next(UInt32.self))))
    case 0xCB: double(Double(bitPattern: try next(UInt64.self)))
    case 0xCC: json.writeString(String(try next(UInt8.self)))
    case 0xCD: json.writeString(String(try next(UInt16.self)))
    case 0xCE: json.writeString(String(try next(UInt32.self)))
    case 0xCF: json.writeString(String(try next(UInt64.self)))
    case 0xD0: json.writeString(String(try next(Int8.self)))
    case 0xD1: json.writeString(String(try next(Int16.self)))
    case 0xD2: json.writeString(String(try next(Int32.self)))
    case 0xD3: json.writeString(String(try next(Int64.self)))
    default: return false
    }
    return true
  }

  private mutating func double(_ value: Double) {
    if let whole = Int64(exactly: value) {
      json.writeString(String(whole))
    } else if value.isFinite {
      json.writeString(value.description)
    } else {
      json.writeStaticString("null")
    }
  }

  private mutating func ext(_ count: Int, isFixed: Bool) throws(ClusterError) {
    let type = try next(Int8.self)
    switch (type, count, isFixed) {
    case (0, 1, true):
      _ = try take(1)
      json.writeStaticString("null")
    case (0, 8, true): date(JavaScriptDate(milliseconds: try next(Int64.self)))
    case (0, _, false): try attachment(count)
    case (-1, 4, true): date(JavaScriptDate(seconds: Int64(try next(UInt32.self)), nanoseconds: 0))
    case (-1, 8, true):
      let packed = try next(UInt64.self)
      date(JavaScriptDate(seconds: Int64(packed & 0x3_FFFF_FFFF), nanoseconds: Int64(packed >> 34)))
    case (-1, 12, false):
      let nanoseconds = try next(UInt32.self)
      date(JavaScriptDate(seconds: try next(Int64.self), nanoseconds: Int64(nanoseconds)))
    default:
      json.writeString("[\(type),")
      try attachment(count)
      json.writeStaticString("]")
    }
  }

  private mutating func date(_ date: JavaScriptDate?) {
    guard let date else {
      json.writeStaticString("null")
      return
    }
    json.writeString("\"\(date.text)\"")
  }

  private mutating func next<Number: FixedWidthInteger>(_: Number.Type) throws(ClusterError) -> Number {
    guard let number = bytes.readInteger(as: Number.self) else { throw .malformed("MessagePack: it ends early") }
    return number
  }

  private mutating func take(_ count: Int) throws(ClusterError) -> ByteBuffer {
    guard let slice = bytes.readSlice(length: count) else { throw .malformed("MessagePack: it ends early") }
    return slice
  }
}
