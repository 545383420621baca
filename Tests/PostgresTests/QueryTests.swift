import Testing

@testable import Postgres

/// A statement of the tests, with a type that may say something else than its text.
private struct Pair: Query {
  typealias Output = [(Int, String)]

  let sql: String
  var values: [Value] = []

  var statement: Statement { .text(sql) }

  func element(_ row: inout RowReader) throws(PostgresError) -> (Int, String) { (try row.int(), try row.string()) }
}

private struct Single: Query {
  typealias Output = Int

  let sql: String

  var statement: Statement { .text(sql) }
  var values: [Value] { [] }

  func element(_ row: inout RowReader) throws(PostgresError) -> Int { try row.int() }
}

private struct Perhaps: Query {
  typealias Output = Int?

  let sql: String

  var statement: Statement { .text(sql) }
  var values: [Value] { [] }

  func element(_ row: inout RowReader) throws(PostgresError) -> Int { try row.int() }
}

private struct Write: Command {
  let sql: String

  var statement: Statement { .text(sql) }
  var values: [Value] { [] }
}

@Suite(.database, .serialized) struct QueryTests {
  @Test func readsColumnsInOrder() async throws {
    try await withClient { client in
      let pairs = try await client.query(
        Pair(sql: "SELECT n, 'n' || n FROM generate_series(1, $1::int) n", values: [.int(3)]))
      #expect(pairs.map(\.0) == [1, 2, 3])
      #expect(pairs.map(\.1) == ["n1", "n2", "n3"])
    }
  }

  // A statement and its type that differ are a fault at the first row, never a value from another column.
  @Test(arguments: [
    ("SELECT 1", "a row has only 1 columns, another was asked for"),
    ("SELECT 1, 'a', 2", "a row has 3 columns, 2 were read"),
    ("SELECT 1, 2", "column 1 (?column?), row 0: expected text, found something else"),
    ("SELECT 'a', 'b'", "column 0 (?column?), row 0: expected an integer, found something else"),
    ("SELECT 1, NULL::text", "column 1 (text), row 0: expected text, found NULL"),
    ("SELECT 1, 'a' UNION ALL SELECT NULL, 'b'", "column 0 (?column?), row 1: expected an integer, found NULL"),
  ]) func refusesAnotherRow(sql: String, message: String) async throws {
    try await withClient { client in
      let error = try await failure { _ = try await client.query(Pair(sql: sql)) }
      #expect(error.code == .badValue)
      #expect(error.message == message)
      #expect(error.statement == Statement.text(sql).name)
    }
  }

  @Test func countsRows() async throws {
    try await withClient { client in
      let one = try await client.query(Single(sql: "SELECT 7"))
      #expect(one == 7)
      let some = try await client.query(Perhaps(sql: "SELECT 7"))
      #expect(some == 7)
      let none = try await client.query(Perhaps(sql: "SELECT 7 WHERE false"))
      #expect(none == nil)
      for sql in ["SELECT 7 WHERE false", "SELECT 7 UNION ALL SELECT 8", "SELECT 7, 8"] {
        let error = try await failure { _ = try await client.query(Single(sql: sql)) }
        #expect(error.code == .badValue)
      }
      for sql in ["SELECT 7 UNION ALL SELECT 8", "SELECT 7, 8"] {
        let error = try await failure { _ = try await client.query(Perhaps(sql: sql)) }
        #expect(error.code == .badValue)
      }
    }
  }

  @Test func skipsAndLooksAhead() async throws {
    try await withClient { client in
      var rows = RowReader(try await client.run("SELECT NULL::int, 2, 3"))
      let refusal1 = isRefused { () throws(PostgresError) in _ = try rows.int() }
      #expect(refusal1)
      var isThere = try rows.next()
      #expect(isThere)
      let isNull = try rows.isNull
      #expect(isNull)
      try rows.skip(2)
      let refusal2 = isRefused { () throws(PostgresError) in try rows.skip(2) }
      #expect(refusal2)
      let last = try rows.int()
      #expect(last == 3)
      let refusal3 = isRefused { () throws(PostgresError) in _ = try rows.isNull }
      #expect(refusal3)
      isThere = try rows.next()
      #expect(!isThere)
      let refusal4 = isRefused { () throws(PostgresError) in _ = try rows.int() }
      #expect(refusal4)
    }
  }

  @Test func transactionsKeepTheirTypes() async throws {
    try await withClient { client in
      let (written, pairs, single) = try await client.transaction(
        Write(sql: "CREATE TEMPORARY TABLE kept AS SELECT generate_series(1, 3) AS n"),
        Pair(sql: "SELECT n, 'x' FROM generate_series(1, 2) n"), Single(sql: "SELECT 5"))
      #expect(written == 3)
      #expect(pairs.count == 2)
      #expect(single == 5)
      let (least, greatest) = try await client.transaction(Single(sql: "SELECT 1"), Single(sql: "SELECT 9"))
      #expect(least == 1 && greatest == 9)
    }
  }
}

private func isRefused(_ body: () throws(PostgresError) -> Void) -> Bool {
  do throws(PostgresError) {
    try body()
    return false
  } catch {
    return error.code == .badValue
  }
}
