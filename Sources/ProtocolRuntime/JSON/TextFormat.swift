/// The values of `format` that are asserted (JSON Schema Validation §7.3), and `nfc`, which is ours.
public enum TextFormat: Sendable {
  case uuid, dateTime, date, email, uri, hostname, ipv4, ipv6, byte, nfc

  /// By its name in a schema.
  init?(name: String) {
    switch name {
    case "uuid": self = .uuid
    case "date-time": self = .dateTime
    case "date": self = .date
    case "email": self = .email
    case "uri": self = .uri
    case "hostname": self = .hostname
    case "ipv4": self = .ipv4
    case "ipv6": self = .ipv6
    case "byte": self = .byte
    case "nfc": self = .nfc
    default: return nil
    }
  }

  /// What a text must be, for a person.
  var expectation: String {
    switch self {
    case .uuid: "must be a UUID (RFC 9562)"
    case .dateTime: "must be a time with an offset (RFC 3339)"
    case .date: "must be a date (RFC 3339)"
    case .email: "must be an e-mail address (RFC 5321)"
    case .uri: "must be an absolute URI (RFC 3986)"
    case .hostname: "must be a host name (RFC 1123)"
    case .ipv4: "must be an IPv4 address"
    case .ipv6: "must be an IPv6 address (RFC 4291)"
    case .byte: "must be base64 (RFC 4648 §4)"
    case .nfc: "must be in Unicode's Normalization Form C (UAX #15)"
    }
  }

  public func accepts(_ text: String) -> Bool {
    switch self {
    case .uuid: UUID(text) != nil
    case .dateTime: Timestamp(text) != nil
    case .date: isDate(text)
    case .email: isEmail(text)
    case .uri: isURI(text)
    case .hostname: isHostname(text)
    case .ipv4: isIPv4(text)
    case .ipv6: isIPv6(text)
    case .byte: isBase64(text)
    case .nfc: text.isNormalizedC
    }
  }
}

private func isDate(_ text: String) -> Bool {
  var copy = text
  return copy.withUTF8 { bytes in
    var scanner = DigitScanner(bytes: UnsafeRawBufferPointer(bytes))
    guard let year = scanner.number(digits: 4), scanner.skip("-"), let month = scanner.number(digits: 2),
      scanner.skip("-"), let day = scanner.number(digits: 2)
    else { return false }
    return scanner.isAtEnd && Timestamp.isDate(year: year, month: month, day: day)
  }
}

/// RFC 5321 §4.1.2: a dot-string or quoted string, then a domain or an address literal; ASCII only.
private func isEmail(_ text: String) -> Bool {
  guard text.utf8.allSatisfy({ (0x20..<0x7F).contains($0) }),
    let at = text.lastIndex(of: "@")
  else { return false }
  let local = text[..<at]
  let domain = text[text.index(after: at)...]
  guard !local.isEmpty, local.utf8.count <= 64, !domain.isEmpty else { return false }
  if domain.first == "[", domain.last == "]" {
    let literal = domain.dropFirst().dropLast()
    guard literal.hasPrefix("IPv6:") ? isIPv6(String(literal.dropFirst(5))) : isIPv4(String(literal)) else {
      return false
    }
  } else if !isHostname(String(domain)) {
    return false
  }
  if local.first == "\"", local.last == "\"", local.count >= 2 {
    var isEscaped = false
    for character in local.dropFirst().dropLast() {
      if !isEscaped, character == "\"" { return false }
      isEscaped = !isEscaped && character == "\\"
    }
    return !isEscaped
  }
  return local.split(separator: ".", omittingEmptySubsequences: false).allSatisfy { atom in
    !atom.isEmpty
      && atom.unicodeScalars.allSatisfy { isLetterOrDigit($0) || "!#$%&'*+-/=?^_`{|}~".unicodeScalars.contains($0) }
  }
}

private func isLetterOrDigit(_ scalar: Unicode.Scalar) -> Bool {
  switch scalar {
  case "a"..."z", "A"..."Z", "0"..."9": true
  default: false
  }
}

/// RFC 3986 §3: a scheme, a colon, and only characters that a URI has, with whole percent-escapes.
private func isURI(_ text: String) -> Bool {
  guard let colon = text.firstIndex(of: ":"), let first = text.unicodeScalars.first,
    isLetterOrDigit(first), !("0"..."9").contains(first),
    text[..<colon].unicodeScalars.allSatisfy({ isLetterOrDigit($0) || $0 == "+" || $0 == "-" || $0 == "." })
  else { return false }
  let rest = Array(text[text.index(after: colon)...].utf8)
  let allowed = Set("-._~:/?#[]@!$&'()*+,;=".utf8)
  var index = 0
  while index < rest.count {
    let byte = rest[index]
    if byte == UInt8(ascii: "%") {
      guard index + 2 < rest.count, Character(Unicode.Scalar(rest[index + 1])).isHexDigit,
        Character(Unicode.Scalar(rest[index + 2])).isHexDigit
      else { return false }
      index += 3
      continue
    }
    guard isLetterOrDigit(Unicode.Scalar(byte)) || allowed.contains(byte) else { return false }
    index += 1
  }
  // §3.5: one fragment; §3.2.2: brackets only around a host.
  return rest.count(where: { $0 == UInt8(ascii: "#") }) <= 1 && areBracketsAroundHost(rest) && hasNumericPort(rest)
}

private func areBracketsAroundHost(_ rest: [UInt8]) -> Bool {
  guard let open = rest.firstIndex(of: UInt8(ascii: "[")) else { return !rest.contains(UInt8(ascii: "]")) }
  guard let close = rest.firstIndex(of: UInt8(ascii: "]")), open < close, rest.starts(with: "//".utf8),
    !rest[(close + 1)...].contains(where: { $0 == UInt8(ascii: "[") || $0 == UInt8(ascii: "]") }),
    !rest[2..<open].contains(UInt8(ascii: "/"))
  else { return false }
  return isIPv6(String(decoding: rest[(open + 1)..<close], as: UTF8.self))
}

/// RFC 3986 §3.2.3: digits after the authority's last colon.
private func hasNumericPort(_ rest: [UInt8]) -> Bool {
  guard rest.starts(with: "//".utf8) else { return true }
  let authority = rest.dropFirst(2).prefix { !Set("/?#".utf8).contains($0) }
  let host = authority.lastIndex(of: UInt8(ascii: "@")).map { authority[($0 + 1)...] } ?? authority
  guard let colon = host.lastIndex(of: UInt8(ascii: ":")), host.last != UInt8(ascii: "]") else { return true }
  return host[(colon + 1)...].allSatisfy { $0 &- UInt8(ascii: "0") < 10 }
}

/// RFC 1123 §2.1: labels of letters, digits and inner hyphens, up to 63 each and 253 together; one of other alphabets
/// keeps to IDNA 2008 (RFC 5891).
private func isHostname(_ text: String) -> Bool {
  guard !text.isEmpty, text.utf8.count <= 253 else { return false }
  return text.split(separator: ".", omittingEmptySubsequences: false).allSatisfy { label in
    !label.isEmpty && label.utf8.count <= 63 && label.first != "-" && label.last != "-"
      && label.unicodeScalars.allSatisfy { isLetterOrDigit($0) || $0 == "-" }
      && (label.prefix(4).lowercased() != "xn--" || InternationalLabel(label)?.isValid == true)
  }
}

/// RFC 2673 §3.2: four decimal numbers without leading zeros.
private func isIPv4(_ text: String) -> Bool {
  let parts = text.split(separator: ".", omittingEmptySubsequences: false)
  return parts.count == 4
    && parts.allSatisfy { part in
      (1...3).contains(part.utf8.count) && part.utf8.allSatisfy { $0 &- UInt8(ascii: "0") < 10 }
        && (part.utf8.count == 1 || part.first != "0") && Int(part).map { $0 < 256 } == true
    }
}

/// RFC 4291 §2.2: eight groups, one run of zeros as `::`, an IPv4 address as the last two.
private func isIPv6(_ text: String) -> Bool {
  guard text.utf8.count <= 45 else { return false }
  func groups(_ part: Substring, mayEndInIPv4: Bool) -> Int? {
    if part.isEmpty { return 0 }
    var count = 0
    let pieces = part.split(separator: ":", omittingEmptySubsequences: false)
    for (index, piece) in pieces.enumerated() {
      if mayEndInIPv4, index == pieces.count - 1, piece.contains(".") {
        guard isIPv4(String(piece)) else { return nil }
        count += 2
      } else {
        guard (1...4).contains(piece.utf8.count),
          piece.unicodeScalars.allSatisfy({ $0.isASCII && Character($0).isHexDigit })
        else { return nil }
        count += 1
      }
    }
    return count
  }
  guard let gap = rangeOfDoubleColon(in: text) else { return groups(text[...], mayEndInIPv4: true) == 8 }
  guard let before = groups(text[..<gap.lowerBound], mayEndInIPv4: false),
    let after = groups(text[gap.upperBound...], mayEndInIPv4: true)
  else { return false }
  return before + after <= 7
}

private func rangeOfDoubleColon(in text: String) -> Range<String.Index>? {
  var index = text.startIndex
  while index < text.endIndex {
    let after = text.index(after: index)
    if text[index] == ":", after < text.endIndex, text[after] == ":" { return index..<text.index(after: after) }
    index = after
  }
  return nil
}

/// RFC 4648 §4, with padding.
private func isBase64(_ text: String) -> Bool {
  let bytes = Array(text.utf8)
  guard bytes.count.isMultiple(of: 4) else { return false }
  let padding = bytes.suffix(2).count { $0 == UInt8(ascii: "=") }
  return bytes.dropLast(padding).allSatisfy { byte in
    isLetterOrDigit(Unicode.Scalar(byte)) || byte == UInt8(ascii: "+") || byte == UInt8(ascii: "/")
  }
}
