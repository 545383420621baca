import Generated
import Postgres
import ProtocolRuntime

// Readers of the column lists in `Columns`, each from the column that it begins at.
extension Row {
  /// `Columns.messageOfChat`, as yet without a status.
  // Inlined, since a message is a long value, and a page would copy fifty of them.
  @inline(__always)
  func message(_ at: Int, of chat: UUID) throws(PostgresError) -> Message {
    Message(
      id: try uuid(at), chatID: chat, seq: try int(at + 1), rev: try int(at + 2), senderID: try uuid(at + 3),
      type: try named(at + 4), content: try string(at + 5), system: try systemNote(at + 6),
      clientID: try optionalUUID(at + 9), editedAt: try optionalTimestamp(at + 11),
      deletedAt: try optionalTimestamp(at + 12), createdAt: try timestamp(at + 10))
  }

  /// `Columns.message`.
  func message(_ at: Int) throws(PostgresError) -> MessageEvent {
    MessageEvent(try message(at, of: try uuid(at + 13)))
  }

  /// `Columns.message` where a join may have found none.
  func optionalMessage(_ at: Int) throws(PostgresError) -> MessageEvent? {
    isNull(at) ? nil : try message(at)
  }

  private func systemNote(_ at: Int) throws(PostgresError) -> SystemNote? {
    guard !isNull(at) else { return nil }
    return SystemNote(
      action: try named(at), userIDs: isNull(at + 1) ? nil : try uuids(at + 1), name: try optionalString(at + 2))
  }

  /// `Columns.user`.
  func user(_ at: Int) throws(PostgresError) -> User {
    User(
      id: try uuid(at), username: try string(at + 1), displayName: try string(at + 2), status: try string(at + 3),
      bio: try string(at + 4), createdAt: try timestamp(at + 5))
  }

  /// `Columns.member`.
  func member(_ at: Int) throws(PostgresError) -> ChatMember {
    let own = at + Columns.userCount
    return ChatMember(
      user: try user(at), role: try named(own), joinedAt: try timestamp(own + 1), lastReadSeq: try int(own + 2),
      lastReadAt: try optionalTimestamp(own + 3), lastDeliveredSeq: try int(own + 4))
  }

  /// `Columns.chat`, without members.
  func chat(_ at: Int, lastMessage: MessageEvent?) throws(PostgresError) -> ChatEvent {
    ChatEvent(
      id: try uuid(at), type: try named(at + 1), name: try optionalString(at + 2), createdBy: try uuid(at + 3),
      createdAt: try timestamp(at + 4), updatedAt: try timestamp(at + 5), memberCount: try int(at + 6),
      lastSeq: try int(at + 7), rev: try int(at + 8), lastMessage: lastMessage)
  }

  /// `Columns.ownChat`.
  func ownChat(_ at: Int, caller: UUID) throws(PostgresError) -> Chat {
    let view = at + Columns.chatCount
    let last = try optionalMessage(view + 5)
    let least = try watermarks(view + 3)
    return Chat(
      id: try uuid(at), type: try named(at + 1), name: try optionalString(at + 2), createdBy: try uuid(at + 3),
      createdAt: try timestamp(at + 4), updatedAt: try timestamp(at + 5), memberCount: try int(at + 6),
      lastSeq: try int(at + 7), rev: try int(at + 8), role: try named(view), lastReadSeq: try int(view + 1),
      unreadCount: try int(view + 2), lastMessage: last.map { Message($0, caller: caller, least: least) })
  }

  /// Two columns: the least watermarks of reading and of delivery among a chat's other members.
  func watermarks(_ at: Int) throws(PostgresError) -> Watermarks {
    Watermarks(read: try optionalInt(at), delivered: try optionalInt(at + 1))
  }
}

/// The least watermarks of a chat's members but one; nil if there are no others.
struct Watermarks: Sendable {
  var read: Int?
  var delivered: Int?

  /// How far a message has come with everybody else.
  func status(of seq: Int) -> MessageStatus {
    if let read, read >= seq { return .read }
    if let delivered, delivered >= seq { return .delivered }
    return .sent
  }
}

extension Message {
  /// A message as a caller sees it.
  init(_ event: MessageEvent, caller: UUID, least: Watermarks) {
    self.init(event, status: nil)
    addStatus(for: caller, least: least)
  }

  init(_ event: MessageEvent, status: MessageStatus?) {
    self.init(
      id: event.id, chatID: event.chatID, seq: event.seq, rev: event.rev, senderID: event.senderID, type: event.type,
      content: event.content, system: event.system, clientID: event.clientID, editedAt: event.editedAt,
      deletedAt: event.deletedAt, createdAt: event.createdAt, status: status)
  }

  /// One's own has a status, unless the server wrote it.
  mutating func addStatus(for caller: UUID, least: Watermarks) {
    if senderID == caller, type != .system { status = least.status(of: seq) }
  }
}

extension MessageEvent {
  /// A message as all members see it.
  init(_ message: Message) {
    self.init(
      id: message.id, chatID: message.chatID, seq: message.seq, rev: message.rev, senderID: message.senderID,
      type: message.type, content: message.content, system: message.system, clientID: message.clientID,
      editedAt: message.editedAt, deletedAt: message.deletedAt, createdAt: message.createdAt)
  }
}

extension ChatDetail {
  init(_ chat: Chat, members: [ChatMember]) {
    self.init(
      id: chat.id, type: chat.type, name: chat.name, createdBy: chat.createdBy, createdAt: chat.createdAt,
      updatedAt: chat.updatedAt, memberCount: chat.memberCount, lastSeq: chat.lastSeq, rev: chat.rev, role: chat.role,
      lastReadSeq: chat.lastReadSeq, unreadCount: chat.unreadCount, lastMessage: chat.lastMessage, members: members)
  }
}
