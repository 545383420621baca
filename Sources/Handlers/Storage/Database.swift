import Postgres
import ProtocolRuntime

/// PostgreSQL as the domain sees it: when it is away, that is an `UnavailableError`.
struct Database: Sendable {
  let client: PostgresClient

  /// Runs one statement.
  ///
  /// - Throws: `UnavailableError` if the database is away or too slow; `PostgresError` for what is our fault.
  func query(_ statement: Statement, _ values: [Value]) async throws -> PostgresResult {
    do throws(PostgresError) {
      return try await client.query(statement, values)
    } catch {
      throw Self.fault(error)
    }
  }

  /// Runs statements as one transaction, in one round trip, each with a snapshot of its own.
  ///
  /// - Throws: as `query`.
  func transaction(_ statements: [BoundStatement]) async throws -> [PostgresResult] {
    do throws(PostgresError) {
      return try await client.transaction(statements)
    } catch {
      throw Self.fault(error)
    }
  }

  /// What a handler throws for an error of the database.
  static func fault(_ error: PostgresError) -> any Error {
    guard error.isUnavailable || error.code == .timeout else { return error }
    return UnavailableError("The database cannot be reached. Try again in 1 second.")
  }
}
