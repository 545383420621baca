import Generated
import Postgres
import ProtocolRuntime

/// Chats and their members.
public final class ChatsHandler: ChatsHandlers {
  let database: Database
  let streams: ChatStreams
  let typing: Typing
  let grants: RecentGrants

  init(database: Database, streams: ChatStreams, typing: Typing, grants: RecentGrants) {
    self.database = database
    self.streams = streams
    self.typing = typing
    self.grants = grants
  }

  public func listChats(
    _ input: Operations.ListChats.Input, caller: Caller, context: RequestContext
  ) async throws -> Operations.ListChats.Output {
    var start: MarkedCursor<ChatCursor>?
    if let text = input.query.cursor {
      start = MarkedCursor(text)
      if start == nil { return .refused(.invalidCursor, Refusals.badCursor) }
    }
    let limit = input.query.limit
    // One more than asked for tells whether there are more.
    let page = ChatStatements.Page(caller: caller.userID, after: start?.place, limit: limit + 1)
    guard let (chats, now) = try await database.page(page, behind: start?.mark) else {
      return .refused(.resync, Refusals.resync)
    }
    let items = Array(chats.prefix(limit))
    var next: ChatCursor?
    if chats.count > limit, let last = items.last { next = ChatCursor(updatedAt: last.updatedAt, id: last.id) }
    return .ok(ChatList(items: items, nextCursor: next.map { MarkedCursor(place: $0, mark: now).text }))
  }

  public func getChat(
    _ input: Operations.GetChat.Input, caller: Caller, context: RequestContext
  ) async throws -> Operations.GetChat.Output {
    let detail = try await database.query(ChatStatements.Detail(chat: input.path.chatID, caller: caller.userID))
    guard let (chat, members) = detail else { return .refused(.notFound, Refusals.noChat) }
    return .ok(ChatDetail(ChatBase(chat), ChatView(chat), members: members))
  }

  public func deleteChat(
    _ input: Operations.DeleteChat.Input, caller: Caller, context: RequestContext
  ) async throws -> Operations.DeleteChat.Output {
    let id = input.path.chatID
    let (_, deletion) = try await database.transaction(
      ChatStatements.Lock(chat: id), ChatStatements.Delete(chat: id, caller: caller.userID))
    guard let deletion else { return .refused(.notFound, Refusals.noChat) }
    switch deletion.outcome {
    case .forbidden: return .refused(.forbidden, Refusals.notAdmin)
    case .hidden: return .noContent
    case .deleted:
      guard let rev = deletion.rev else { throw PostgresError(.badValue, "a deletion has no rev") }
      grants.remove(caller.userID, of: id)
      streams.publish(chat: id, rev: rev, lastSeq: 0, .chatDeleted) { prev in
        ServerEvents.chatDeleted(ChatDeletedEvent(chatID: id, rev: rev, prevRev: prev))
      }
      return .noContent
    }
  }

  public func updateChat(
    _ input: Operations.UpdateChat.Input, caller: Caller, context: RequestContext
  ) async throws -> Operations.UpdateChat.Output {
    let id = input.path.chatID
    let (_, renaming, now) = try await database.transaction(
      ChatStatements.Lock(chat: id),
      ChatStatements.Rename(chat: id, caller: caller.userID, name: input.body.name, message: .v7()),
      ChatStatements.One(chat: id, caller: caller.userID))
    guard let (outcome, change) = renaming, let now else { return .refused(.notFound, Refusals.noChat) }
    switch outcome {
    case .directChat: return .refused(.directChat, "A direct chat cannot be renamed.")
    case .forbidden: return .refused(.forbidden, Refusals.notAdmin)
    case .unchanged: break
    case .renamed:
      let rev = change.before.rev + 1
      streams.publish(chat: id, rev: rev, lastSeq: change.before.lastSeq, .change) { prev in
        ServerEvents.chatUpdated(change.chat(at: rev) { $0.name = input.body.name }.told(after: prev))
      }
      change.tellSystemMessage(on: streams)
    }
    return .ok(now)
  }
}
