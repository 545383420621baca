import NIOCore
import Testing

@testable import ProtocolRuntime

/// Numbers are judged by their decimal digits.
@Suite struct NumberTests {
  /// By binary fractions 0.3, 0.7 and 1.1 were no multiples of 0.1.
  @Test(
    arguments: [
      ("0.3", DecimalStep(1, exponent: -1), true), ("0.7", DecimalStep(1, exponent: -1), true),
      ("-1.1", DecimalStep(1, exponent: -1), true), ("0.30", DecimalStep(1, exponent: -1), true),
      ("3e-1", DecimalStep(1, exponent: -1), true), ("0", DecimalStep(1, exponent: -1), true),
      ("-0.000", DecimalStep(1, exponent: -1), true), ("0e99999999999999999999", DecimalStep(1, exponent: -1), true),
      ("0.25", DecimalStep(1, exponent: -1), false), ("0.30000000000000004", DecimalStep(1, exponent: -1), false),
      ("1e-400", DecimalStep(1, exponent: -1), false), ("1e-99999999999999999999", DecimalStep(1, exponent: -1), false),
      ("1e308", DecimalStep(1, exponent: -1), true), ("1e308", DecimalStep(3, exponent: 0), false),
      ("3e308", DecimalStep(3, exponent: 0), true), ("1e99999999999999999999", DecimalStep(5, exponent: 7), true),
      ("123456789012345678901234567890.1", DecimalStep(1, exponent: -1), true),
      ("19.99", DecimalStep(1, exponent: -2), true), ("19.999", DecimalStep(1, exponent: -2), false),
      ("7.5", DecimalStep(25, exponent: -1), true), ("10", DecimalStep(25, exponent: -1), true),
      ("1e1", DecimalStep(25, exponent: -1), true), ("9", DecimalStep(25, exponent: -1), false),
      ("900", DecimalStep(3, exponent: 2), true), ("9.00e2", DecimalStep(3, exponent: 2), true),
      ("100", DecimalStep(3, exponent: 2), false), ("30", DecimalStep(3, exponent: 2), false),
      ("99999999999999999", DecimalStep(99_999_999_999_999_999, exponent: 0), true),
      ("999999999999999990000000000", DecimalStep(99_999_999_999_999_999, exponent: 0), true),
      ("999999999999999990000000001", DecimalStep(99_999_999_999_999_999, exponent: 0), false),
      ("1002003", DecimalStep(1_002_003, exponent: 0), true), ("1002004", DecimalStep(1_002_003, exponent: 0), false),
    ])
  func multiples(_ text: String, _ step: DecimalStep, _ expected: Bool) {
    #expect(step.divides(Array(text.utf8)) == expected)
  }

  struct Price: JSONDecodable {
    var value: Double
    static func decode(from reader: inout JSONReader) throws(JSONSyntaxError) -> Price? {
      try reader.number(minimum: 0.3, maximum: 100, multipleOf: DecimalStep(1, exponent: -1)).map { Price(value: $0) }
    }
  }

  struct Inside: JSONDecodable {
    var value: Double
    static func decode(from reader: inout JSONReader) throws(JSONSyntaxError) -> Inside? {
      try reader.number(exclusiveMinimum: 0, exclusiveMaximum: 0.3).map { Inside(value: $0) }
    }
  }

  struct Unbounded: JSONDecodable {
    var value: Double
    static func decode(from reader: inout JSONReader) throws(JSONSyntaxError) -> Unbounded? {
      try reader.number().map { Unbounded(value: $0) }
    }
  }

  private func broken<Value: JSONDecodable>(_ text: String, _ type: Value.Type) throws -> [String] {
    var violations: [Violation] = []
    let value = try Value.decode(json: ByteBuffer(string: text), violations: &violations)
    #expect((value == nil) == !violations.isEmpty)
    return violations.map(\.keyword)
  }

  @Test(arguments: [
    ("0.3", []), ("0.30", []), ("3e-1", []), ("100", []), ("1e2", []), ("100.0", []), ("0.7", []),
    ("0.29999999999999999999", ["minimum", "multipleOf"]), ("0.2", ["minimum"]), ("1e-400", ["minimum", "multipleOf"]),
    ("100.00000000000000000001", ["maximum", "multipleOf"]), ("1e400", ["maximum"]), ("-1e400", ["minimum"]),
    ("100.1", ["maximum"]), ("50.05", ["multipleOf"]),
  ])
  func inclusiveBounds(_ text: String, _ expected: [String]) throws {
    #expect(try broken(text, Price.self) == expected)
  }

  @Test(arguments: [
    ("0.29999999999999999999", []), ("0.1", []), ("1e-400", []), ("0.3", ["exclusiveMaximum"]),
    ("3000e-4", ["exclusiveMaximum"]), ("0.30000000000000000001", ["exclusiveMaximum"]), ("0", ["exclusiveMinimum"]),
    ("-0.0", ["exclusiveMinimum"]), ("0e5", ["exclusiveMinimum"]), ("-1e-400", ["exclusiveMinimum"]),
  ])
  func exclusiveBounds(_ text: String, _ expected: [String]) throws {
    #expect(try broken(text, Inside.self) == expected)
  }

  /// An infinite value could not be written as JSON again.
  @Test func `what no double can hold is refused`() throws {
    #expect(try broken("1e400", Unbounded.self) == ["type"])
    #expect(try broken("-1e400", Unbounded.self) == ["type"])
    #expect(try broken("1.7976931348623157e308", Unbounded.self) == [])
  }
}
