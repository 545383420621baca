import Testing

@testable import JSONSchema

@Test(arguments: [
  ("^a+$", ["a", "aaa"], ["", "ab", "a\n"]),
  ("b", ["abc"], ["ac"]),
  ("^(?:ab|c){2,3}$", ["abab", "abc", "ccc"], ["ab", "cccc"]),
  (#"^\d{3}$"#, ["123"], ["12", "1234", "١٢٣"]),
  (#"^\p{Lu}\P{L}$"#, ["Ä1"], ["ä1", "ÄÄ"]),
  (#"^[\p{L}\d_-]+$"#, ["äß-1_"], ["a b"]),
  (#"^[^\u0000-\u001f]*$"#, ["", "a\u{20}"], ["a\u{1}"]),
  (#"^\u{1F600}$"#, ["😀"], ["😁"]),
  (#"^\ud83d\ude00.$"#, ["😀😀"], ["😀\n"]),
  // A code point, not what a reader sees as one character.
  ("^.$", ["é", "\u{0301}"], ["e\u{0301}"]),
  (#"\bcat\b"#, ["a cat."], ["concat"]),
  ("^[]$|^[^]$", ["x"], ["", "xx"]),
  (#"^\cA\x41\/$"#, ["\u{1}A/"], []),
  ("^a{,2}$", ["a{,2}"], ["aa"]),
])
func patterns(pattern: String, taken: [String], refused: [String]) throws {
  let compiled = try ECMAPattern(pattern)
  for text in taken { #expect(compiled.matches(text), "\(text)") }
  for text in refused { #expect(!compiled.matches(text), "\(text)") }
}

@Test(arguments: [
  "(", ")", "[a", #"\"#, "a{2,1}", "*", "(?=a)", "(?<!a)", #"(a)\1"#, #"\p{Script=Greek}"#, #"\a"#, "[b-a]", #"[\d-z]"#,
  "(?:(?:a{1000}){1000})",
])
func patternsThatAreRefused(pattern: String) {
  #expect(throws: PatternError.self) { try ECMAPattern(pattern) }
}

/// A matcher that tries one way after the other takes 2^60 steps for each of these.
@Test(.timeLimit(.minutes(1)), arguments: ["^(a+)+$", "^(a|a)*$", "^(a|aa)+$", "^(?:a?){60}a{60}$"])
func patternsTakeLinearTime(pattern: String) throws {
  #expect(try !ECMAPattern(pattern).matches(String(repeating: "a", count: 59) + "b"))
}
