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
            WHERE chat_id = $1::uuid AND rev > $3::bigint ORDER BY rev LIMIT $4::int
          )
          UNION ALL
          SELECT 'member', rev, user_id FROM chat_members WHERE chat_id = $1::uuid AND rev > $3::bigint
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

  // MARK: Across chats

  // Joins with chats and users are LATERAL with a LIMIT: a plan that was prepared when the tables were small would go
  // through all of them, and it is kept until they are analyzed.

  /// A page of a caller's chats, by id: all that are visible, or those that moved since a snapshot, also those that it no
  /// longer has. A chat that the caller left moves on without being told of.
  struct Chats: ServerQuery {
    struct Page {
      enum Entry {
        case chat(ChatSync)
        case removed(UUID)

        var id: UUID {
          switch self {
          case .chat(let sync): sync.chat.id
          case .removed(let id): id
          }
        }
      }

      var current: SyncSnapshot
      /// The newest row of `history` that it sees.
      var row: UUID
      var entries: [Entry]
    }

    typealias Output = Page

    static let text = Statement(
      .syncChats,
      chatsText(
        condition: visible))

    static let moved = Statement(
      .syncChatsSince,
      chatsText(
        condition: """
          (\(SyncStatements.moved("cm.changed_xid", since: "$4")) OR cm.left_at IS NULL AND (
            \(SyncStatements.moved("c.changed_xid", since: "$4")) OR marks.moved
          ))
          """,
        // Not EXISTS, which a plan may answer by hashing the memberships of the whole server.
        marks: """
          LEFT JOIN LATERAL (
            SELECT true AS moved FROM chat_members other
            WHERE other.chat_id = cm.chat_id AND \(SyncStatements.moved("other.changed_xid", since: "$4")) LIMIT 1
          ) marks ON true
          """))

    let caller: UUID
    /// Behind this chat.
    let after: UUID
    let limit: Int
    let since: SyncSnapshot?

    var statement: Statement { since == nil ? Self.text : Self.moved }
    var values: [Value] {
      [.uuid(caller), .uuid(after), .int(limit)] + (since.map { [.text($0.text)] } ?? [])
    }

    func mostRows(for caller: CallerExtent) -> Int {
      caller.chats * 6 + limit * (Fragments.rowsOfView(caller) + caller.membersInChat) + RowBound.fewKeys
    }

    /// A page with what moved in this row, if anything did.
    func element(_ row: inout RowReader) throws(PostgresError) -> Page {
      guard let current = SyncSnapshot(text: try row.string()) else { throw row.badValue(expected: "a snapshot") }
      var page = Page(current: current, row: try row.uuid(), entries: [])
      guard let id = try row.optionalUUID() else {
        try row.skip(2 + Chat.columns.count)
        return page
      }
      guard try row.bool() else {
        try row.skip(1 + Chat.columns.count)
        page.entries = [.removed(id)]
        return page
      }
      let marks = try row.marks()
      page.entries = [.chat(ChatSync(chat: try Chat(&row, caller: caller), marks: marks))]
      return page
    }

    func output(_ rows: inout RowReader) throws(PostgresError) -> Page {
      var page: Page?
      while try rows.next() {
        let next = try element(&rows)
        if page == nil { page = next } else { page?.entries += next.entries }
      }
      guard let page else { throw PostgresError(.badValue, "the sync has no snapshot") }
      return page
    }
  }

  private static let visible =
    "cm.left_at IS NULL AND c.deleted_at IS NULL AND (cm.hidden_seq IS NULL OR c.last_seq > cm.hidden_seq)"

  /// The caller's memberships behind the chat $2, in order, each with its chat: as many as are taken are looked at.
  private static let walk = """
    (SELECT * FROM mine WHERE chat_id > $2::uuid ORDER BY chat_id) cm
    CROSS JOIN LATERAL (SELECT * FROM chats WHERE id = cm.chat_id LIMIT 1) c
    """

  private static func chatsText(condition: String, marks: String = "") -> String {
    """
    WITH mine AS MATERIALIZED (
      SELECT * FROM chat_members WHERE user_id = $1::uuid
    ), moved AS MATERIALIZED (
      SELECT cm.chat_id, \(visible) AS is_there
      FROM \(walk)
      \(marks)
      WHERE \(condition)
      ORDER BY cm.chat_id LIMIT $3::int
    )
    SELECT pg_current_snapshot()::text, (SELECT id FROM history ORDER BY number DESC LIMIT 1), moved.chat_id, moved.is_there, marks.text, \(Chat.columns)
    FROM (SELECT) always
    LEFT JOIN moved ON true
    LEFT JOIN LATERAL (
      SELECT * FROM (\(Fragments.ownChat("moved.chat_id", of: "$1::uuid"))) own WHERE moved.is_there
    ) c ON true
    \(Fragments.ownChatJoins)
    CROSS JOIN LATERAL (
      SELECT string_agg(
        member.user_id || ':' || member.last_read_seq || ':' || member.last_delivered_seq, ',' ORDER BY member.user_id
      ) AS text
      FROM (SELECT * FROM chat_members WHERE chat_id = c.id AND left_at IS NULL LIMIT 256) member
    ) marks
    ORDER BY moved.chat_id
    """
  }

  /// The users that belong to a page of a snapshot: the members of its chats, by id. What the pages have in common is told
  /// with each of them.
  struct Users: ServerQuery {
    typealias Output = [User]

    static let text = Statement(
      .syncUsers,
      """
      WITH mine AS MATERIALIZED (
        SELECT * FROM chat_members WHERE user_id = $1::uuid AND left_at IS NULL
      ), page AS MATERIALIZED (
        SELECT cm.chat_id FROM \(walk) WHERE \(visible) ORDER BY cm.chat_id LIMIT $3::int
      ), shared AS MATERIALIZED (
        -- Hidden chats as well, between those of the page; behind the last page, all.
        SELECT cm.chat_id FROM \(walk)
        WHERE c.deleted_at IS NULL
          AND ((SELECT count(*) FROM page) < $3::int OR cm.chat_id <= (SELECT max(chat_id::text)::uuid FROM page))
      )
      SELECT \(User.columns.of("u"))
      FROM (
        SELECT DISTINCT member.user_id FROM shared
        CROSS JOIN LATERAL (SELECT * FROM chat_members WHERE chat_id = shared.chat_id AND left_at IS NULL LIMIT 256) member
        WHERE member.user_id <> $1::uuid
      ) known
      CROSS JOIN LATERAL (SELECT * FROM users WHERE id = known.user_id LIMIT 1) u
      ORDER BY u.id
      """)

    let caller: UUID
    /// Behind this chat.
    let after: UUID
    /// How many chats the page has; 0 for none, and no users.
    let chats: Int

    var values: [Value] { [.uuid(caller), .uuid(after), .int(chats)] }

    func mostRows(for caller: CallerExtent) -> Int {
      caller.chats * 8 + 4 * min(chats * caller.membersInChat, caller.members) + RowBound.fewKeys
    }

    func element(_ row: inout RowReader) throws(PostgresError) -> User { try User(&row) }
  }

  /// A page of the users that the caller may not know as they are now, since a snapshot, by id: who shares a chat and
  /// changed the profile, who joined one of the caller's chats, and everybody in a chat that the caller joined.
  ///
  /// Where few people of the server have changed, each is looked for in the caller's chats; where many have, the members
  /// of the caller's chats are gone through.
  struct ChangedUsers: ServerQuery {
    typealias Output = [User]

    private static let few = 100

    static let text = Statement(
      .syncUsersSince,
      """
      WITH mine AS MATERIALIZED (
        \(Fragments.ownChats(of: "$1::uuid"))
      ), changed AS MATERIALIZED (
        SELECT id, changed_xid FROM users WHERE changed_xid >= pg_snapshot_xmin($4::text::pg_snapshot)
        ORDER BY changed_xid LIMIT \(few) + 1
      ), known AS MATERIALIZED (
        SELECT changed.id AS user_id FROM changed
        CROSS JOIN LATERAL (
          SELECT FROM (SELECT * FROM chat_members WHERE user_id = changed.id AND left_at IS NULL OFFSET 0) other
          CROSS JOIN LATERAL (\(Fragments.membership(of: "$1::uuid", in: "other.chat_id"))) me LIMIT 1
        ) shared
        WHERE (SELECT count(*) FROM changed) <= \(few) AND \(SyncStatements.moved("changed.changed_xid", since: "$4"))
        UNION
        SELECT member.user_id FROM mine
        CROSS JOIN LATERAL (SELECT * FROM chat_members WHERE chat_id = mine.id AND left_at IS NULL LIMIT 256) member
        CROSS JOIN LATERAL (SELECT * FROM users WHERE id = member.user_id LIMIT 1) u
        WHERE (SELECT count(*) FROM changed) > \(few) AND \(SyncStatements.moved("u.changed_xid", since: "$4"))
        UNION
        -- Whoever joins or leaves changes the chat, too.
        SELECT member.user_id FROM mine
        CROSS JOIN LATERAL (SELECT * FROM chat_members WHERE chat_id = mine.id AND left_at IS NULL LIMIT 256) member
        WHERE \(SyncStatements.moved("mine.changed_xid", since: "$4"))
          AND (
            \(SyncStatements.moved("member.membership_xid", since: "$4"))
            OR \(SyncStatements.moved("mine.membership_xid", since: "$4"))
          )
      )
      SELECT \(User.columns.of("u"))
      FROM (
        SELECT user_id FROM known WHERE user_id > $2::uuid AND user_id <> $1::uuid ORDER BY user_id LIMIT $3::int
      ) page
      CROSS JOIN LATERAL (SELECT * FROM users WHERE id = page.user_id LIMIT 1) u
      ORDER BY u.id
      """)

    let caller: UUID
    /// Behind this user.
    let after: UUID
    let limit: Int
    let since: SyncSnapshot

    var values: [Value] { [.uuid(caller), .uuid(after), .int(limit), .text(since.text)] }

    func mostRows(for caller: CallerExtent) -> Int {
      // Whoever changed is taken to have no more chats than the caller.
      let searched = caller.changedUsers > Self.few ? 4 * caller.members : caller.changedUsers * 4 * caller.chats
      return caller.chats * 4 + 2 * caller.answered * caller.membersInChat + searched + RowBound.fewKeys
    }

    func element(_ row: inout RowReader) throws(PostgresError) -> User { try User(&row) }
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

extension RowReader {
  /// Members' marks: `user:read:delivered`, joined by commas.
  fileprivate mutating func marks() throws(PostgresError) -> [Marks] {
    let marks = try text { bytes -> [Marks]? in
      var marks: [Marks] = []
      for part in bytes.split(separator: UInt8(ascii: ",")) {
        guard part.count > 37, let user = UUID(ascii: UnsafeRawBufferPointer(rebasing: part.prefix(36))) else {
          return nil
        }
        let numbers = part.dropFirst(37).split(separator: UInt8(ascii: ":")).map {
          Int(String(decoding: $0, as: UTF8.self))
        }
        guard numbers.count == 2, let read = numbers[0], let delivered = numbers[1] else { return nil }
        marks.append(Marks(userID: user, lastReadSeq: read, lastDeliveredSeq: delivered))
      }
      return marks
    }
    guard let marks else { throw badValue(expected: "marks") }
    return marks
  }
}
