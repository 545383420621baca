import Generated
import Postgres
import ProtocolRuntime

/// Reading, editing and deleting messages.
enum MessageStatements {
  /// A page of a chat's messages, newest first or oldest first, with the rev that it was read at. Nil: not a member.
  ///
  /// The first row has the chat's rev, the others' least watermarks and the moment; each of the others a message, and
  /// NULLs for these: fifty times the same would be sent and read fifty times. The moment in a statement of its own would
  /// cost as much as a page.
  struct Page: ServerQuery {
    struct Found {
      let rev: Int
      /// The moment that it was read at.
      let now: HistoryMark
      let messages: [Message]
      /// Whether there are more behind them.
      let hasMore: Bool
    }

    typealias Element = Never
    typealias Output = Found?

    static let text = Statement(.messagesPage, pageText(order: "DESC"))
    static let ascending = Statement(.messagesPageAscending, pageText(order: "ASC"))

    /// What the first row has.
    fileprivate static let head = (["rev"] as ColumnList) + Watermarks.columns + HistoryMark.columns

    let chat: UUID
    let caller: UUID
    let start: MessageCursor
    /// How many messages at most; one more is asked for, which tells whether there are more.
    let limit: Int

    var statement: Statement {
      switch start {
      case .before: Self.text
      case .after: Self.ascending
      }
    }

    var values: [Value] {
      let bounds: (below: Int, above: Int) =
        switch start {
        case .before(let seq, let bound): (seq, bound)
        case .after(let seq): (.max, seq)
        }
      return [.uuid(chat), .uuid(caller), .int(bounds.below), .int(bounds.above), .int(limit + 1)]
    }

    func mostRows(for caller: CallerExtent) -> Int { limit + 1 + caller.membersInChat + RowBound.fewKeys }

    func output(_ rows: inout RowReader) throws(PostgresError) -> Found? {
      guard try rows.next() else { return nil }
      let rev = try rows.int()
      let least = try Watermarks(&rows)
      let now = try HistoryMark(&rows)
      try rows.skip(MessageBase.columnsInChat.count)
      var messages: [Message] = []
      messages.reserveCapacity(min(rows.count - 1, limit))
      let headCount = Self.head.count
      while messages.count < limit, try rows.next() {
        try rows.skip(headCount)
        messages.append(Message(try MessageBase(&rows, chat: chat), caller: caller, least: least))
      }
      return Found(rev: rev, now: now, messages: messages, hasMore: rows.count - 1 > limit)
    }
  }

  // The messages are joined with nothing: so they come in the order of their index, and the plan has only to merge them
  // with the head, and sorts nothing.
  private static func pageText(order: String) -> String {
    """
    WITH head AS MATERIALIZED (
      SELECT c.rev, least.read_seq, least.delivered_seq, (\(HistoryStatements.moment)) AS history
      FROM (\(Fragments.chat("$1::uuid", "id, rev"))) c
      CROSS JOIN LATERAL (\(Fragments.membership(of: "$2::uuid", in: "c.id", ""))) me
      \(Fragments.least(chat: "c.id", caller: "$2::uuid"))
    )
    SELECT \(Page.head.of("head")), \(MessageBase.columnsInChat.of("(NULL::messages)"))
    FROM head
    UNION ALL
    SELECT NULL::bigint, NULL::bigint, NULL::bigint, NULL::text, \(MessageBase.columnsInChat.of("m"))
    FROM (
      SELECT * FROM messages
      WHERE chat_id = $1::uuid AND seq < $3::bigint AND seq > $4::bigint AND \(Fragments.Chosen.messagesBySeq)
        AND EXISTS (SELECT FROM head)
      ORDER BY seq \(order) LIMIT $5::int
    ) m
    ORDER BY seq \(order) NULLS FIRST
    """
  }

  /// A message. Nil: none that the caller may read.
  struct One: ServerQuery {
    typealias Output = Message?

    static let text = Statement(
      .messageOne,
      """
      SELECT \(Watermarks.columns.of("least")), \(MessageBase.columns.of("m"))
      FROM (SELECT * FROM messages WHERE id = $1::uuid LIMIT 1) m
      CROSS JOIN LATERAL (\(Fragments.chat("m.chat_id"))) c
      CROSS JOIN LATERAL (\(Fragments.membership(of: "$2::uuid", in: "m.chat_id"))) me
      \(Fragments.least(chat: "m.chat_id", caller: "$2::uuid"))
      """)

    let message: UUID
    let caller: UUID

    var values: [Value] { [.uuid(message), .uuid(caller)] }

    func mostRows(for caller: CallerExtent) -> Int { caller.membersInChat + RowBound.fewKeys }

    func element(_ row: inout RowReader) throws(PostgresError) -> Message {
      let least = try Watermarks(&row)
      return Message(try MessageBase(&row), caller: caller, least: least)
    }
  }

  /// Locks the chat of a message.
  struct LockChat: ServerCommand {
    static let text = Statement(
      .lockChatOfMessage,
      """
      SELECT FROM chats WHERE id = (SELECT chat_id FROM messages WHERE id = $1::uuid) FOR NO KEY UPDATE
      """)

    let message: UUID

    var values: [Value] { [.uuid(message)] }

    func mostRows(for caller: CallerExtent) -> Int { RowBound.fewKeys }
  }

  /// Edits a text, under the chat's lock. Nil: no such message for this caller.
  struct Edit: ServerQuery {
    enum Outcome: String {
      case edited, unchanged, forbidden
      case notEditable = "not_editable"
      case messageDeleted = "message_deleted"
      case editWindowClosed = "edit_window_closed"
    }

    struct Edited {
      let outcome: Outcome
      let least: Watermarks
      /// As it is now; nil where the outcome is a refusal.
      let message: MessageBase?
    }

    typealias Output = Edited?

    static let text = Statement(
      .editMessage,
      """
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
        FROM (SELECT * FROM messages WHERE id = $1::uuid LIMIT 1) m
        CROSS JOIN LATERAL (\(Fragments.chat("m.chat_id"))) c
        CROSS JOIN LATERAL (\(Fragments.membership(of: "$2::uuid", in: "m.chat_id"))) me
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
        SELECT m.* FROM target CROSS JOIN LATERAL (SELECT * FROM messages WHERE id = target.id LIMIT 1) m
        WHERE target.outcome = 'unchanged'
      )
      SELECT target.outcome, \(Watermarks.columns.of("least")), \(MessageBase.columns.of("m"))
      FROM target
      LEFT JOIN now m ON true
      \(Fragments.least(chat: "target.chat_id", caller: "$2::uuid"))
      """)

    let message: UUID
    let caller: UUID
    let content: String
    /// In seconds.
    let window: Int

    var values: [Value] { [.uuid(message), .uuid(caller), .text(content), .int(window)] }

    func mostRows(for caller: CallerExtent) -> Int { caller.membersInChat + RowBound.fewKeys }

    func element(_ row: inout RowReader) throws(PostgresError) -> Edited {
      Edited(outcome: try row.outcome(), least: try Watermarks(&row), message: try row.optional())
    }
  }

  /// Turns a message into a tombstone, under the chat's lock. Nil: no such message for this caller.
  struct Delete: ServerQuery {
    enum Outcome: String {
      case deleted, forbidden
      /// It was deleted before.
      case unchanged
      case notEditable = "not_editable"
    }

    /// With the tombstone, if it was deleted now.
    typealias Output = (outcome: Outcome, tombstone: MessageEvent?)?

    static let text = Statement(
      .deleteMessage,
      """
      WITH target AS MATERIALIZED (
        SELECT m.id, c.rev AS chat_rev,
          CASE
            WHEN m.sender_id <> $2::uuid AND me.role <> 'admin' THEN 'forbidden'
            WHEN m.type = 'system' THEN 'not_editable'
            WHEN m.deleted_at IS NOT NULL THEN 'unchanged'
            ELSE 'deleted'
          END AS outcome
        FROM (SELECT * FROM messages WHERE id = $1::uuid LIMIT 1) m
        CROSS JOIN LATERAL (\(Fragments.chat("m.chat_id"))) c
        CROSS JOIN LATERAL (\(Fragments.membership(of: "$2::uuid", in: "m.chat_id"))) me
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
      SELECT target.outcome, \(MessageBase.columns.of("m")) FROM target LEFT JOIN deleted m ON true
      """)

    let message: UUID
    let caller: UUID

    var values: [Value] { [.uuid(message), .uuid(caller)] }

    func mostRows(for caller: CallerExtent) -> Int { RowBound.fewKeys }

    func element(_ row: inout RowReader) throws(PostgresError) -> (outcome: Outcome, tombstone: MessageEvent?) {
      (try row.outcome(), try row.optional())
    }
  }

  /// Raises the caller's read watermark to a seq, at most to the chat's last; delivered follows. No lock: the chat's
  /// last_seq only grows, and an update that waited for another looks at the watermark again.
  ///
  /// Nil: not a member.
  struct MarkRead: ReadMarkQuery {
    static let text = Statement(.markRead, markReadText(chat: "$1::uuid", upTo: "$3::bigint"))

    let chat: UUID
    let caller: UUID
    let upTo: Int

    var values: [Value] { [.uuid(chat), .uuid(caller), .int(upTo)] }

    func mostRows(for caller: CallerExtent) -> Int { RowBound.fewKeys + 2 * marksKept }
  }

  /// As `MarkRead`, for the chat and seq of a message.
  struct MarkMessageRead: ReadMarkQuery {
    static let text = Statement(
      .markMessageRead,
      markReadText(
        chat: "(SELECT chat_id FROM messages WHERE id = $1::uuid)",
        upTo: "(SELECT seq FROM messages WHERE id = $1::uuid)"))

    let message: UUID
    let caller: UUID

    var values: [Value] { [.uuid(message), .uuid(caller)] }

    func mostRows(for caller: CallerExtent) -> Int { RowBound.fewKeys + 2 * marksKept }
  }

  /// How many marks of a member are kept in each chat, at most one for each minute: when a message was read is known to
  /// the minute, and of messages below the oldest mark it is known that they were read by then
  /// (docs/decisions/0023-read-marks-are-few.md).
  static let marksKept = 64

  private static func markReadText(chat: String, upTo: String) -> String {
    """
    WITH goal AS MATERIALIZED (
      SELECT me.chat_id, me.user_id, me.last_read_seq, least(\(upTo), c.last_seq) AS seq
      FROM (\(Fragments.chat(chat))) c
      CROSS JOIN LATERAL (\(Fragments.membership(of: "$2::uuid", in: "c.id"))) me
    ), raised AS (
      UPDATE chat_members me
      SET last_read_seq = goal.seq, last_read_at = \(Fragments.rising("me.last_read_at")),
        last_delivered_seq = greatest(me.last_delivered_seq, goal.seq), changed_xid = pg_current_xact_id()
      FROM goal
      WHERE me.chat_id = goal.chat_id AND me.user_id = goal.user_id AND me.left_at IS NULL
        AND me.last_read_seq < goal.seq
      RETURNING me.chat_id, me.user_id, me.last_read_seq, me.last_read_at
    ), newest AS MATERIALIZED (
      SELECT mark.*, raised.last_read_seq, raised.last_read_at FROM raised
      CROSS JOIN LATERAL (
        SELECT * FROM read_marks WHERE chat_id = raised.chat_id AND user_id = raised.user_id
        ORDER BY up_to_seq DESC LIMIT 1
      ) mark
    ), coalesced AS (
      UPDATE read_marks mark SET up_to_seq = newest.last_read_seq, at = newest.last_read_at
      FROM newest
      WHERE mark.chat_id = newest.chat_id AND mark.user_id = newest.user_id AND mark.up_to_seq = newest.up_to_seq
        AND date_trunc('minute', newest.at) = date_trunc('minute', newest.last_read_at)
      RETURNING mark.chat_id
    ), remembered AS (
      INSERT INTO read_marks (chat_id, user_id, up_to_seq, at)
      SELECT chat_id, user_id, last_read_seq, last_read_at FROM raised WHERE NOT EXISTS (SELECT FROM coalesced)
      RETURNING chat_id, user_id
    ), forgotten AS (
      DELETE FROM read_marks mark USING (
        SELECT old.* FROM remembered CROSS JOIN LATERAL (
          SELECT * FROM read_marks WHERE chat_id = remembered.chat_id AND user_id = remembered.user_id
          ORDER BY up_to_seq DESC OFFSET \(marksKept - 1) LIMIT 8
        ) old
      ) old
      WHERE mark.chat_id = old.chat_id AND mark.user_id = old.user_id AND mark.up_to_seq = old.up_to_seq
    )
    SELECT goal.chat_id, greatest(goal.seq, goal.last_read_seq), raised.last_read_at FROM goal LEFT JOIN raised ON true
    """
  }
}

/// The caller's read watermark in a chat.
struct ReadMark: Sendable {
  let chatID: UUID
  let seq: Int
  /// When it rose; nil if it did not.
  let risenAt: Timestamp?
}

protocol ReadMarkQuery: ServerQuery where Element == ReadMark, Output == ReadMark? {}

extension ReadMarkQuery {
  func element(_ row: inout RowReader) throws(PostgresError) -> ReadMark {
    ReadMark(chatID: try row.uuid(), seq: try row.int(), risenAt: try row.optionalTimestamp())
  }
}
