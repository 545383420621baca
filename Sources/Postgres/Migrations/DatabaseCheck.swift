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

  /// Looks at the encoding, the locale, and at how many connections the server allows.
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

  // Users are found by names in lower case, and by trigrams of letters. What a letter is, and its lower case, the
  // database's locale says, whichever library provides it (libc, ICU, PostgreSQL itself); so it is asked, not its name.
  private func checkTexts(_ connection: borrowing BlockingConnection) throws(PostgresError) {
    let row = try connection.execute(
      """
      SELECT datname, pg_encoding_to_char(encoding), datctype, current_setting('server_version_num')::int
      FROM pg_database WHERE datname = current_database()
      """)[0]
    let name = try row.string(0)
    let encoding = try row.string(1)
    let locale = try row.string(2)
    var knowsLetters = false
    if encoding == "UTF8" {
      // pg_trgm asks the C library before version 18, also where another provider is chosen: to "C" all letters beyond
      // ASCII are none.
      let version = try row.int(3)
      let isBlind = ["C", "POSIX"].contains(locale) && version < 180_000
      let answer = try connection.execute("SELECT lower('É') = 'é' AND lower('Ж') = 'ж'")[0].bool(0)
      knowsLetters = answer && !isBlind
    }
    guard knowsLetters else {
      throw PostgresError(
        .badConfiguration,
        "the database \(name) has the encoding \(encoding) and the locale \(locale); it must have UTF8, and a locale "
          + "that knows letters beyond ASCII: createdb -T template0 -E UTF8 -l C.UTF-8 \(name)")
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
