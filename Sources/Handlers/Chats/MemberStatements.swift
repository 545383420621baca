import Generated
import Postgres
import ProtocolRuntime

/// Adding and removing members, under the chat's lock (`ChatStatements.Lock`).
enum MemberStatements {
  /// Adds users to a group and says so in a system message.
  ///
  /// Each new member has a rev of its own, in the order given; then comes the system message's. A new member has read
  /// what was said before it came: that is not unread, and others' messages do not fall back to "sent".
  ///
  /// Nothing: the caller is not a member. Otherwise an addition for each user, in the order given.
  struct Add: ServerQuery {
    typealias Output = [Addition]

    enum Outcome: String {
      case added, unchanged, forbidden
      case directChat = "direct_chat"
      case unknownUser = "unknown_user"
      case chatFull = "chat_full"
    }

    /// One of the users that were given.
    struct Addition {
      /// Of the whole statement: the same in every row.
      let outcome: Outcome
      let change: WrittenChange
      let isNew: Bool
      /// Nil where the outcome is a refusal.
      let membership: (rev: Int, member: ChatMember)?
    }

    static let text = Statement(
      .addMembers,
      """
      WITH target AS MATERIALIZED (
        \(Fragments.target)
      ), wanted AS MATERIALIZED (
        SELECT w.user_id, w.place, u.display_name, u.id IS NOT NULL AS is_known, cm.user_id IS NOT NULL AS is_present
        FROM (
          SELECT user_id, min(place) AS place
          FROM unnest($3::uuid[]) WITH ORDINALITY AS given (user_id, place) GROUP BY user_id
        ) w
        LEFT JOIN LATERAL (SELECT * FROM users WHERE id = w.user_id LIMIT 1) u ON true
        LEFT JOIN LATERAL (
          SELECT * FROM chat_members WHERE chat_id = $1::uuid AND user_id = w.user_id AND left_at IS NULL LIMIT 1
        ) cm ON true
      ), fresh AS MATERIALIZED (
        SELECT *, row_number() OVER (ORDER BY place) AS number FROM wanted WHERE is_known AND NOT is_present
      ), counted AS MATERIALIZED (
        SELECT count(*) AS count, array_agg(user_id ORDER BY number) AS user_ids,
          string_agg(display_name, ', ' ORDER BY number) FILTER (WHERE number <= \(namesSaid))
            || CASE WHEN count(*) > \(namesSaid) THEN ' and ' || (count(*) - \(namesSaid)) || ' more' ELSE '' END AS names
        FROM fresh
      ), verdict AS MATERIALIZED (
        SELECT target.*, counted.*,
          CASE
            WHEN target.type = 'direct' THEN 'direct_chat'
            WHEN target.caller_role <> 'admin' THEN 'forbidden'
            WHEN EXISTS (SELECT FROM wanted WHERE NOT is_known) THEN 'unknown_user'
            WHEN target.member_count + counted.count > 256 THEN 'chat_full'
            WHEN counted.count = 0 THEN 'unchanged'
            ELSE 'added'
          END AS outcome
        FROM target CROSS JOIN counted
      ), joined AS (
        INSERT INTO chat_members AS old
          (chat_id, user_id, role, joined_at, joined_rev, rev, last_read_seq, last_delivered_seq)
        SELECT v.id, fresh.user_id, 'member', \(Fragments.now), v.rev + fresh.number, v.rev + fresh.number, v.last_seq,
          v.last_seq
        FROM verdict v CROSS JOIN fresh WHERE v.outcome = 'added'
        ON CONFLICT (chat_id, user_id) DO UPDATE
        SET role = 'member', joined_at = excluded.joined_at, left_at = NULL, removed_by = NULL,
          joined_rev = excluded.joined_rev, rev = excluded.rev,
          last_read_seq = greatest(old.last_read_seq, excluded.last_read_seq),
          last_delivered_seq = greatest(old.last_delivered_seq, excluded.last_delivered_seq), hidden_seq = NULL,
          changed_xid = pg_current_xact_id(), membership_xid = pg_current_xact_id()
        RETURNING *
      ), bumped AS (
        UPDATE chats c
        SET member_count = c.member_count + v.count, rev = c.rev + v.count + 1, last_seq = c.last_seq + 1,
          updated_at = \(Fragments.rising("c.updated_at")), changed_xid = pg_current_xact_id()
        FROM verdict v WHERE c.id = v.id AND v.outcome = 'added'
      ), said AS (
        INSERT INTO messages
          (id, chat_id, seq, rev, sender_id, type, content, system_action, system_user_ids, created_at)
        SELECT $4::uuid, v.id, v.last_seq + 1, v.rev + v.count + 1, $2::uuid, 'system',
          v.actor_name || ' added ' || v.names, 'member_added', v.user_ids, \(Fragments.now)
        FROM verdict v WHERE v.outcome = 'added'
        RETURNING *
      ), membership AS (
        SELECT * FROM joined
        UNION ALL
        SELECT cm.* FROM wanted
        CROSS JOIN LATERAL (
          SELECT * FROM chat_members WHERE chat_id = $1::uuid AND user_id = wanted.user_id LIMIT 1
        ) cm
        WHERE wanted.is_present
      )
      SELECT v.outcome, \(WrittenChange.columns(of: "v")), NOT wanted.is_present, cm.rev, \(ChatMember.columns)
      FROM verdict v
      CROSS JOIN wanted
      LEFT JOIN LATERAL (SELECT * FROM users WHERE id = wanted.user_id LIMIT 1) u ON true
      LEFT JOIN membership cm ON cm.user_id = wanted.user_id
      \(Fragments.lastMessage(of: "v", as: "previous"))
      LEFT JOIN said ON true
      ORDER BY wanted.place
      """)

    let chat: UUID
    let caller: UUID
    let users: [UUID]
    /// The id of the system message.
    let message: UUID

    var values: [Value] { [.uuid(chat), .uuid(caller), .uuids(users), .uuid(message)] }

    func mostRows(for caller: CallerExtent) -> Int { users.count * 16 + RowBound.fewKeys }

    func element(_ row: inout RowReader) throws(PostgresError) -> Addition {
      Addition(
        outcome: try row.outcome(), change: try WrittenChange(&row), isNew: try row.bool(),
        membership: try membership(&row))
    }

    private func membership(_ row: inout RowReader) throws(PostgresError) -> (rev: Int, member: ChatMember)? {
      guard let rev = try row.optionalInt() else {
        try row.skip(ChatMember.columns.count)
        return nil
      }
      return (rev, try ChatMember(&row))
    }
  }

  /// How many names a system message has at most: 20 of the longest fit its content.
  private static let namesSaid = 20

  /// Removes a member from a group, who may be the caller; says so in a system message.
  ///
  /// Revs: the removal; the new admin, if the last one goes; the system message. If nobody is left, the chat's deletion
  /// follows the removal, and nothing is said.
  ///
  /// Nil: the caller is not a member.
  struct Remove: ServerQuery {
    enum Outcome: String {
      case removed, ended, forbidden
      case directChat = "direct_chat"
      case notFound = "not_found"
    }

    struct Removal {
      let outcome: Outcome
      let change: WrittenChange
      /// Who is the new admin.
      let heir: ChatMember?
    }

    typealias Output = Removal?

    static let text = Statement(
      .removeMember,
      """
      WITH target AS MATERIALIZED (
        \(Fragments.target)
      ), leaver AS MATERIALIZED (
        SELECT cm.user_id, cm.role, u.display_name
        FROM (\(Fragments.membership(of: "$3::uuid", in: "$1::uuid"))) cm
        CROSS JOIN LATERAL (SELECT * FROM users WHERE id = cm.user_id LIMIT 1) u
      ), staying AS MATERIALIZED (
        SELECT * FROM chat_members
        WHERE chat_id = $1::uuid AND \(Fragments.Chosen.membersOfChat) AND user_id <> $3::uuid AND left_at IS NULL
        LIMIT 256
      ), heir AS MATERIALIZED (
        SELECT user_id FROM staying WHERE NOT EXISTS (SELECT FROM staying WHERE role = 'admin')
        ORDER BY joined_rev, user_id LIMIT 1
      ), verdict AS MATERIALIZED (
        SELECT target.*, leaver.display_name, (SELECT count(*) FROM heir) AS heirs,
          CASE
            WHEN target.type = 'direct' THEN 'direct_chat'
            WHEN $2::uuid <> $3::uuid AND target.caller_role <> 'admin' THEN 'forbidden'
            WHEN leaver.user_id IS NULL THEN 'not_found'
            WHEN target.member_count = 1 THEN 'ended'
            ELSE 'removed'
          END AS outcome
        FROM target LEFT JOIN leaver ON true
      ), departed AS (
        UPDATE chat_members cm
        SET left_at = \(Fragments.now), removed_by = $2::uuid, rev = v.rev + 1, changed_xid = pg_current_xact_id(),
          membership_xid = pg_current_xact_id()
        FROM verdict v
        WHERE cm.chat_id = $1::uuid AND cm.user_id = $3::uuid AND v.outcome IN ('removed', 'ended')
      ), promoted AS (
        UPDATE chat_members cm
        SET role = 'admin', rev = v.rev + 2, changed_xid = pg_current_xact_id(), membership_xid = pg_current_xact_id()
        FROM verdict v CROSS JOIN heir
        WHERE cm.chat_id = $1::uuid AND cm.user_id = heir.user_id AND v.outcome = 'removed'
        RETURNING cm.*
      ), bumped AS (
        UPDATE chats c
        SET member_count = c.member_count - 1,
          rev = c.rev + 2 + v.heirs,
          last_seq = c.last_seq + CASE v.outcome WHEN 'removed' THEN 1 ELSE 0 END,
          meta_rev = CASE v.outcome WHEN 'ended' THEN c.rev + 2 ELSE c.meta_rev END,
          deleted_at = CASE v.outcome WHEN 'ended' THEN \(Fragments.now) END,
          updated_at = \(Fragments.rising("c.updated_at")), changed_xid = pg_current_xact_id()
        FROM verdict v WHERE c.id = v.id AND v.outcome IN ('removed', 'ended')
      ), said AS (
        INSERT INTO messages
          (id, chat_id, seq, rev, sender_id, type, content, system_action, system_user_ids, created_at)
        SELECT $4::uuid, v.id, v.last_seq + 1, v.rev + 2 + v.heirs, $2::uuid, 'system',
          v.actor_name || CASE WHEN $2::uuid = $3::uuid THEN ' left' ELSE ' removed ' || v.display_name END,
          CASE WHEN $2::uuid = $3::uuid THEN 'member_left' ELSE 'member_removed' END, ARRAY[$3::uuid], \(Fragments.now)
        FROM verdict v WHERE v.outcome = 'removed'
        RETURNING *
      )
      SELECT v.outcome, \(WrittenChange.columns(of: "v")), \(ChatMember.columns)
      FROM verdict v
      \(Fragments.lastMessage(of: "v", as: "previous"))
      LEFT JOIN said ON true
      LEFT JOIN promoted cm ON true
      LEFT JOIN LATERAL (SELECT * FROM users WHERE id = cm.user_id LIMIT 1) u ON true
      """)

    let chat: UUID
    let caller: UUID
    let user: UUID
    /// The id of the system message.
    let message: UUID

    var values: [Value] { [.uuid(chat), .uuid(caller), .uuid(user), .uuid(message)] }

    func mostRows(for caller: CallerExtent) -> Int { 4 * caller.membersInChat + RowBound.fewKeys }

    func element(_ row: inout RowReader) throws(PostgresError) -> Removal {
      Removal(outcome: try row.outcome(), change: try WrittenChange(&row), heir: try row.optional())
    }
  }
}
