/// What a Range field asks for (RFC 9110 §14.1.2).
enum ByteRange: Equatable {
  case bytes(Range<Int>)
  /// It begins behind the content's end.
  case unsatisfiable

  /// Reads one range of bytes. Nil for what is none, and for several: both may be ignored (§14.2), and several at once
  /// have no good use.
  ///
  /// - Parameter length: bytes of the content.
  init?(_ field: String, of length: Int) {
    guard field.count <= 64, field.lowercased().hasPrefix("bytes=") else { return nil }
    let ends = field.dropFirst(6).split(separator: "-", maxSplits: 1, omittingEmptySubsequences: false)
    guard ends.count == 2, let first = Self.number(ends[0]), let last = Self.number(ends[1]) else { return nil }
    switch (first, last) {
    case (nil, nil): return nil
    case (nil, .some(let count)):
      self = count > 0 && length > 0 ? .bytes(max(length - count, 0)..<length) : .unsatisfiable
    case (.some(let first), let last):
      if let last, last < first { return nil }
      guard first < length else {
        self = .unsatisfiable
        return
      }
      self = .bytes(first..<(last.map { min($0, length - 1) } ?? length - 1) + 1)
    }
  }

  /// The outer nil is for what is no number; one that is too large is larger than any content.
  private static func number(_ text: Substring) -> Int?? {
    if text.isEmpty { return .some(nil) }
    guard text.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }) else { return nil }
    return .some(Int(text) ?? .max)
  }
}
