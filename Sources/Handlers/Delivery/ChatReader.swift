import Generated
import Postgres
import ProtocolRuntime

/// What delivery reads from PostgreSQL.
protocol ChatReader: Sendable {
  /// The streams that a user gets, of which each chat is one: all, or those of the given chats.
  func memberships(of user: UUID, chats: [UUID]?) async throws -> [Membership]
  /// The revs of streams, also of deleted chats'.
  func revs(of keys: [StreamKey]) async throws -> [StreamKey: Int]
  /// The current snapshot, as text.
  func snapshot() async throws -> String
  /// The memberships of users that began since a snapshot, or were changed, and stand.
  func newMemberships(of users: [UUID], since snapshot: String) async throws -> [NewMembership]
  /// The chats in which memberships have ended since a snapshot.
  func chatsLeft(since snapshot: String, limit: Int) async throws -> [UUID]
  /// The read marks of chats that rose since a snapshot, and those of members of whom something else has changed.
  func readMarks(of chats: [UUID], since snapshot: String) async throws -> [MessageReadEvent]
  /// What changed in a stream behind a rev, in the order of rev; nil if there is none.
  func changes(of key: StreamKey, after rev: Int, limit: Int) async throws -> ChatChanges?
}

/// A stream that a user gets, as it stood when it was read.
struct Membership: Sendable {
  let key: StreamKey
  let rev: Int
  let lastSeq: Int
  /// The rev of joining.
  let joinedRev: Int
}

/// A membership that began not long ago, or was changed.
struct NewMembership: Sendable {
  let chatID: UUID
  let userID: UUID
  let joinedRev: Int
  /// Of its last change.
  let rev: Int
  /// The chat's last seq at that rev.
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
    guard let chats else { return try await database.query(DeliveryStatements.Memberships(user: user)) }
    return try await database.query(DeliveryStatements.MembershipsIn(user: user, chats: chats))
  }

  func revs(of keys: [StreamKey]) async throws -> [StreamKey: Int] {
    // What is a user's own does not count yet: no membership names it.
    let chats = keys.compactMap { key in if case .chat(let id) = key { id } else { nil } }
    return try await database.query(DeliveryStatements.Revs(chats: chats))
  }

  func snapshot() async throws -> String {
    try await database.query(DeliveryStatements.Snapshot())
  }

  func newMemberships(of users: [UUID], since snapshot: String) async throws -> [NewMembership] {
    try await database.query(DeliveryStatements.NewMemberships(users: users, snapshot: snapshot))
  }

  func chatsLeft(since snapshot: String, limit: Int) async throws -> [UUID] {
    try await database.query(DeliveryStatements.EndedMemberships(snapshot: snapshot, limit: limit))
  }

  func readMarks(of chats: [UUID], since snapshot: String) async throws -> [MessageReadEvent] {
    try await database.query(DeliveryStatements.ReadMarks(chats: chats, snapshot: snapshot))
  }

  func changes(of key: StreamKey, after rev: Int, limit: Int) async throws -> ChatChanges? {
    guard case .chat(let chat) = key else { return nil }
    return try await database.query(SyncStatements.Changes(chat: chat, caller: nil, after: rev, limit: limit))
  }
}
