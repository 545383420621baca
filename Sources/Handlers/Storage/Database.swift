import Postgres
import ProtocolRuntime

/// PostgreSQL as the domain sees it: when it cannot serve, that is an `UnavailableError`.
struct Database: Sendable {
  let client: PostgresClient
  private let writability: Writability

  init(client: PostgresClient, writability: Writability = Writability()) {
    self.client = client
    self.writability = writability
  }

  /// Runs one statement.
  ///
  /// - Throws: `UnavailableError` if the database cannot serve; `PostgresError` for what is our fault.
  func query<Output>(_ query: some ServerQuery<Output>) async throws -> Output {
    try await naming { () throws(PostgresError) in try await client.query(query) }
  }

  /// Runs statements as one transaction, in one round trip, each with a snapshot of its own.
  ///
  /// - Throws: as `query`.
  func transaction<First, Second>(
    _ first: some ServerQuery<First>, _ second: some ServerQuery<Second>
  ) async throws -> (First, Second) {
    try await naming { () throws(PostgresError) in try await client.transaction(first, second) }
  }

  func transaction<First, Second, Third>(
    _ first: some ServerQuery<First>, _ second: some ServerQuery<Second>, _ third: some ServerQuery<Third>
  ) async throws -> (First, Second, Third) {
    try await naming { () throws(PostgresError) in try await client.transaction(first, second, third) }
  }

  /// Writes, and tells whether others could.
  ///
  /// What is written changes nothing: a lock leaves its mark in the row, and its transaction is committed to the disk. A
  /// disk without place for new rows takes that all the same, hence the look at what others met in the last seconds.
  ///
  /// - Throws: `UnavailableError` if the database cannot be written.
  func checkWritable() async throws {
    try await writability.check {
      _ = try await query(Mark())
    }
  }

  /// What `checkWritable` writes.
  struct Mark: ServerCommand {
    static let text = Statement(.systemMark, "SELECT FROM schema_migrations WHERE number = 1 FOR NO KEY UPDATE")

    var values: [Value] { [] }

    func mostRows(for caller: CallerExtent) -> Int { RowBound.fewKeys }
  }

  private func naming<Output>(_ body: () async throws(PostgresError) -> Output) async throws -> Output {
    do throws(PostgresError) {
      return try await body()
    } catch {
      throw fault(error)
    }
  }

  /// What a handler throws for an error of the database.
  private func fault(_ error: PostgresError) -> any Error {
    if error.isUnwritable { writability.failed() }
    guard error.isUnavailable else { return error }
    if error.isLocked {
      return UnavailableError("Others are changing the same thing. Nothing was changed. Try again in 1 second.")
    }
    if error.isUnwritable {
      return UnavailableError("The database cannot be written. Nothing was changed. Try again in 1 second.")
    }
    return UnavailableError("The database cannot be reached. Try again in 1 second.")
  }
}
