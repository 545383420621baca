import Threads

/// What a database must be like before anything is stored in it.
public struct DatabaseCheck: Sendable {
  /// Connections beside a client's: one that migrates, or asks about another that is silent.
  private static let spare = 1

  private let settings: ConnectionSettings

  /// Throws `badConfiguration` for a connection string that libpq cannot read.
  public init(connectionString: String) throws(PostgresError) {
    settings = try ConnectionSettings(connectionString, statementTimeout: .seconds(10))
  }

  /// Looks at the encoding, for ICU, and at how many connections the server allows.
  ///
  /// Throws `badConfiguration`, with a line that says what was found and what to do, and `unavailable` if the database is
  /// away. `connections` is how many the client will have.
  public func run(connections: Int) async throws(PostgresError) {
    try await BackgroundThread.run("pg-check", orThrow: { PostgresError($0) }) { () throws(PostgresError) in
      let connection = try BlockingConnection(settings)
      try checkTexts(connection)
      try checkPlaces(connection, connections: connections + DatabaseCheck.spare)
    }
  }

  // Users are found by names whatever their case and form, which PostgreSQL says by ICU, whatever the database's locale:
  // it normalizes UTF-8 only, and a server may be built without ICU.
  private func checkTexts(_ connection: borrowing BlockingConnection) throws(PostgresError) {
    let row = try connection.execute(
      """
      SELECT datname, pg_encoding_to_char(encoding), EXISTS (SELECT FROM pg_collation WHERE collname = 'und-x-icu')
      FROM pg_database WHERE datname = current_database()
      """)[0]
    let name = try row.string(0)
    let encoding = try row.string(1)
    guard encoding == "UTF8" else {
      throw PostgresError(
        .badConfiguration,
        "the database \(name) has the encoding \(encoding); it must have UTF8: createdb -T template0 -E UTF8 \(name)")
    }
    guard try row.bool(2) else {
      throw PostgresError(
        .badConfiguration,
        "the database \(name) has no collation und-x-icu: the server must be built with ICU, and the database made of its "
          + "template0")
    }
  }

  private func checkPlaces(
    _ connection: borrowing BlockingConnection, connections: Int
  ) throws(PostgresError) {
    // The least of what server, database and role allow; -1 is no bound. Superusers have the reserved places too.
    let row = try connection.execute(
      """
      SELECT least(
        current_setting('max_connections')::int - CASE WHEN r.rolsuper THEN 0 ELSE
          current_setting('superuser_reserved_connections')::int
          + coalesce(current_setting('reserved_connections', true)::int, 0) END,
        CASE WHEN d.datconnlimit < 0 OR r.rolsuper THEN NULL ELSE d.datconnlimit END,
        CASE WHEN r.rolconnlimit < 0 OR r.rolsuper THEN NULL ELSE r.rolconnlimit END)
      FROM pg_database d CROSS JOIN pg_roles r
      WHERE d.datname = current_database() AND r.rolname = current_user
      """)[0]
    let places = try row.int(0)
    guard places >= connections else {
      throw PostgresError(
        .badConfiguration,
        "the server allows \(places) connections, and \(connections) are needed: lower DATABASE_CONNECTIONS, or raise "
          + "max_connections (or the limit of the database or the role)")
    }
  }
}
