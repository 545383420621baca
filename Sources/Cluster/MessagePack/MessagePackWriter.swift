import NIOCore

/// Writes MessagePack (https://github.com/msgpack/msgpack/blob/master/spec.md), each value in its shortest form, as
/// notepack.io does. Lengths must be below 2³², which the callers' bounds on bytes see to.
struct MessagePackWriter {
  private(set) var bytes = ByteBuffer()

  mutating func null() { bytes.writeInteger(0xC0 as UInt8) }

  mutating func bool(_ value: Bool) { bytes.writeInteger(value ? 0xC3 : 0xC2 as UInt8) }

  mutating func integer(_ value: Int64) {
    switch value {
    case 0...: unsigned(UInt64(value))
    case (-0x20)...: bytes.writeInteger(Int8(value))
    case Int64(Int8.min)...: bytes.writeMultipleIntegers(0xD0 as UInt8, Int8(value))
    case Int64(Int16.min)...: bytes.writeMultipleIntegers(0xD1 as UInt8, Int16(value))
    case Int64(Int32.min)...: bytes.writeMultipleIntegers(0xD2 as UInt8, Int32(value))
    default: bytes.writeMultipleIntegers(0xD3 as UInt8, value)
    }
  }

  mutating func unsigned(_ value: UInt64) {
    switch value {
    case ...0x7F: bytes.writeInteger(UInt8(value))
    case ...0xFF: bytes.writeMultipleIntegers(0xCC as UInt8, UInt8(value))
    case ...0xFFFF: bytes.writeMultipleIntegers(0xCD as UInt8, UInt16(value))
    case ...0xFFFF_FFFF: bytes.writeMultipleIntegers(0xCE as UInt8, UInt32(value))
    default: bytes.writeMultipleIntegers(0xCF as UInt8, value)
    }
  }

  /// A number of JavaScript: an integer when it is whole and has a form, else float 64. -0 becomes 0, as there.
  mutating func number(_ value: Double) {
    if let whole = UInt64(exactly: value) {
      unsigned(whole)
    } else if let whole = Int64(exactly: value) {
      integer(whole)
    } else {
      bytes.writeMultipleIntegers(0xCB as UInt8, value.bitPattern)
    }
  }

  mutating func string(_ text: String) {
    var copy = text
    copy.withUTF8 { string(utf8: UnsafeRawBufferPointer($0)) }
  }

  mutating func string(utf8: UnsafeRawBufferPointer) {
    switch utf8.count {
    case ...0x1F: bytes.writeInteger(0xA0 | UInt8(utf8.count))
    case ...0xFF: bytes.writeMultipleIntegers(0xD9 as UInt8, UInt8(utf8.count))
    case ...0xFFFF: bytes.writeMultipleIntegers(0xDA as UInt8, UInt16(utf8.count))
    default: bytes.writeMultipleIntegers(0xDB as UInt8, UInt32(utf8.count))
    }
    bytes.writeBytes(utf8)
  }

  mutating func binary(_ binary: ByteBuffer) {
    switch binary.readableBytes {
    case ...0xFF: bytes.writeMultipleIntegers(0xC4 as UInt8, UInt8(binary.readableBytes))
    case ...0xFFFF: bytes.writeMultipleIntegers(0xC5 as UInt8, UInt16(binary.readableBytes))
    default: bytes.writeMultipleIntegers(0xC6 as UInt8, UInt32(binary.readableBytes))
    }
    bytes.writeImmutableBuffer(binary)
  }

  /// What begins an array; so many values follow.
  mutating func array(_ count: Int) {
    switch count {
    case ...0x0F: bytes.writeInteger(0x90 | UInt8(count))
    case ...0xFFFF: bytes.writeMultipleIntegers(0xDC as UInt8, UInt16(count))
    default: bytes.writeMultipleIntegers(0xDD as UInt8, UInt32(count))
    }
  }

  /// What begins a map; so many pairs of name and value follow.
  mutating func map(_ count: Int) {
    switch count {
    case ...0x0F: bytes.writeInteger(0x80 | UInt8(count))
    case ...0xFFFF: bytes.writeMultipleIntegers(0xDE as UInt8, UInt16(count))
    default: bytes.writeMultipleIntegers(0xDF as UInt8, UInt32(count))
    }
  }
}
