/// The formats that are asserted. Of any other nothing is known here: it is an annotation.
enum SchemaFormat: String, Sendable, CaseIterable {
  case uuid
  case dateTime = "date-time"
  case date
  case email
  case uri
  case hostname
  case ipv4
  case ipv6
  /// Base64 (RFC 4648 §4), of OpenAPI 3.0.
  case byte
  /// Unicode's Normalization Form C (UAX #15), our own.
  case nfc
  /// Integers of so many bits, of OpenAPI.
  case int32
  case int64

  /// A format looks at values of its own type only.
  func takes(_ value: JSONValue) -> Bool {
    switch (self, value) {
    case (.int32, .number(let number)):
      number.integer.map { Int32(exactly: $0) != nil } ?? !number.isInteger
    case (.int64, .number(let number)): number.integer != nil || !number.isInteger
    case (.int32, _), (.int64, _): true
    case (_, .string(let text)): takes(text.string)
    default: true
    }
  }

  private func takes(_ text: String) -> Bool {
    let bytes = Array(text.utf8)
    return switch self {
    case .uuid: Self.isUUID(bytes)
    case .dateTime: RFC3339.isDateTime(bytes)
    case .date: RFC3339.isDate(bytes)
    case .email: MailAddress.takes(bytes)
    case .uri: URIText.takes(bytes)
    case .hostname: InternetName.isHostname(bytes)
    case .ipv4: InternetName.isIPv4(bytes)
    case .ipv6: InternetName.isIPv6(bytes)
    case .byte: Self.isBase64(bytes)
    case .nfc: NormalFormC.takes(text)
    case .int32, .int64: true
    }
  }

  /// RFC 9562 §4
  private static func isUUID(_ bytes: [UInt8]) -> Bool {
    bytes.count == 36
      && bytes.enumerated().allSatisfy { place, byte in
        [8, 13, 18, 23].contains(place) ? byte == UInt8(ascii: "-") : byte.isHexDigit
      }
  }

  /// With its padding, without line ends.
  private static func isBase64(_ bytes: [UInt8]) -> Bool {
    guard bytes.count % 4 == 0 else { return false }
    let content = bytes.prefix { $0 != UInt8(ascii: "=") }
    return bytes.count - content.count <= 2 && bytes[content.count...].allSatisfy { $0 == UInt8(ascii: "=") }
      && content.allSatisfy { $0.isLetter || $0.isDigit || $0 == UInt8(ascii: "+") || $0 == UInt8(ascii: "/") }
  }
}

extension UInt8 {
  var isDigit: Bool { (0x30...0x39).contains(self) }
  var isLetter: Bool { (0x41...0x5A).contains(self) || (0x61...0x7A).contains(self) }
  var isHexDigit: Bool { isDigit || (0x41...0x46).contains(self) || (0x61...0x66).contains(self) }
}
