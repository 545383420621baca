import Generated
import Postgres
import ProtocolRuntime

extension SyncStatements {
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
      """
      WITH moved AS MATERIALIZED (
        SELECT cm.chat_id, true AS is_there FROM \(walk) WHERE \(visible) ORDER BY cm.chat_id LIMIT $3::int
      )
      \(answer)
      """)

    /// Where little has changed on the whole server, it is taken from there to the caller's chats; otherwise these are
    /// gone through.
    static let moved = Statement(
      .syncChatsSince,
      """
      WITH \(RecentChanges.given("$4", few: "$5")), \(RecentChanges.ofChats(few: "$5")), \(RecentChanges.ofMembers(few: "$5")),
      touched AS MATERIALIZED (
        SELECT id FROM recent_chats WHERE \(RecentChanges.isNew("changed_xid"))
        UNION
        SELECT chat_id FROM recent_members WHERE \(RecentChanges.isNew("changed_xid"))
      ), found AS MATERIALIZED (
        SELECT me.chat_id, me.left_at, me.hidden_seq
        FROM touched
        CROSS JOIN LATERAL (SELECT * FROM chat_members WHERE chat_id = touched.id AND user_id = $1::uuid LIMIT 1) me
        WHERE \(areFew) AND me.chat_id > $2::uuid
          AND (me.left_at IS NULL OR \(RecentChanges.isNew("me.changed_xid")))
        UNION ALL
        (
          SELECT cm.chat_id, cm.left_at, cm.hidden_seq
          FROM \(walk)
          LEFT JOIN LATERAL (
            -- Not EXISTS, which a plan may answer by hashing the memberships of the whole server.
            SELECT true AS moved FROM chat_members other
            WHERE other.chat_id = cm.chat_id AND \(RecentChanges.isNew("other.changed_xid")) LIMIT 1
          ) marks ON true
          WHERE NOT (\(areFew)) AND (\(RecentChanges.isNew("cm.changed_xid"))
            OR cm.left_at IS NULL AND (\(RecentChanges.isNew("c.changed_xid")) OR marks.moved))
          ORDER BY cm.chat_id LIMIT $3::int
        )
      ), moved AS MATERIALIZED (
        SELECT cm.chat_id, \(visible) AS is_there
        FROM found cm
        CROSS JOIN LATERAL (SELECT * FROM chats WHERE id = cm.chat_id LIMIT 1) c
        ORDER BY cm.chat_id LIMIT $3::int
      )
      \(answer)
      """)

    private static let areFew =
      RecentChanges.areFew(.chats, few: "$5") + " AND " + RecentChanges.areFew(.members, few: "$5")

    let caller: UUID
    /// Behind this chat.
    let after: UUID
    let limit: Int
    let since: SyncSnapshot?
    /// How many transactions, and how many changed rows, are few.
    var few = RecentChanges.few

    var statement: Statement { since == nil ? Self.text : Self.moved }
    var values: [Value] {
      [.uuid(caller), .uuid(after), .int(limit)] + (since.map { [.text($0.text), .int(few)] } ?? [])
    }

    func mostRows(for caller: CallerExtent) -> Int {
      let walked = since == nil ? limit + caller.unlisted : caller.chats
      return walked * 6 + limit * (Fragments.rowsOfView(caller) + caller.membersInChat) + 10 * (max(few, 0) + 1)
        + RowBound.fewKeys
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

  /// Of a caller's membership and its chat.
  static let visible =
    "cm.left_at IS NULL AND c.deleted_at IS NULL AND (cm.hidden_seq IS NULL OR c.last_seq > cm.hidden_seq)"

  /// The caller's memberships behind the chat $2, each with its chat. In the order of the chats, that of the key, as many
  /// as are taken are looked at.
  static let walk = """
    (SELECT * FROM chat_members WHERE user_id = $1::uuid AND chat_id > $2::uuid) cm
    CROSS JOIN LATERAL (SELECT * FROM chats WHERE id = cm.chat_id LIMIT 1) c
    """

  /// The moment, and each chat of `moved` as the caller $1 sees it, with its members' marks.
  private static let answer = """
    SELECT pg_current_snapshot()::text, (SELECT id FROM history ORDER BY number DESC LIMIT 1), moved.chat_id,
      moved.is_there, marks.text, \(Chat.columns)
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
      FROM (\(Fragments.members(of: "c.id"))) member
    ) marks
    ORDER BY moved.chat_id
    """
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
