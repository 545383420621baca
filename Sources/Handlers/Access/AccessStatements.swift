import Postgres

/// What the access policies ask.
enum AccessStatements {
  /// $1 chat id, $2 caller. No row: not a member. Otherwise type, role, rev and last_seq.
  static let chat = Statement(
    name: "access_chat",
    text: """
      SELECT c.type, me.role, c.rev, c.last_seq
      FROM chats c JOIN chat_members me ON me.chat_id = c.id
      WHERE c.id = $1::uuid AND me.user_id = $2::uuid AND me.left_at IS NULL AND c.deleted_at IS NULL
      """)

  /// $1 message id, $2 caller. No row: not a member of its chat. Otherwise whether the caller is its sender, and the
  /// caller's role.
  static let message = Statement(
    name: "access_message",
    text: """
      SELECT m.sender_id = $2::uuid, me.role
      FROM messages m
      JOIN chats c ON c.id = m.chat_id AND c.deleted_at IS NULL
      JOIN chat_members me ON me.chat_id = m.chat_id AND me.user_id = $2::uuid AND me.left_at IS NULL
      WHERE m.id = $1::uuid
      """)
}
