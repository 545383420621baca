import Generated
import Postgres
import ProtocolRuntime

/// The SQL of finding people.
enum UserStatements {
  /// Both conditions are found in indexes also by a generic plan, which cannot look into a parameter of LIKE: usernames
  /// by a range of bytes, words by the trigrams of what is known when the statement runs.
  struct Search: ServerQuery {
    typealias Output = [User]

    static let text = Statement(
      .usersSearch,
      """
      SELECT \(User.columns.of("u")) FROM users u
      WHERE u.id <> $1::uuid AND u.username > $4
        AND (u.username >= $2 AND u.username < $2 || '~' OR ' ' || lower(u.display_name) LIKE '% ' || $3 || '%')
      ORDER BY u.username
      LIMIT $5::bigint
      """)

    let caller: UUID
    /// How the username begins, in lower case.
    let start: String
    /// How a word of the display name begins, in lower case, escaped for LIKE.
    let word: String
    /// The username behind which the page begins.
    let after: String
    let limit: Int

    var values: [Value] { [.uuid(caller), .text(start), .text(word), .text(after), .int(limit)] }

    func element(_ row: inout RowReader) throws(PostgresError) -> User { try User(&row) }
  }
}
