/// base64url without padding (RFC 4648 §5, RFC 7515 §2). Decoding is strict: one text for each sequence of bytes.
public enum Base64URL {
  private static let alphabet: StaticString = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"

  /// The value of each byte as a digit; 0xFF where it is none.
  private static let values: [UInt8] = {
    var table = [UInt8](repeating: 0xFF, count: 256)
    for value in 0..<64 { table[Int(alphabet.utf8Start[value])] = UInt8(value) }
    return table
  }()

  /// How many characters so many bytes have.
  private static func length(of count: Int) -> Int { (count * 8 + 5) / 6 }

  /// Writes `length(of: bytes.count)` characters.
  private static func encode(_ bytes: UnsafeRawBufferPointer, to text: UnsafeMutableBufferPointer<UInt8>) {
    var (index, place) = (0, 0)
    func write(_ value: UInt32) {
      text[place] = alphabet.utf8Start[Int(value & 63)]
      place += 1
    }
    while index + 3 <= bytes.count {
      let group = UInt32(bytes[index]) << 16 | UInt32(bytes[index + 1]) << 8 | UInt32(bytes[index + 2])
      write(group >> 18)
      write(group >> 12)
      write(group >> 6)
      write(group)
      index += 3
    }
    guard index < bytes.count else { return }
    let last = index + 1 < bytes.count ? UInt32(bytes[index + 1]) : 0
    let group = UInt32(bytes[index]) << 16 | last << 8
    write(group >> 18)
    write(group >> 12)
    if index + 1 < bytes.count { write(group >> 6) }
  }

  public static func encode(_ bytes: UnsafeRawBufferPointer, into text: inout [UInt8]) {
    var encoded = encode(bytes)
    encoded.withUTF8 { text.append(contentsOf: $0) }
  }

  public static func encode(_ bytes: some Sequence<UInt8>) -> String {
    Array(bytes).withUnsafeBytes { encode($0) }
  }

  private static func encode(_ bytes: UnsafeRawBufferPointer) -> String {
    let length = length(of: bytes.count)
    return String(unsafeUninitializedCapacity: length) { text in
      encode(bytes, to: text)
      return length
    }
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
