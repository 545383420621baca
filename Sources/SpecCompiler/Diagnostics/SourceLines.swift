import Glibc

/// Finds lines and columns of a file, however long its lines are.
///
/// What is done for each byte of a file is the C library's work where it can be: see `PlainBytes`.
struct SourceLines: Sendable {
  private let bytes: [UInt8]
  /// The byte that each line begins with.
  private let starts: [Int]
  /// Of each line that is long, by its number from 0: the byte of each 256th code point.
  private let offsets: [Int: [Int]]
  private static let stride = 256
  /// Of a line, in bytes: a shorter one is walked through.
  private static let longLine = 1_024

  /// Lines end where libyaml ends them (YAML 1.1 §4.1.4): at CR, LF, CR LF, U+0085, U+2028 and U+2029. Invalid UTF-8 is
  /// counted by its bytes that begin a character.
  init(_ source: SpecSource) {
    bytes = source.bytes
    starts = Self.endsAtFeedsAlone(bytes) ? Self.startsBehindFeeds(bytes) : Self.startsBehindEnds(bytes)
    var offsets: [Int: [Int]] = [:]
    for (line, start) in starts.enumerated() {
      let end = line + 1 < starts.count ? starts[line + 1] : bytes.count
      if end - start > Self.longLine { offsets[line] = Self.offsets(bytes, start..<end) }
    }
    self.offsets = offsets
  }

  // MARK: - Lines

  /// Whether LF ends each line, perhaps behind a CR, and nothing else ends one.
  private static func endsAtFeedsAlone(_ bytes: [UInt8]) -> Bool {
    ([0x0D, 0xC2, 0xE2] as [CInt]).allSatisfy { lead in
      bytes.withUnsafeBytes { raw in
        guard let start = raw.baseAddress else { return true }
        var offset = 0
        while let found = memchr(start + offset, lead, raw.count - offset) {
          offset = UnsafeRawPointer(found) - start
          if lengthOfEnd(bytes, at: offset) != nil { return false }
          offset += 1
        }
        return true
      }
    }
  }

  private static func startsBehindFeeds(_ bytes: [UInt8]) -> [Int] {
    bytes.withUnsafeBytes { bytes in
      var starts = [0]
      guard let start = bytes.baseAddress else { return starts }
      var offset = 0
      while let found = memchr(start + offset, 0x0A, bytes.count - offset) {
        offset = UnsafeRawPointer(found) - start + 1
        starts.append(offset)
      }
      return starts
    }
  }

  private static func startsBehindEnds(_ bytes: [UInt8]) -> [Int] {
    var starts = [0]
    for index in bytes.indices {
      if let length = lengthOfEnd(bytes, at: index) { starts.append(index + length) }
    }
    return starts
  }

  /// Of a line's end that begins with this byte, nil if none does.
  private static func lengthOfEnd(_ bytes: [UInt8], at index: Int) -> Int? {
    func byte(_ offset: Int) -> UInt8? { index + offset < bytes.count ? bytes[index + offset] : nil }
    switch bytes[index] {
    case 0x0A: return 1
    case 0x0D: return byte(1) == 0x0A ? nil : 1
    case 0xC2: return byte(1) == 0x85 ? 2 : nil
    case 0xE2: return byte(1) == 0x80 && (byte(2) == 0xA8 || byte(2) == 0xA9) ? 3 : nil
    default: return nil
    }
  }

  private static func offsets(_ bytes: [UInt8], _ range: Range<Int>) -> [Int] {
    var offsets: [Int] = []
    var count = 0
    for index in range where bytes[index] & 0xC0 != 0x80 {
      if count % stride == 0 { offsets.append(index) }
      count += 1
    }
    return offsets
  }

  /// Of lines; one of a file without a byte.
  var count: Int { starts.count }

  /// The line that a byte is in, from 1.
  func line(ofByte offset: Int) -> Int {
    var (low, high) = (0, starts.count)
    while high - low > 1 {
      let middle = (low + high) / 2
      if starts[middle] <= offset { low = middle } else { high = middle }
    }
    return low + 1
  }

  /// Where a line is, with its end. The line is one of the file.
  private func range(ofLine line: Int) -> Range<Int> {
    starts[line - 1]..<(line < starts.count ? starts[line] : bytes.count)
  }

  /// The bytes of a line, with its end.
  func bytes(ofLine line: Int) -> ArraySlice<UInt8> {
    line >= 1 && line <= starts.count ? bytes[range(ofLine: line)] : []
  }

  // MARK: - Columns

  /// Line and column of a byte, columns in code points; beyond the file, the place behind its last character.
  func place(ofByte offset: Int) -> (line: Int, column: Int) {
    let offset = max(0, min(offset, bytes.count))
    let line = line(ofByte: offset)
    var (from, column) = (starts[line - 1], 1)
    if let offsets = offsets[line - 1], let block = offsets.lastIndex(where: { $0 <= offset }) {
      (from, column) = (offsets[block], block * Self.stride + 1)
    }
    while from < offset {
      if bytes[from] & 0xC0 != 0x80 { column += 1 }
      from += 1
    }
    return (line, column)
  }

  /// The code points of a line without its end, up to `limit` on each side of a column; both count from 1.
  ///
  /// - Returns: nil if there is no such line or column. `isCut` says on which sides there is more.
  func text(line: Int, column: Int, limit: Int) -> (
    before: [Unicode.Scalar], after: [Unicode.Scalar], isCut: (before: Bool, after: Bool)
  )? {
    guard line >= 1, line <= starts.count, column >= 1 else { return nil }
    let first = max(0, column - 1 - limit)
    guard let from = offset(ofCodePoint: first, line: line),
      let middle = offset(ofCodePoint: column - 1, line: line),
      line == starts.count || middle < starts[line]
    else { return nil }
    let before = scalars(from: from, limit: column - 1 - first)
    let after = scalars(from: middle, limit: limit + 1)
    let rest = after.prefix { !Self.lineEnds.contains($0) }
    return (before, Array(rest.prefix(limit)), (first > 0, rest.count > limit))
  }

  private static let lineEnds: Set<Unicode.Scalar> = ["\r", "\n", "\u{85}", "\u{2028}", "\u{2029}"]

  /// The byte where a code point of a line begins, the line's end for the one after the last; nil beyond it.
  private func offset(ofCodePoint index: Int, line: Int) -> Int? {
    let range = range(ofLine: line)
    var (offset, left) = (range.lowerBound, index)
    if let offsets = offsets[line - 1], !offsets.isEmpty {
      let block = min(index / Self.stride, offsets.count - 1)
      (offset, left) = (offsets[block], index - block * Self.stride)
    }
    while left > 0 {
      guard offset < range.upperBound else { return nil }
      offset += 1
      while offset < range.upperBound, bytes[offset] & 0xC0 == 0x80 { offset += 1 }
      left -= 1
    }
    return offset
  }

  private func scalars(from offset: Int, limit: Int) -> [Unicode.Scalar] {
    // A code point has four bytes at most.
    let text = String(decoding: bytes[offset..<min(bytes.count, offset + 4 * limit)], as: UTF8.self)
    return Array(text.unicodeScalars.prefix(limit))
  }
}
