import Postgres

/// Reading what changed: in a chat since a rev, in all of a caller's chats since a snapshot.
enum SyncStatements {
  /// What changed in a chat behind a rev, by rev. $1 chat id; $2 caller, or NULL for the server itself, which sees deleted
  /// chats too; $3 behind this rev; $4 how many at most, and all that share the last one's rev (a chat and its first
  /// members share rev 1, nothing else does).
  ///
  /// No row: no such chat for this caller. Otherwise, in each row, the chat's rev and whether it is deleted; kind and rev
  /// of the change (NULL if nothing changed); and by its kind a message; a membership, behind whether it has ended,
  /// who ended it and the rev of joining; a chat with its last
  /// message, for the server itself also beside a membership.
  static let changes = Statement(
    name: "changes",
    text: """
      WITH chat AS MATERIALIZED (
        SELECT * FROM chats c
        WHERE c.id = $1::uuid AND (
          $2::uuid IS NULL
          OR c.deleted_at IS NULL AND EXISTS (
            SELECT FROM chat_members WHERE chat_id = c.id AND user_id = $2::uuid AND left_at IS NULL
          )
        )
      ), moved AS MATERIALIZED (
        SELECT * FROM (
          (
            SELECT 'message' AS kind, rev, id AS key FROM messages
            WHERE chat_id = $1::uuid AND rev > $3::bigint ORDER BY rev LIMIT $4::int
          )
          UNION ALL
          SELECT 'member', rev, user_id FROM chat_members WHERE chat_id = $1::uuid AND rev > $3::bigint
          UNION ALL
          SELECT 'chat', meta_rev, id FROM chat WHERE meta_rev > $3::bigint
        ) united
        ORDER BY rev FETCH FIRST ($4::int) ROWS WITH TIES
      )
      SELECT chat.rev, chat.deleted_at IS NOT NULL, moved.kind, moved.rev, \(Columns.message()),
        cm.left_at IS NOT NULL, cm.removed_by, cm.joined_rev, \(Columns.member), \(Columns.chat("c")), \(Columns.message("last"))
      FROM chat
      LEFT JOIN moved ON true
      LEFT JOIN LATERAL (SELECT * FROM messages WHERE id = moved.key LIMIT 1) m ON moved.kind = 'message'
      LEFT JOIN LATERAL (
        SELECT * FROM chat_members WHERE chat_id = chat.id AND user_id = moved.key LIMIT 1
      ) cm ON moved.kind = 'member'
      LEFT JOIN LATERAL (SELECT * FROM users WHERE id = cm.user_id LIMIT 1) u ON true
      LEFT JOIN chat c ON moved.kind = 'chat' OR moved.kind = 'member' AND $2::uuid IS NULL
      \(Fragments.lastMessage(of: "c", as: "last"))
      ORDER BY moved.rev, moved.kind
      """)

  // MARK: Across chats

  // Joins with chats and users are LATERAL with a LIMIT: a plan that was prepared when the tables were small would go
  // through all of them, and it is kept until they are analyzed.

  /// All of a caller's visible chats, by id. $1 caller, $2 behind this chat id, $3 how many at most.
  static let chats = Statement(
    name: "sync_chats",
    text: chatsText(
      behind: "$2::uuid", limit: "$3::int",
      condition: "cm.left_at IS NULL AND c.deleted_at IS NULL AND (cm.hidden_seq IS NULL OR c.last_seq > cm.hidden_seq)"
    ))

  /// The caller's chats that moved since a snapshot, by id; also those that it no longer has. A chat that the caller left
  /// moves on without being told of.
  ///
  /// $1 caller, $2 behind this chat id, $3 how many at most, $4 the snapshot.
  ///
  /// Rows as of `chats`: the current snapshot, the chat's id (NULL if nothing moved), whether the caller has it, its
  /// members' marks (`user:read:delivered` joined by commas), and `Columns.ownChat`.
  static let chatsSince = Statement(
    name: "sync_chats_since",
    text: chatsText(
      behind: "$2::uuid", limit: "$3::int",
      condition: """
        (\(moved("cm.changed_xid", since: "$4")) OR cm.left_at IS NULL AND (
          \(moved("c.changed_xid", since: "$4"))
          OR EXISTS (
            SELECT FROM chat_members other
            WHERE other.chat_id = cm.chat_id AND \(moved("other.changed_xid", since: "$4"))
          )
        ))
        """))

  private static func chatsText(behind: String, limit: String, condition: String) -> String {
    """
    WITH moved AS MATERIALIZED (
      SELECT cm.chat_id,
        cm.left_at IS NULL AND c.deleted_at IS NULL AND (cm.hidden_seq IS NULL OR c.last_seq > cm.hidden_seq) AS is_there
      FROM chat_members cm CROSS JOIN LATERAL (SELECT * FROM chats WHERE id = cm.chat_id LIMIT 1) c
      WHERE cm.user_id = $1::uuid AND cm.chat_id > \(behind) AND \(condition)
      ORDER BY cm.chat_id LIMIT \(limit)
    )
    SELECT pg_current_snapshot()::text, moved.chat_id, moved.is_there, marks.text, \(Columns.ownChat)
    FROM (SELECT) always
    LEFT JOIN moved ON true
    LEFT JOIN LATERAL (
      SELECT * FROM (\(Fragments.ownChats(of: "$1::uuid"))) own WHERE own.id = moved.chat_id AND moved.is_there LIMIT 1
    ) c ON true
    \(Fragments.ownChatJoins)
    CROSS JOIN LATERAL (
      SELECT string_agg(
        member.user_id || ':' || member.last_read_seq || ':' || member.last_delivered_seq, ',' ORDER BY member.user_id
      ) AS text
      FROM chat_members member WHERE member.chat_id = c.id AND member.left_at IS NULL
    ) marks
    ORDER BY moved.chat_id
    """
  }

  /// All users with whom the caller shares a chat, by id. $1 caller, $2 behind this user id, $3 how many
  /// at most. Rows: `Columns.user`.
  static let users = Statement(
    name: "sync_users",
    text: usersText(
      "SELECT other.user_id FROM mine JOIN chat_members other USING (chat_id) WHERE other.left_at IS NULL"))

  /// Of those, the ones that the caller may not know as they are now: who changed their profile since a snapshot, who
  /// joined one of the caller's chats, and everybody in a chat that the caller joined. $4 the snapshot.
  static let usersSince = Statement(
    name: "sync_users_since",
    text: usersText(
      """
      SELECT changed.id AS user_id FROM users changed
      WHERE \(moved("changed.changed_xid", since: "$4")) AND EXISTS (
        SELECT FROM chat_members other JOIN mine USING (chat_id)
        WHERE other.user_id = changed.id AND other.left_at IS NULL
      )
      UNION
      SELECT other.user_id FROM mine JOIN chat_members other USING (chat_id)
      WHERE other.left_at IS NULL AND (
        other.changed_xid >= pg_snapshot_xmin($4::text::pg_snapshot) AND \(moved("other.membership_xid", since: "$4"))
        OR \(moved("mine.membership_xid", since: "$4"))
      )
      """))

  private static func usersText(_ known: String) -> String {
    """
    WITH mine AS MATERIALIZED (
      SELECT cm.chat_id, cm.membership_xid
      FROM chat_members cm CROSS JOIN LATERAL (SELECT deleted_at FROM chats WHERE id = cm.chat_id LIMIT 1) c
      WHERE cm.user_id = $1::uuid AND cm.left_at IS NULL AND c.deleted_at IS NULL
    )
    SELECT \(Columns.user)
    FROM (
      SELECT DISTINCT user_id FROM (\(known)) known
      WHERE user_id > $2::uuid AND user_id <> $1::uuid ORDER BY user_id LIMIT $3::int
    ) page
    CROSS JOIN LATERAL (SELECT * FROM users WHERE id = page.user_id LIMIT 1) u
    ORDER BY u.id
    """
  }

  /// Whether a row's last transaction is not visible in a snapshot. The first comparison says nothing new (everything
  /// below xmin is visible), but an index can answer it.
  static func moved(_ xid: String, since snapshot: String) -> String {
    """
    (\(xid) >= pg_snapshot_xmin(\(snapshot)::text::pg_snapshot) \
    AND NOT pg_visible_in_snapshot(\(xid), \(snapshot)::text::pg_snapshot))
    """
  }
}
