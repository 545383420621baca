import Testing

@testable import Postgres

@Suite("PostgreSQL's binary form") struct BinaryFormTests {
  /// Each of these words was taken for a number that it can't be, and ended the process.
  @Test func arraysWhoseWordsAreNoCountsAreNone() {
    func array(dimensions: UInt32 = 1, type: UInt32 = 20, count: UInt32) -> [Int?]? {
      var bytes: [UInt8] = []
      for word in [dimensions, 0, type, count, 1] { withUnsafeBytes(of: word.bigEndian) { bytes += $0 } }
      return bytes.withUnsafeBytes { BinaryForm.array($0, of: [.bigint]) { BinaryForm.integer($0) } }
    }
    #expect(array(count: 0) == [])
    #expect(array(count: .max) == nil)
    #expect(array(type: .max, count: 0) == nil)
    #expect(array(dimensions: .max, count: 0) == nil)
    #expect(array(count: 1) == nil)
  }
}

@Suite(.database, .serialized) struct ValueTests {
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
        let digits = bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
        #expect(try await client.run("SELECT decode($1, 'hex')", [.text(digits)])[0].bytes(0) == bytes)
      }
      let row = try await client.run(
        "SELECT $1::bool, $2::bool, $3::bigint[], $3::bigint[]::int[], $4::bigint[], $5::bigint[]",
        [.bool(true), .bool(false), .intArray([1, nil, -7]), .intArray([.min, .max]), .intArray([])])[0]
      #expect(try row.bool(0))
      #expect(try !row.bool(1))
      #expect(try row.intArray(2) == [1, nil, -7])
      #expect(try row.intArray(3) == [1, nil, -7])
      #expect(try row.intArray(4) == [.min, .max])
      #expect(try row.intArray(5) == [])
      let ends = try await client.run("SELECT (-32768)::smallint, (-2147483648)::int, ARRAY[9223372036854775807]")[0]
      #expect(try ends.int(0) == -32768 && ends.int(1) == -2_147_483_648 && ends.intArray(2) == [.max])
    }
  }

  @Test func nullIsNotAValue() async throws {
    try await withClient { client in
      let row = try await client.run(
        """
        SELECT $1::text, $2::int, ''::text, NULL::bool, NULL::float8, NULL::bytea, NULL::uuid, NULL::timestamptz,
          NULL::text[], ''::bytea
        """, [.null, .optional(nil as Int?)])[0]
      #expect(row.isNull(0) && row.isNull(1) && !row.isNull(2))
      #expect(try row.optionalString(0) == nil && row.optionalString(2) == "")
      #expect(try row.optionalInt(1) == nil && row.optionalBool(3) == nil && row.optionalDouble(4) == nil)
      #expect(try row.optionalBytes(5) == nil && row.optionalBytes(9) == [])
      #expect(try row.optionalUUIDWords(6) == nil && row.optionalMicrosecondsSinceEpoch(7) == nil)
      #expect(throws: PostgresError.self) { try row.string(0) }
      #expect(throws: PostgresError.self) { try row.int(1) }
      #expect(throws: PostgresError.self) { try row.bool(3) }
      #expect(throws: PostgresError.self) { try row.bytes(5) }
      #expect(throws: PostgresError.self) { try row.uuidWords(6) }
      #expect(throws: PostgresError.self) { try row.microsecondsSinceEpoch(7) }
      #expect(throws: PostgresError.self) { try row.textArray(8) }
      let error = try await failure { _ = try row.int(2) }
      #expect(error.code == .badValue)
    }
  }

  @Test func valuesThatAreNotWhatWasAskedForThrow() async throws {
    try await withClient { client in
      // As long as a bigint, an integer and a smallint: their lengths alone would let them pass.
      let row = try await client.run(
        """
        SELECT 'eightish', 'four', 'tw', 't', 'sixteen letters!', 1.5, ARRAY[[1], [2]], ARRAY['x'], 1,
          'infinity'::timestamptz, ARRAY[NULL::uuid], '[2:3]={1,2}'::int[]
        """)[0]
      for column in [0, 1, 2, 3, 4, 5, 6, 7, 9] { #expect(throws: PostgresError.self) { try row.int(column) } }
      for column in 0..<9 { #expect(throws: PostgresError.self) { try row.bool(column) } }
      for column in 0..<9 { #expect(throws: PostgresError.self) { try row.uuidWords(column) } }
      for column in 0..<10 { #expect(throws: PostgresError.self) { try row.microsecondsSinceEpoch(column) } }
      for column in 5..<10 { #expect(throws: PostgresError.self) { try row.string(column) } }
      #expect(throws: PostgresError.self) { try row.bytes(0) }
      #expect(throws: PostgresError.self) { try row.double(0) }
      #expect(throws: PostgresError.self) { try row.double(5) }
      #expect(throws: PostgresError.self) { try row.intArray(6) }
      #expect(throws: PostgresError.self) { try row.intArray(7) }
      #expect(throws: PostgresError.self) { try row.textArray(0) }
      #expect(throws: PostgresError.self) { try row.textArray(6) }
      #expect(throws: PostgresError.self) { try row.uuidWordsArray(10) }
      #expect(throws: PostgresError.self) { try row.intArray(11) }
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

  @Test func uuidsAndTimesComeBackAsTheyWent() async throws {
    try await withClient { client in
      let row = try await client.run(
        """
        SELECT '0192f0a4-0001-7000-8000-00000000000f'::uuid, '2026-11-22T18:00:00.123456+01:00'::timestamptz,
          '1969-12-31T23:59:59.999999Z'::timestamptz, ARRAY['0192f0a4-0001-7000-8000-00000000000f'::uuid], '{}'::uuid[]
        """)[0]
      #expect(try row.uuidWords(0) == UUIDWords(high: 0x0192_f0a4_0001_7000, low: 0x8000_0000_0000_000f))
      #expect(try row.microsecondsSinceEpoch(1) == 1_795_366_800_123_456)
      #expect(try row.microsecondsSinceEpoch(2) == -1)
      #expect(try row.uuidWordsArray(3).map(\.low) == [0x8000_0000_0000_000f])
      #expect(try row.uuidWordsArray(4).isEmpty)
      let ends = [UUIDWords(high: 0, low: 0), UUIDWords(high: .max, low: .max), UUIDWords(high: 1 << 63, low: 1)]
      let back = try await client.run(
        "SELECT $1::uuid, $2::uuid[], $3::uuid[], $4::uuid[] IS NOT DISTINCT FROM ARRAY[NULL, $1::uuid], $1::uuid::text",
        [.uuid(ends[2]), .uuidArray(ends), .uuidArray([]), .uuidArray([nil, ends[2]])])[0]
      #expect(try back.uuidWords(0) == ends[2])
      #expect(try back.uuidWordsArray(1) == ends)
      #expect(try back.uuidWordsArray(2).isEmpty)
      #expect(try back.bool(3))
      #expect(try back.string(4) == "80000000-0000-0000-0000-000000000001")
    }
  }
}
