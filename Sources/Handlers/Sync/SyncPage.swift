import Generated
import Postgres
import ProtocolRuntime

/// One page of a sync: what it asks, and what comes of the answers.
struct SyncPage {
  let cursor: SyncCursor
  let chatLimit: Int
  let userLimit: Int
  /// How many changes on the server are few.
  let few: Int

  /// A sync begins with both lists, and goes on with those that have more.
  private var hasBegun: Bool { cursor.target != nil }
  private var wantsUsers: Bool { !hasBegun || cursor.user != nil }
  private var wantsChats: Bool { !hasBegun || cursor.chat != nil }

  private static let beginning = UUID(high: 0, low: 0)

  // One more than the page has tells whether there are more.

  func chats(of caller: UUID) -> SyncStatements.Chats {
    SyncStatements.Chats(
      caller: caller, after: cursor.chat ?? Self.beginning, limit: wantsChats ? chatLimit + 1 : 0, since: cursor.since,
      few: few)
  }

  /// Of a snapshot.
  func users(of caller: UUID) -> SyncStatements.Users {
    SyncStatements.Users(caller: caller, after: cursor.chat ?? Self.beginning, chats: wantsChats ? chatLimit : 0)
  }

  func changedUsers(of caller: UUID, since snapshot: SyncSnapshot) -> SyncStatements.ChangedUsers {
    SyncStatements.ChangedUsers(
      caller: caller, after: cursor.user ?? Self.beginning, limit: wantsUsers ? userLimit + 1 : 0, since: snapshot,
      few: few)
  }

  /// - Parameters:
  ///   - found: what came of `chats`.
  ///   - people: what came of `users` or `changedUsers`.
  func result(_ found: SyncStatements.Chats.Page, _ people: [User], caller: UUID, now: Int64) -> SyncResult {
    var chats: [ChatSync] = []
    var removed: [UUID] = []
    let entries = found.entries.prefix(chatLimit)
    for entry in entries {
      switch entry {
      case .chat(let chat): chats.append(chat)
      case .removed(let id): removed.append(id)
      }
    }
    // A snapshot's users belong to its chats.
    let users = cursor.since == nil ? people : Array(people.prefix(userLimit))
    let nextChat = found.entries.count > chatLimit ? entries.last?.id : nil
    let nextUser = people.count > users.count ? users.last?.id : nil
    let hasMore = nextChat != nil || nextUser != nil
    let (target, row) = cursor.target.map { ($0, cursor.row) } ?? (found.current, found.row)
    let next =
      hasMore
      ? SyncCursor(
        owner: caller, issued: hasBegun ? cursor.issued : now, since: cursor.since, target: target, row: row,
        chat: nextChat, user: nextUser)
      : SyncCursor(owner: caller, issued: hasBegun ? cursor.issued : now, since: target, row: row)
    return SyncResult(
      chats: chats, removedChatIDs: removed, users: users, nextCursor: next.text,
      history: HistoryMark(row: found.row, found.current).text, hasMore: hasMore, full: cursor.since == nil)
  }
}
