import Testing

@testable import SpecCompiler

@Suite struct SpellingTests {
  private func closest(_ name: String, _ candidates: [String]) -> String? {
    var spelling = Spelling()
    return spelling.closest(to: name, among: candidates)
  }

  @Test func theClosestIsMeant() {
    #expect(closest("maxlength", ["minLength", "maxLength", "maximum"]) == "maxLength")
    #expect(closest("descriptoin", ["description"]) == "description")
    #expect(closest("itmes", ["items"]) == "items")
    #expect(closest("typ", ["type"]) == "type")
    #expect(closest("typee", ["typo", "type"]) == "type")
    #expect(closest("wattage", ["type", "items"]) == nil)
    #expect(closest("a", ["bc", "", "xyz"]) == nil)
    #expect(closest("", ["abc"]) == nil)
    #expect(closest("same", ["some", "came"]) == "some")
    #expect(closest(String(repeating: "a", count: 101), [String(repeating: "a", count: 100)]) == nil)
  }

  /// Ten thousand wrong names among thirty thousand right ones would be three hundred million.
  @Test func `steps are bounded over all questions`() {
    var spelling = Spelling(steps: 1_000)
    var looked = 0
    for _ in 0..<10 {
      let names = (0..<300).lazy.map { number in
        looked += 1
        return "name\(number)xxxxxxxxxxxx"
      }
      #expect(spelling.closest(to: "other", among: names) == nil)
    }
    #expect(looked <= 1_000)
    #expect(spelling.closest(to: "typ", among: ["type"]) == nil)
  }
}
