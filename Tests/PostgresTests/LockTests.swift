import Testing

@testable import Postgres

/// What waits for a row that somebody else has locked.
@Suite(.database, .serialized) struct LockTests {
  /// A session of somebody else's, with rows 1 and 2 of a table locked.
  private func keeper(_ table: String, _ client: PostgresClient) async throws -> BlockingConnection {
    try await client.run("CREATE TABLE \(table) (id int PRIMARY KEY, hits int NOT NULL DEFAULT 0)")
    try await client.run("INSERT INTO \(table) SELECT generate_series(1, 9)")
    let keeper = try BlockingConnection(ConnectionSettings(DatabaseTrait.connectionString, statementTimeout: nil))
    _ = try keeper.execute("BEGIN")
    _ = try keeper.execute("SELECT FROM \(table) WHERE id <= 2 FOR UPDATE")
    return keeper
  }

  @Test func aLockHoldsUpNobodyWhoDoesNotNeedIt() async throws {
    // One connection: whoever waited on it would hold up all.
    try await withClient {
      $0.connections = 1
      $0.lockLimit = .seconds(600)
    } _: { client in
      let keeper = try await keeper("held_up", client)
      let hit = Statement.text("UPDATE held_up SET hits = hits + 1 WHERE id = $1::int RETURNING hits")
      async let one = client.query(hit, [.int(1)])
      async let two = client.transaction([BoundStatement(hit, [.int(2)]), BoundStatement(hit, [.int(1)])])
      try await until("both have met the lock") { client.statistics.queued == 2 }
      // They are answered while the lock stands, which nobody else takes away.
      for _ in 0..<5 { _ = try await client.query(hit, [.int(3)]) }
      try await until("those who wait still do") { client.statistics.queued == 2 }
      _ = try keeper.execute("COMMIT")
      _ = try await (one, two)
      #expect(try await client.run("SELECT sum(hits) FROM held_up")[0].int(0) == 8)
    }
  }

  @Test func aLockThatStaysIsAnErrorInTime() async throws {
    try await withClient {
      $0.lockLimit = .milliseconds(300)
    } _: { client in
      let keeper = try await keeper("kept", client)
      let error = try await failure { try await client.run("UPDATE kept SET hits = 1 WHERE id = 1") }
      #expect(error.isLocked && error.isUnavailable && !error.inDoubt)
      #expect(error.sqlState == "55P03")
      #expect(client.statistics.queued == 0)
      _ = try keeper.execute("ROLLBACK")
      #expect(try await client.run("UPDATE kept SET hits = 1 WHERE id = 1").affectedRows == 1)
    }
  }

  @Test func whoWaitsForALockIsToldOfTheEnd() async throws {
    let client = try PostgresClient(
      configuration: .init(connectionString: DatabaseTrait.connectionString), logger: quiet)
    let keeper = try await keeper("ended", client)
    let waiting = Task { try await client.run("UPDATE ended SET hits = 1 WHERE id = 1") }
    try await until("it has met the lock") { client.statistics.queued == 1 }
    await client.close()
    await #expect(throws: PostgresError.self) { try await waiting.value }
    _ = try keeper.execute("ROLLBACK")
  }
}
