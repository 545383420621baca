import CPostgres

/// An ErrorResponse, read from a result.
struct ServerError {
  let error: PostgresError
  /// Whether the connection is gone with it: FATAL, PANIC, or an error of libpq's own, which has no SQLSTATE.
  let endsConnection: Bool

  init(_ result: OpaquePointer) {
    func field(_ code: Character) -> String? {
      guard let ascii = code.asciiValue, let text = PQresultErrorField(result, Int32(ascii)) else { return nil }
      return String(cString: text)
    }
    // The codes are macros with character constants (PG_DIAG_…, postgres_ext.h), which Swift does not import.
    let severity = field("V")
    let sqlState = field("C")
    let message = field("M") ?? PQresultErrorMessage(result).map { String(cString: $0) } ?? "unknown"
    endsConnection = sqlState == nil || severity == "FATAL" || severity == "PANIC"
    var error = PostgresError(
      sqlState.map { SQLState($0) } == .timeout ? .timeout : .statement,
      message.split(whereSeparator: \.isNewline).joined(separator: " "),
      sqlState: sqlState, constraint: field("n"))
    error.isStalePlan = field("R") == "RevalidateCachedQuery"
    self.error = error
  }
}
