import Glibc
import Testing

@testable import Postgres

@Suite struct ParametersTests {
  /// The values' bytes, and what the memory after each text is ended with.
  private func encoded(_ values: Value...) throws -> [[UInt8]?] {
    let parameters = try Parameters.encode(values, for: "test")
    return try (0..<parameters.count).map { index in
      let pointer = try #require(parameters.pointers)[index]
      let isBinary = try #require(parameters.formats)[index] == 1
      guard let pointer else {
        #expect(!isBinary)
        return nil
      }
      let length = isBinary ? Int(try #require(parameters.lengths)[index]) : strlen(pointer)
      return UnsafeRawBufferPointer(start: pointer, count: length).map { $0 }
    }
  }

  private func texts(_ values: Value...) throws -> [String?] {
    try values.map { value in try encoded(value)[0].map { String(decoding: $0, as: UTF8.self) } }
  }

  @Test func writesPostgresTextFormat() throws {
    #expect(try texts(.null, .text(""), .text("grüße 😀")) == [nil, "", "grüße 😀"])
    #expect(
      try texts(.int(0), .int(-1), .int(10), .int(99), .int(100), .int(.max), .int(.min))
        == ["0", "-1", "10", "99", "100", "9223372036854775807", "-9223372036854775808"])
    #expect(try texts(.bool(true), .bool(false), .double(-1.5e-300)) == ["t", "f", "-1.5e-300"])
  }

  @Test func writesPostgresBinaryForm() throws {
    let id = UUIDWords(high: 0x0102_0304_0506_0708, low: 0x090a_0b0c_0d0e_0f10)
    #expect(try encoded(.uuid(id)) == [Array(1...16)])
    // Dimensions, whether there are NULLs, the elements' type; the length and the lower bound.
    let head: [UInt8] = [0, 0, 0, 1, 0, 0, 0, 0, 0, 0]
    let uuids = head + [0x0b, 0x86, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 16] + Array(1...16)
    let empty: [UInt8] = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 25]
    #expect(try encoded(.int(7), .uuidArray([id]), .null, .textArray([])) == [[55], uuids, nil, empty])
    let withNull: [UInt8] =
      [0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 25, 0, 0, 0, 3, 0, 0, 0, 1]
      + [0, 0, 0, 1, 97, 255, 255, 255, 255, 0, 0, 0, 0]
    #expect(try encoded(.textArray(["a", nil, ""])) == [withNull])
    let numbers = head + [0, 20, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 8] + [UInt8](repeating: 255, count: 7) + [254]
    #expect(try encoded(.intArray([-2])) == [numbers])
  }

  @Test func fitsItsMemoryWhateverTheValues() throws {
    for value in [
      .text("grüße"), .int(.min), .bool(false), .double(-.greatestFiniteMagnitude), .double(.leastNonzeroMagnitude),
      .textArray([nil, "grüße", ""]), .intArray([nil, .min]), .uuidArray([nil, UUIDWords(high: 1, low: 2)]),
    ] as [Value] {
      let bound = ParameterWriter.bound(of: value)
      try withUnsafeTemporaryAllocation(byteCount: bound, alignment: 1) { memory in
        let start = try #require(memory.baseAddress)
        var writer = ParameterWriter(start)
        let isClean = writer.write(value)
        #expect(isClean)
        #expect(writer.cursor - start <= bound)
      }
    }
  }

  @Test(arguments: [Value.text("a\0b"), .textArray(["fine", "\0"])])
  func refusesTheCharacterThatPostgresCannotStore(_ value: Value) throws {
    let error = #expect(throws: PostgresError.self) { try encoded(.int(1), value) }
    #expect(error?.code == .badValue)
    #expect(error?.description.contains("$2") == true)
  }

  @Test func refusesMoreBytesThanAMessageHas() throws {
    let text = String(repeating: "x", count: 1 << 20)
    let error = #expect(throws: PostgresError.self) {
      try Parameters.encode(Array(repeating: .text(text), count: 2048), for: "test")
    }
    #expect(error?.code == .badValue)
  }

  @Test func refusesMoreParametersThanTheProtocolCounts() {
    #expect(throws: PostgresError.self) {
      try Parameters.encode(Array(repeating: .null, count: 65_536), for: "test")
    }
  }
}
