/// The hexadecimal form of bytea (PostgreSQL §8.4.1): `\x` and two digits a byte.
enum Hexadecimal {
  static func digit(_ nibble: UInt8) -> UInt8 {
    nibble < 10 ? UInt8(ascii: "0") + nibble : UInt8(ascii: "a") + nibble - 10
  }
}
