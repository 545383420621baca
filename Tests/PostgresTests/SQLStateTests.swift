import Testing

@testable import Postgres

/// What the server's errors mean to callers, as the server says them.
@Suite(.database, .serialized) struct SQLStateTests {
  struct Example: CustomTestStringConvertible {
    let state: String
    let isUnavailable: Bool
    var isUnwritable = false
    var code = PostgresError.Code.statement

    var testDescription: String { state }
  }

  private static func fault(_ state: String) -> Example { Example(state: state, isUnavailable: false) }
  private static func away(_ state: String) -> Example { Example(state: state, isUnavailable: true) }
  private static func unwritable(_ state: String) -> Example {
    Example(state: state, isUnavailable: true, isUnwritable: true)
  }

  private static let examples = [
    away("08000"), away("08006"), fault("08P01"), fault("0A000"), fault("22012"), fault("22P02"), fault("23505"),
    fault("25P02"), unwritable("25006"), fault("28000"), fault("3D000"), away("40001"), away("40002"),
    away("40P01"), fault("42601"), fault("42P01"), away("53000"), unwritable("53100"), away("53200"), away("53300"),
    away("53400"), fault("54000"), fault("55000"), away("55006"), away("55P03"), away("57000"), away("57P01"),
    away("57P03"), Example(state: "57014", isUnavailable: true, code: .timeout), unwritable("58000"),
    unwritable("58030"), fault("58P01"), fault("P0001"), fault("XX000"), fault("XX001"), fault("XX002"),
  ]

  @Test(arguments: examples) func isAnsweredByItsClass(_ example: Example) async throws {
    try await withClient {
      $0.connections = 1
      $0.lockLimit = .milliseconds(50)
    } _: { client in
      let error = try await failure {
        try await client.run("DO $$ BEGIN RAISE EXCEPTION 'as if' USING ERRCODE = '\(example.state)'; END $$")
      }
      #expect(error.sqlState == example.state)
      #expect(error.code == example.code)
      #expect(error.isUnavailable == example.isUnavailable)
      #expect(error.isUnwritable == example.isUnwritable)
      #expect(!error.inDoubt)
      #expect(try await client.run("SELECT 1")[0].int(0) == 1)
    }
  }

  @Test func aSessionThatIsReadOnlyIsReplaced() async throws {
    try await withClient {
      $0.connections = 1
    } _: { client in
      try await client.run("CREATE TABLE written (n int)")
      try await client.run("SET default_transaction_read_only = on")
      let error = try await failure { try await client.run("INSERT INTO written VALUES (1)") }
      #expect(error.sqlState == "25006" && error.isUnwritable && error.isUnavailable)
      try await until("another session writes") { (try? await client.run("INSERT INTO written VALUES (1)")) != nil }
    }
  }
}
