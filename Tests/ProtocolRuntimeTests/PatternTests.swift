import ProtocolRuntime
import Testing

@Suite struct PatternTests {
  /// One code point of a class. Each class has the code points that UTF-8 writes in so many bytes, but DEL has its own.
  private func pattern(of characterClass: Int) -> Pattern {
    var transitions = [UInt16](repeating: .max, count: 10)
    transitions[characterClass] = 1
    return Pattern(
      source: "", ranges: [(0x7f, 0x7f, 1), (0x80, 0x7ff, 2), (0x800, 0xffff, 3), (0x10000, 0x10ffff, 4)],
      classCount: 5, transitions: transitions, accepting: [false, true])
  }

  @Test(arguments: [
    (0, ["\0", "a", "~"]), (1, ["\u{7f}"]), (2, ["\u{80}", "é", "\u{7ff}"]), (3, ["\u{800}", "€", "\u{ffff}"]),
    (4, ["\u{10000}", "😀", "\u{10ffff}"]),
  ]) func codePointsOfAnyLengthAreSeen(characterClass: Int, texts: [String]) {
    for text in texts {
      for other in 0..<5 { #expect(pattern(of: other).matches(text) == (other == characterClass), "\(text) \(other)") }
      #expect(!pattern(of: characterClass).matches(text + text))
      #expect(!pattern(of: characterClass).matches(""))
    }
  }
}
