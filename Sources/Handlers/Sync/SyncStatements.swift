import Generated
import Postgres
import ProtocolRuntime

/// Reading what changed: in a chat since a rev, in all of a caller's chats since a snapshot.
enum SyncStatements {
  /// What changed in a chat behind a rev, by rev: at most the limit, and all that share the last one's rev (a chat and
  /// its first members share rev 1, nothing else does). Nil: no such chat for this caller.
  ///
  /// Each row has the chat's rev and whether it is deleted; kind and rev of the change (NULL if nothing changed); and by
  /// its kind a message, a membership, or a chat with its last message, for the server itself also beside a membership.
  struct Changes: ServerQuery {
    typealias Output = ChatChanges?

    static let text = Statement(
      .changes,
      """
      WITH chat AS MATERIALIZED (
        SELECT c.* FROM (SELECT * FROM chats WHERE id = $1::uuid LIMIT 1) c
        LEFT JOIN LATERAL (\(Fragments.membership(of: "$2::uuid", in: "c.id"))) me ON true
        WHERE $2::uuid IS NULL OR c.deleted_at IS NULL AND me.user_id IS NOT NULL
      ), moved AS MATERIALIZED (
        SELECT * FROM (
          (
            SELECT 'message' AS kind, rev, id AS key FROM messages
            WHERE chat_id = $1::uuid AND rev > $3::bigint AND \(Fragments.Chosen.messagesByRev)
            ORDER BY rev LIMIT $4::int
          )
          UNION ALL
          SELECT 'member', rev, user_id FROM chat_members
          WHERE chat_id = $1::uuid AND \(Fragments.Chosen.membersOfChat) AND rev > $3::bigint
          UNION ALL
          SELECT 'chat', meta_rev, id FROM chat WHERE meta_rev > $3::bigint
        ) united
        ORDER BY rev FETCH FIRST ($4::int) ROWS WITH TIES
      )
      SELECT chat.rev, chat.deleted_at IS NOT NULL, moved.kind, moved.rev, \(MessageEvent.columns.of("m")),
        \(ChangedRow.Membership.columns), \(ChatEvent.columns(chat: "c", lastMessage: "last"))
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

    let chat: UUID
    /// Nil for the server itself, which sees deleted chats too.
    let caller: UUID?
    /// Behind this rev.
    let after: Int
    let limit: Int

    var values: [Value] { [.uuid(chat), .optional(caller), .int(after), .int(limit)] }

    func mostRows(for caller: CallerExtent) -> Int { limit * 8 + 2 * caller.membersInChat + RowBound.fewKeys }

    func element(_ row: inout RowReader) throws(PostgresError) -> ChangedRow {
      try ChangedRow(&row, chatIsAround: caller == nil)
    }

    func output(_ rows: inout RowReader) throws(PostgresError) -> ChatChanges? {
      var head: Int?
      var entries: [ChatChanges.Entry] = []
      entries.reserveCapacity(rows.count)
      while try rows.next() {
        let row = try element(&rows)
        head = row.chatRev
        if let entry = row.entry { entries.append(entry) }
      }
      guard let head else { return nil }
      // With fewer rows than asked for there is nothing behind them, though the chat's rev may be beyond the last one's:
      // the rows that had the revs in between have later ones.
      let last = entries.last?.rev ?? head
      let hasMore = entries.count >= limit && last < head
      return ChatChanges(entries: entries, upToRev: hasMore ? last : head, hasMore: hasMore)
    }
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
