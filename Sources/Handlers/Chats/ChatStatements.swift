import Generated
import Postgres
import ProtocolRuntime

/// Reading, creating, renaming and deleting chats.
enum ChatStatements {
  /// A page of the caller's chats, newest first, hidden ones left out.
  ///
  /// An index by time would have to be written for each member at each message; the one by days is not. In the order of
  /// days, `newest` looks at as many chats as the page has. None of the page is of an earlier day than the last of these,
  /// so the page is in the days up to that one (docs/decisions/0033-lists-begin-at-the-newest-day.md).
  struct Page: ServerQuery {
    typealias Output = [Chat]

    static let text = Statement(
      .chatsPage,
      """
      WITH newest AS MATERIALIZED (
        SELECT d.day
        FROM \(ownChats) AND d.day <= \(startDay)
        ORDER BY d.day DESC LIMIT $4::int
      ), page AS MATERIALIZED (
        SELECT c.*, \(Fragments.ownColumns)
        FROM \(ownChats) AND d.day BETWEEN \(endDay) AND \(startDay)
        ORDER BY c.updated_at DESC, c.id DESC LIMIT $4::int
      )
      SELECT \(Chat.columns)
      FROM page c
      \(Fragments.ownChatJoins)
      ORDER BY c.updated_at DESC, c.id DESC
      """)

    /// The caller's chats, hidden ones left out, behind where the page before ended.
    private static let ownChats = """
      chat_days d
      CROSS JOIN LATERAL (\(Fragments.membership(of: "d.user_id", in: "d.chat_id"))) me
      CROSS JOIN LATERAL (\(Fragments.chat("d.chat_id"))) c
      WHERE d.user_id = $1::uuid AND d.\(Fragments.Chosen.newestDays) AND (me.hidden_seq IS NULL OR c.last_seq > me.hidden_seq)
        AND ($2::bigint IS NULL OR (c.updated_at, c.id) < (\(start), $3::uuid))
      """

    private static let start = "to_timestamp($2::bigint / 1000.0)"
    private static let startDay = "coalesce(\(Fragments.day(of: start)), 'infinity')"
    /// Where `newest` has not the whole page, there is nothing more.
    private static let endDay =
      "(SELECT CASE count(*) WHEN $4::int THEN min(day) ELSE '-infinity' END FROM newest)"

    let caller: UUID
    /// Where the page before ended.
    let after: ChatCursor?
    let limit: Int

    var values: [Value] {
      [
        .uuid(caller), .optional(after.map { Int($0.updatedAt.millisecondsSinceEpoch) }), .optional(after?.id),
        .int(limit),
      ]
    }

    func mostRows(for caller: CallerExtent) -> Int {
      // Both times up to a page of chats, what is left out between them, and the days in which it begins and ends.
      limit * (6 + Fragments.rowsOfView(caller)) + caller.unlisted * 6 + caller.chatsInDay * 9 + RowBound.fewKeys
    }

    func element(_ row: inout RowReader) throws(PostgresError) -> Chat { try Chat(&row, caller: caller) }
  }

  /// A chat as its member sees it. Nil: not a member.
  struct One: ServerQuery {
    typealias Output = Chat?

    static let text = Statement(
      .chatOne,
      """
      SELECT \(Chat.columns)
      FROM (\(Fragments.ownChat("$1::uuid", of: "$2::uuid"))) c
      \(Fragments.ownChatJoins)
      """)

    let chat: UUID
    let caller: UUID

    var values: [Value] { [.uuid(chat), .uuid(caller)] }

    func mostRows(for caller: CallerExtent) -> Int { Fragments.rowsOfView(caller) + RowBound.fewKeys }

    func element(_ row: inout RowReader) throws(PostgresError) -> Chat { try Chat(&row, caller: caller) }
  }

  /// A chat with its members. Nil: not a member.
  struct Detail: DetailQuery {
    static let text = Statement(.chatDetail, detailText(chat: "$1::uuid"))

    let chat: UUID
    let caller: UUID

    var values: [Value] { [.uuid(chat), .uuid(caller)] }

    func mostRows(for caller: CallerExtent) -> Int {
      Fragments.rowsOfView(caller) + 4 * caller.membersInChat + RowBound.fewKeys
    }
  }

  /// A row for each member: the chat, which is NULL but in the caller's row, and the member.
  private static func detailText(chat: String) -> String {
    """
    WITH own (\(Chat.columns.numbered)) AS MATERIALIZED (
      SELECT \(Chat.columns)
      FROM (\(Fragments.ownChat(chat, of: "$2::uuid"))) c
      \(Fragments.ownChatJoins)
    )
    SELECT own.*, \(ChatMember.columns)
    FROM own found
    CROSS JOIN LATERAL (\(Fragments.members(of: "found.o0"))) cm
    CROSS JOIN LATERAL (SELECT * FROM users WHERE id = cm.user_id LIMIT 1) u
    LEFT JOIN own ON cm.user_id = $2::uuid
    ORDER BY cm.joined_at, cm.user_id
    """
  }

  // MARK: Creating: three statements of one unit

  /// Creates a chat with its members at rev 1, unless there is one with the same direct key or client id, or a member is
  /// unknown.
  struct Create: ServerCommand {
    static let text = Statement(
      .createChat,
      """
      WITH known AS MATERIALIZED (
        SELECT u.id FROM unnest($8::uuid[]) wanted CROSS JOIN LATERAL (SELECT id FROM users WHERE id = wanted LIMIT 1) u
      ), created AS (
        INSERT INTO chats
          (id, type, name, created_by, created_at, updated_at, member_count, direct_key, client_id, body_hash)
        SELECT $1::uuid, $3, $4, $2::uuid, \(Fragments.now), \(Fragments.now), cardinality($8::uuid[]), $5, $6::uuid,
          $7::bigint
        WHERE (SELECT count(*) FROM known) = cardinality($8::uuid[])
        ON CONFLICT DO NOTHING
        RETURNING id, type, created_by
      ), joined AS (
        INSERT INTO chat_members (chat_id, user_id, role, joined_at, joined_rev, rev)
        SELECT created.id, known.id,
          CASE WHEN created.type = 'group' AND known.id = created.created_by THEN 'admin' ELSE 'member' END,
          \(Fragments.now), 1, 1
        FROM created CROSS JOIN known
      )
      SELECT FROM created
      """)

    let identity: ChatIdentity
    let type: ChatType
    let name: String?
    let bodyHash: Int?
    /// With the creator, each once.
    let members: [UUID]

    var values: [Value] {
      [
        .uuid(identity.id), .uuid(identity.creator), .text(type.rawValue), .optional(name),
        .optional(identity.directKey), .optional(identity.clientID), .optional(bodyHash), .uuids(members),
      ]
    }

    func mostRows(for caller: CallerExtent) -> Int { members.count * 8 + RowBound.fewKeys }
  }

  /// The chat that `Create` made or met. Runs with a snapshot of its own: a concurrent request's chat, for which
  /// `Create` waited, is visible only now. Nil if nothing was made or met.
  struct Created: ServerQuery {
    struct Found {
      let id: UUID
      /// The same client id came with another body.
      let isConflict: Bool
    }

    typealias Output = Found?

    static let text = Statement(
      .createdChat,
      """
      SELECT id, client_id IS NOT DISTINCT FROM $4::uuid AND created_by = $2::uuid AND $4::uuid IS NOT NULL
        AND body_hash IS DISTINCT FROM $5::bigint
      FROM chats WHERE id = \(createdID)
      """)

    let identity: ChatIdentity
    let bodyHash: Int?

    var values: [Value] { identity.values + [.optional(bodyHash)] }

    func mostRows(for caller: CallerExtent) -> Int { RowBound.fewKeys }

    func element(_ row: inout RowReader) throws(PostgresError) -> Found {
      Found(id: try row.uuid(), isConflict: try row.bool())
    }
  }

  /// As `Detail`, for the chat that `Create` made or met.
  struct CreatedDetail: DetailQuery {
    static let text = Statement(.createdChatDetail, detailText(chat: createdID))

    let identity: ChatIdentity

    var caller: UUID { identity.creator }
    var values: [Value] { identity.values }

    func mostRows(for caller: CallerExtent) -> Int {
      Fragments.rowsOfView(caller) + 4 * caller.membersInChat + RowBound.fewKeys
    }
  }

  // A repeat is known by its client id before anything else; then comes the pair.
  private static let createdID = """
    coalesce(
      (SELECT id FROM chats WHERE created_by = $2::uuid AND client_id = $4::uuid),
      (SELECT id FROM chats WHERE direct_key = $3), $1::uuid)
    """

  // MARK: Changing: under the chat's lock

  /// Locks a chat.
  struct Lock: ServerCommand {
    static let text = Statement(.lockChat, "SELECT FROM chats WHERE id = $1::uuid FOR NO KEY UPDATE")

    let chat: UUID

    var values: [Value] { [.uuid(chat)] }

    func mostRows(for caller: CallerExtent) -> Int { RowBound.fewKeys }
  }

  /// Renames a group and says so in a system message. Nil: not a member.
  struct Rename: ServerQuery {
    enum Outcome: String {
      case renamed, unchanged, forbidden
      case directChat = "direct_chat"
    }

    typealias Output = (outcome: Outcome, change: WrittenChange)?

    static let text = Statement(
      .renameChat,
      """
      WITH target AS MATERIALIZED (
        SELECT *,
          CASE
            WHEN type = 'direct' THEN 'direct_chat'
            WHEN caller_role <> 'admin' THEN 'forbidden'
            WHEN name IS NOT DISTINCT FROM $3 THEN 'unchanged'
            ELSE 'renamed'
          END AS outcome
        FROM (\(Fragments.target)) found
      ), renamed AS (
        UPDATE chats c
        SET name = $3, rev = c.rev + 2, meta_rev = c.rev + 1, last_seq = c.last_seq + 1,
          updated_at = \(Fragments.rising("c.updated_at")), changed_xid = pg_current_xact_id()
        FROM target WHERE c.id = target.id AND target.outcome = 'renamed'
        RETURNING c.id, c.last_seq, c.rev
      ), said AS (
        INSERT INTO messages (id, chat_id, seq, rev, sender_id, type, content, system_action, system_name, created_at)
        SELECT $4::uuid, renamed.id, renamed.last_seq, renamed.rev, $2::uuid, 'system',
          target.actor_name || ' renamed the chat to "' || $3 || '"', 'chat_renamed', $3, \(Fragments.now)
        FROM renamed JOIN target ON target.id = renamed.id
        RETURNING *
      )
      SELECT target.outcome, \(WrittenChange.columns(of: "target"))
      FROM target
      \(Fragments.lastMessage(of: "target", as: "previous"))
      LEFT JOIN said ON true
      """)

    let chat: UUID
    let caller: UUID
    let name: String
    /// The id of the system message.
    let message: UUID

    var values: [Value] { [.uuid(chat), .uuid(caller), .text(name), .uuid(message)] }

    func mostRows(for caller: CallerExtent) -> Int { RowBound.fewKeys }

    func element(_ row: inout RowReader) throws(PostgresError) -> (outcome: Outcome, change: WrittenChange) {
      (try row.outcome(), try WrittenChange(&row))
    }
  }

  /// Hides a direct chat for the caller, deletes a group for all. Nil: not a member.
  struct Delete: ServerQuery {
    enum Outcome: String {
      case hidden, deleted, forbidden
    }

    /// With the rev of the deletion.
    typealias Output = (outcome: Outcome, rev: Int?)?

    static let text = Statement(
      .deleteChat,
      """
      WITH target AS MATERIALIZED (
        SELECT *,
          CASE WHEN type = 'direct' THEN 'hidden' WHEN caller_role = 'admin' THEN 'deleted' ELSE 'forbidden' END
            AS outcome
        FROM (\(Fragments.target)) found
      ), hidden AS (
        UPDATE chat_members cm SET hidden_seq = target.last_seq, changed_xid = pg_current_xact_id()
        FROM target WHERE cm.chat_id = $1::uuid AND cm.user_id = $2::uuid AND target.outcome = 'hidden'
      ), deleted AS (
        UPDATE chats c
        SET deleted_at = \(Fragments.now), updated_at = \(Fragments.rising("c.updated_at")), rev = c.rev + 1,
          meta_rev = c.rev + 1, changed_xid = pg_current_xact_id()
        FROM target WHERE c.id = target.id AND target.outcome = 'deleted'
        RETURNING c.rev
      )
      SELECT target.outcome, deleted.rev FROM target LEFT JOIN deleted ON true
      """)

    let chat: UUID
    let caller: UUID

    var values: [Value] { [.uuid(chat), .uuid(caller)] }

    func mostRows(for caller: CallerExtent) -> Int { RowBound.fewKeys }

    func element(_ row: inout RowReader) throws(PostgresError) -> (outcome: Outcome, rev: Int?) {
      (try row.outcome(), try row.optionalInt())
    }
  }
}

/// What a chat that is created is known by.
struct ChatIdentity: Sendable {
  let id: UUID
  let creator: UUID
  /// Of a direct chat: both users' ids in order.
  let directKey: String?
  let clientID: UUID?

  fileprivate var values: [Value] { [.uuid(id), .uuid(creator), .optional(directKey), .optional(clientID)] }
}

/// A statement with a row for each member of a chat, the chat itself beside the caller.
protocol DetailQuery: ServerQuery
where Element == (chat: Chat?, member: ChatMember), Output == (chat: Chat, members: [ChatMember])? {
  var caller: UUID { get }
}

extension DetailQuery {
  func element(_ row: inout RowReader) throws(PostgresError) -> (chat: Chat?, member: ChatMember) {
    guard try !row.skipNull(Chat.columns.count) else { return (nil, try ChatMember(&row)) }
    return (try Chat(&row, caller: caller), try ChatMember(&row))
  }

  func output(_ rows: inout RowReader) throws(PostgresError) -> (chat: Chat, members: [ChatMember])? {
    var found: Chat?
    var members: [ChatMember] = []
    while try rows.next() {
      let (chat, member) = try element(&rows)
      if let chat { found = chat }
      members.append(member)
    }
    return found.map { ($0, members) }
  }
}
