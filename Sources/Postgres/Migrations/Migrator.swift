import CPostgres
import Logging
import Threads

/// Brings the schema up to the binary's migrations.
///
/// What was applied is recorded in the table `schema_migrations`, with a SHA-256 of each file. Servers that start at
/// the same time take turns under an advisory lock. Each migration is a transaction of its own.
public struct Migrator: Sendable {
  // An arbitrary constant: "letschat" in ASCII, as a bigint.
  private static let lockKey = "7810775076226752884"

  private let settings: ConnectionSettings
  private let logger: Logger

  /// Throws `badConfiguration` for a connection string that libpq cannot read.
  public init(connectionString: String, logger: Logger) throws(PostgresError) {
    // A migration of a large table takes as long as it takes.
    settings = try ConnectionSettings(connectionString, statementTimeout: nil)
    self.logger = logger
  }

  /// Applies what is missing, on a thread and a connection of its own, and returns the numbers that were applied now.
  ///
  /// Throws `unavailable` if the database is away, and `migration`, naming the file, if the given ones are not numbered
  /// 1, 2, 3…, if one that was applied has changed since, if the database has more than the binary, or if one fails:
  /// then it is rolled back, and those before it stay.
  public func run(_ migrations: [Migration]) async throws(PostgresError) -> [Int] {
    try await BackgroundThread.run("pg-migrate", orThrow: { PostgresError($0) }) { () throws(PostgresError) -> [Int] in
      let migrations = migrations.sorted { $0.number < $1.number }
      for (index, migration) in migrations.enumerated() where migration.number != index + 1 {
        throw PostgresError(
          .migration,
          "migration \(migration.fileName): its number should be \(index + 1); numbers have no gaps and no doubles")
      }
      let connection = try BlockingConnection(settings)
      return try apply(migrations, on: connection)
    }
  }

  private func apply(
    _ migrations: [Migration], on connection: borrowing BlockingConnection
  ) throws(PostgresError) -> [Int] {
    // Held until the connection ends.
    _ = try connection.execute("SELECT pg_advisory_lock($1)", [.text(Migrator.lockKey)])
    _ = try connection.execute(
      """
      CREATE TABLE IF NOT EXISTS schema_migrations (
        number integer PRIMARY KEY,
        name text NOT NULL,
        checksum text NOT NULL,
        applied_at timestamptz NOT NULL DEFAULT now()
      )
      """)
    let applied = try connection.execute("SELECT number, name, checksum FROM schema_migrations ORDER BY number")
    for (index, row) in applied.enumerated() { try check(row, at: index, against: migrations, on: connection) }
    var numbers: [Int] = []
    for migration in migrations.dropFirst(applied.count) {
      try apply(migration, on: connection)
      logger.info("migration applied", metadata: ["file": "\(migration.fileName)"])
      numbers.append(migration.number)
    }
    return numbers
  }

  private func check(
    _ row: Row, at index: Int, against migrations: [Migration], on connection: borrowing BlockingConnection
  ) throws(PostgresError) {
    let known = Migration(number: try row.int(0), name: try row.string(1), sql: "")
    guard known.number == index + 1 else {
      throw PostgresError(
        .migration, "the database has migration \(known.fileName), but not number \(index + 1), which comes before")
    }
    guard index < migrations.count else {
      throw PostgresError(
        .migration,
        "the database has migration \(known.fileName), which this version does not know: it belongs to a newer one")
    }
    let checksum = try connection.execute(
      "SELECT encode(sha256(convert_to($1, 'UTF8')), 'hex')", [.text(migrations[index].sql)])
    guard try checksum[0].string(0) == row.string(2) else {
      throw PostgresError(
        .migration, "migration \(migrations[index].fileName) was changed after it was applied; add a new one instead")
    }
  }

  private func apply(
    _ migration: Migration, on connection: borrowing BlockingConnection
  ) throws(PostgresError) {
    _ = try connection.execute("BEGIN")
    do throws(PostgresError) {
      try connection.script(migration.sql)
      guard connection.isInTransaction else {
        throw PostgresError(.migration, "it ended its transaction: leave out BEGIN, COMMIT and ROLLBACK")
      }
      _ = try connection.execute(
        """
        INSERT INTO schema_migrations (number, name, checksum)
        VALUES ($1::integer, $2, encode(sha256(convert_to($3, 'UTF8')), 'hex'))
        """, [.int(migration.number), .text(migration.name), .text(migration.sql)])
      _ = try connection.execute("COMMIT")
    } catch {
      if error.code == .connectionLost { throw error }
      _ = try? connection.execute("ROLLBACK")
      throw PostgresError(
        .migration, "migration \(migration.fileName) failed: \(error.message)", sqlState: error.sqlState)
    }
  }
}
