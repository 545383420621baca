import Postgres
import ProtocolRuntime

/// A user as its owner sees it.
struct Account: Equatable, Sendable {
  var id: UUID
  var email: String
  var username: String
  var displayName: String
  var status: String
  var bio: String
  var createdAt: Timestamp

  /// Reads `AccountStatements.columns`.
  init(_ row: Row) throws(PostgresError) {
    id = try Self.uuid(row, 0)
    email = try row.string(1)
    username = try row.string(2)
    displayName = try row.string(3)
    status = try row.string(4)
    bio = try row.string(5)
    createdAt = Timestamp(millisecondsSinceEpoch: try row.int64(6))
  }

  static func uuid(_ row: Row, _ column: Int) throws(PostgresError) -> UUID {
    guard let id = UUID(try row.string(column)) else { throw row.badValue(column, expected: "a uuid") }
    return id
  }
}

/// What a session hands to its client.
struct SessionTokens: Equatable, Sendable {
  var accessToken: String
  var refreshToken: String
  /// Seconds until the access token expires.
  var expiresIn: Int
}
