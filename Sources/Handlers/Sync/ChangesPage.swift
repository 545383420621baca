import Generated
import Postgres
import ProtocolRuntime

/// The rows of `SyncStatements.changes`.
struct ChangesPage {
  enum Kind: String {
    case message, member, chat
  }

  struct ChangeRow {
    fileprivate static let messageColumn = 4
    fileprivate static let memberColumn = messageColumn + Columns.messageCount
    fileprivate static let chatColumn = memberColumn + 3 + Columns.memberCount

    let row: Row
    let kind: Kind
    let rev: Int
    /// Whether the chat is deleted.
    let isDeleted: Bool

    /// What changed. Those who fill holes, and those who answer a client, make of it what they tell.
    ///
    /// - Parameter isAround: whether a membership's chat was read, as it is for the server itself.
    func what(chatIsAround isAround: Bool) throws(PostgresError) -> ChatChanges.What {
      switch kind {
      case .message: return .message(try row.message(Self.messageColumn))
      case .member:
        let member = try row.member(Self.memberColumn + 3)
        if try row.bool(Self.memberColumn) {
          return .memberRemoved(member.user.id, by: try row.optionalUUID(Self.memberColumn + 1) ?? member.user.id)
        }
        return .member(
          member, joinedRev: try row.int(Self.memberColumn + 2), chat: isAround ? try chat() : nil)
      case .chat: return isDeleted ? .chatDeleted : .chat(try chat())
      }
    }

    private func chat() throws(PostgresError) -> ChatEvent {
      try row.chat(Self.chatColumn, lastMessage: try row.optionalMessage(Self.chatColumn + Columns.chatCount))
    }
  }

  let rows: [ChangeRow]
  /// Everything up to this rev is there.
  let upToRev: Int
  let hasMore: Bool

  /// Nil if there is no such chat (for the caller).
  init?(_ result: PostgresResult, limit: Int) throws(PostgresError) {
    guard let first = result.first else { return nil }
    let chatRev = try first.int(0)
    let isDeleted = try first.bool(1)
    var rows: [ChangeRow] = []
    for row in result where !row.isNull(2) {
      rows.append(ChangeRow(row: row, kind: try row.named(2), rev: try row.int(3), isDeleted: isDeleted))
    }
    self.rows = rows
    // With fewer rows than asked for there is nothing behind them, though the chat's rev may be beyond the last one's:
    // the rows that had the revs in between have later ones.
    let last = rows.last?.rev ?? chatRev
    hasMore = rows.count >= limit && last < chatRev
    upToRev = hasMore ? last : chatRev
  }
}
