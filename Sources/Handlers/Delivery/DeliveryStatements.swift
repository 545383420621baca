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
}
