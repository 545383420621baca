/// A label of a host name that stands for letters beyond ASCII: an A-label of IDNA 2008 (RFC 5890 §2.3.2.1).
struct InternationalLabel {
  /// What it stands for.
  let scalars: [Unicode.Scalar]

  /// - Parameter label: up to 63 letters, digits and hyphens, which begins with `xn--`, whatever their case.
  /// - Returns: nil where it is no Punycode.
  init?(_ label: Substring) {
    guard let scalars = Self.decoded(Array(label.utf8.dropFirst(4))) else { return nil }
    self.scalars = scalars
  }

  // MARK: - Punycode

  /// RFC 3492 §6.2, with the parameters of §5.
  private static func decoded(_ text: [UInt8]) -> [Unicode.Scalar]? {
    let mark = text.lastIndex(of: UInt8(ascii: "-"))
    var output = text[..<(mark ?? 0)].map { Unicode.Scalar($0 | ($0 >= 0x41 && $0 <= 0x5A ? 0x20 : 0)) }
    var (position, codePoint, bias) = (0, 128, 72)
    var rest = text[(mark.map { $0 + 1 } ?? 0)...]
    guard !rest.isEmpty else { return nil }
    while !rest.isEmpty {
      let start = position
      var (weight, step) = (1, 36)
      while true {
        guard let digit = rest.popFirst().flatMap(Self.digit) else { return nil }
        // 63 letters could count far beyond any code point.
        guard digit <= (Int(Int32.max) - position) / weight else { return nil }
        position += digit * weight
        let threshold = min(max(step - bias, 1), 26)
        if digit < threshold { break }
        weight *= 36 - threshold
        guard weight <= Int(Int32.max) else { return nil }
        step += 36
      }
      let count = output.count + 1
      bias = adapted(position - start, count: count, isFirst: start == 0)
      codePoint += position / count
      position %= count
      guard let scalar = UInt32(exactly: codePoint).flatMap(Unicode.Scalar.init) else { return nil }
      output.insert(scalar, at: position)
      position += 1
    }
    return output
  }

  private static func digit(_ byte: UInt8) -> Int? {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"): Int(byte - UInt8(ascii: "a"))
    case UInt8(ascii: "A")...UInt8(ascii: "Z"): Int(byte - UInt8(ascii: "A"))
    case UInt8(ascii: "0")...UInt8(ascii: "9"): Int(byte - UInt8(ascii: "0")) + 26
    default: nil
    }
  }

  /// RFC 3492 §6.1.
  private static func adapted(_ delta: Int, count: Int, isFirst: Bool) -> Int {
    var delta = isFirst ? delta / 700 : delta / 2
    delta += delta / count
    var step = 0
    while delta > 455 {
      delta /= 35
      step += 36
    }
    return step + 36 * delta / (delta + 38)
  }

  // MARK: - What may stand in one

  /// Exceptions that are disallowed (RFC 5892 §2.6).
  private static let disallowed: Set<UInt32> = [
    0x0640, 0x07FA, 0x302E, 0x302F, 0x3031, 0x3032, 0x3033, 0x3034, 0x3035, 0x303B,
  ]

  /// RFC 5891 §4.2.3 and the rules of RFC 5892, appendix A.
  var isValid: Bool {
    guard let first = scalars.first, scalars.contains(where: { !$0.isASCII }) else { return false }
    guard first != "-", scalars.last != "-", !(scalars.count > 3 && scalars[2] == "-" && scalars[3] == "-") else {
      return false
    }
    switch first.properties.generalCategory {
    case .nonspacingMark, .spacingMark, .enclosingMark: return false
    default: return scalars.indices.allSatisfy(isAllowed)
    }
  }

  private func isAllowed(_ index: Int) -> Bool {
    let scalar = scalars[index]
    let before = index > 0 ? scalars[index - 1] : nil
    let after = index + 1 < scalars.count ? scalars[index + 1] : nil
    switch scalar.value {
    case _ where Self.disallowed.contains(scalar.value): return false
    case 0x00B7: return before == "l" && after == "l"
    case 0x0375: return after.map(Self.isGreek) ?? false
    case 0x05F3, 0x05F4: return before.map { (0x0590...0x05FF).contains($0.value) } ?? false
    case 0x30FB: return scalars.contains { $0.value != 0x30FB && Self.isJapanese($0) }
    case 0x0660...0x0669: return !scalars.contains { (0x06F0...0x06F9).contains($0.value) }
    case 0x200C where before.map(Self.isJoining) == true && after.map(Self.isJoining) == true: return true
    case 0x200C, 0x200D: return before?.properties.canonicalCombiningClass == .virama
    default: return true
    }
  }

  private static func isGreek(_ scalar: Unicode.Scalar) -> Bool {
    (0x0370...0x03FF).contains(scalar.value) || (0x1F00...0x1FFF).contains(scalar.value)
  }

  /// Letters that join their neighbours, which stands for the joining types of appendix A.1: Arabic, Syriac, Mandaic,
  /// N'Ko and Mongolian.
  private static func isJoining(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x0620...0x074F, 0x0750...0x077F, 0x07CA...0x07EA, 0x0840...0x0858, 0x0860...0x08FF, 0x1820...0x18AA: true
    default: false
    }
  }

  /// Hiragana, Katakana or Han.
  private static func isJapanese(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x3005, 0x3007, 0x3040...0x30FF, 0x31F0...0x31FF, 0x3400...0x4DBF, 0x4E00...0x9FFF, 0x20000...0x323AF: true
    default: false
    }
  }
}
