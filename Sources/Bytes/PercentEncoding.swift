/// Percent-encoding in URIs (RFC 3986 §2.1).
public enum PercentEncoding {
  /// The bytes that a text stands for; nil where a percent sign is not followed by two hexadecimal digits.
  ///
  /// - Parameter plusIsSpace: as in a form's query (application/x-www-form-urlencoded).
  public static func decode(_ text: some Sequence<UInt8>, plusIsSpace: Bool = false) -> [UInt8]? {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(text.underestimatedCount)
    var rest = text.makeIterator()
    while let byte = rest.next() {
      switch byte {
      case UInt8(ascii: "%"):
        guard let high = rest.next()?.hexadecimalValue, let low = rest.next()?.hexadecimalValue else { return nil }
        bytes.append(high << 4 | low)
      case UInt8(ascii: "+") where plusIsSpace: bytes.append(0x20)
      default: bytes.append(byte)
      }
    }
    return bytes
  }

  /// The text that a text stands for; nil also where the bytes are not UTF-8.
  public static func decoded(_ text: some StringProtocol, plusIsSpace: Bool = false) -> String? {
    // Through the bytes' own memory: the characters of a text of an unknown kind cost some hundred instructions each.
    text.utf8.withContiguousStorageIfAvailable { decoded($0, plusIsSpace: plusIsSpace) }
      ?? Array(text.utf8).withUnsafeBufferPointer { decoded($0, plusIsSpace: plusIsSpace) }
  }

  /// The same of a text's UTF-8.
  public static func decoded(_ text: UnsafeBufferPointer<UInt8>, plusIsSpace: Bool = false) -> String? {
    if text.allSatisfy({ $0 != UInt8(ascii: "%") && $0 != UInt8(ascii: "+") }) {
      return String(decoding: text, as: UTF8.self)
    }
    return decode(text, plusIsSpace: plusIsSpace).flatMap { String(validating: $0, as: UTF8.self) }
  }
}
