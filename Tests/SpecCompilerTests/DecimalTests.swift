import Testing

@testable import SpecCompiler

@Suite struct DecimalTests {
  @Test(arguments: [
    (0.3, 0.1, true), (0.7, 0.1, true), (1.1, 0.1, true), (-0.3, 0.1, true), (0.30000000000000004, 0.1, false),
    (0.25, 0.1, false), (0, 0.1, true), (19.99, 0.01, true), (1e308, 0.1, true), (.leastNonzeroMagnitude, 0.1, false),
    (7.5, 2.5, true),
    (900, 300, true), (100, 300, false), (1e300, 3, false), (3e300, 3, true), (6, 0, false),
  ])
  func multiples(_ value: Double, _ step: Double, _ expected: Bool) {
    #expect(Decimal(value).isMultiple(of: Decimal(step)) == expected)
  }

  @Test(
    arguments: [
      ("100", 1, 2), ("0.0010", 1, -3), ("-1.50e+3", 15, 2), ("1e22", 1, 22), ("0.0", 0, 0),
      ("12345678901234567", 12_345_678_901_234_567, 0),
      (".5", 5, -1), ("1.", 1, 0), ("007", 7, 0),
    ] as [(String, UInt64, Int)])
  func digits(_ text: String, _ coefficient: UInt64, _ exponent: Int) throws {
    let decimal = try #require(Decimal(text))
    #expect(decimal.coefficient == coefficient)
    #expect(decimal.exponent == exponent)
  }

  @Test(arguments: ["123456789012345678", "0.100000000000000001", "1e99999999999999999999"])
  func tooManyDigits(_ text: String) {
    #expect(Decimal(text) == nil)
  }
}
