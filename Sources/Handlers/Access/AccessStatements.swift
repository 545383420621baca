import Generated
import Postgres
import ProtocolRuntime

/// A member's standing in a chat, and where the chat stood.
struct Standing: Sendable {
  let type: ChatType
  let role: MemberRole
  let rev: Int
  let lastSeq: Int
}

/// What the access policies ask.
enum AccessStatements {
  /// Nil: not a member.
  struct StandingInChat: ServerQuery {
    typealias Output = Standing?

    static let text = Statement(
      .accessChat,
      """
      SELECT c.type, me.role, c.rev, c.last_seq
      FROM chats c JOIN chat_members me ON me.chat_id = c.id
      WHERE c.id = $1::uuid AND me.user_id = $2::uuid AND me.left_at IS NULL AND c.deleted_at IS NULL
      """)

    let chat: UUID
    let caller: UUID

    var values: [Value] { [.uuid(chat), .uuid(caller)] }

    func element(_ row: inout RowReader) throws(PostgresError) -> Standing {
      Standing(type: try row.named(), role: try row.named(), rev: try row.int(), lastSeq: try row.int())
    }
  }

  /// Nil: not a member of the message's chat.
  struct PartInMessage: ServerQuery {
    struct Part {
      let isSender: Bool
      let role: MemberRole
    }

    typealias Output = Part?

    static let text = Statement(
      .accessMessage,
      """
      SELECT m.sender_id = $2::uuid, me.role
      FROM messages m
      JOIN chats c ON c.id = m.chat_id AND c.deleted_at IS NULL
      JOIN chat_members me ON me.chat_id = m.chat_id AND me.user_id = $2::uuid AND me.left_at IS NULL
      WHERE m.id = $1::uuid
      """)

    let message: UUID
    let caller: UUID

    var values: [Value] { [.uuid(message), .uuid(caller)] }

    func element(_ row: inout RowReader) throws(PostgresError) -> Part {
      Part(isSender: try row.bool(), role: try row.named())
    }
  }
}
