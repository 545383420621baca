import CPostgres

/// A plain connection for a thread that may block: migrations, and the private PostgreSQL's own needs.
struct BlockingConnection: ~Copyable {
  private let handle: OpaquePointer

  /// Connects within the string's connect_timeout (5 seconds if it says nothing), or throws `unavailable`.
  init(_ settings: ConnectionSettings) throws(PostgresError) {
    guard let handle = settings.withParameters({ PQconnectdbParams($0, $1, 0) }) else {
      throw PostgresError(.unavailable, "libpq has no memory")
    }
    guard PQstatus(handle) == CONNECTION_OK else {
      let message = PostgresConnection.message(of: handle)
      PQfinish(handle)
      throw PostgresError(.unavailable, message)
    }
    PQsetNoticeReceiver(handle, { _, _ in }, nil)
    self.handle = handle
  }

  deinit { PQfinish(handle) }

  var isInTransaction: Bool { PQtransactionStatus(handle) == PQTRANS_INTRANS }

  /// Executes one command.
  func execute(_ sql: String, _ values: [Value] = []) throws(PostgresError) -> PostgresResult {
    let parameters = try Parameters.encode(values, for: "")
    return try check(
      withExtendedLifetime(parameters) {
        PQexecParams(
          handle, sql, Int32(parameters.count), nil, parameters.pointers, parameters.lengths, parameters.formats, 1)
      })
  }

  /// Executes any number of commands, without values.
  func script(_ sql: String) throws(PostgresError) {
    _ = try check(PQexec(handle, sql))
  }

  private func check(_ result: OpaquePointer?) throws(PostgresError) -> PostgresResult {
    guard let result else {
      throw PostgresError(.connectionLost, PostgresConnection.message(of: handle), inDoubt: true)
    }
    switch PQresultStatus(result) {
    case PGRES_TUPLES_OK, PGRES_COMMAND_OK, PGRES_EMPTY_QUERY:
      return PostgresResult(owning: result)
    default:
      let error = ServerError(result)
      PQclear(result)
      guard !error.endsConnection else {
        throw PostgresError(.connectionLost, error.error.message, inDoubt: true)
      }
      throw error.error
    }
  }
}
