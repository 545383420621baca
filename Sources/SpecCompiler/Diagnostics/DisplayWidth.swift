extension Unicode.Scalar {
  /// How many columns of a terminal it takes: 0 for marks that stand on the character before, 2 for the wide characters
  /// of East Asia (UAX #11, W and F) and for emoji, else 1.
  var displayWidth: Int {
    if value < 0x300 { return 1 }
    switch properties.generalCategory {
    case .nonspacingMark, .enclosingMark: return 0
    case .format: return 0  // Of these only the joiners are shown as they are.
    default: break
    }
    if (0x1160...0x11FF).contains(value) { return 0 }  // Vowels and finals of Hangul join the syllable's first letter.
    return properties.isEmojiPresentation || Self.isWide(value) ? 2 : 1
  }

  private static func isWide(_ value: UInt32) -> Bool {
    wide.contains { $0.contains(value) }
  }

  /// Blocks whose characters are wide, without the emoji among others.
  private static let wide: [ClosedRange<UInt32>] = [
    0x1100...0x115F, 0x2329...0x232A, 0x2E80...0x303E, 0x3041...0x3247, 0x3250...0xA4C6,
    0xA960...0xA97C, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE10...0xFE19, 0xFE30...0xFE6B, 0xFF01...0xFF60,
    0xFFE0...0xFFE6, 0x16FE0...0x18D08, 0x1AFF0...0x1B2FB, 0x1F200...0x1F265, 0x20000...0x2FFFD, 0x30000...0x3FFFD,
  ]
}
