/// base64url without padding (RFC 4648 §5, RFC 7515 §2). Decoding is strict: one text for each sequence of bytes.
public enum Base64URL {
  private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".utf8)

  /// The value of each byte as a digit; 0xFF where it is none.
  private static let values: [UInt8] = {
    var table = [UInt8](repeating: 0xFF, count: 256)
    for (value, digit) in alphabet.enumerated() { table[Int(digit)] = UInt8(value) }
    return table
  }()

  public static func encode(_ bytes: UnsafeRawBufferPointer, into text: inout [UInt8]) {
    var index = 0
    while index + 3 <= bytes.count {
      let group = UInt32(bytes[index]) << 16 | UInt32(bytes[index + 1]) << 8 | UInt32(bytes[index + 2])
      for shift: UInt32 in [18, 12, 6, 0] { text.append(alphabet[Int(group >> shift & 63)]) }
      index += 3
    }
    switch bytes.count - index {
    case 1:
      let group = UInt32(bytes[index]) << 16
      for shift: UInt32 in [18, 12] { text.append(alphabet[Int(group >> shift & 63)]) }
    case 2:
      let group = UInt32(bytes[index]) << 16 | UInt32(bytes[index + 1]) << 8
      for shift: UInt32 in [18, 12, 6] { text.append(alphabet[Int(group >> shift & 63)]) }
    default: break
    }
  }

  public static func encode(_ bytes: some Sequence<UInt8>) -> String {
    Array(bytes).withUnsafeBytes { encode($0) }
  }

  private static func encode(_ bytes: UnsafeRawBufferPointer) -> String {
    var text: [UInt8] = []
    text.reserveCapacity((bytes.count * 8 + 5) / 6)
    encode(bytes, into: &text)
    return String(decoding: text, as: UTF8.self)
  }

  /// The bytes, or nil for a foreign character, padding, an impossible length, or bits that say nothing but are set.
  public static func decode(_ text: UnsafeRawBufferPointer) -> [UInt8]? {
    let rest = text.count % 4
    guard rest != 1 else { return nil }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(text.count / 4 * 3 + 2)
    var accumulator: UInt32 = 0
    var bits = 0
    let valid = values.withUnsafeBufferPointer { values in
      for digit in text {
        let value = values[Int(digit)]
        guard value != 0xFF else { return false }
        accumulator = accumulator << 6 | UInt32(value)
        bits += 6
        if bits >= 8 {
          bits -= 8
          bytes.append(UInt8(truncatingIfNeeded: accumulator >> UInt32(bits)))
        }
      }
      return true
    }
    // RFC 4648 §3.5: what is left over must be zero, or two texts would mean the same bytes.
    guard valid, accumulator & (1 << UInt32(bits) - 1) == 0 else { return nil }
    return bytes
  }

  public static func decode(_ text: some StringProtocol) -> [UInt8]? {
    Array(text.utf8).withUnsafeBytes { decode($0) }
  }

  // MARK: - Words

  /// The big-endian bytes of whole words: 22 characters for two, 32 for three.
  public static func encode(words: [UInt64]) -> String {
    words.map { $0.bigEndian }.withUnsafeBytes { encode($0) }
  }

  /// So many words; nil for anything but their one text.
  public static func decodeWords(_ text: some StringProtocol, count: Int) -> [UInt64]? {
    // Before anything is copied: the text may be long.
    guard text.utf8.count == (count * 64 + 5) / 6, let bytes = decode(text) else { return nil }
    return (0..<count).map { word in bytes[word * 8..<word * 8 + 8].reduce(0) { $0 << 8 | UInt64($1) } }
  }
}
