import Generated
import ProtocolRuntime

extension ChatsHandler: ChatsEventHandlers {
  public func joinChat(
    _ input: Events.JoinChat.Input, caller: Caller, context: RequestContext
  ) async throws -> Events.JoinChat.Output {
    var reads = StaleReads(on: streams.loop.scheduler)
    while true {
      let (found, mark) = try await database.transaction(
        AccessStatements.StandingInChat(chat: input.chatID, caller: caller.userID), HistoryStatements.Current())
      guard let standing = found else { return .refused(.notFound, Refusals.noChat) }
      let result = JoinChatResult(rev: standing.rev, lastSeq: standing.lastSeq, history: mark.text)
      guard let connection = context.connection else { return .ok(result) }
      // False: somebody was removed since the standing was read, perhaps the caller.
      guard streams.open(input.chatID, on: connection, readAt: standing.rev) else {
        try await reads.next()
        continue
      }
      typing.greet(connection, of: caller.userID, in: input.chatID)
      return .ok(result)
    }
  }

  public func leaveChat(
    _ input: Events.LeaveChat.Input, caller: Caller, context: RequestContext
  ) async throws -> Events.LeaveChat.Output {
    if let connection = context.connection { streams.close(input.chatID, on: connection) }
    return .done
  }
}
