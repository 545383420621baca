import Testing

@testable import Postgres

@Suite(.database, .serialized) struct MigrationTests {
  private static let first = Migration(
    number: 1, name: "first", sql: "CREATE TABLE a (id int); CREATE TABLE b (id int); -- über")
  private static let second = Migration(number: 2, name: "second", sql: "ALTER TABLE a ADD name text;")
  private static let third = Migration(number: 3, name: "third", sql: "INSERT INTO a VALUES (1, 'one')")

  /// Each test has a database of its own.
  private func withDatabase(_ name: String, _ body: (Migrator, PostgresClient) async throws -> Void) async throws {
    let connection = try BlockingConnection(
      ConnectionSettings(DatabaseTrait.connectionString, statementTimeout: nil))
    try connection.script("CREATE DATABASE \(name)")
    let string = DatabaseTrait.connectionString(to: name)
    let migrator = try Migrator(connectionString: string, logger: quiet)
    try await withClient(string) { try await body(migrator, $0) }
  }

  @Test func eachIsAppliedOnceInOrder() async throws {
    try await withDatabase("in_order") { migrator, client in
      #expect(try await migrator.run([MigrationTests.second, MigrationTests.first]) == [1, 2])
      #expect(try await migrator.run([MigrationTests.first, MigrationTests.second]) == [])
      #expect(try await migrator.run([MigrationTests.first, MigrationTests.second, MigrationTests.third]) == [3])
      let rows = try await client.run("SELECT number, name, checksum, applied_at <= now() FROM schema_migrations")
      let names = try rows.map { try $0.string(1) }
      #expect(names == ["first", "second", "third"])
      for row in rows { #expect(try row.string(2).utf8.count == 64 && row.bool(3)) }
      #expect(try await client.run("SELECT name FROM a")[0].string(0) == "one")
    }
  }

  @Test func serversThatStartTogetherTakeTurns() async throws {
    try await withDatabase("together") { migrator, client in
      let all = [MigrationTests.first, MigrationTests.second, MigrationTests.third]
      try await withThrowingTaskGroup(of: [Int].self) { group in
        for _ in 0..<8 { group.addTask { try await migrator.run(all) } }
        let applied = try await group.reduce([], +)
        #expect(applied.sorted() == [1, 2, 3])
      }
      #expect(try await client.run("SELECT count(*) FROM a")[0].int(0) == 1)
    }
  }

  @Test func aChangedOneIsRefusedByName() async throws {
    try await withDatabase("changed") { migrator, _ in
      _ = try await migrator.run([MigrationTests.first, MigrationTests.second])
      let changed = Migration(number: 2, name: "second", sql: "ALTER TABLE a ADD name varchar;")
      let error = try await failure {
        _ = try await migrator.run([MigrationTests.first, changed, MigrationTests.third])
      }
      #expect(error.code == .migration)
      #expect("\(error)".contains("0002_second.sql was changed"))
    }
  }

  @Test func aDatabaseThatIsNewerIsRefused() async throws {
    try await withDatabase("newer") { migrator, _ in
      _ = try await migrator.run([MigrationTests.first, MigrationTests.second])
      let error = try await failure { _ = try await migrator.run([MigrationTests.first]) }
      #expect("\(error)".contains("0002_second.sql") && "\(error)".contains("newer"))
    }
  }

  @Test func gapsAndDoublesAreRefused() async throws {
    try await withDatabase("gaps") { migrator, client in
      let double = Migration(number: 1, name: "double", sql: "SELECT 1")
      for wrong in [[MigrationTests.first, MigrationTests.third], [MigrationTests.first, double]] {
        let error = try await failure { _ = try await migrator.run(wrong) }
        #expect(error.code == .migration)
        #expect("\(error)".contains("number should be 2"))
      }
      _ = try await migrator.run([MigrationTests.first, MigrationTests.second])
      try await client.run("DELETE FROM schema_migrations WHERE number = 1")
      let error = try await failure { _ = try await migrator.run([MigrationTests.first, MigrationTests.second]) }
      #expect("\(error)".contains("but not number 1"))
    }
  }

  @Test func aFailureIsRolledBackAndNamed() async throws {
    try await withDatabase("failing") { migrator, client in
      for sql in ["CREATE TABLE c (id int); SELECT 1 / 0", "CREATE TABLE c (id int); COMMIT"] {
        let error = try await failure {
          _ = try await migrator.run([MigrationTests.first, Migration(number: 2, name: "bad", sql: sql)])
        }
        #expect(error.code == .migration)
        #expect("\(error)".contains("0002_bad.sql failed"))
        #expect(try await client.run("SELECT count(*) FROM schema_migrations")[0].int(0) == 1)
      }
    }
  }

  @Test func aDatabaseThatIsAwayIsSaidToBe() async throws {
    let migrator = try Migrator(connectionString: "host=/nonexistent dbname=x user=y", logger: quiet)
    let error = try await failure { _ = try await migrator.run([MigrationTests.first]) }
    #expect(error.code == .unavailable)
  }
}
