import Postgres

/// The SQL of delivery.
enum DeliveryStatements {
  /// $1 user, $2 chat ids or NULL for all.
  static let memberships = Statement(
    name: "delivery_memberships",
    text: """
      SELECT c.id, c.rev, c.last_seq
      FROM chat_members me CROSS JOIN LATERAL (SELECT * FROM chats WHERE id = me.chat_id LIMIT 1) c
      WHERE me.user_id = $1::uuid AND me.left_at IS NULL AND c.deleted_at IS NULL
        AND ($2::uuid[] IS NULL OR c.id = ANY ($2::uuid[]))
      """)

  /// $1 chat ids.
  static let revs = Statement(
    name: "delivery_revs", text: "SELECT id, rev FROM chats WHERE id = ANY ($1::uuid[])")

  static let snapshot = Statement(name: "delivery_snapshot", text: "SELECT pg_current_snapshot()::text")

  /// The memberships that began since a snapshot, and stand. $1 user ids, $2 the snapshot.
  ///
  /// The last column is the chat's last seq at that time: few messages are younger.
  static let newMemberships = Statement(
    name: "delivery_new_memberships",
    text: """
      SELECT cm.chat_id, cm.user_id, cm.joined_rev, coalesce((
          SELECT seq FROM messages WHERE chat_id = cm.chat_id AND created_at <= cm.joined_at ORDER BY seq DESC LIMIT 1
        ), 0)
      FROM unnest($1::uuid[]) AS asked (id) CROSS JOIN LATERAL (
        SELECT * FROM chat_members
        WHERE user_id = asked.id AND left_at IS NULL AND \(SyncStatements.moved("membership_xid", since: "$2"))
      ) cm
      """)

  /// The read marks that rose since a snapshot. $1 chat ids, $2 the snapshot, $3 how many seconds old it is at most:
  /// other changes of a membership are seen by it, too.
  static let readMarks = Statement(
    name: "delivery_read_marks",
    text: """
      SELECT cm.chat_id, cm.user_id, cm.last_read_seq, cm.last_read_at
      FROM unnest($1::uuid[]) AS asked (id) CROSS JOIN LATERAL (
        SELECT * FROM chat_members WHERE chat_id = asked.id AND \(SyncStatements.moved("changed_xid", since: "$2"))
      ) cm
      WHERE cm.left_at IS NULL AND cm.last_read_at > now() - make_interval(secs => $3::double precision)
      """)
}
