import Generated
import Postgres
import ProtocolRuntime

/// The SQL of delivery.
enum DeliveryStatements {
  struct Memberships: ServerQuery {
    typealias Output = [Membership]

    static let text = Statement(
      .deliveryMemberships,
      """
      SELECT c.id, c.rev, c.last_seq, me.joined_rev
      FROM chat_members me CROSS JOIN LATERAL (SELECT * FROM chats WHERE id = me.chat_id LIMIT 1) c
      WHERE me.user_id = $1::uuid AND me.left_at IS NULL AND c.deleted_at IS NULL
      """)

    let user: UUID

    var values: [Value] { [.uuid(user)] }

    func mostRows(for caller: CallerExtent) -> Int { caller.chats * 4 + RowBound.fewKeys }

    func element(_ row: inout RowReader) throws(PostgresError) -> Membership { try Membership(&row) }
  }

  /// As `Memberships`, of these chats alone, at a cost that does not grow with the others.
  struct MembershipsIn: ServerQuery {
    typealias Output = [Membership]

    static let text = Statement(
      .deliveryMembershipsIn,
      """
      SELECT c.id, c.rev, c.last_seq, me.joined_rev
      FROM unnest($2::uuid[]) AS asked (id)
      CROSS JOIN LATERAL (\(Fragments.chat("asked.id"))) c
      CROSS JOIN LATERAL (\(Fragments.membership(of: "$1::uuid", in: "c.id"))) me
      """)

    let user: UUID
    let chats: [UUID]

    var values: [Value] { [.uuid(user), .uuids(chats)] }

    func mostRows(for caller: CallerExtent) -> Int { chats.count * 4 }

    func element(_ row: inout RowReader) throws(PostgresError) -> Membership { try Membership(&row) }
  }

  struct Revs: ServerQuery {
    typealias Output = [StreamKey: Int]

    static let text = Statement(
      .deliveryRevs,
      """
      SELECT id, rev FROM chats WHERE id = ANY ($1::uuid[])
      """)

    let chats: [UUID]

    var values: [Value] { [.uuids(chats)] }

    func mostRows(for caller: CallerExtent) -> Int { chats.count * 2 }

    func element(_ row: inout RowReader) throws(PostgresError) -> (key: StreamKey, rev: Int) {
      (.chat(try row.uuid()), try row.int())
    }

    func output(_ rows: inout RowReader) throws(PostgresError) -> [StreamKey: Int] {
      var revs: [StreamKey: Int] = [:]
      while try rows.next() {
        let (key, rev) = try element(&rows)
        revs[key] = rev
      }
      return revs
    }
  }

  struct Snapshot: ServerQuery {
    typealias Output = String

    /// One that sees nothing: no transaction has a smaller number.
    static let ofNothing = "3:3:"

    static let text = Statement(
      .deliverySnapshot,
      """
      SELECT pg_current_snapshot()::text
      """)

    var values: [Value] { [] }

    func mostRows(for caller: CallerExtent) -> Int { 0 }

    func element(_ row: inout RowReader) throws(PostgresError) -> String { try row.string() }
  }

  /// The memberships of chats that are there, that began since a snapshot, or were changed, and stand: those that have not
  /// moved are not looked at.
  ///
  /// The last column is the chat's last seq at that rev. The first message behind an addition is its own system message,
  /// which nobody changes; a chat begins with none.
  struct NewMemberships: ServerQuery {
    typealias Output = [NewMembership]

    static let text = Statement(
      .deliveryNewMemberships,
      """
      SELECT cm.chat_id, cm.user_id, cm.joined_rev, cm.rev, CASE WHEN cm.joined_rev = 1 THEN 0 ELSE coalesce((
          SELECT seq - 1 FROM messages
          WHERE chat_id = cm.chat_id AND rev > cm.joined_rev AND \(Fragments.Chosen.messagesByRev) ORDER BY rev LIMIT 1
        ), 0) END
      FROM unnest($1::uuid[]) AS asked (id) CROSS JOIN LATERAL (
        SELECT * FROM chat_members
        WHERE user_id = asked.id AND left_at IS NULL AND \(SyncStatements.moved("membership_xid", since: "$2"))
      ) cm
      CROSS JOIN LATERAL (SELECT deleted_at FROM chats WHERE id = cm.chat_id LIMIT 1) c
      WHERE c.deleted_at IS NULL
      """)

    let users: [UUID]
    let snapshot: String

    var values: [Value] { [.uuids(users), .text(snapshot)] }

    func mostRows(for caller: CallerExtent) -> Int { users.count * 2 + caller.answered * 8 }

    func element(_ row: inout RowReader) throws(PostgresError) -> NewMembership {
      NewMembership(
        chatID: try row.uuid(), userID: try row.uuid(), joinedRev: try row.int(), rev: try row.int(),
        lastSeq: try row.int())
    }
  }

  /// The chats in which memberships have ended since a snapshot.
  struct EndedMemberships: ServerQuery {
    typealias Output = [UUID]

    static let text = Statement(
      .deliveryEndedMemberships,
      """
      SELECT DISTINCT chat_id FROM (
        SELECT chat_id FROM chat_members
        WHERE left_at IS NOT NULL AND \(SyncStatements.moved("membership_xid", since: "$1"))
        ORDER BY membership_xid LIMIT $2::int
      ) ended
      """)

    let snapshot: String
    /// How many memberships at most.
    let limit: Int

    var values: [Value] { [.text(snapshot), .int(limit)] }

    func mostRows(for caller: CallerExtent) -> Int { 2 * limit + RowBound.fewKeys }

    func element(_ row: inout RowReader) throws(PostgresError) -> UUID { try row.uuid() }
  }

  /// The read marks that rose since a snapshot. Other changes of a membership are seen by it, too: what is told again then
  /// does no harm, and no clock says how old a mark is.
  struct ReadMarks: ServerQuery {
    typealias Output = [MessageReadEvent]

    static let text = Statement(
      .deliveryReadMarks,
      """
      SELECT cm.chat_id, cm.user_id, cm.last_read_seq, cm.last_read_at
      FROM unnest($1::uuid[]) AS asked (id) CROSS JOIN LATERAL (
        SELECT * FROM chat_members WHERE chat_id = asked.id AND \(SyncStatements.moved("changed_xid", since: "$2"))
      ) cm
      WHERE cm.left_at IS NULL AND cm.last_read_at IS NOT NULL
      """)

    let chats: [UUID]
    let snapshot: String

    var values: [Value] { [.uuids(chats), .text(snapshot)] }

    func mostRows(for caller: CallerExtent) -> Int { chats.count * 2 * caller.membersInChat }

    func element(_ row: inout RowReader) throws(PostgresError) -> MessageReadEvent {
      MessageReadEvent(
        chatID: try row.uuid(), userID: try row.uuid(), upToSeq: try row.int(), at: try row.timestamp())
    }
  }
}

extension Membership {
  fileprivate init(_ row: inout RowReader) throws(PostgresError) {
    self.init(key: .chat(try row.uuid()), rev: try row.int(), lastSeq: try row.int(), joinedRev: try row.int())
  }
}
