import Glibc
import NIOCore

/// IP addresses and ranges of them: `10.0.0.1`, `10.0.0.0/8`, `fd00::/8`.
struct AddressRanges: Sendable {
  private struct Range: Sendable {
    /// 4 or 16 bytes.
    var bytes: [UInt8]
    var prefix: Int

    func contains(_ address: [UInt8]) -> Bool {
      guard address.count == bytes.count else { return false }
      for index in 0..<bytes.count {
        let bits = min(max(prefix - index * 8, 0), 8)
        let mask = UInt8(truncatingIfNeeded: 0xFF00 >> bits)
        if (address[index] ^ bytes[index]) & mask != 0 { return false }
      }
      return true
    }
  }

  private var ranges: [Range] = []

  var isEmpty: Bool { ranges.isEmpty }

  init() {}

  /// Adds a range; false where the text is none.
  mutating func insert(_ text: some StringProtocol) -> Bool {
    let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
    guard let first = parts.first, let bytes = Self.bytes(String(first)) else { return false }
    var prefix = bytes.count * 8
    if parts.count == 2 {
      guard let length = Int(parts[1]), (0...prefix).contains(length) else { return false }
      prefix = length
    }
    ranges.append(Range(bytes: bytes, prefix: prefix))
    return true
  }

  func contains(_ address: String) -> Bool {
    guard let bytes = Self.bytes(address) else { return false }
    return ranges.contains { $0.contains(bytes) }
  }

  /// Who a request came from, with proxies of ours in front: the last address of X-Forwarded-For that none of them has,
  /// for everything before it was written by the client.
  ///
  /// - Parameters:
  ///   - peer: the other end of the connection.
  ///   - forwardedFor: X-Forwarded-For, its fields joined by commas.
  func client(peer: String, forwardedFor: String?) -> String {
    guard !isEmpty, let forwardedFor, contains(peer) else { return peer }
    var client = peer
    for hop in forwardedFor.split(separator: ",").reversed() {
      let address = String(hop.drop { $0 == " " || $0 == "\t" }.prefix { $0 != " " && $0 != "\t" })
      // What is no address ends the chain that can be trusted.
      guard Self.bytes(address) != nil else { return client }
      client = address
      guard contains(address) else { return client }
    }
    return client
  }

  /// What one client can have for its own: an IPv4 address, or the 64 bits of an IPv6 address that a line gets.
  static func network(of address: String) -> String {
    guard address.utf8.contains(UInt8(ascii: ":")), let bytes = bytes(address) else { return address }
    return bytes.count == 4
      ? bytes.map(String.init).joined(separator: ".")
      : bytes.prefix(8).map { String($0, radix: 16) }.joined(separator: ":")
  }

  /// The address's 4 or 16 bytes. An IPv4 address that is written as IPv6 (`::ffff:10.0.0.1`) is an IPv4 address.
  private static func bytes(_ text: String) -> [UInt8]? {
    var v4 = in_addr()
    if inet_pton(AF_INET, text, &v4) == 1 { return withUnsafeBytes(of: v4) { Array($0) } }
    var v6 = in6_addr()
    guard inet_pton(AF_INET6, text, &v6) == 1 else { return nil }
    let bytes = withUnsafeBytes(of: v6) { Array($0) }
    let mapped = [UInt8](repeating: 0, count: 10) + [0xFF, 0xFF]
    return bytes.starts(with: mapped) ? Array(bytes.dropFirst(12)) : bytes
  }
}
