import Generated
import Postgres
import ProtocolRuntime

extension MessagesHandler {
  public func listMessages(
    _ input: Operations.ListMessages.Input, caller: Caller, context: RequestContext
  ) async throws -> Operations.ListMessages.Output {
    let query = input.query
    let start: MessageCursor
    if let text = query.cursor {
      guard query.beforeSeq == nil, query.afterSeq == nil, let cursor = MessageCursor(text) else {
        return .refused(.invalidCursor, Refusals.badCursor)
      }
      start = cursor
    } else if let after = query.afterSeq, query.beforeSeq == nil {
      start = .after(after)
    } else {
      start = .before(query.beforeSeq ?? .max, after: query.afterSeq ?? 0)
    }
    guard let list = try await messages(in: input.path.chatID, from: start, limit: query.limit, caller: caller) else {
      return .refused(.notFound, Refusals.noChat)
    }
    return .ok(list)
  }

  /// Nil if the caller is not a member.
  private func messages(
    in chat: UUID, from start: MessageCursor, limit: Int, caller: Caller
  ) async throws -> MessageList? {
    // One more than asked for tells whether there are more.
    guard
      var page = try await database.query(
        MessageStatements.Page(chat: chat, caller: caller.userID, start: start, limit: limit + 1))
    else { return nil }
    var next: MessageCursor?
    if page.messages.count > limit {
      page.messages.removeLast(page.messages.count - limit)
      if let last = page.messages.last {
        switch start {
        case .before(_, let bound): next = .before(last.seq, after: bound)
        case .after: next = .after(last.seq)
        }
      }
    }
    return MessageList(items: page.messages, nextCursor: next?.text, rev: page.rev)
  }
}
