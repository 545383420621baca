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

  private func oneState(_ ranges: [(UInt32, UInt32, UInt16)], _ transitions: [UInt16], accepts: Bool = true) -> Pattern
  {
    Pattern(source: "", ranges: ranges, classCount: transitions.count, transitions: transitions, accepting: [accepts])
  }

  @Test func aTextWithoutOneCharacter() {
    let pattern = oneState([(0, 0, 1)], [0, .max])
    for length in 0..<40 {
      let text = String(repeating: "é", count: length)
      #expect(pattern.matches(text))
      for place in 0...length {
        #expect(!pattern.matches(text.prefix(place) + "\0" + text.dropFirst(place)))
      }
    }
  }

  /// What is nearly as simple, and says something else.
  @Test func whatLooksLikeIt() {
    #expect(!oneState([(0, 0, 1)], [0, .max], accepts: false).matches("a"))
    let only = oneState([(0, 0, 1)], [.max, 0])
    #expect(only.matches("\0") && !only.matches("a"))
    let controls = oneState([(0, 31, 1)], [0, .max])
    #expect(controls.matches("a") && !controls.matches("\u{1}") && !controls.matches("\u{1f}"))
    let two = oneState([(0, 0, 1), (9, 9, 1)], [0, .max])
    #expect(two.matches("a") && !two.matches("\t") && !two.matches("\0"))
    let both = oneState([(0, 0, 1), (9, 9, 2)], [0, .max, .max])
    #expect(both.matches("a") && !both.matches("\t") && !both.matches("\0"))
    let wide = oneState([(0x1f600, 0x1f600, 1)], [0, .max])
    #expect(wide.matches("a") && !wide.matches("😀"))
  }
}
