import Generated
import Postgres
import ProtocolRuntime

/// The SQL of finding people.
enum UserStatements {
  /// A page of those whose username, or whose display name from one of its words on, begins with a text: in the order of
  /// what begins so, which is in `user_words` as `search_form` makes it.
  ///
  /// Who is found by several texts is told with the first of them.
  struct Search: ServerQuery {
    typealias Output = [(user: User, word: String)]

    /// How many texts a person is found by at most (`search_words`): so many rows are passed over for each that is told.
    private static let mostWords = 40

    static let text = Statement(
      .usersSearch,
      """
      WITH asked AS MATERIALIZED (
        -- Where the page begins, as one bound: of two the index would take the first, and walk from there.
        SELECT start, greatest(start, $3) AS word,
          CASE WHEN $3 >= start THEN $4::uuid ELSE '00000000-0000-0000-0000-000000000000' END AS user_id
        FROM (SELECT left(search_form($2), 64) COLLATE "C" AS start) form
      ), found AS MATERIALIZED (
        SELECT word.* FROM asked CROSS JOIN LATERAL (
          SELECT w.word, u.*
          FROM user_words w CROSS JOIN LATERAL (SELECT * FROM users WHERE id = w.user_id LIMIT 1) u
          WHERE (w.word, w.user_id) > (asked.word, asked.user_id) AND w.word < asked.start || U&'\\+10FFFF'
            AND w.user_id <> $1::uuid
            AND w.word = (SELECT min(other) FROM unnest(u.search_words) other WHERE other >= asked.start)
          ORDER BY w.word, w.user_id LIMIT $5::bigint
        ) word
        WHERE asked.start <> ''
      )
      SELECT \(User.columns.of("u")), u.word FROM found u ORDER BY u.word, u.id
      """)

    let caller: UUID
    /// As it was typed.
    let start: String
    /// Where the page before ended.
    let after: UserCursor?
    let limit: Int

    var values: [Value] {
      [.uuid(caller), .text(start), .text(after?.word ?? ""), .uuid(after?.id ?? UUID(high: 0, low: 0)), .int(limit)]
    }

    func mostRows(for caller: CallerExtent) -> Int { limit * 3 * Self.mostWords + RowBound.fewKeys }

    func element(_ row: inout RowReader) throws(PostgresError) -> (user: User, word: String) {
      (try User(&row), try row.string())
    }
  }
}
