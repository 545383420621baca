/// A mailbox (RFC 5321 §4.1.2).
enum MailAddress {
  private static let atomMarks = Set("!#$%&'*+-/=?^_`{|}~".utf8)

  static func takes(_ bytes: [UInt8]) -> Bool {
    guard let at = bytes.lastIndex(of: UInt8(ascii: "@")) else { return false }
    return isLocalPart(bytes[..<at]) && isDomain(bytes[(at + 1)...])
  }

  private static func isLocalPart(_ bytes: ArraySlice<UInt8>) -> Bool {
    guard !bytes.isEmpty, bytes.count <= 64 else { return false }
    if bytes.first == UInt8(ascii: "\"") { return isQuoted(bytes) }
    return bytes.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false).allSatisfy { atom in
      !atom.isEmpty && atom.allSatisfy { $0.isLetter || $0.isDigit || atomMarks.contains($0) }
    }
  }

  private static func isQuoted(_ bytes: ArraySlice<UInt8>) -> Bool {
    guard bytes.count >= 2, bytes.last == UInt8(ascii: "\"") else { return false }
    var rest = bytes.dropFirst().dropLast()
    while let byte = rest.popFirst() {
      guard (0x20..<0x7F).contains(byte), byte != UInt8(ascii: "\"") else { return false }
      guard byte == UInt8(ascii: "\\") else { continue }
      guard let escaped = rest.popFirst(), (0x20..<0x7F).contains(escaped) else { return false }
    }
    return true
  }

  private static func isDomain(_ bytes: ArraySlice<UInt8>) -> Bool {
    guard bytes.first == UInt8(ascii: "["), bytes.last == UInt8(ascii: "]") else {
      return InternetName.isHostname(Array(bytes))
    }
    let address = bytes.dropFirst().dropLast()
    let tag = Array("IPv6:".utf8)
    return address.starts(with: tag)
      ? InternetName.isIPv6(address.dropFirst(tag.count)) : InternetName.isIPv4(address)
  }
}
