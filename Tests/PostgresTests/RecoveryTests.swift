import Testing

@testable import Postgres

/// What callers see when connections die: the first test ends all of the database.
@Suite(.database, .serialized) struct RecoveryTests {
  @Test func aKilledBackendIsReplaced() async throws {
    try await withClient { client in
      try await until("all connections stand") { client.statistics.connected == 4 }
      // While idle: nobody notices.
      try await withClient { killer in
        try await killer.run(
          """
          SELECT pg_terminate_backend(pid) FROM pg_stat_activity
          WHERE datname = current_database() AND pid <> pg_backend_pid()
          """)
      }
      try await until("all were replaced") {
        client.statistics.connected == 4 && client.statistics.reconnects >= 4
      }
      #expect(try await client.run("SELECT 1")[0].int(0) == 1)
      // While at work: whether it was committed is not known.
      let error = try await failure { try await client.run("SELECT pg_terminate_backend(pg_backend_pid())") }
      #expect(error.code == .connectionLost)
      #expect(error.inDoubt && error.isUnavailable)
      #expect(try await client.run("SELECT 2")[0].int(0) == 2)
    }
  }

  @Test func whatIsAcknowledgedStaysWhenBackendsAreKilled() async throws {
    try await withClient { client in
      try await client.run("CREATE TABLE acknowledged (id int PRIMARY KEY)")
      let insert = Statement.text("INSERT INTO acknowledged VALUES ($1::int)")
      let killed = Task {
        try await withClient {
          $0.connections = 1
        } _: { killer in
          for round in 0..<10 {
            try await killer.run(
              """
              SELECT pg_terminate_backend(pid) FROM pg_stat_activity
              WHERE datname = current_database() AND pid <> pg_backend_pid() AND pid % 2 = \(round % 2)
              """)
          }
        }
      }
      var acknowledged: Set<Int> = []
      var inDoubt: Set<Int> = []
      await withTaskGroup(of: (number: Int, error: PostgresError?).self) { group in
        for number in 0..<2_000 {
          group.addTask {
            do throws(PostgresError) {
              _ = try await client.query(insert, [.int(number)])
              return (number, nil)
            } catch {
              return (number, error)
            }
          }
        }
        for await (number, error) in group {
          if let error {
            #expect(error.isUnavailable, "\(error)")
            if error.inDoubt { inDoubt.insert(number) }
          } else {
            acknowledged.insert(number)
          }
        }
      }
      _ = await killed.result
      var rows: PostgresResult?
      try await until("it answers again") {
        rows = try? await client.run("SELECT id FROM acknowledged")
        return rows != nil
      }
      let stored = Set(try #require(rows).map { try $0.int(0) })
      #expect(acknowledged.isSubset(of: stored), "what was acknowledged is there")
      #expect(stored.isSubset(of: acknowledged.union(inDoubt)), "what was refused is not")
    }
  }
}
