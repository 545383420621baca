import Testing

@testable import Postgres

@Suite struct ArrayLiteralTests {
  private func parse(_ text: String) -> [String?]? {
    Array(text.utf8).withUnsafeBytes { ArrayLiteral.parse($0) }
  }

  @Test func readsWhatTheServerWrites() {
    #expect(parse("{}") == [])
    #expect(parse("{a,b}") == ["a", "b"])
    #expect(
      parse(#"{"a b","say \"hi\"","back\\slash","",NULL,"NULL","{","ü"}"#)
        == ["a b", #"say "hi""#, #"back\slash"#, "", nil, "NULL", "{", "ü"])
  }

  @Test(arguments: ["", "{", "}", "a", "{a,}", "{,a}", #"{"a}"#, #"{"a"b}"#, "{{1,2},{3,4}}", #"{"a\"#, "[2:3]={1,2}"])
  func refusesAnythingElse(_ text: String) {
    #expect(parse(text) == nil)
  }
}
