import Generated
import Postgres
import ProtocolRuntime

extension SyncStatements {
  /// The users that belong to a page of a snapshot: the members of its chats, by id. What the pages have in common is told
  /// with each of them.
  struct Users: ServerQuery {
    typealias Output = [User]

    static let text = Statement(
      .syncUsers,
      """
      WITH page AS MATERIALIZED (
        SELECT cm.chat_id FROM \(walk) WHERE \(visible) ORDER BY cm.chat_id LIMIT $3::int
      ), shared AS MATERIALIZED (
        -- Hidden chats as well, between those of the page; behind the last page, all.
        SELECT cm.chat_id FROM \(walk)
        WHERE cm.left_at IS NULL AND c.deleted_at IS NULL AND cm.chat_id <= (
          SELECT CASE WHEN count(*) < $3::int THEN 'ffffffff-ffff-ffff-ffff-ffffffffffff' ELSE max(chat_id::text)::uuid END
          FROM page
        )
      )
      SELECT \(User.columns.of("u"))
      FROM (
        SELECT DISTINCT member.user_id FROM shared
        CROSS JOIN LATERAL (\(Fragments.members(of: "shared.chat_id"))) member
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
      8 * (chats + caller.unlisted) + 4 * min(chats * caller.membersInChat, caller.members) + RowBound.fewKeys
    }

    func element(_ row: inout RowReader) throws(PostgresError) -> User { try User(&row) }
  }

  /// A page of the users that the caller may not know as they are now, since a snapshot, by id: who shares a chat and
  /// changed the profile, who joined one of the caller's chats, and everybody in a chat that the caller joined.
  ///
  /// Where few people of the server have changed, each is looked for in the caller's chats; where many have, the members
  /// of the caller's chats are gone through. The same with memberships.
  struct ChangedUsers: ServerQuery {
    typealias Output = [User]

    static let text = Statement(
      .syncUsersSince,
      """
      WITH \(RecentChanges.given("$4", few: "$5")), \(RecentChanges.ofUsers(few: "$5")), \(RecentChanges.ofMembers(few: "$5")),
      mine AS MATERIALIZED (
        \(Fragments.ownChats(of: "$1::uuid"))
      ), known AS MATERIALIZED (
        SELECT changed.id AS user_id FROM recent_users changed
        CROSS JOIN LATERAL (
          SELECT FROM (SELECT * FROM chat_members WHERE user_id = changed.id AND left_at IS NULL OFFSET 0) other
          CROSS JOIN LATERAL (\(Fragments.membership(of: "$1::uuid", in: "other.chat_id"))) me LIMIT 1
        ) shared
        WHERE \(RecentChanges.areFew(.users, few: "$5")) AND \(RecentChanges.isNew("changed.changed_xid"))
        UNION
        SELECT member.user_id FROM mine
        CROSS JOIN LATERAL (\(Fragments.members(of: "mine.id"))) member
        CROSS JOIN LATERAL (SELECT * FROM users WHERE id = member.user_id LIMIT 1) u
        WHERE NOT \(RecentChanges.areFew(.users, few: "$5")) AND \(RecentChanges.isNew("u.changed_xid"))
        UNION
        SELECT joined.user_id FROM recent_members joined
        CROSS JOIN LATERAL (\(Fragments.ownChat("joined.chat_id", of: "$1::uuid"))) mine
        WHERE \(RecentChanges.areFew(.members, few: "$5")) AND \(RecentChanges.isNew("joined.membership_xid"))
          AND joined.left_at IS NULL
        UNION
        SELECT member.user_id FROM recent_members joined
        CROSS JOIN LATERAL (\(Fragments.ownChat("joined.chat_id", of: "$1::uuid"))) mine
        CROSS JOIN LATERAL (\(Fragments.members(of: "mine.id"))) member
        WHERE \(RecentChanges.areFew(.members, few: "$5")) AND joined.user_id = $1::uuid
          AND \(RecentChanges.isNew("joined.membership_xid")) AND joined.left_at IS NULL
        UNION
        -- Whoever joins or leaves changes the chat, too.
        SELECT member.user_id FROM mine
        CROSS JOIN LATERAL (\(Fragments.members(of: "mine.id"))) member
        WHERE NOT \(RecentChanges.areFew(.members, few: "$5")) AND \(RecentChanges.isNew("mine.changed_xid"))
          AND (\(RecentChanges.isNew("member.membership_xid")) OR \(RecentChanges.isNew("mine.membership_xid")))
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
    /// How many transactions, and how many changed rows, are few.
    var few = RecentChanges.few

    var values: [Value] { [.uuid(caller), .uuid(after), .int(limit), .text(since.text), .int(few)] }

    func mostRows(for caller: CallerExtent) -> Int {
      // Whoever changed is taken to have no more chats than the caller.
      let searched = caller.changedUsers > few ? 4 * caller.members : caller.changedUsers * 4 * caller.chats
      let recent = (max(few, 0) + 1) * (10 + caller.membersInChat)
      return caller.chats * 4 + 2 * caller.answered * caller.membersInChat + searched + recent + RowBound.fewKeys
    }

    func element(_ row: inout RowReader) throws(PostgresError) -> User { try User(&row) }
  }
}
