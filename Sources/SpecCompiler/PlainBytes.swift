import Glibc

/// A set of ASCII characters whose runs are found by the C library: in a debug build, which SwiftPM makes of the compiler, a
/// loop of Swift's over each character of a document takes a hundred times as long.
struct PlainBytes: Sendable {
  /// All that are seen, and the blank.
  static let printable = PlainBytes(without: "")
  /// What a Swift or JSON string has as it is.
  static let quotable = PlainBytes(without: "\"\\")
  /// What a block of YAML has as it is.
  static let printableLines = PlainBytes(without: "", and: "\n")
  /// What a name of one word has.
  static let smallLetters = PlainBytes(Array(0x61...0x7A))

  private let accepted: [CChar]

  private init(_ accepted: [UInt8]) {
    self.accepted = accepted.map(CChar.init) + [0]
  }

  private init(without refused: String, and others: String = "") {
    let refused = Set(refused.utf8)
    self.init((0x20...0x7E).filter { !refused.contains($0) } + Array(others.utf8))
  }

  /// Whether a text has nothing else.
  func make(all text: String) -> Bool { strspn(text, accepted) == text.utf8.count }

  /// The text, with what the closure makes of each scalar that is not in the set.
  func replacingOthers(in text: String, with replacement: (Unicode.Scalar) -> String) -> String {
    if make(all: text) { return text }
    let count = text.utf8.count
    return text.withCString { start in
      var result = ""
      var offset = 0
      while offset < count {
        let length = strspn(start + offset, accepted)
        if length > 0 { result += Self.text(start + offset, length) }
        offset += length
        guard offset < count else { break }
        let scalarLength = min(Self.scalarLength(lead: UInt8(bitPattern: start[offset])), count - offset)
        for scalar in Self.text(start + offset, scalarLength).unicodeScalars { result += replacement(scalar) }
        offset += scalarLength
      }
      return result
    }
  }

  private static func text(_ start: UnsafePointer<CChar>, _ count: Int) -> String {
    String(decoding: UnsafeRawBufferPointer(start: start, count: count), as: UTF8.self)
  }

  /// RFC 3629 §3. A `String` is valid.
  private static func scalarLength(lead: UInt8) -> Int {
    lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4
  }
}
