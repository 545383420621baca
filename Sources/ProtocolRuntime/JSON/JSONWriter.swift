import NIOCore

/// A value that writes itself as JSON.
public protocol JSONEncodable: Sendable {
  func encode(into writer: inout JSONWriter)
}

/// Writes JSON straight into a buffer. It checks nothing: generated code calls it in the right order.
public struct JSONWriter {
  public var buffer: ByteBuffer

  /// - Parameter capacity: bytes to reserve; the buffer grows as it must.
  public init(capacity: Int) {
    buffer = ByteBufferAllocator().buffer(capacity: capacity)
  }

  /// Bytes as they are: punctuation and names.
  public mutating func raw(_ text: StaticString) {
    buffer.writeStaticString(text)
  }

  /// Text that needs neither quotes nor escapes.
  public mutating func unquoted(_ text: String) {
    buffer.writeString(text)
  }

  /// A comma, unless it is the first of an object or array.
  public mutating func separator(_ isFirst: inout Bool) {
    if !isFirst { buffer.writeStaticString(",") }
    isFirst = false
  }

  public mutating func null() {
    buffer.writeStaticString("null")
  }

  public mutating func boolean(_ value: Bool) {
    buffer.writeStaticString(value ? "true" : "false")
  }

  public mutating func integer(_ value: Int) {
    buffer.writeWithUnsafeMutableBytes(minimumWritableBytes: 20) { target in
      // 19 digits and a sign; written from the end, then moved to the front.
      var magnitude = value.magnitude
      var index = 20
      repeat {
        index -= 1
        target[index] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: magnitude % 10)
        magnitude /= 10
      } while magnitude > 0
      if value < 0 {
        index -= 1
        target[index] = UInt8(ascii: "-")
      }
      let count = 20 - index
      if index > 0, let base = target.baseAddress {
        base.copyMemory(from: base + index, byteCount: count)
      }
      return count
    }
  }

  /// A finite number in the shortest form that reads back the same; `null` for what JSON can't say.
  public mutating func number(_ value: Double) {
    guard value.isFinite else { return null() }
    if let whole = Int(exactly: value) { return integer(whole) }
    buffer.writeString(value.description)
  }

  public mutating func uuid(_ value: UUID) {
    buffer.writeWithUnsafeMutableBytes(minimumWritableBytes: 38) { target in
      target[0] = UInt8(ascii: "\"")
      value.write(into: UnsafeMutableRawBufferPointer(rebasing: target[1..<37]))
      target[37] = UInt8(ascii: "\"")
      return 38
    }
  }

  public mutating func timestamp(_ value: Timestamp) {
    buffer.writeWithUnsafeMutableBytes(minimumWritableBytes: 26) { target in
      target[0] = UInt8(ascii: "\"")
      value.write(into: UnsafeMutableRawBufferPointer(rebasing: target[1..<25]))
      target[25] = UInt8(ascii: "\"")
      return 26
    }
  }

  /// A string in quotes, escaped as RFC 8259 §7 demands and no further.
  public mutating func string(_ value: String) {
    let written: Void? = value.utf8.withContiguousStorageIfAvailable { string($0) }
    if written == nil {
      var copy = value
      copy.withUTF8 { string($0) }
    }
  }

  private mutating func string(_ bytes: UnsafeBufferPointer<UInt8>) {
    var escapes = 0
    for byte in bytes where byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") { escapes += 1 }
    if escapes == 0 {
      buffer.writeWithUnsafeMutableBytes(minimumWritableBytes: bytes.count + 2) { target in
        target[0] = UInt8(ascii: "\"")
        UnsafeMutableRawBufferPointer(rebasing: target[1...]).copyBytes(from: bytes)
        target[bytes.count + 1] = UInt8(ascii: "\"")
        return bytes.count + 2
      }
      return
    }
    // The worst is six bytes for one: \u0000.
    buffer.writeWithUnsafeMutableBytes(minimumWritableBytes: bytes.count + escapes * 5 + 2) { target in
      var count = 1
      target[0] = UInt8(ascii: "\"")
      for byte in bytes {
        if byte >= 0x20, byte != UInt8(ascii: "\""), byte != UInt8(ascii: "\\") {
          target[count] = byte
          count += 1
          continue
        }
        target[count] = UInt8(ascii: "\\")
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"):
          target[count + 1] = byte
          count += 2
        case 0x0a:
          target[count + 1] = UInt8(ascii: "n")
          count += 2
        case 0x0d:
          target[count + 1] = UInt8(ascii: "r")
          count += 2
        case 0x09:
          target[count + 1] = UInt8(ascii: "t")
          count += 2
        default:
          let digits = Array("0123456789abcdef".utf8)
          target[count + 1] = UInt8(ascii: "u")
          target[count + 2] = UInt8(ascii: "0")
          target[count + 3] = UInt8(ascii: "0")
          target[count + 4] = digits[Int(byte >> 4)]
          target[count + 5] = digits[Int(byte & 0x0f)]
          count += 6
        }
      }
      target[count] = UInt8(ascii: "\"")
      return count + 1
    }
  }

  /// An array, by a closure that writes one element.
  public mutating func array<Element>(
    _ elements: [Element], _ write: (inout JSONWriter, Element) -> Void
  ) {
    buffer.writeStaticString("[")
    var isFirst = true
    for element in elements {
      separator(&isFirst)
      write(&self, element)
    }
    buffer.writeStaticString("]")
  }

  /// The properties of values of one type, within an object. They are sorted, so that the output is deterministic.
  public mutating func map<Value>(
    _ values: [String: Value], isFirst: inout Bool, _ write: (inout JSONWriter, Value) -> Void
  ) {
    for (key, value) in values.sorted(by: { $0.key < $1.key }) {
      separator(&isFirst)
      string(key)
      buffer.writeStaticString(":")
      write(&self, value)
    }
  }

  /// An object of values of one type.
  public mutating func object<Value>(_ values: [String: Value], _ write: (inout JSONWriter, Value) -> Void) {
    buffer.writeStaticString("{")
    var isFirst = true
    map(values, isFirst: &isFirst, write)
    buffer.writeStaticString("}")
  }
}
