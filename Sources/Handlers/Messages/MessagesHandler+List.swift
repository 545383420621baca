import Generated
import Postgres
import ProtocolRuntime

extension MessagesHandler {
  public func listMessages(
    _ input: Operations.ListMessages.Input, caller: Caller, context: RequestContext
  ) async throws -> Operations.ListMessages.Output {
    let query = input.query
    let start: MessageCursor
    var mark: HistoryMark?
    if let text = query.cursor {
      guard query.beforeSeq == nil, query.afterSeq == nil, let cursor = MarkedCursor<MessageCursor>(text) else {
        return .refused(.invalidCursor, Refusals.badCursor)
      }
      start = cursor.place
      mark = cursor.mark
    } else if let after = query.afterSeq, query.beforeSeq == nil {
      start = .after(after)
    } else {
      start = .before(query.beforeSeq ?? .max, after: query.afterSeq ?? 0)
    }
    let statement = MessageStatements.Page(
      chat: input.path.chatID, caller: caller.userID, start: start, limit: query.limit)
    var isOurs = true
    let found: MessageStatements.Page.Found?
    if let mark {
      (isOurs, found) = try await database.transaction(HistoryStatements.Check(mark: mark), statement)
    } else {
      found = try await database.query(statement)
    }
    guard isOurs else { return .refused(.resync, Refusals.resync) }
    guard let found else { return .refused(.notFound, Refusals.noChat) }
    return .ok(list(of: found, from: start))
  }

  private func list(of page: MessageStatements.Page.Found, from start: MessageCursor) -> MessageList {
    var next: MessageCursor?
    if page.hasMore, let last = page.messages.last {
      switch start {
      case .before(_, let bound): next = .before(last.seq, after: bound)
      case .after: next = .after(last.seq)
      }
    }
    let history = page.now.text
    return MessageList(
      items: page.messages, nextCursor: next.map { MarkedCursor.text(of: $0, behind: history) }, rev: page.rev,
      history: history)
  }
}
