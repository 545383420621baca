import Generated
import Postgres
import ProtocolRuntime

extension ChatService {
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
    let statement: Statement
    let bounds: (below: Int, above: Int)
    switch start {
    case .before(let seq, let bound): (statement, bounds) = (MessageStatements.page, (seq, bound))
    case .after(let seq): (statement, bounds) = (MessageStatements.pageAscending, (.max, seq))
    }
    // One more than asked for tells whether there are more.
    let rows = try await database.query(
      statement, [.uuid(chat), .uuid(caller.userID), .int(bounds.below), .int(bounds.above), .int(limit + 1)])
    guard let first = rows.first else { return nil }
    let least = try first.watermarks(1)
    var items: [Message] = []
    items.reserveCapacity(min(rows.count - 1, limit))
    for row in rows.dropFirst().prefix(limit) {
      items.append(try row.message(3, of: chat))
      items[items.count - 1].addStatus(for: caller.userID, least: least)
    }
    var next: MessageCursor?
    if rows.count > limit + 1, let last = items.last {
      switch start {
      case .before(_, let bound): next = .before(last.seq, after: bound)
      case .after: next = .after(last.seq)
      }
    }
    return MessageList(items: items, nextCursor: next?.text, rev: try first.int(0))
  }
}
