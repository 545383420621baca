extension UInt8 {
  /// What JSON takes for white space (RFC 8259 §2).
  @inlinable public var isJSONWhitespace: Bool { self == 0x20 || self == 0x0A || self == 0x0D || self == 0x09 }

  @inlinable public var isDecimalDigit: Bool { self &- 0x30 < 10 }

  /// The value of a hexadecimal digit of either case; nil for any other byte.
  @inlinable public var hexadecimalValue: UInt8? {
    switch self {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): self - UInt8(ascii: "0")
    case UInt8(ascii: "a")...UInt8(ascii: "f"): self - UInt8(ascii: "a") + 10
    case UInt8(ascii: "A")...UInt8(ascii: "F"): self - UInt8(ascii: "A") + 10
    default: nil
    }
  }

  /// The digit, in lower case, of the lower four bits of a value.
  @inlinable public init(hexadecimalDigit value: UInt8) {
    let digit = value & 0x0F
    self = digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") + digit - 10
  }
}
