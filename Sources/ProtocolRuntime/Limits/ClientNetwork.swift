import Glibc

/// Who counts as one for limits by address: an IPv4 address, or the 64 bits of an IPv6 address that a line gets
/// (RFC 6177 §2).
public struct ClientNetwork: Hashable, Sendable {
  /// The upper half of an IPv6 address; of an IPv4 address `::ffff:a.b.c.d`, which lies in no network of clients, the
  /// lower one.
  public let bits: UInt64

  /// - Parameter address: as text; whatever is none (`unix`) is one network.
  public init(_ address: String) {
    var v4 = in_addr()
    if inet_pton(AF_INET, address, &v4) == 1 {
      bits = 0xFFFF_0000_0000 | UInt64(UInt32(bigEndian: v4.s_addr))
      return
    }
    var v6 = in6_addr()
    guard inet_pton(AF_INET6, address, &v6) == 1 else {
      bits = 0
      return
    }
    let (high, low) = withUnsafeBytes(of: v6) {
      (
        UInt64(bigEndian: $0.loadUnaligned(as: UInt64.self)),
        UInt64(bigEndian: $0.loadUnaligned(fromByteOffset: 8, as: UInt64.self))
      )
    }
    // An IPv4 address that is written as IPv6 (RFC 4291 §2.5.5.2) is an IPv4 address.
    bits = high == 0 && low >> 32 == 0xFFFF ? low : high
  }
}
