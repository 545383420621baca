import Testing

@testable import Postgres

@Suite(.cluster) struct ValueTests {
  private static let texts = [
    "", " ", "NULL", "null", "plain", "it's", #"say "hi""#, #"back\slash"#, #"\"#, "{", "}", "{a,b}", "a,b",
    "line\nfeed",
    "tab\t", "grüße", "😀👨‍👩‍👧", "e\u{301}", "\u{1}\u{7f}", "$1", "%s", "--", "/*", "';DROP TABLE x;--",
  ]

  @Test func textsComeBackAsTheyWent() async throws {
    try await withClient { client in
      for text in ValueTests.texts {
        let row = try await client.run("SELECT $1::text, octet_length($1::text)", [.text(text)])[0]
        #expect(Array(try row.string(0).utf8) == Array(text.utf8))
        #expect(try row.int(1) == text.utf8.count)
      }
      let all: [String?] = ValueTests.texts + [nil]
      let row = try await client.run("SELECT $1::text[], cardinality($1::text[])", [.textArray(all)])[0]
      #expect(try row.textArray(0) == all)
      #expect(try row.int(1) == all.count)
      #expect(try await client.run("SELECT $1::text[]", [.textArray([])])[0].textArray(0) == [])
    }
  }

  @Test func numbersFlagsAndBytesComeBackAsTheyWent() async throws {
    try await withClient { client in
      for number in [0, 1, -1, .max, .min, 1_000_000_007] {
        #expect(try await client.run("SELECT $1::bigint", [.int(number)])[0].int(0) == number)
      }
      for number in [0, -0.0, 1.5, .pi, .greatestFiniteMagnitude, .leastNonzeroMagnitude, .infinity, -.infinity] {
        #expect(try await client.run("SELECT $1::float8", [.double(number)])[0].double(0) == number)
      }
      for bytes in [[], [0], Array(0...255)] as [[UInt8]] {
        #expect(try await client.run("SELECT $1::bytea", [.bytes(bytes)])[0].bytes(0) == bytes)
      }
      let row = try await client.run(
        "SELECT $1::bool, $2::bool, $3::bigint[], $4::bool[], $5::float8[]",
        [.bool(true), .bool(false), .intArray([1, nil, .min]), .boolArray([true, nil]), .doubleArray([0.5, nil])])[0]
      #expect(try row.bool(0))
      #expect(try !row.bool(1))
      #expect(try row.intArray(2) == [1, nil, .min])
      #expect(try row.textArray(3) == ["t", nil])
      #expect(try row.textArray(4) == ["0.5", nil])
    }
  }

  @Test func nullIsNotAValue() async throws {
    try await withClient { client in
      let row = try await client.run("SELECT $1::text, $2::int, ''::text", [.null, .optional(nil as Int?)])[0]
      #expect(row.isNull(0) && row.isNull(1) && !row.isNull(2))
      #expect(row.optionalString(0) == nil && row.optionalString(2) == "")
      #expect(try row.optionalInt(1) == nil && row.optionalBool(0) == nil)
      #expect(try row.optionalDouble(0) == nil && row.optionalBytes(0) == nil)
      #expect(throws: PostgresError.self) { try row.string(0) }
      #expect(throws: PostgresError.self) { try row.int(1) }
      #expect(throws: PostgresError.self) { try row.bytes(0) }
      #expect(throws: PostgresError.self) { try row.textArray(0) }
      let error = try await failure { _ = try row.int(2) }
      #expect(error.code == .badValue)
    }
  }

  @Test func valuesThatAreNotWhatWasAskedForThrow() async throws {
    try await withClient { client in
      let row = try await client.run(
        "SELECT 'x', '9223372036854775808', '-9223372036854775809', '', '-', '1.5', '{{1},{2}}'")[0]
      for column in 0..<7 { #expect(throws: PostgresError.self) { try row.int(column) } }
      #expect(throws: PostgresError.self) { try row.bool(0) }
      #expect(throws: PostgresError.self) { try row.bytes(0) }
      #expect(throws: PostgresError.self) { try row.double(0) }
      #expect(throws: PostgresError.self) { try row.textArray(6) }
    }
  }

  @Test func resultsAreCollections() async throws {
    try await withClient { client in
      let rows = try await client.run("SELECT n AS number FROM generate_series(1, 5) n")
      #expect(try rows.map { try $0.int(0) } == [1, 2, 3, 4, 5])
      #expect(rows.columnName(0) == "number")
      #expect(rows.affectedRows == 5)
      #expect(try rows.last?.int(0) == 5)
      #expect(try await client.run("SELECT 1 WHERE false").isEmpty)
    }
  }

  @Test func timesAreInUTC() async throws {
    try await withClient { client in
      let row = try await client.run("SELECT '2026-11-22T18:00:00.123456+01:00'::timestamptz")[0]
      #expect(try row.string(0) == "2026-11-22 17:00:00.123456+00")
    }
  }
}
