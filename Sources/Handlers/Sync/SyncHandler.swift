import Generated
import Postgres
import ProtocolRuntime

/// Getting even with the server, after any time away.
public final class SyncHandler: SyncHandlers {
  private let database: Database

  private let fewChanges: Int

  /// - Parameter fewChanges: up to so many changes on the whole server are where a sync begins.
  init(database: Database, fewChanges: Int) {
    self.database = database
    self.fewChanges = fewChanges
  }

  /// How many chats a page of a snapshot has at most: few, for with each of them come its people, and a client shows what
  /// the first page has.
  private static let chatsAPage = 20
  /// How many chats and how many users a page of news has at most.
  private static let newsAPage = 100
  private static let usersAPage = 1000
  /// Seconds for which a cursor is good.
  private static let cursorLifetime: Int64 = 30 * 86_400

  public func sync(
    _ input: Operations.Sync.Input, caller: Caller, context: RequestContext
  ) async throws -> Operations.Sync.Output {
    let now = Timestamp.now().millisecondsSinceEpoch / 1000
    var cursor = SyncCursor(owner: caller.userID, issued: now, since: nil, row: nil)
    if let text = input.query.cursor {
      guard let given = SyncCursor(text), given.owner == caller.userID else {
        return .refused(.invalidCursor, Refusals.badCursor)
      }
      // One from the future was made before the clock was put back, or by a node whose clock is ahead: it is good.
      guard now - given.issued < Self.cursorLifetime else { return Self.resync }
      cursor = given
    }
    let page = SyncPage(
      cursor: cursor, chatLimit: cursor.since == nil ? Self.chatsAPage : Self.newsAPage, userLimit: Self.usersAPage,
      few: fewChanges)
    // A unit of its own, which writes nothing: statements that fly together share a transaction otherwise, and a
    // snapshot does not say what its own transaction will still write.
    let user = caller.userID
    var isOurs = true
    let chats: SyncStatements.Chats.Page
    let users: [User]
    switch (cursor.mark, cursor.since) {
    case (nil, _): (chats, users) = try await database.transaction(page.chats(of: user), page.users(of: user))
    case (let mark?, nil):
      (isOurs, chats, users) = try await database.transaction(
        HistoryStatements.Check(mark: mark), page.chats(of: user), page.users(of: user))
    case (let mark?, let since?):
      (isOurs, chats, users) = try await database.transaction(
        HistoryStatements.Check(mark: mark), page.chats(of: user), page.changedUsers(of: user, since: since))
    }
    guard isOurs else { return Self.resync }
    return .ok(page.result(chats, users, caller: caller.userID, now: now))
  }

  private static var resync: Operations.Sync.Output { .refused(.resync, Refusals.resync) }

  public func listChanges(
    _ input: Operations.ListChanges.Input, caller: Caller, context: RequestContext
  ) async throws -> Operations.ListChanges.Output {
    guard let mark = HistoryMark(input.query.history) else { return .refused(.resync, Refusals.resync) }
    let after = input.query.afterRev
    let changes = SyncStatements.Changes(
      chat: input.path.chatID, caller: caller.userID, after: after, limit: input.query.limit)
    guard let (found, now) = try await database.page(changes, behind: mark) else {
      return .refused(.resync, Refusals.resync)
    }
    guard let found else { return .refused(.notFound, Refusals.noChat) }
    // A rev that the chat does not have was told by an event of another history.
    guard after <= found.upToRev else { return .refused(.resync, Refusals.resync) }
    let entries = found.entries.compactMap { Change($0.what, at: $0.rev) }
    return .ok(Changes(changes: entries, upToRev: found.upToRev, history: now.text, hasMore: found.hasMore))
  }
}

extension Change {
  /// Nil for what no list can say: nobody lists the changes of a chat that is gone, and a sync says that it is.
  init?(_ what: ChatChanges.What, at rev: Int) {
    switch what {
    case .message(let message): self = .message(MessageChange(rev: rev, message: message))
    case .member(let member, _, _):
      self = .member(MemberChange(rev: rev, userID: member.user.id, removed: false, member: member))
    case .memberRemoved(let user, _): self = .member(MemberChange(rev: rev, userID: user, removed: true))
    case .chat(let chat): self = .chat(ChatChange(rev: rev, chat: chat))
    case .chatDeleted: return nil
    }
  }
}
