import Testing

@testable import Postgres

/// Databases that would fail later, or find nothing, are refused with what to do.
@Suite(.database, .serialized) struct DatabaseCheckTests {
  private func check(_ database: String, connections: Int = 4) async throws {
    let connectionString = DatabaseTrait.connectionString(to: database)
    try await DatabaseCheck(connectionString: connectionString).run(connections: connections)
  }

  private func create(_ database: String, _ options: String) throws {
    let keeper = try BlockingConnection(ConnectionSettings(DatabaseTrait.connectionString, statementTimeout: nil))
    try keeper.script("CREATE DATABASE \(database) TEMPLATE template0 \(options)")
  }

  @Test func theDatabaseOfAPrivatePostgreSQLIsGood() async throws {
    try await check("letschat", connections: PostgresClient.connectionBounds.upperBound)
  }

  @Test(arguments: [
    ("plain_ascii", "ENCODING 'SQL_ASCII' LC_COLLATE 'C' LC_CTYPE 'C'", "SQL_ASCII"),
    ("western", "ENCODING 'LATIN1' LC_COLLATE 'C' LC_CTYPE 'C'", "LATIN1"),
  ])
  func isRefused(_ name: String, _ options: String, _ found: String) async throws {
    try create(name, options)
    let error = try await failure { try await check(name) }
    #expect(error.code == .badConfiguration)
    #expect("\(error)".contains("the database \(name)"))
    #expect("\(error)".contains(found))
    #expect("\(error)".contains("createdb -T template0 -E UTF8 \(name)"))
  }

  @Test func isRefusedWithoutICU() async throws {
    try create("blind", "ENCODING 'UTF8'")
    let connectionString = DatabaseTrait.connectionString(to: "blind")
    let keeper = try BlockingConnection(ConnectionSettings(connectionString, statementTimeout: nil))
    try keeper.script("DROP COLLATION pg_catalog.\"und-x-icu\"")
    let error = try await failure { try await check("blind") }
    #expect(error.code == .badConfiguration)
    #expect("\(error)".contains("the database blind has no collation und-x-icu"))
  }

  @Test(arguments: [
    ("bare", "ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C'"),
    ("posix", "ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'POSIX'"),
    ("plain", "ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C.UTF-8'"),
    ("icu", "ENCODING 'UTF8' LOCALE_PROVIDER icu ICU_LOCALE 'und' LC_COLLATE 'C' LC_CTYPE 'C.UTF-8'"),
  ])
  func isTaken(_ name: String, _ options: String) async throws {
    try create(name, options)
    try await check(name)
    let connectionString = DatabaseTrait.connectionString(to: name)
    try await withClient(connectionString) { client in
      let row = try await client.run("SELECT lower(normalize(U&'\\FF21\\00C9', NFKC) COLLATE \"und-x-icu\")")[0]
      #expect(try row.string(0) == "a\u{e9}", "it can be found")
    }
  }

  @Test func moreConnectionsThanTheServerAllows() async throws {
    let error = try await failure { try await check("letschat", connections: 100) }
    #expect(error.code == .badConfiguration)
    #expect(error.message.contains("the server allows 100 connections, and 101 are needed"))
  }

  @Test func whatAClientMayHave() throws {
    for connections in [1, 64] {
      var configuration = PostgresClient.Configuration(connectionString: "host=/nonexistent")
      configuration.connections = connections
      _ = try PostgresClient(configuration: configuration, logger: quiet)
    }
    #expect(PostgresClient.connectionBounds == 1...64)
  }
}
