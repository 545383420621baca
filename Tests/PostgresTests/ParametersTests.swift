import Testing

@testable import Postgres

@Suite struct ParametersTests {
  private func encoded(_ values: Value...) throws -> [String?] {
    let parameters = try Parameters.encode(values, for: "test")
    return (0..<parameters.count).map { index in
      parameters.pointers?[index].map { String(cString: $0) }
    }
  }

  @Test func writesPostgresTextFormat() throws {
    #expect(try encoded(.null, .text(""), .text("grüße 😀")) == [nil, "", "grüße 😀"])
    #expect(
      try encoded(.int(0), .int(-1), .int(10), .int(99), .int(100), .int(.max), .int(.min))
        == ["0", "-1", "10", "99", "100", "9223372036854775807", "-9223372036854775808"])
    #expect(try encoded(.bool(true), .bool(false), .double(-1.5e-300)) == ["t", "f", "-1.5e-300"])
    #expect(try encoded(.textArray([])) == ["{}"])
    #expect(
      try encoded(.textArray(["a", "", nil, "NULL", #"q"b\"#, "{,}"])) == [#"{"a","",NULL,"NULL","q\"b\\","{,}"}"#])
    #expect(try encoded(.intArray([1, nil, -3])) == ["{1,NULL,-3}"])
  }

  @Test func fitsItsMemoryWhateverTheText() throws {
    // The bound counts two bytes for each byte of an array's text: nothing but quotes and backslashes is the worst.
    let worst = String(repeating: "\"\\", count: 1_000)
    #expect(try encoded(.textArray([worst, worst])).first??.utf8.count == 2 + 2 * (4_000 + 2) + 1)
  }

  @Test(arguments: [Value.text("a\0b"), .textArray(["fine", "\0"])])
  func refusesTheCharacterThatPostgresCannotStore(_ value: Value) throws {
    let error = #expect(throws: PostgresError.self) { try encoded(.int(1), value) }
    #expect(error?.code == .badValue)
    #expect(error?.description.contains("$2") == true)
  }

  @Test func refusesMoreParametersThanTheProtocolCounts() {
    #expect(throws: PostgresError.self) {
      try Parameters.encode(Array(repeating: .null, count: 65_536), for: "test")
    }
  }
}
