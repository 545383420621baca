import Generated
import Postgres
import ProtocolRuntime

/// A user as its owner sees it.
struct Account: Equatable, Sendable {
  static let columnCount = Columns.userCount + 1

  var user: User
  var email: String

  var id: UUID { user.id }

  /// Reads `AccountStatements.columns`.
  init(_ row: Row) throws(PostgresError) {
    user = try row.user(0)
    email = try row.string(Columns.userCount)
  }

  /// As the protocol has it.
  var me: Me {
    Me(
      id: user.id, username: user.username, displayName: user.displayName, status: user.status, bio: user.bio,
      createdAt: user.createdAt, email: email)
  }
}

/// What a session hands to its client.
struct SessionTokens: Equatable, Sendable {
  var accessToken: String
  var refreshToken: String
  /// Seconds until the access token expires.
  var expiresIn: Int
}
