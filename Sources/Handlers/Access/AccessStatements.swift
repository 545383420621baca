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
      FROM (\(Fragments.chat("$1::uuid"))) c
      CROSS JOIN LATERAL (\(Fragments.membership(of: "$2::uuid", in: "c.id"))) me
      """)

    let chat: UUID
    let caller: UUID

    var values: [Value] { [.uuid(chat), .uuid(caller)] }

    func mostRows(for caller: CallerExtent) -> Int { RowBound.fewKeys }

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
      FROM (SELECT * FROM messages WHERE id = $1::uuid LIMIT 1) m
      CROSS JOIN LATERAL (\(Fragments.chat("m.chat_id"))) c
      CROSS JOIN LATERAL (\(Fragments.membership(of: "$2::uuid", in: "m.chat_id"))) me
      """)

    let message: UUID
    let caller: UUID

    var values: [Value] { [.uuid(message), .uuid(caller)] }

    func mostRows(for caller: CallerExtent) -> Int { RowBound.fewKeys }

    func element(_ row: inout RowReader) throws(PostgresError) -> Part {
      Part(isSender: try row.bool(), role: try row.named())
    }
  }
}
