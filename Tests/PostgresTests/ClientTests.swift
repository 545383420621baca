import Foundation
import Testing

@testable import Postgres

@Suite(.database, .serialized) struct ClientTests {
  @Test func answersReachTheirCallers() async throws {
    try await withClient { client in
      try await withThrowingTaskGroup(of: Bool.self) { group in
        for number in 0..<1_000 {
          group.addTask {
            let rows = try await client.run("SELECT $1::int, repeat('x', $1::int)", [.int(number)])
            return try rows.count == 1 && rows[0].int(0) == number && rows[0].string(1).utf8.count == number
          }
        }
        for try await isRight in group { #expect(isRight) }
      }
      let statistics = client.statistics
      #expect(statistics.statements == 1_000)
      #expect(statistics.flights < 1_000, "queries that wait share a flight")
      #expect(statistics.resent == 0)
    }
  }

  /// Of whatever a session does, what it begins with comes first; a session of before the table was made had no sign of it.
  @Test func eachSessionBeginsWithWhatItIsTold() async throws {
    try await withClient { _ in
    } _: { client in
      _ = try await client.run("CREATE TABLE session_starts (pid integer DEFAULT pg_backend_pid(), setting text)")
    }
    try await withClient {
      $0.connections = 2
      $0.sessionSettings = ["application_name": "told"]
      $0.sessionStart = """
        DO $$ BEGIN
          INSERT INTO session_starts (setting) VALUES (current_setting('application_name'));
          COMMIT;
        END $$
        """
    } _: { client in
      for _ in 0..<3 {
        let own = try await client.run(
          "SELECT count(*), min(setting) FROM session_starts WHERE pid = pg_backend_pid()")[0]
        #expect(try own.int(0) == 1)
        #expect(try own.string(1) == "told")
        _ = try? await client.run("SELECT pg_terminate_backend(pg_backend_pid())")
      }
    }
    try await withClient {
      $0.sessionStart = "SELECT 1 / 0"
    } _: { client in
      await #expect(throws: PostgresError.self) { _ = try await client.run("SELECT 1") }
    }
  }

  @Test func eachSessionIsSetAsItIsTold() async throws {
    try await withClient {
      $0.connections = 3
      $0.sessionSettings = ["enable_seqscan": "off", "application_name": "it's", "lock_timeout": "1h"]
    } _: { client in
      func look() async throws -> Set<Int> {
        // A connection each: none is free before all of them answer.
        try await withThrowingTaskGroup(of: Int.self) { group in
          for _ in 0..<12 {
            group.addTask {
              let row = try await client.run(
                """
                SELECT pg_backend_pid(), current_setting('enable_seqscan'), current_setting('application_name'),
                  current_setting('lock_timeout')
                FROM pg_sleep(0.02)
                """)[0]
              #expect(try row.string(1) == "off")
              #expect(try row.string(2) == "it's")
              #expect(try row.string(3) == "25ms", "what the client needs goes first")
              return try row.int(0)
            }
          }
          var pids: Set<Int> = []
          for try await pid in group { pids.insert(pid) }
          return pids
        }
      }
      let before = try await look()
      let keeper = try BlockingConnection(ConnectionSettings(DatabaseTrait.connectionString, statementTimeout: nil))
      for pid in before { _ = try keeper.execute("SELECT pg_terminate_backend($1::int)", [.int(pid)]) }
      try await until("they are made anew") { client.statistics.reconnects >= before.count }
      #expect(try await look().isDisjoint(with: before))
    }
  }

  @Test func aFailingStatementHurtsNobodyElse() async throws {
    try await withClient {
      $0.connections = 1
    } _: { client in
      try await client.run("CREATE TABLE unharmed (id int PRIMARY KEY)")
      try await withThrowingTaskGroup(of: Void.self) { group in
        for number in 1...200 {
          group.addTask {
            // Each tenth fails.
            let divisor = number.isMultiple(of: 10) ? 0 : 1
            do throws(PostgresError) {
              try await client.run("INSERT INTO unharmed VALUES ($1::int / $2::int)", [.int(number), .int(divisor)])
              #expect(divisor == 1)
            } catch {
              #expect(error.sqlState == "22012")
              #expect(divisor == 0)
            }
          }
        }
        try await group.waitForAll()
      }
      #expect(try await client.run("SELECT count(*) FROM unharmed")[0].int(0) == 180)
      #expect(client.statistics.resent > 0)
    }
  }

  @Test func aStatementThatCannotBePreparedHurtsNobodyElse() async throws {
    try await withClient {
      $0.connections = 1
    } _: { client in
      for round in 0..<3 {
        async let good = client.run("SELECT \(round)")
        async let other = client.run("SELECT 'other' || \(round)")
        let error = try await failure { try await client.run("SELEKT \(round)") }
        #expect(error.sqlState == "42601")
        #expect(error.code == .statement)
        #expect(try await good[0].int(0) == round)
        #expect(try await other[0].string(0) == "other\(round)")
      }
    }
  }

  @Test func aTransactionIsAllOrNothing() async throws {
    try await withClient { client in
      try await client.run("CREATE TABLE accounts (id int PRIMARY KEY, balance int CHECK (balance >= 0))")
      try await client.run("INSERT INTO accounts VALUES (1, 100), (2, 0)")
      let move = Statement.text("UPDATE accounts SET balance = balance + $2::int WHERE id = $1::int RETURNING balance")
      let results = try await client.transaction([
        BoundStatement(move, [.int(2), .int(30)]), BoundStatement(move, [.int(1), .int(-30)]),
      ])
      #expect(try results.map { try $0[0].int(0) } == [30, 70])
      let error = try await failure {
        _ = try await client.transaction([
          BoundStatement(move, [.int(2), .int(300)]), BoundStatement(move, [.int(1), .int(-300)]),
          BoundStatement(move, [.int(2), .int(1)]),
        ])
      }
      #expect(error.sqlState == "23514")
      #expect(error.constraint == "accounts_balance_check")
      #expect(error.statement == move.name)
      #expect(try await client.run("SELECT array_agg(balance ORDER BY id) FROM accounts")[0].intArray(0) == [70, 30])
      #expect(try await client.transaction([]).isEmpty)
    }
  }

  @Test func aLaterStatementOfATransactionSeesWhatTheLockWaitedFor() async throws {
    try await withClient { client in
      try await client.run("CREATE TABLE counters (id int PRIMARY KEY, last int NOT NULL)")
      try await client.run("CREATE TABLE numbered (number int PRIMARY KEY)")
      try await client.run("INSERT INTO counters VALUES (1, 0)")
      let lock = Statement.text("SELECT FROM counters WHERE id = 1 FOR UPDATE")
      let work = Statement.text(
        """
        WITH next AS (UPDATE counters SET last = (SELECT coalesce(max(number), 0) + 1 FROM numbered) RETURNING last)
        INSERT INTO numbered SELECT last FROM next RETURNING number
        """)
      try await withThrowingTaskGroup(of: Int.self) { group in
        for _ in 0..<100 {
          group.addTask { try await client.transaction([BoundStatement(lock), BoundStatement(work)])[1][0].int(0) }
        }
        var numbers: Set<Int> = []
        for try await number in group { numbers.insert(number) }
        #expect(numbers == Set(1...100), "no number twice, none left out")
      }
      #expect(client.statistics.resent == 0)
    }
  }

  @Test func deadlocksAreRetried() async throws {
    try await withClient {
      $0.lockTimeout = .seconds(9)
    } _: { client in
      try await client.run("CREATE TABLE locks (id int PRIMARY KEY, hits int NOT NULL DEFAULT 0)")
      try await client.run("INSERT INTO locks SELECT generate_series(1, 2)")
      let hit = Statement.text("UPDATE locks SET hits = hits + 1 WHERE id = $1::int")
      // A gate where both stop with one row locked; then each wants the other's.
      let gate = Statement.text("SELECT pg_advisory_xact_lock_shared(7)")
      let keeper = try BlockingConnection(ConnectionSettings(DatabaseTrait.connectionString, statementTimeout: nil))
      _ = try keeper.execute("SELECT pg_advisory_lock(7)")
      async let forth = client.transaction([
        BoundStatement(hit, [.int(1)]), BoundStatement(gate), BoundStatement(hit, [.int(2)]),
      ])
      // Not in one flight.
      try await until("the first flies") { client.statistics.flights == 3 }
      async let back = client.transaction([
        BoundStatement(hit, [.int(2)]), BoundStatement(gate), BoundStatement(hit, [.int(1)]),
      ])
      try await until("both are at the gate") {
        try keeper.execute(
          "SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event = 'advisory'"
        ).count == 2
      }
      _ = try keeper.execute("SELECT pg_advisory_unlock(7)")
      _ = try await (forth, back)
      #expect(try await client.run("SELECT sum(hits) FROM locks")[0].int(0) == 4)
      #expect(client.statistics.resent >= 1)
    }
  }

  @Test func aDeferredConstraintFailsAtTheCommit() async throws {
    try await withClient {
      $0.connections = 1
    } _: { client in
      try await client.run("CREATE TABLE deferred (id int, CONSTRAINT one UNIQUE (id) DEFERRABLE INITIALLY DEFERRED)")
      let insert = Statement.text("INSERT INTO deferred VALUES ($1::int)")
      let error = try await failure {
        _ = try await client.transaction([BoundStatement(insert, [.int(1)]), BoundStatement(insert, [.int(1)])])
      }
      #expect(error.isUniqueViolation(of: "one"))
      // The same for statements that share a Sync: each is tried alone, and one of the two stays.
      let outcomes = await withTaskGroup(of: Bool.self) { group in
        for number in [2, 2, 3, 4] {
          group.addTask { (try? await client.query(insert, [.int(number)])) != nil }
        }
        return await group.reduce(into: [Bool]()) { $0.append($1) }
      }
      #expect(outcomes.filter(\.self).count == 3)
      let ids = try await client.run("SELECT array_agg(id ORDER BY id) FROM deferred")[0].intArray(0)
      #expect(ids == [2, 3, 4])
    }
  }

  @Test func statementsSurviveWhatServersAndPoolersDo() async throws {
    try await withClient {
      $0.connections = 1
    } _: { client in
      try await client.run("CREATE TABLE shape (a int)")
      try await client.run("INSERT INTO shape VALUES (1)")
      #expect(try await client.run("SELECT * FROM shape")[0].int(0) == 1)
      // A migration changed the table under a prepared statement.
      try await client.run("ALTER TABLE shape ADD b int DEFAULT 2")
      #expect(try await client.run("SELECT * FROM shape").columnCount == 2)
      // Somebody threw the prepared statements away.
      try await client.run("DEALLOCATE ALL")
      #expect(try await client.run("SELECT * FROM shape")[0].int(1) == 2)
    }
  }

  @Test func aSlowStatementDelaysNobodyElseAndEndsInTime() async throws {
    try await withClient {
      $0.connections = 2
      $0.statementTimeout = .seconds(2)
    } _: { client in
      let held = Task { _ = try await client.run("SELECT pg_sleep(20)") }
      // Not in the same flight.
      try await until("the sleeper flies") { client.statistics.flights == 1 }
      // One of two connections is held; the other serves.
      for number in 0..<50 { #expect(try await client.run("SELECT $1::int", [.int(number)])[0].int(0) == number) }
      let error = try await failure { try await held.value }
      #expect(error.code == .timeout)
      #expect(error.sqlState == "57014")
    }
  }

  @Test func largeAnswersAndParametersFlowBothWays() async throws {
    // More than the socket's buffers hold in either direction: whoever only writes, or only reads, hangs here.
    let text = String(repeating: "0123456789abcdef", count: 1 << 16)
    try await withClient {
      $0.connections = 1
    } _: { client in
      try await withThrowingTaskGroup(of: Int.self) { group in
        for _ in 0..<20 {
          group.addTask { try await client.run("SELECT $1::text", [.text(text)])[0].string(0).utf8.count }
        }
        for try await count in group { #expect(count == 1 << 20) }
      }
    }
  }

  @Test func aClosedClientRefusesAndFinishesWhatItHad() async throws {
    let client = try PostgresClient(
      configuration: .init(connectionString: DatabaseTrait.connectionString), logger: quiet)
    async let last = client.run("SELECT 1, pg_sleep(0.2)")
    try await until("it is on its way") { client.statistics.flights == 1 }
    await client.close()
    #expect(try await last[0].int(0) == 1)
    let error = try await failure { try await client.run("SELECT 1") }
    #expect(error.code == .closed)
    #expect(error.isUnavailable)
    await client.close()
  }

  @Test func descriptionsHoldNoValues() async throws {
    try await withClient { client in
      try await client.run("CREATE TABLE people (email text UNIQUE)")
      try await client.run("INSERT INTO people VALUES ('secret@example.org')")
      for (sql, state) in [
        ("INSERT INTO people VALUES ($1)", "23505"), ("SELECT $1::uuid", "22P02"), ("SELECT $1::int", "22P02"),
      ] {
        let error = try await failure { try await client.run(sql, [.text("secret@example.org")]) }
        #expect(error.sqlState == state)
        #expect(!"\(error)".contains("secret"))
      }
    }
    let error = #expect(throws: PostgresError.self) {
      try PostgresClient(configuration: .init(connectionString: "postgresql://a:secret@[::1/x"), logger: quiet)
    }
    #expect(error?.code == .badConfiguration)
    #expect(error.map { "\($0)\($0.message)".contains("secret") } == false)
  }
}
