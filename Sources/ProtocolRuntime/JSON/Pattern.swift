import Glibc

/// A regular expression, compiled by the generator to a deterministic automaton over classes of code points: matching
/// is linear in the text, whatever the expression.
///
/// A class, so that to hand it over is one reference and not one for each of its tables.
public final class Pattern: Sendable {
  /// The expression as the spec has it.
  public let source: String
  /// First and last code point and class of each range, sorted; a code point in none of them has class 0.
  private let ranges: [(lower: UInt32, upper: UInt32, characterClass: UInt16)]
  private let asciiClasses: [UInt16]
  private let classCount: Int
  private let transitions: [UInt16]
  private let accepting: [Bool]
  /// The ASCII character that a text must not have, where that is all that the expression says: `^[^\u0000]*$`, which is
  /// said of most texts.
  private let excluded: UInt8?

  /// The transition to where nothing can match any more.
  private static let dead = UInt16.max

  public init(
    source: String, ranges: [(UInt32, UInt32, UInt16)], classCount: Int, transitions: [UInt16], accepting: [Bool]
  ) {
    self.source = source
    self.ranges = ranges.map { (lower: $0.0, upper: $0.1, characterClass: $0.2) }
    self.classCount = classCount
    self.transitions = transitions
    self.accepting = accepting
    var table = [UInt16](repeating: 0, count: 128)
    for (lower, upper, characterClass) in ranges where lower < 128 {
      for codePoint in lower...min(upper, 127) { table[Int(codePoint)] = characterClass }
    }
    asciiClasses = table
    excluded = Self.excluded(ranges, transitions, accepting)
  }

  private static func excluded(
    _ ranges: [(UInt32, UInt32, UInt16)], _ transitions: [UInt16], _ accepting: [Bool]
  ) -> UInt8? {
    guard accepting == [true] else { return nil }
    let deadClasses = transitions.indices.filter { transitions[$0] == dead }
    guard deadClasses.count == 1, let deadClass = deadClasses.first, deadClass > 0 else { return nil }
    let excluded = ranges.filter { Int($0.2) == deadClass }
    guard excluded.count == 1, excluded[0].0 == excluded[0].1, excluded[0].0 < 128 else { return nil }
    return UInt8(excluded[0].0)
  }

  public func matches(_ text: String) -> Bool {
    var state = 0
    var text = text
    // UTF-8, and well-formed (RFC 3629 §3): to take code points out of a string one by one costs more than all the rest.
    return text.withUTF8 { bytes in
      if let excluded {
        guard let start = bytes.baseAddress else { return true }
        return memchr(start, CInt(excluded), bytes.count) == nil
      }
      var codePoint: UInt32 = 0
      var missing = 0
      for byte in bytes {
        let characterClass: Int
        if byte < 0x80 {
          characterClass = Int(asciiClasses[Int(byte)])
        } else {
          if byte < 0xC0 {
            codePoint = codePoint << 6 | UInt32(byte & 0x3F)
            missing -= 1
          } else {
            missing = (~byte).leadingZeroBitCount - 1
            codePoint = UInt32(byte & (0x3F >> UInt8(missing)))
          }
          guard missing == 0 else { continue }
          characterClass = self.characterClass(of: codePoint)
        }
        let next = transitions[state &* classCount &+ characterClass]
        guard next != Self.dead else { return false }
        state = Int(next)
      }
      return accepting[state]
    }
  }

  private func characterClass(of codePoint: UInt32) -> Int {
    if codePoint < 128 { return Int(asciiClasses[Int(codePoint)]) }
    var low = 0
    var high = ranges.count
    while low < high {
      let middle = (low + high) / 2
      if ranges[middle].upper < codePoint {
        low = middle + 1
      } else {
        high = middle
      }
    }
    guard low < ranges.count, ranges[low].lower <= codePoint else { return 0 }
    return Int(ranges[low].characterClass)
  }
}
