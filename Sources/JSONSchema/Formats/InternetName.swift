/// Names and addresses of hosts.
enum InternetName {
  /// Labels of letters, digits and hyphens (RFC 1123 §2.1). What an A-label encodes is not looked at.
  static func isHostname(_ bytes: [UInt8]) -> Bool {
    guard !bytes.isEmpty, bytes.count <= 253 else { return false }
    return bytes.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false).allSatisfy { label in
      guard let first = label.first, let last = label.last, label.count <= 63 else { return false }
      return first != UInt8(ascii: "-") && last != UInt8(ascii: "-")
        && label.allSatisfy { $0.isLetter || $0.isDigit || $0 == UInt8(ascii: "-") }
    }
  }

  /// Dotted decimal (RFC 2673 §3.2), without zeros before a number.
  static func isIPv4(_ bytes: some Collection<UInt8>) -> Bool {
    let parts = bytes.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
    return parts.count == 4
      && parts.allSatisfy { part in
        (1...3).contains(part.count) && part.allSatisfy(\.isDigit)
          && (part.count == 1 || part.first != UInt8(ascii: "0"))
          && part.reduce(0) { $0 * 10 + Int($1 - 0x30) } < 256
      }
  }

  /// RFC 4291 §2.2, without a zone.
  static func isIPv6(_ bytes: some Collection<UInt8>) -> Bool {
    let text = Array(bytes)
    guard let gap = text.indices.dropLast().first(where: { text[$0] == colon && text[$0 + 1] == colon }) else {
      return groups(text[...], mayEndInIPv4: true) == 8
    }
    // §2.2, 2: `::` stands for one group or more, and is there once.
    guard let before = groups(text[..<gap], mayEndInIPv4: false),
      let after = groups(text[(gap + 2)...], mayEndInIPv4: true)
    else { return false }
    return before + after <= 7
  }

  private static let colon = UInt8(ascii: ":")

  /// How many groups of 16 bits they are; nil where they are none.
  private static func groups(_ bytes: ArraySlice<UInt8>, mayEndInIPv4: Bool) -> Int? {
    if bytes.isEmpty { return 0 }
    let parts = bytes.split(separator: colon, omittingEmptySubsequences: false)
    var count = 0
    for (number, part) in parts.enumerated() {
      if mayEndInIPv4, number == parts.count - 1, part.contains(UInt8(ascii: ".")) {
        guard isIPv4(part) else { return nil }
        count += 2
      } else {
        guard (1...4).contains(part.count), part.allSatisfy(\.isHexDigit) else { return nil }
        count += 1
      }
    }
    return count
  }
}
