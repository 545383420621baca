import NIOCore

/// What a client must know to have its socket back: the socket's name and 128 random bits, which only that client was
/// told. On the wire 32 characters of base64url. A client that goes to another node keeps it.
struct PrivateID: Hashable {
  let socket: SocketID
  private let high: UInt64
  private let low: UInt64

  init(socket: SocketID) {
    var generator = SystemRandomNumberGenerator()
    self.socket = socket
    self.high = generator.next()
    self.low = generator.next()
  }

  init?(_ text: String) {
    guard let words = Base64URLWords.decode(text, count: 3) else { return nil }
    self.socket = SocketID(rawValue: words[0])
    self.high = words[1]
    self.low = words[2]
  }

  var text: String { Base64URLWords.encode([self.socket.rawValue, self.high, self.low]) }
}

/// Whole 64-bit words as base64url, 32 characters for three of them.
enum Base64URLWords {
  private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".utf8)
  private static let values: [UInt8: UInt64] = Dictionary(
    uniqueKeysWithValues: alphabet.enumerated().map { ($1, UInt64($0)) })

  /// 4 characters for each 3 bytes; the last ones of a number of words that is not a multiple of 3 are padded with zero
  /// bits.
  static func encode(_ words: [UInt64]) -> String {
    let bits = words.count * 64
    return String(unsafeUninitializedCapacity: (bits + 5) / 6) { buffer in
      for index in 0..<((bits + 5) / 6) {
        var value: UInt64 = 0
        for bit in (index * 6)..<(index * 6 + 6) {
          value <<= 1
          if bit < bits { value |= words[bit >> 6] >> UInt64(63 - bit & 63) & 1 }
        }
        buffer.initializeElement(at: index, to: self.alphabet[Int(value)])
      }
      return (bits + 5) / 6
    }
  }

  static func decode(_ text: String, count: Int) -> [UInt64]? {
    let bits = count * 64
    guard text.utf8.count == (bits + 5) / 6 else { return nil }
    var words = [UInt64](repeating: 0, count: count)
    for (index, character) in text.utf8.enumerated() {
      guard let value = self.values[character] else { return nil }
      for offset in 0..<6 {
        let bit = index * 6 + offset
        let isSet = value >> UInt64(5 - offset) & 1 == 1
        guard bit < bits else {
          // Padding: one text for one value.
          if isSet { return nil }
          continue
        }
        if isSet { words[bit >> 6] |= 1 << UInt64(63 - bit & 63) }
      }
    }
    return words
  }
}
