import Foundation
import Testing

@testable import JSONSchema

/// Each schema looks at each value once: this one would be walked 2^200 times.
@Test(.timeLimit(.minutes(1))) func branchesInBranchesTakeLinearWork() throws {
  var definitions = (0..<200).map { number in
    let next = ##"{"$ref": "#/$defs/a\##(number + 1)"}"##
    let rules = [
      #""anyOf": [\#(next), \#(next)]"#, #""oneOf": [\#(next), {"allOf": [\#(next), false]}]"#,
      #""allOf": [\#(next), \#(next)]"#,
    ]
    return #""a\#(number)": {\#(rules[number % 3])}"#
  }
  definitions.append(#""a200": {"type": "null"}"#)
  let schema = ##"{"$ref": "#/$defs/a0", "$defs": {\##(definitions.joined(separator: ", "))}}"##
  #expect(try told(schema, "null") == [])
  // Of 2^67 ways to the one rule that is broken as many are told as fit.
  #expect(try !told(schema, "1").isEmpty)
}

/// A value may be as deep as its parser takes it, and a schema that goes round it with it.
@Test func whatIsDeepIsJudged() throws {
  let schema = ##"{"type": "array", "items": {"$ref": "#"}}"##
  let deep = String(repeating: "[", count: 128) + String(repeating: "]", count: 128)
  #expect(try told(schema, deep) == [])
  #expect(throws: JSONSyntaxError.self) { try JSONValue(parsing: "[\(deep)]".utf8) }
}

/// On a thread of the usual size, also unoptimised: a finding, not the end of the process.
@Test func whatIsTooDeepIsAFinding() throws {
  let definitions = (0..<2000).map { ##""a\##($0)": {"allOf": [{"$ref": "#/$defs/a\##($0 + 1)"}]}"## }
  let schema = ##"{"$ref": "#/$defs/a0", "$defs": {\##(definitions.joined(separator: ", ")), "a2000": true}}"##
  #expect(try told(schema, "1") == [" depth"])
  let negated = #"{"not": \#(schema)}"#.replacingOccurrences(of: "#/$defs", with: "#/not/$defs")
  #expect(try told(negated, "1") == [" depth"])
}

@Test func aSchemaWithoutAnEndIsAFinding() throws {
  #expect(try told(##"{"$ref": "#/$defs/a", "$defs": {"a": {"allOf": [{"$ref": "#/$defs/a"}]}}}"##, "1") == [" $ref"])
}

@Test(arguments: [
  (#"{"a": 1, "a": 1}"#, "a name is twice in the object that ends at byte 16"),
  (#"["\ud800"]"#, "a lone surrogate at byte 8"), ("[1,]", "an unexpected byte at byte 3"),
  ("01", "a number that begins with 0 at byte 2"), ("1e1000000001", "an exponent beyond 10^9 at byte 12"),
  ("[1] 2", "more than one value at byte 4"), ("\"\u{1}\"", "a control character in a string at byte 2"),
  ("", "the text ends early at byte 0"), ("1.", "no digit at byte 2"), ("tru", "an unknown word at byte 0"),
])
func whatIsNoJSON(text: String, error: String) {
  do {
    _ = try JSONValue(parsing: text.utf8)
    Issue.record("\(text) is taken")
  } catch let fault {
    #expect(fault.description == error)
  }
}

@Test func bytesThatAreNoUTF8() {
  #expect(throws: JSONSyntaxError.self) { try JSONValue(parsing: [0x22, 0xC0, 0x80, 0x22]) }
}

@Test func numbersAreTheirDigits() throws {
  func number(_ text: String) throws -> DecimalNumber {
    guard case .number(let number) = try JSONValue(parsing: text.utf8) else { throw CancellationError() }
    return number
  }
  #expect(try number("1.0") == number("1"))
  #expect(try number("-0.0") == number("0"))
  #expect(try number("1e3") == number("1000.00"))
  #expect(try number("9007199254740993") > number("9007199254740992"))
  #expect(try number("0.99999999999999999999") < number("1"))
  #expect(try number("-2") < number("-1.5"))
  #expect(try number("-9223372036854775808").integer == .min)
  #expect(try number("9223372036854775808").integer == nil)
  for (value, step, divides) in [
    ("0.3", "0.1", true), ("1e308", "0.1", true), ("0.35", "0.1", false), ("1e1000000000", "7", false),
    ("1e1000000000", "8", true), ("9999999999999999999", "9999999999999999999", true),
  ] {
    #expect(try DecimalDivisor(number(step))?.divides(number(value)) == divides, "\(value) by \(step)")
  }
}
