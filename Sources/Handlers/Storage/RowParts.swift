import Generated
import Postgres
import ProtocolRuntime

extension MessageBase: RowPart {
  static let columns = ["chat_id"] + columnsInChat

  init(_ row: inout RowReader) throws(PostgresError) {
    let chat = try row.uuid()
    try self.init(&row, chat: chat)
  }

  /// Of a message whose chat is known: a page would read the same id fifty times.
  static let columnsInChat: ColumnList = [
    "id", "seq", "rev", "sender_id", "type", "content", "system_action", "system_user_ids", "system_name", "client_id",
    "edited_at", "deleted_at", "created_at",
  ]

  // Inlined, since a message is a long value, and a page would copy fifty of them.
  @inline(__always)
  init(_ row: inout RowReader, chat: UUID) throws(PostgresError) {
    self.init(
      id: try row.uuid(), chatID: chat, seq: try row.int(), rev: try row.int(), senderID: try row.uuid(),
      type: try row.named(), content: try row.string(), system: try row.systemNote(), clientID: try row.optionalUUID(),
      editedAt: try row.optionalTimestamp(), deletedAt: try row.optionalTimestamp(), createdAt: try row.timestamp())
  }
}

extension RowReader {
  /// Three columns, NULL but in a system message.
  fileprivate mutating func systemNote() throws(PostgresError) -> SystemNote? {
    guard try !skipNull(3) else { return nil }
    let action: SystemAction = try named()
    guard try !skipNull(1) else { return SystemNote(action: action, name: try optionalString()) }
    return SystemNote(action: action, userIDs: try uuids(), name: try optionalString())
  }
}

extension MessageEvent: RowPart {
  static let columns = MessageBase.columns

  init(_ row: inout RowReader) throws(PostgresError) { self.init(try MessageBase(&row)) }
}

extension Message {
  /// A message as a caller sees it. One's own has a status, unless the server wrote it.
  @inline(__always)
  init(_ base: MessageBase, caller: UUID, least: Watermarks) {
    let isOwn = base.senderID == caller && base.type != .system
    self.init(base, status: isOwn ? least.status(of: base.seq) : nil)
  }
}

extension User: RowPart {
  static let columns: ColumnList = ["id", "username", "display_name", "status", "bio", "created_at"]

  init(_ row: inout RowReader) throws(PostgresError) {
    self.init(
      id: try row.uuid(), username: try row.string(), displayName: try row.string(), status: try row.string(),
      bio: try row.string(), createdAt: try row.timestamp())
  }
}

/// A membership `cm` of a user `u`.
extension ChatMember: RowPart {
  static let columns =
    User.columns.of("u")
    + (["role", "joined_at", "last_read_seq", "last_read_at", "last_delivered_seq"] as ColumnList).of("cm")

  init(_ row: inout RowReader) throws(PostgresError) {
    self.init(
      user: try User(&row), role: try row.named(), joinedAt: try row.timestamp(), lastReadSeq: try row.int(),
      lastReadAt: try row.optionalTimestamp(), lastDeliveredSeq: try row.int())
  }
}

extension ChatBase: RowPart {
  static let columns: ColumnList = [
    "id", "type", "name", "created_by", "created_at", "updated_at", "member_count", "last_seq", "rev",
  ]

  init(_ row: inout RowReader) throws(PostgresError) {
    self.init(
      id: try row.uuid(), type: try row.named(), name: try row.optionalString(), createdBy: try row.uuid(),
      createdAt: try row.timestamp(), updatedAt: try row.timestamp(), memberCount: try row.int(),
      lastSeq: try row.int(), rev: try row.int())
  }
}

/// The least watermarks of a chat's members but one; nil if there are no others.
struct Watermarks: RowPart, Sendable {
  static let columns: ColumnList = ["read_seq", "delivered_seq"]

  var read: Int?
  var delivered: Int?

  init(_ row: inout RowReader) throws(PostgresError) {
    read = try row.optionalInt()
    delivered = try row.optionalInt()
  }

  /// How far a message has come with everybody else.
  func status(of seq: Int) -> MessageStatus {
    if let read, read >= seq { return .read }
    if let delivered, delivered >= seq { return .delivered }
    return .sent
  }
}

/// A chat `c` as a caller sees it. Needs `Fragments.ownChatJoins`.
extension Chat {
  static let columns =
    ChatBase.columns.of("c") + (["role", "last_read_seq"] as ColumnList).of("c") + ["unread.count"]
    + Watermarks.columns.of("least") + MessageBase.columns.of("m")

  init(_ row: inout RowReader, caller: UUID) throws(PostgresError) {
    let base = try ChatBase(&row)
    var view = ChatView(role: try row.named(), lastReadSeq: try row.int(), unreadCount: try row.int())
    let least = try Watermarks(&row)
    view.lastMessage = try row.optional(MessageBase.self).map { Message($0, caller: caller, least: least) }
    self.init(base, view)
  }
}

/// A chat as all members see it, with its last message: what lies before a change, or stands in one.
extension ChatEvent {
  /// Both by their names in the statement.
  static func columns(chat: String, lastMessage: String) -> ColumnList {
    ChatBase.columns.of(chat) + MessageBase.columns.of(lastMessage)
  }

  init(_ row: inout RowReader) throws(PostgresError) {
    self.init(try ChatBase(&row), lastMessage: try row.optional(MessageEvent.self))
  }

  /// Nil where a join found no chat.
  init?(optional row: inout RowReader) throws(PostgresError) {
    guard try !row.skipNull(ChatBase.columns.count + MessageBase.columns.count) else { return nil }
    try self.init(&row)
  }
}
