import CPostgres

/// A connection string, taken apart by libpq, with what this client needs on top.
struct ConnectionSettings: Sendable {
  let keywords: [String]
  let values: [String]
  /// What is said first on a connection: how the session is set, and which process of the server serves it. Not as
  /// `options` at the start of the connection, which poolers refuse (PgBouncer: `ignore_startup_parameters`).
  let greeting: String
  /// What is executed then, if anything is.
  let sessionStart: String?
  /// After how long the server ends a statement; nil: never.
  let statementTimeout: Duration?

  /// Throws `badConfiguration` for what libpq cannot read. The string is not repeated: it may hold a password.
  /// `statementTimeout` and `lockTimeout` are what the server's settings of these names are set to; nil for none.
  /// `sessionSettings` are set too, by name, but not in place of these.
  init(
    _ connectionString: String, statementTimeout: Duration?, lockTimeout: Duration? = nil,
    sessionSettings: [String: String] = [:], sessionStart: String? = nil
  ) throws(PostgresError) {
    guard let options = PQconninfoParse(connectionString, nil) else {
      throw PostgresError(.badConfiguration, "the database's connection string cannot be read")
    }
    defer { PQconninfoFree(options) }
    var given: [String: String] = [:]
    var option = options
    while let keyword = option.pointee.keyword {
      if let value = option.pointee.val { given[String(cString: keyword)] = String(cString: value) }
      option += 1
    }
    given["client_encoding"] = "UTF8"
    // Defaults that find a dead peer within seconds, not hours; what the string says wins.
    let defaults = [
      "connect_timeout": "5", "keepalives_idle": "15", "keepalives_interval": "5",
      "keepalives_count": "3", "tcp_user_timeout": "20000",
    ]
    given.merge(defaults) { said, _ in said }
    keywords = given.keys.sorted()
    values = keywords.map { given[$0, default: ""] }
    self.statementTimeout = statementTimeout
    self.sessionStart = sessionStart
    let ours = [
      "statement_timeout": "\(statementTimeout.map(ConnectionSettings.milliseconds) ?? 0)",
      "lock_timeout": "\(lockTimeout.map(ConnectionSettings.milliseconds) ?? 0)",
      // Each statement of a transaction takes a snapshot of its own: what is read behind a lock depends on it.
      "default_transaction_isolation": "read committed",
    ]
    let calls = sessionSettings.merging(ours) { _, ours in ours }.sorted { $0.key < $1.key }.map { name, value in
      "set_config(\(ConnectionSettings.literal(name)), \(ConnectionSettings.literal(value)), false)"
    }
    greeting = "SELECT pg_backend_pid(), " + calls.joined(separator: ", ")
  }

  /// Calls `body` with the NULL-terminated arrays that PQconnectStartParams and PQconnectdbParams take.
  func withParameters<Output>(
    _ body: (UnsafePointer<UnsafePointer<CChar>?>, UnsafePointer<UnsafePointer<CChar>?>) -> Output
  ) -> Output {
    let keywordCopies = keywords.map { UnsafePointer(ConnectionSettings.copy($0)) }
    let valueCopies = values.map { UnsafePointer(ConnectionSettings.copy($0)) }
    defer { for pointer in keywordCopies + valueCopies { pointer.deallocate() } }
    return (keywordCopies.map(Optional.some) + [nil]).withUnsafeBufferPointer { keywords in
      (valueCopies.map(Optional.some) + [nil]).withUnsafeBufferPointer { values in
        guard let keywords = keywords.baseAddress, let values = values.baseAddress else {
          preconditionFailure("the arrays have at least their terminator")
        }
        return body(keywords, values)
      }
    }
  }

  private static func copy(_ text: String) -> UnsafeMutablePointer<CChar> {
    let bytes = text.utf8CString
    let copy = UnsafeMutablePointer<CChar>.allocate(capacity: bytes.count)
    for (index, byte) in bytes.enumerated() { (copy + index).initialize(to: byte) }
    return copy
  }

  private static func literal(_ text: String) -> String { "'" + text.replacing("'", with: "''") + "'" }

  private static func milliseconds(_ duration: Duration) -> Int64 {
    let (seconds, attoseconds) = duration.components
    return seconds * 1_000 + attoseconds / 1_000_000_000_000_000
  }
}
