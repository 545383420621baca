import Generated
import Postgres
import ProtocolRuntime

/// What delivery reads from PostgreSQL.
protocol ChatReader: Sendable {
  /// The chats of which the user is a member: all, or those of the given ones.
  func memberships(of user: UUID, chats: [UUID]?) async throws -> [Membership]
  /// The revs of chats, also of deleted ones.
  func revs(of chats: [UUID]) async throws -> [UUID: Int]
  /// The current snapshot, as text.
  func snapshot() async throws -> String
  /// The memberships of users that began since a snapshot, and stand.
  func newMemberships(of users: [UUID], since snapshot: String) async throws -> [NewMembership]
  /// The read marks of chats that rose since a snapshot, which is so many seconds old at most.
  func readMarks(of chats: [UUID], since snapshot: String, within seconds: Int) async throws -> [MessageReadEvent]
  /// What changed in a chat behind a rev, in the order of rev; nil if there is no such chat.
  func changes(in chat: UUID, after rev: Int, limit: Int) async throws -> ChatChanges?
}

/// A chat of a user, as it stood when it was read.
struct Membership: Sendable {
  let chatID: UUID
  let rev: Int
  let lastSeq: Int
}

/// A membership that began not long ago.
struct NewMembership: Sendable {
  let chatID: UUID
  let userID: UUID
  let joinedRev: Int
  /// The chat's last seq at that time.
  let lastSeq: Int
}

/// A stretch of a chat's changes.
struct ChatChanges: Sendable {
  struct Entry: Sendable {
    let rev: Int
    let what: What
  }

  /// Whoever tells changes switches over these: a new kind of change does not compile before all of them tell it.
  enum What: Sendable {
    case message(MessageEvent)
    /// The membership with the rev of joining, and the chat around it where that was read.
    case member(ChatMember, joinedRev: Int, chat: ChatEvent?)
    case memberRemoved(UUID, by: UUID)
    case chat(ChatEvent)
    case chatDeleted
  }

  let entries: [Entry]
  /// Everything up to this rev is there.
  let upToRev: Int
  let hasMore: Bool
}

/// The reader on the real database.
struct DatabaseChatReader: ChatReader {
  let database: Database

  func memberships(of user: UUID, chats: [UUID]?) async throws -> [Membership] {
    try await database.query(
      DeliveryStatements.memberships, [.uuid(user), chats.map { .uuids($0) } ?? .null]
    ).map { row in
      Membership(chatID: try row.uuid(0), rev: try row.int(1), lastSeq: try row.int(2))
    }
  }

  func revs(of chats: [UUID]) async throws -> [UUID: Int] {
    var revs: [UUID: Int] = [:]
    for row in try await database.query(DeliveryStatements.revs, [.uuids(chats)]) {
      revs[try row.uuid(0)] = try row.int(1)
    }
    return revs
  }

  func snapshot() async throws -> String {
    guard let row = try await database.query(DeliveryStatements.snapshot, []).first else { return "" }
    return try row.string(0)
  }

  func newMemberships(of users: [UUID], since snapshot: String) async throws -> [NewMembership] {
    try await database.query(DeliveryStatements.newMemberships, [.uuids(users), .text(snapshot)]).map { row in
      NewMembership(
        chatID: try row.uuid(0), userID: try row.uuid(1), joinedRev: try row.int(2), lastSeq: try row.int(3))
    }
  }

  func readMarks(of chats: [UUID], since snapshot: String, within seconds: Int) async throws -> [MessageReadEvent] {
    try await database.query(
      DeliveryStatements.readMarks, [.uuids(chats), .text(snapshot), .int(seconds)]
    ).map { row in
      MessageReadEvent(
        chatID: try row.uuid(0), userID: try row.uuid(1), upToSeq: try row.int(2), at: try row.timestamp(3))
    }
  }

  func changes(in chat: UUID, after rev: Int, limit: Int) async throws -> ChatChanges? {
    let rows = try await database.query(SyncStatements.changes, [.uuid(chat), .null, .int(rev), .int(limit)])
    guard let page = try ChangesPage(rows, limit: limit) else { return nil }
    let entries = try page.rows.map { row in ChatChanges.Entry(rev: row.rev, what: try row.what(chatIsAround: true)) }
    return ChatChanges(entries: entries, upToRev: page.upToRev, hasMore: page.hasMore)
  }
}
