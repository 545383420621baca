import Generated
import Postgres
import ProtocolRuntime

/// One page of a sync: what it asks, and what comes of the answers.
struct SyncPage {
  let cursor: SyncCursor
  let chatLimit: Int
  let userLimit: Int

  /// A sync begins with both lists, and goes on with those that have more.
  private var hasBegun: Bool { cursor.target != nil }
  private var wantsUsers: Bool { !hasBegun || cursor.user != nil }
  private var wantsChats: Bool { !hasBegun || cursor.chat != nil }

  private static let beginning = UUID(high: 0, low: 0)

  init(cursor: SyncCursor, chatLimit: Int, userLimit: Int) {
    self.cursor = cursor
    self.chatLimit = chatLimit
    self.userLimit = userLimit
  }

  /// First the chats, whose statement tells the snapshot; one more row than the page has tells whether there are more.
  func statements(for caller: UUID) -> [BoundStatement] {
    let chats: [Value] = [
      .uuid(caller), .uuid(cursor.chat ?? Self.beginning), .int(wantsChats ? chatLimit + 1 : 0),
    ]
    let users: [Value] = [
      .uuid(caller), .uuid(cursor.user ?? Self.beginning), .int(wantsUsers ? userLimit + 1 : 0),
    ]
    guard let since = cursor.since else {
      return [BoundStatement(SyncStatements.chats, chats), BoundStatement(SyncStatements.users, users)]
    }
    let snapshot = Value.text(since.text)
    return [
      BoundStatement(SyncStatements.chatsSince, chats + [snapshot]),
      BoundStatement(SyncStatements.usersSince, users + [snapshot]),
    ]
  }

  /// Nil if the cursor is not of this database: its snapshot lies in the future, as after a restored backup.
  func result(_ results: [PostgresResult], caller: UUID, now: Int64) throws -> SyncResult? {
    let chatRows = results[0]
    guard let first = chatRows.first, let current = SyncSnapshot(text: try first.string(0)) else {
      throw PostgresError(.badValue, "the sync has no snapshot")
    }
    for known in [cursor.since, cursor.target] {
      if let known, known.xmax > current.xmax || known.xmin > current.xmin { return nil }
    }
    var chats: [ChatSync] = []
    var removed: [UUID] = []
    for row in chatRows.prefix(chatLimit) where !row.isNull(1) {
      if try row.bool(2) {
        chats.append(ChatSync(chat: try row.ownChat(4, caller: caller), marks: try row.marks(3)))
      } else {
        removed.append(try row.uuid(1))
      }
    }
    let users = try results[1].prefix(userLimit).map { row in try row.user(0) }
    let nextChat = chatRows.count > chatLimit ? try chatRows[chatLimit - 1].uuid(1) : nil
    let nextUser = results[1].count > userLimit ? users.last?.id : nil
    let hasMore = nextChat != nil || nextUser != nil
    let target = cursor.target ?? current
    let next =
      hasMore
      ? SyncCursor(
        owner: caller, issued: hasBegun ? cursor.issued : now, since: cursor.since, target: target, chat: nextChat,
        user: nextUser)
      : SyncCursor(owner: caller, issued: hasBegun ? cursor.issued : now, since: target)
    return SyncResult(
      chats: chats, removedChatIDs: removed, users: users, nextCursor: next.text, hasMore: hasMore,
      full: cursor.since == nil)
  }
}

extension Row {
  /// `user:read:delivered`, joined by commas.
  fileprivate func marks(_ column: Int) throws(PostgresError) -> [Marks] {
    let marks = withBytes(column) { bytes -> [Marks]? in
      var marks: [Marks] = []
      for part in bytes.split(separator: UInt8(ascii: ",")) {
        guard part.count > 37, let user = UUID(ascii: UnsafeRawBufferPointer(rebasing: part.prefix(36))) else {
          return nil
        }
        let numbers = part.dropFirst(37).split(separator: UInt8(ascii: ":")).map {
          Int(String(decoding: $0, as: UTF8.self))
        }
        guard numbers.count == 2, let read = numbers[0], let delivered = numbers[1] else { return nil }
        marks.append(Marks(userID: user, lastReadSeq: read, lastDeliveredSeq: delivered))
      }
      return marks
    }
    guard let marks else { throw badValue(column, expected: "marks") }
    return marks
  }
}
