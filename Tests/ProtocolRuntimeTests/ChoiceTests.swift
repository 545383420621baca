import NIOCore
import Testing

@testable import ProtocolRuntime

/// Values that have one of several forms.
@Suite struct ChoiceTests {
  private indirect enum Nested: Equatable {
    case list([Nested])
    case other([Nested])
    case number(Int)
  }

  /// Both lists look the same until their end.
  private static func nested(_ reader: inout JSONReader) throws(JSONSyntaxError) -> Nested? {
    let number = JSONBranch<Nested>(.number) { (reader) throws(JSONSyntaxError) in
      try reader.integer().map { .number($0) }
    }
    let list = JSONBranch<Nested>(.array) { (reader) throws(JSONSyntaxError) in
      try reader.array(minItems: 2) { (reader) throws(JSONSyntaxError) in try nested(&reader) }.map { .list($0) }
    }
    let other = JSONBranch<Nested>(.array) { (reader) throws(JSONSyntaxError) in
      try reader.array { (reader) throws(JSONSyntaxError) in try nested(&reader) }.map { .other($0) }
    }
    return try reader.choice([number, list, other], exactlyOne: false)
  }

  private func read<Value>(
    _ json: String, _ value: (inout JSONReader) throws(JSONSyntaxError) -> Value?
  ) throws -> (value: Value?, violations: [String]) {
    var violations: [Violation] = []
    let value = try JSONReader.read(ByteBuffer(string: json), violations: &violations, value)
    return (value, violations.map { "\($0.pointer) \($0.keyword)" })
  }

  private static let texts: [JSONBranch<String>] = [
    JSONBranch(.string) { (reader) throws(JSONSyntaxError) in try reader.string(maxLength: 3) },
    JSONBranch(.string) { (reader) throws(JSONSyntaxError) in try reader.string(minLength: 3) },
    JSONBranch(.number) { (reader) throws(JSONSyntaxError) in try reader.integer(maximum: 9).map(String.init) },
  ]

  @Test(
    arguments: [
      ("\"ab\"", true, "ab", []), ("\"abc\"", false, "abc", []), ("\"abc\"", true, nil, [" oneOf"]),
      ("7", true, "7", []),
      // Where only one form is left, it tells what is wrong.
      ("10", true, nil, [" maximum"]), ("null", true, nil, [" oneOf"]), ("[]", false, nil, [" anyOf"]),
    ] as [(String, Bool, String?, [String])])
  func `the form that reads it`(json: String, exactlyOne: Bool, text: String?, violations: [String]) throws {
    let result = try read(json) { (reader) throws(JSONSyntaxError) in
      try reader.choice(Self.texts, exactlyOne: exactlyOne)
    }
    #expect(result.value == text)
    #expect(result.violations == violations)
  }

  @Test func `what was wrong before stays told`() throws {
    let result = try read("[10, \"ab\"]") { (reader) throws(JSONSyntaxError) in
      try reader.array { (reader) throws(JSONSyntaxError) in try reader.choice(Self.texts, exactlyOne: true) }
    }
    #expect(result.violations == ["/0 maximum"])
  }

  @Test func `forms within forms are read`() throws {
    #expect(try read("[1,[2]]", Self.nested).value == .list([.number(1), .other([.number(2)])]))
  }

  /// Each level is read twice, each time with all below: 2^50 ways to the innermost.
  @Test func `forms within forms end`() throws {
    let json = String(repeating: "[", count: 50) + String(repeating: "]", count: 50)
    let result = try read(json, Self.nested)
    #expect(result.value == nil)
    #expect(result.violations == [" anyOf"])
  }
}
