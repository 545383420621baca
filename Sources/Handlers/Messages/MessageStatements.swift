import Postgres

/// Reading, editing and deleting messages.
enum MessageStatements {
  /// A page of a chat's messages, newest first, with the rev that it was read at.
  ///
  /// $1 chat id, $2 caller, $3 below this seq, $4 above this seq, $5 how many at most.
  ///
  /// No row: not a member. Otherwise first a row with the chat's rev and the others' least watermarks, then one for each
  /// message, where these are NULL: fifty times the same numbers would be sent and read fifty times.
  static let page = Statement(name: "messages_page", text: pageText(order: "DESC"))

  /// As `page`, oldest first.
  static let pageAscending = Statement(name: "messages_page_ascending", text: pageText(order: "ASC"))

  private static func pageText(order: String) -> String {
    """
    WITH head AS MATERIALIZED (
      SELECT c.id, c.rev, least.read_seq, least.delivered_seq
      FROM chats c
      JOIN chat_members me ON me.chat_id = c.id AND me.user_id = $2::uuid AND me.left_at IS NULL
      \(Fragments.least(chat: "c.id", caller: "$2::uuid"))
      WHERE c.id = $1::uuid AND c.deleted_at IS NULL
    )
    SELECT head.rev AS chat_rev, head.read_seq, head.delivered_seq, \(Columns.messageOfChat())
    FROM head LEFT JOIN LATERAL (SELECT * FROM messages WHERE false) m ON true
    UNION ALL
    SELECT NULL::bigint, NULL::bigint, NULL::bigint, \(Columns.messageOfChat())
    FROM head CROSS JOIN LATERAL (
      SELECT * FROM messages
      WHERE chat_id = head.id AND seq < $3::bigint AND seq > $4::bigint
      ORDER BY seq \(order) LIMIT $5::int
    ) m
    ORDER BY seq \(order) NULLS FIRST
    """
  }

  /// A message that the caller may read, with the others' least watermarks. $1 message id, $2 caller.
  static let one = Statement(
    name: "message_one",
    text: """
      SELECT least.read_seq, least.delivered_seq, \(Columns.message())
      FROM messages m
      JOIN chats c ON c.id = m.chat_id AND c.deleted_at IS NULL
      JOIN chat_members me ON me.chat_id = m.chat_id AND me.user_id = $2::uuid AND me.left_at IS NULL
      \(Fragments.least(chat: "m.chat_id", caller: "$2::uuid"))
      WHERE m.id = $1::uuid
      """)

  /// Locks the chat of a message. $1 message id.
  static let lockChat = Statement(
    name: "lock_chat_of_message",
    text: """
      SELECT FROM chats WHERE id = (SELECT chat_id FROM messages WHERE id = $1::uuid) FOR NO KEY UPDATE
      """)

  /// Edits a text, under the chat's lock. $1 message id, $2 caller, $3 content, $4 edit window in seconds.
  ///
  /// No row: no such message for this caller. Otherwise the outcome (a code of the operation, or `edited`, or
  /// `unchanged`), the others' least watermarks, and the message as it is now.
  static let edit = Statement(
    name: "edit_message",
    text: """
      WITH target AS MATERIALIZED (
        SELECT m.*, c.rev AS chat_rev,
          CASE
            WHEN m.type = 'system' THEN 'not_editable'
            WHEN m.sender_id <> $2::uuid THEN 'forbidden'
            WHEN m.deleted_at IS NOT NULL THEN 'message_deleted'
            WHEN m.created_at < \(Fragments.now) - make_interval(secs => $4::int) THEN 'edit_window_closed'
            WHEN m.content = $3 THEN 'unchanged'
            ELSE 'edited'
          END AS outcome
        FROM messages m
        JOIN chats c ON c.id = m.chat_id AND c.deleted_at IS NULL
        JOIN chat_members me ON me.chat_id = m.chat_id AND me.user_id = $2::uuid AND me.left_at IS NULL
        WHERE m.id = $1::uuid
      ), edited AS (
        UPDATE messages m SET content = $3, rev = target.chat_rev + 1,
          edited_at = \(Fragments.rising("coalesce(m.edited_at, m.created_at)"))
        FROM target WHERE m.id = target.id AND target.outcome = 'edited'
        RETURNING m.*
      ), bumped AS (
        UPDATE chats SET rev = rev + 1, changed_xid = pg_current_xact_id()
        WHERE id = (SELECT chat_id FROM edited)
      ), now AS (
        SELECT m.* FROM edited m
        UNION ALL
        SELECT m.* FROM messages m JOIN target ON m.id = target.id AND target.outcome = 'unchanged'
      )
      SELECT target.outcome, least.read_seq, least.delivered_seq, \(Columns.message())
      FROM target
      LEFT JOIN now m ON true
      \(Fragments.least(chat: "target.chat_id", caller: "$2::uuid"))
      """)

  /// Turns a message into a tombstone, under the chat's lock. $1 message id, $2 caller.
  ///
  /// No row: no such message for this caller. Otherwise the outcome (a code of the operation, `deleted`, or
  /// `unchanged` for one that was deleted before), and the tombstone if it was deleted now.
  static let delete = Statement(
    name: "delete_message",
    text: """
      WITH target AS MATERIALIZED (
        SELECT m.id, c.rev AS chat_rev,
          CASE
            WHEN m.sender_id <> $2::uuid AND me.role <> 'admin' THEN 'forbidden'
            WHEN m.type = 'system' THEN 'not_editable'
            WHEN m.deleted_at IS NOT NULL THEN 'unchanged'
            ELSE 'deleted'
          END AS outcome
        FROM messages m
        JOIN chats c ON c.id = m.chat_id AND c.deleted_at IS NULL
        JOIN chat_members me ON me.chat_id = m.chat_id AND me.user_id = $2::uuid AND me.left_at IS NULL
        WHERE m.id = $1::uuid
      ), deleted AS (
        UPDATE messages m
        SET content = '', rev = target.chat_rev + 1,
          deleted_at = \(Fragments.rising("m.created_at"))
        FROM target WHERE m.id = target.id AND target.outcome = 'deleted'
        RETURNING m.*
      ), bumped AS (
        UPDATE chats SET rev = rev + 1, changed_xid = pg_current_xact_id()
        WHERE id = (SELECT chat_id FROM deleted)
      )
      SELECT target.outcome, \(Columns.message()) FROM target LEFT JOIN deleted m ON true
      """)

  /// Raises the caller's read watermark to a seq, at most to the chat's last; delivered follows. No lock: the chat's
  /// last_seq only grows, and an update that waited for another looks at the watermark again.
  ///
  /// $1 chat id, $2 caller, $3 up to this seq.
  ///
  /// No row: not a member. Otherwise the watermark, and the time at which it rose (NULL if it did not).
  static let markRead = Statement(name: "mark_read", text: markReadText(chat: "$1::uuid", upTo: "$3::bigint"))

  /// As `markRead`, for the chat and seq of a message. $1 message id, $2 caller. The chat's id is in the third column,
  /// as it is in `markRead`.
  static let markMessageRead = Statement(
    name: "mark_message_read",
    text: markReadText(
      chat: "(SELECT chat_id FROM messages WHERE id = $1::uuid)", upTo: "(SELECT seq FROM messages WHERE id = $1::uuid)"
    ))

  private static func markReadText(chat: String, upTo: String) -> String {
    """
    WITH goal AS MATERIALIZED (
      SELECT me.chat_id, me.user_id, me.last_read_seq, least(\(upTo), c.last_seq) AS seq
      FROM chats c
      JOIN chat_members me ON me.chat_id = c.id AND me.user_id = $2::uuid AND me.left_at IS NULL
      WHERE c.id = \(chat) AND c.deleted_at IS NULL
    ), raised AS (
      UPDATE chat_members me
      SET last_read_seq = goal.seq, last_read_at = \(Fragments.rising("me.last_read_at")),
        last_delivered_seq = greatest(me.last_delivered_seq, goal.seq), changed_xid = pg_current_xact_id()
      FROM goal
      WHERE me.chat_id = goal.chat_id AND me.user_id = goal.user_id AND me.left_at IS NULL
        AND me.last_read_seq < goal.seq
      RETURNING me.chat_id, me.user_id, me.last_read_seq, me.last_read_at
    ), remembered AS (
      INSERT INTO read_marks (chat_id, user_id, up_to_seq, at)
      SELECT chat_id, user_id, last_read_seq, last_read_at FROM raised
    )
    SELECT greatest(goal.seq, goal.last_read_seq), raised.last_read_at, goal.chat_id FROM goal LEFT JOIN raised ON true
    """
  }
}
