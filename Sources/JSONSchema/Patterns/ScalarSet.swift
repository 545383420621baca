/// A set of code points: ranges, and properties of Unicode that are asked of each code point.
struct ScalarSet: Sendable {
  typealias Property = @Sendable (Unicode.Scalar) -> Bool

  var ranges: [ClosedRange<UInt32>] = []
  var properties: [Property] = []
  var isNegated = false

  init() {}

  init(_ ranges: ClosedRange<UInt32>...) { self.ranges = ranges }

  init(_ property: @escaping Property) { properties = [property] }

  mutating func insert(_ other: ScalarSet) {
    if other.isNegated {
      properties.append { other.contains($0) }
    } else {
      ranges += other.ranges
      properties += other.properties
    }
  }

  func contains(_ scalar: Unicode.Scalar) -> Bool {
    let isIn = ranges.contains { $0.contains(scalar.value) } || properties.contains { $0(scalar) }
    return isIn != isNegated
  }

  func negated() -> ScalarSet {
    var set = self
    set.isNegated.toggle()
    return set
  }
}

// The classes of ECMA-262 §22.2.2.9: ASCII but for white space.
extension ScalarSet {
  static let digit = ScalarSet(0x30...0x39)
  static let word = ScalarSet(0x30...0x39, 0x41...0x5A, 0x5F...0x5F, 0x61...0x7A)
  /// WhiteSpace and LineTerminator (ECMA-262 §12.2, §12.3): Zs, the byte order mark, and the ends of lines.
  static let space = ScalarSet(
    0x09...0x0D, 0x20...0x20, 0xA0...0xA0, 0x1680...0x1680, 0x2000...0x200A, 0x2028...0x2029, 0x202F...0x202F,
    0x205F...0x205F, 0x3000...0x3000, 0xFEFF...0xFEFF)
  /// What `.` takes: no end of a line.
  static let any = ScalarSet(0x0A...0x0A, 0x0D...0x0D, 0x2028...0x2029).negated()
}
