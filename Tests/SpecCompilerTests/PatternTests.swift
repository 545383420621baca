import Testing

@testable import SpecCompiler

@Suite struct PatternTests {
  struct Case: Sendable {
    var pattern: String
    var matching: [String]
    var others: [String]

    init(_ pattern: String, _ matching: [String], not others: [String]) {
      self.pattern = pattern
      self.matching = matching
      self.others = others
    }
  }

  static let cases = [
    Case("", ["", "anything"], not: []),
    Case("abc", ["abc", "xabcx", "ababc"], not: ["", "ab", "a-b-c"]),
    Case("^abc", ["abc", "abcd"], not: ["xabc", "ab"]),
    Case("abc$", ["abc", "xabc", "abcabc"], not: ["abcx", "abc\n"]),
    Case("^abc$", ["abc"], not: ["abcabc", "xabc", "abcx", ""]),
    Case("^$", [""], not: ["a", "\n"]),
    Case("$^", [""], not: ["a"]),
    Case("a^", [], not: ["", "a", "a^"]),
    Case("^a|b$", ["a", "ax", "b", "xb"], not: ["xa", "bx", ""]),
    Case("(^a|b)c", ["ac", "bc", "xbc"], not: ["xac", "c"]),
    Case("^[a-z0-9_.]+$", ["ada", "a.b_9"], not: ["", "Ada", "a-b", "a b"]),
    Case("^[^a-c]$", ["d", "é", "\u{1F600}", "\n"], not: ["a", "c", "", "dd"]),
    Case("^.$", ["a", "é", "\u{1F600}"], not: ["\n", "\r", "\u{2028}", "", "ab"]),
    Case("^[]$", [], not: ["", "a"]),
    Case("^[^]$", ["a", "\n"], not: ["", "ab"]),
    Case("^a*$", ["", "a", "aaaa"], not: ["b", "ab"]),
    Case("^a+b?$", ["a", "aab"], not: ["", "b", "abb"]),
    Case("^a{3}$", ["aaa"], not: ["aa", "aaaa"]),
    Case("^a{2,}$", ["aa", "aaaaa"], not: ["a", ""]),
    Case("^a{1,3}$", ["a", "aa", "aaa"], not: ["", "aaaa"]),
    Case("^(?:ab){0,2}$", ["", "ab", "abab"], not: ["aba", "ababab"]),
    Case("^a+?$", ["a", "aa"], not: [""]),
    Case("^(a|b)*c$", ["c", "abbac"], not: ["abba", "d"]),
    Case("^(a*)*$", ["", "aaa"], not: ["b"]),
    Case("^(?<year>\\d{4})-\\d\\d$", ["2026-11"], not: ["2026-1", "26-11"]),
    Case("^\\d$", ["7"], not: ["a", "\u{0667}"]),
    Case("^\\w+$", ["a_Z9"], not: ["é", "a-b"]),
    Case("^\\s$", [" ", "\t", "\n", "\u{A0}", "\u{FEFF}", "\u{2003}"], not: ["a", "\u{200B}"]),
    Case("^\\S\\D\\W$", ["ab-"], not: [" b-", "a1-", "abc"]),
    Case("^[\\d-]+$", ["1-2"], not: ["a"]),
    Case("^[a\\-z]$", ["a", "-", "z"], not: ["b"]),
    Case("^[-a]$", ["-", "a"], not: ["b"]),
    Case("^\\^\\$\\.\\*\\+\\?\\(\\)\\[\\]\\{\\}\\|\\/\\\\$", ["^$.*+?()[]{}|/\\"], not: ["^$"]),
    Case("^\\u00e9\\u{1F600}\\uD83D\\uDE00\\x41\\t\\cJ$", ["é\u{1F600}\u{1F600}A\t\n"], not: ["e"]),
    Case("^[\\u{1F600}-\\u{1F64F}]$", ["\u{1F600}", "\u{1F64F}"], not: ["\u{1F650}", "a"]),
    Case("^é$", ["\u{E9}"], not: ["e\u{301}"]),
    Case("^[^\\u0000]*$", ["", "text"], not: ["a\u{0}b"]),
    Case("(a+)+$", ["a", "ba", "aaaa"], not: ["", "ab"]),
    Case("^(a|aa)+$", ["a", "aaaaa"], not: ["", "ab"]),
    Case("a.b.c", ["xa1b2c"], not: ["abc", "a1bc"]),
    Case("[ab]{2}x", ["aabx"], not: ["ax", "aab"]),
    Case("x|", ["", "anything"], not: []),
    Case("^\\p{L}$", ["a", "é", "\u{4E00}", "\u{1D400}"], not: ["1", "-", "\u{301}", "\u{10FFFF}"]),
    Case("^\\p{Lu}\\p{Lowercase_Letter}$", ["Éa"], not: ["éa", "ÉA"]),
    Case("^\\p{General_Category=Nd}\\p{gc=Sc}$", ["\u{0667}€"], not: ["½€", "1a"]),
    Case("^\\P{Letter}$", ["1", "\u{10FFFF}"], not: ["a", "é"]),
    Case("^[\\p{L}\\p{N}_-]+$", ["aé9_-½"], not: ["a b", ""]),
    Case("^[^\\p{Z}\\P{Assigned}]$", ["a", "\n"], not: [" ", "\u{2028}", "\u{378}"]),
    Case("^\\p{White_Space}\\p{Emoji_Presentation}$", [" \u{1F600}", "\u{85}\u{1F600}"], not: [" 1", "a\u{1F600}"]),
    Case("^\\p{Upper}\\p{ASCII}\\p{Any}$", ["Éa\n"], not: ["Éé\n"]),
    Case("^(a?){3}$", ["", "a", "aaa"], not: ["aaaa", "b"]),
    Case("^(a*){2,3}b$", ["b", "aaaaab"], not: ["", "ab\n"]),
    Case("^(a*){0}$", [""], not: ["a"]),
    Case("^(a?)+b$", ["b", "aaaab"], not: ["", "ac"]),
    Case("^(?:[0-9a-f]{8}-[0-9a-f]{4})$", ["01234567-89ab"], not: ["01234567-89aB", "0123456789ab"]),
  ]

  @Test(arguments: cases) func matches(_ test: Case) throws {
    let pattern = try PatternCompiler.compile(test.pattern)
    for text in test.matching { #expect(pattern.matches(text), "\(test.pattern) should match '\(text)'") }
    for text in test.others { #expect(!pattern.matches(text), "\(test.pattern) should not match '\(text)'") }
  }

  @Test(arguments: cases) func tablesAreWellFormed(_ test: Case) throws {
    let pattern = try PatternCompiler.compile(test.pattern)
    #expect(pattern.transitions.count == pattern.accepting.count * pattern.classCount)
    #expect(pattern.transitions.allSatisfy { $0 == CompiledPattern.dead || $0 < UInt16(pattern.accepting.count) })
    #expect(pattern.ranges.allSatisfy { $0.lower <= $0.upper && $0.characterClass < pattern.classCount })
    #expect(zip(pattern.ranges, pattern.ranges.dropFirst()).allSatisfy { $0.upper < $1.lower })
  }

  @Test func unanchoredEndIsAbsorbing() throws {
    let pattern = try PatternCompiler.compile("^ab")
    let last = try #require(pattern.accepting.firstIndex(of: true))
    let row = pattern.transitions[(last * pattern.classCount)..<((last + 1) * pattern.classCount)]
    #expect(row.allSatisfy { $0 == UInt16(last) })
  }

  /// What makes backtracking engines take exponential time has a table of a few states.
  @Test(arguments: ["(a+)+$", "^(a|a)*$", "^(a|aa)+$", "^(([a-z])+.)+[A-Z]([a-z])+$", "(x+x+)+y"])
  func pathologicalPatternsAreSmall(_ source: String) throws {
    let pattern = try PatternCompiler.compile(source)
    #expect(pattern.accepting.count <= 16)
    #expect(!pattern.matches(String(repeating: "a", count: 100_000) + "!"))
  }

  @Test func tablesAreMinimal() throws {
    #expect(
      try PatternCompiler.compile("^(?:a|b|c)$") == PatternCompiler.compile("^[abc]$").with(source: "^(?:a|b|c)$"))
    #expect(try PatternCompiler.compile("^[a-z0-9_.]+$").accepting.count == 2)
    #expect(try PatternCompiler.compile("^[a-z]{3,32}$").accepting.count == 33)
  }

  @Test(arguments: [
    ("(a)\\1", "backreferences are not supported", 4), ("a(?=b)", "look-ahead is not supported", 3),
    ("a(?!b)", "look-ahead is not supported", 3), ("(?<=a)b", "look-behind is not supported", 2),
    ("(?<!a)b", "look-behind is not supported", 2), ("\\bword", "word boundaries are not supported", 1),
    ("(?i:a)", "unknown kind of group; write (…) or (?:…)", 2), ("(a", "the group has no ')'", 1),
    ("a)", "unbalanced ')'", 2), ("[a", "the class has no ']'", 1), ("[z-a]", "the range is out of order", 4),
    ("[\\d-z]", "a range goes from one character to another, not to a class", 5), ("*a", "'*' repeats nothing", 1),
    ("a**", "'*' repeats nothing", 3), ("^*", "an anchor can't be repeated", 2),
    ("a{3,2}", "the quantifier's bounds are out of order", 6), ("a{", "a literal '{' is written '\\{'", 2),
    ("}", "a literal '}' is written '\\}'", 1), ("\\q", "unknown escape '\\q'", 1), ("a\\", "'\\' at the end", 2),
    ("\\uD800", "a lone surrogate is no character", 7), ("\\u{110000}", "no such code point", 9),
    ("a\\pL", "'\\p' needs a property in braces, such as \\p{L}", 2), ("\\p{L", "the property has no '}'", 1),
    ("[\\p{L}-z]", "a range goes from one character to another, not to a class", 8),
    ("\\p{Script=Greek}", "Unicode scripts are not supported; list the ranges, such as [\\u0370-\\u03FF]", 1),
    ("\\P{scx=Grek}", "Unicode scripts are not supported; list the ranges, such as [\\u0370-\\u03FF]", 1),
    ("\\p{gc=Greek}", "unknown general category 'Greek'; known are names such as L, Lu and Letter", 1),
    ("\\p{Age=6.0}", "unknown Unicode property 'Age'; only General_Category has a value here", 1),
    (
      "ab\\p{letter}",
      "unknown Unicode property 'letter'; known are general categories such as L and Lu, and binary properties such as"
        + " Alphabetic", 3
    ),
  ])
  func errors(_ source: String, _ message: String, _ position: Int) {
    #expect(throws: PatternError(message: message, position: position)) { try PatternCompiler.compile(source) }
  }

  /// Each of these took from half a minute to hours.
  @Test(arguments: [
    "^(\((1...400).map { "c\($0)" }.joined(separator: "|"))|x)*x.{3000}$",
    "^(\((1...390).map { "c\($0)|" }.joined())x)*x.{3000}$", "^((a?b?){50}){50}c$", "^((a|b?)(c|d?)){4000}$",
    "(\(Array(repeating: "\\p{L}?", count: 300).joined())){100}",
    "^(\(Array(repeating: ".*", count: 900).joined(separator: "a")))$",
  ])
  func hostilePatternsEnd(_ source: String) {
    var budget = PatternBudget()
    let error = #expect(throws: PatternError.self) { try PatternCompiler.compile(source, budget: &budget) }
    #expect(error?.message.hasPrefix("the pattern") == true)
    // What goes over the limit was one state's moves, or one set's ranges.
    #expect(budget.spent <= PatternBudget.limit + 100_000)
  }

  @Test func optionalRepetitionsAreCheap() throws {
    var budget = PatternBudget()
    let pattern = try PatternCompiler.compile("^(a?){3000}$", budget: &budget)
    #expect(try pattern == PatternCompiler.compile("^a{0,3000}$").with(source: "^(a?){3000}$"))
    #expect(budget.spent < 100_000)
  }

  @Test func usualPatternsAreFarFromTheLimit() throws {
    let words = (1...300).map { "word\($0)" }.joined(separator: "|").prefix(1_900)
    for source in ["^(\(words))$", "^[\\p{L}\\p{N}][\\p{L}\\p{N}._-]{0,200}$", "^[^\u{0}-\u{1F}]{1,2000}$"] {
      var budget = PatternBudget()
      _ = try PatternCompiler.compile(source, budget: &budget)
      #expect(budget.spent < PatternBudget.limit / 2)
    }
  }

  @Test func limits() {
    #expect(throws: PatternError.self) { try PatternCompiler.compile("(.*a){3}.{12}$") }
    #expect(throws: PatternError.self) { try PatternCompiler.compile("((a{99}){99}){99}") }
    #expect(throws: PatternError.self) { try PatternCompiler.compile("a{10001}") }
    #expect(throws: PatternError.self) {
      try PatternCompiler.compile(String(repeating: "(", count: 101) + String(repeating: ")", count: 101))
    }
    #expect(throws: PatternError.self) { try PatternCompiler.compile(String(repeating: "a", count: 2_001)) }
  }
}

extension CompiledPattern {
  fileprivate func with(source: String) -> CompiledPattern {
    var copy = self
    copy.source = source
    return copy
  }
}
