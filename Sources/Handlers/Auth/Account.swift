import Generated
import Postgres
import ProtocolRuntime

/// A user as its owner sees it.
struct Account: RowPart, Equatable, Sendable {
  static let columns = User.columns + ["email"]

  var user: User
  var email: String

  var id: UUID { user.id }

  init(_ row: inout RowReader) throws(PostgresError) {
    user = try User(&row)
    email = try row.string()
  }

  /// As the protocol has it.
  var me: Me { Me(UserBase(user), email: email) }
}

/// What a session hands to its client.
struct SessionTokens: Equatable, Sendable {
  var accessToken: String
  var refreshToken: String
  /// Seconds until the access token expires.
  var expiresIn: Int
}
