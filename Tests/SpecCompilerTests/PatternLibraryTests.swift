import Testing

@testable import SpecCompiler

@Suite struct PatternLibraryTests {
  /// A file of patterns, each of which costs all that one may.
  private func compile(_ patterns: [String]) -> [String] {
    let properties = patterns.enumerated().map { "        p\($0): {type: string, pattern: '\($1)'}\n" }.joined()
    let openapi = SpecFixture.complete(
      "components:\n  schemas:\n    Lamp:\n      type: object\n      properties:\n" + properties,
      from: SpecFixture.openapi)
    return SpecFixture.compile(openapi: openapi).diagnostics.filter { $0.severity == .error }.map(\.description)
  }

  @Test func allTogetherHaveALimit() throws {
    let errors = compile((0..<300).map { "^[a-z]{\($0)}(a|b)*a.{1900}$" })
    let tooMuch = errors.filter { $0.contains("takes too much work") || $0.contains("needs more than") }
    // The first over the limit is the last that is told.
    #expect(tooMuch.count == errors.count)
    #expect(errors.count > 5 && errors.count < 100)
  }

  @Test func theFirstOverTheLimitIsTold() throws {
    let errors = compile((0..<60).map { "^[a-z]{\($0),2000}$" } + (0..<60).map { "^[a-z]{\($0),2000}[0-9]{9}$" })
    #expect(errors.count == 1)
    #expect(
      errors.first?.contains("the patterns up to this one take too much work to compile; use fewer or simpler ones")
        == true)
  }

  @Test func equalPatternsAreCompiledOnce() {
    #expect(compile(Array(repeating: "^[a-z]{0,2000}$", count: 2_000)) == [])
  }
}
