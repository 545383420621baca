import Postgres

/// The SQL of finding people.
enum UserStatements {
  /// $1 caller, $2 how the username begins, $3 how a word of the display name begins, escaped for LIKE, both in lower
  /// case, $4 the username after which the page begins, $5 how many.
  ///
  /// Both conditions are found in indexes also by a generic plan, which cannot look into a parameter of LIKE: usernames
  /// by a range of bytes, words by the trigrams of what is known when the statement runs.
  static let search = Statement(
    name: "users_search",
    text: """
      SELECT \(Columns.user) FROM users u
      WHERE u.id <> $1::uuid AND u.username > $4
        AND (u.username >= $2 AND u.username < $2 || '~' OR ' ' || lower(u.display_name) LIKE '% ' || $3 || '%')
      ORDER BY u.username
      LIMIT $5::bigint
      """)
}
