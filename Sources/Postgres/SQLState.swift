/// What an SQLSTATE (PostgreSQL, Appendix A) means for whoever waits for the answer.
///
/// The one table for all of the server's errors. What it does not name is a fault: of the statement, of its values, or of
/// PostgreSQL itself (class XX), and nobody is helped by trying it again.
enum SQLState: Equatable {
  /// Lost against another transaction, and rolled back: it may win the next time.
  case conflict
  /// Waited for a lock for as long as a flight may be held up.
  case locked
  /// Ended by the statement timeout, or by an administrator.
  case timeout
  /// The server has lost what was prepared.
  case lostStatement
  /// This server, or this session, does not write.
  case readOnly
  /// The server cannot write: its disk is full, or fails.
  case cannotWrite
  /// The server cannot serve now; another time it can.
  case unavailable
  case fault

  private static let states: [String: SQLState] = [
    "08P01": .fault,  // protocol_violation: ours
    "25006": .readOnly,  // read_only_sql_transaction: a standby, or a database that was set so
    "26000": .lostStatement,  // invalid_sql_statement_name
    "40001": .conflict,  // serialization_failure
    "40P01": .conflict,  // deadlock_detected
    "53100": .cannotWrite,  // disk_full
    "55006": .unavailable,  // object_in_use
    "55P03": .locked,  // lock_not_available
    "57014": .timeout,  // query_canceled
    "58P01": .fault,  // undefined_file: an extension that is not installed
    "58P02": .fault,  // duplicate_file
  ]

  private static let classes: [String: SQLState] = [
    "08": .unavailable,  // connection exceptions
    "40": .unavailable,  // transaction rollback, for a reason that is not the statement's
    "53": .unavailable,  // insufficient resources: memory, connections
    "57": .unavailable,  // operator intervention: shutdown, crash of another session
    "58": .cannotWrite,  // system errors: input and output
  ]

  init(_ state: String) {
    self = SQLState.states[state] ?? SQLState.classes[String(state.prefix(2))] ?? .fault
  }
}
