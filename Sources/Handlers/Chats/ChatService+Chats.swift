import Generated
import Postgres
import ProtocolRuntime

extension ChatService: ChatsHandlers {
  public func listChats(
    _ input: Operations.ListChats.Input, caller: Caller, context: RequestContext
  ) async throws -> Operations.ListChats.Output {
    var start: (time: Value, id: Value) = (.null, .null)
    if let text = input.query.cursor {
      guard let cursor = ChatCursor(text) else { return .refused(.invalidCursor, Refusals.badCursor) }
      start = (.int(Int(cursor.updatedAt.millisecondsSinceEpoch)), .uuid(cursor.id))
    }
    let limit = input.query.limit
    // One more than asked for tells whether there are more.
    let rows = try await database.query(
      ChatStatements.page, [.uuid(caller.userID), start.time, start.id, .int(limit + 1)])
    let items = try rows.prefix(limit).map { row in try row.ownChat(0, caller: caller.userID) }
    var next: ChatCursor?
    if rows.count > limit, let last = items.last { next = ChatCursor(updatedAt: last.updatedAt, id: last.id) }
    return .ok(ChatList(items: items, nextCursor: next?.text))
  }

  public func getChat(
    _ input: Operations.GetChat.Input, caller: Caller, context: RequestContext
  ) async throws -> Operations.GetChat.Output {
    let rows = try await database.query(ChatStatements.detail, [.uuid(input.path.chatID), .uuid(caller.userID)])
    guard let detail = try Self.detail(rows, caller: caller) else { return .refused(.notFound, Refusals.noChat) }
    return .ok(ChatDetail(detail.chat, members: detail.members))
  }

  public func deleteChat(
    _ input: Operations.DeleteChat.Input, caller: Caller, context: RequestContext
  ) async throws -> Operations.DeleteChat.Output {
    let id = input.path.chatID
    let results = try await database.transaction([
      BoundStatement(ChatStatements.lock, [.uuid(id)]),
      BoundStatement(ChatStatements.delete, [.uuid(id), .uuid(caller.userID)]),
    ])
    guard let row = results[1].first else { return .refused(.notFound, Refusals.noChat) }
    switch try row.string(0) {
    case "forbidden": return .refused(.forbidden, Refusals.notAdmin)
    case "deleted":
      let rev = try row.int(1)
      grants.remove(caller.userID, of: id)
      streams.publish(chat: id, rev: rev, lastSeq: 0, .chatDeleted) {
        ServerEvents.chatDeleted(ChatDeletedEvent(chatID: id, rev: rev))
      }
      return .noContent
    default: return .noContent
    }
  }

  public func updateChat(
    _ input: Operations.UpdateChat.Input, caller: Caller, context: RequestContext
  ) async throws -> Operations.UpdateChat.Output {
    let id = Value.uuid(input.path.chatID)
    let user = Value.uuid(caller.userID)
    let results = try await database.transaction([
      BoundStatement(ChatStatements.lock, [id]),
      BoundStatement(ChatStatements.rename, [id, user, .text(input.body.name), .uuid(.v7())]),
      BoundStatement(ChatStatements.one, [id, user]),
    ])
    guard let row = results[1].first, let now = results[2].first else {
      return .refused(.notFound, Refusals.noChat)
    }
    switch try row.string(0) {
    case "direct_chat": return .refused(.directChat, "A direct chat cannot be renamed.")
    case "forbidden": return .refused(.forbidden, Refusals.notAdmin)
    case "renamed":
      let change = try WrittenChange(row, 1)
      let rev = change.before.rev + 1
      streams.publish(chat: input.path.chatID, rev: rev, lastSeq: change.before.lastSeq, .change) {
        ServerEvents.chatUpdated(change.chat(at: rev) { $0.name = input.body.name })
      }
      change.tellSystemMessage(on: streams)
    default: break
    }
    return .ok(try now.ownChat(0, caller: caller.userID))
  }

  /// Reads the rows of `ChatStatements.detail`; nil if there are none.
  static func detail(_ rows: PostgresResult, caller: Caller) throws -> (chat: Chat, members: [ChatMember])? {
    guard let own = rows.first(where: { !$0.isNull(0) }) else { return nil }
    return (
      try own.ownChat(0, caller: caller.userID), try rows.map { row in try row.member(Columns.ownChatCount) }
    )
  }
}
