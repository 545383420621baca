/// Finds lines and columns of a file, however long its lines are.
struct SourceLines: Sendable {
  private let bytes: [UInt8]
  /// The first code point of each line, counted from the file's start.
  private var starts = [0]
  /// The byte of each 256th code point.
  private var offsets: [Int] = []
  private static let stride = 256

  /// Lines end where libyaml ends them (YAML 1.1 §4.1.4): at CR, LF, CR LF, U+0085, U+2028 and U+2029. Invalid UTF-8 is
  /// counted by its bytes that begin a character.
  init(_ source: SpecSource) {
    bytes = source.bytes
    var count = 0
    for index in bytes.indices where bytes[index] & 0xC0 != 0x80 {
      if count % Self.stride == 0 { offsets.append(index) }
      count += 1
      if Self.endsLine(bytes, at: index) { starts.append(count) }
    }
  }

  private static func endsLine(_ bytes: [UInt8], at index: Int) -> Bool {
    func byte(_ offset: Int) -> UInt8? { index + offset < bytes.count ? bytes[index + offset] : nil }
    switch bytes[index] {
    case 0x0A: return true
    case 0x0D: return byte(1) != 0x0A
    case 0xC2: return byte(1) == 0x85
    case 0xE2: return byte(1) == 0x80 && (byte(2) == 0xA8 || byte(2) == 0xA9)
    default: return false
    }
  }

  /// Of lines; one of a file without a byte.
  var count: Int { starts.count }

  /// Line and column of a byte, columns in code points; beyond the file, the place behind its last character.
  func place(ofByte offset: Int) -> (line: Int, column: Int) {
    let point = bytes.prefix(max(0, offset)).count { $0 & 0xC0 != 0x80 }
    let line = starts.lastIndex { $0 <= point } ?? 0
    return (line + 1, point - starts[line] + 1)
  }

  /// The bytes of a line, with its end.
  func bytes(ofLine line: Int) -> ArraySlice<UInt8> {
    guard line >= 1, line <= starts.count, let from = offset(ofCodePoint: starts[line - 1]) else { return [] }
    let end = line < starts.count ? offset(ofCodePoint: starts[line]) : nil
    return bytes[from..<(end ?? bytes.count)]
  }

  /// The code points of a line without its end, up to `limit` on each side of a column; both count from 1.
  ///
  /// - Returns: nil if there is no such line or column. `isCut` says on which sides there is more.
  func text(line: Int, column: Int, limit: Int) -> (
    before: [Unicode.Scalar], after: [Unicode.Scalar], isCut: (before: Bool, after: Bool)
  )? {
    guard line >= 1, line <= starts.count, column >= 1 else { return nil }
    let start = starts[line - 1]
    let (place, isTooFar) = start.addingReportingOverflow(column - 1)
    guard !isTooFar, line == starts.count || place < starts[line] else { return nil }
    let first = max(start, place - limit)
    guard let from = offset(ofCodePoint: first), let middle = offset(ofCodePoint: place) else { return nil }
    let before = scalars(from: from, limit: place - first)
    let after = scalars(from: middle, limit: limit + 1)
    let rest = after.prefix { !Self.lineEnds.contains($0) }
    return (before, Array(rest.prefix(limit)), (first > start, rest.count > limit))
  }

  private static let lineEnds: Set<Unicode.Scalar> = ["\r", "\n", "\u{85}", "\u{2028}", "\u{2029}"]

  /// The byte where a code point begins, the end of the file for the one after the last; nil beyond it.
  private func offset(ofCodePoint index: Int) -> Int? {
    let block = max(0, min(index / Self.stride, offsets.count - 1))
    var offset = offsets.isEmpty ? 0 : offsets[block]
    for _ in 0..<(index - block * Self.stride) {
      guard offset < bytes.count else { return nil }
      offset += 1
      while offset < bytes.count, bytes[offset] & 0xC0 == 0x80 { offset += 1 }
    }
    return offset
  }

  private func scalars(from offset: Int, limit: Int) -> [Unicode.Scalar] {
    // A code point has four bytes at most.
    let text = String(decoding: bytes[offset..<min(bytes.count, offset + 4 * limit)], as: UTF8.self)
    return Array(text.unicodeScalars.prefix(limit))
  }
}
