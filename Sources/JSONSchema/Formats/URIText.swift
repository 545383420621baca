/// A URI, not a reference to one (RFC 3986 §3).
enum URIText {
  private static let marks = Set("-._~!$&'()*+,;=".utf8)
  private static let colon = UInt8(ascii: ":")
  private static let slash = UInt8(ascii: "/")

  static func takes(_ bytes: [UInt8]) -> Bool {
    guard let end = bytes.firstIndex(of: colon), isScheme(bytes[..<end]) else { return false }
    var rest = bytes[(end + 1)...]
    if let mark = rest.firstIndex(of: UInt8(ascii: "#")) {
      guard isMade(rest[(mark + 1)...], also: ":@/?") else { return false }
      rest = rest[..<mark]
    }
    if let mark = rest.firstIndex(of: UInt8(ascii: "?")) {
      guard isMade(rest[(mark + 1)...], also: ":@/?") else { return false }
      rest = rest[..<mark]
    }
    if rest.starts(with: [slash, slash]) {
      rest = rest.dropFirst(2)
      let path = rest.firstIndex(of: slash) ?? rest.endIndex
      guard isAuthority(rest[..<path]) else { return false }
      rest = rest[path...]
    }
    return isMade(rest, also: ":@/")
  }

  private static func isScheme(_ bytes: ArraySlice<UInt8>) -> Bool {
    guard let first = bytes.first, first.isLetter else { return false }
    return bytes.allSatisfy { $0.isLetter || $0.isDigit || "+-.".utf8.contains($0) }
  }

  private static func isAuthority(_ bytes: ArraySlice<UInt8>) -> Bool {
    var rest = bytes
    if let at = rest.lastIndex(of: UInt8(ascii: "@")) {
      guard isMade(rest[..<at], also: ":") else { return false }
      rest = rest[(at + 1)...]
    }
    if rest.first == UInt8(ascii: "[") {
      guard let end = rest.firstIndex(of: UInt8(ascii: "]")), isLiteral(rest[(rest.startIndex + 1)..<end]) else {
        return false
      }
      rest = rest[(end + 1)...]
      guard let mark = rest.popFirst() else { return true }
      return mark == colon && rest.allSatisfy(\.isDigit)
    }
    if let mark = rest.lastIndex(of: colon) {
      guard rest[(mark + 1)...].allSatisfy(\.isDigit) else { return false }
      rest = rest[..<mark]
    }
    return isMade(rest, also: "")
  }

  /// IPv6, or an address of the future (§3.2.2).
  private static func isLiteral(_ bytes: ArraySlice<UInt8>) -> Bool {
    guard let first = bytes.first, first == UInt8(ascii: "v") || first == UInt8(ascii: "V") else {
      return InternetName.isIPv6(bytes)
    }
    let parts = bytes.dropFirst().split(separator: UInt8(ascii: "."), maxSplits: 1, omittingEmptySubsequences: false)
    return parts.count == 2 && !parts[0].isEmpty && parts[0].allSatisfy(\.isHexDigit) && !parts[1].isEmpty
      && parts[1].allSatisfy { $0.isLetter || $0.isDigit || marks.contains($0) || $0 == colon }
  }

  /// Whether there is nothing in it but what may be anywhere, percent-encoded bytes, and a few characters more.
  private static func isMade(_ bytes: ArraySlice<UInt8>, also: StaticString) -> Bool {
    var rest = bytes
    while let byte = rest.popFirst() {
      if byte == UInt8(ascii: "%") {
        guard rest.count >= 2, rest.prefix(2).allSatisfy(\.isHexDigit) else { return false }
        rest = rest.dropFirst(2)
      } else if !byte.isLetter, !byte.isDigit, !marks.contains(byte) {
        guard also.withUTF8Buffer({ $0.contains(byte) }) else { return false }
      }
    }
    return true
  }
}
