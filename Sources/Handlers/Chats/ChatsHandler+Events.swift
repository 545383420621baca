import Generated
import ProtocolRuntime

extension ChatsHandler: ChatsEventHandlers {
  public func joinChat(
    _ input: Events.JoinChat.Input, caller: Caller, context: RequestContext
  ) async throws -> Events.JoinChat.Output {
    while let standing = try await policies.standing(of: caller.userID, in: input.chatID) {
      guard let connection = context.connection else {
        return .ok(JoinChatResult(rev: standing.rev, lastSeq: standing.lastSeq))
      }
      // False: somebody was removed since the standing was read, perhaps the caller.
      guard streams.open(input.chatID, on: connection, readAt: standing.rev) else { continue }
      typing.greet(connection, of: caller.userID, in: input.chatID)
      return .ok(JoinChatResult(rev: standing.rev, lastSeq: standing.lastSeq))
    }
    return .refused(.notFound, Refusals.noChat)
  }

  public func leaveChat(
    _ input: Events.LeaveChat.Input, caller: Caller, context: RequestContext
  ) async throws -> Events.LeaveChat.Output {
    if let connection = context.connection { streams.close(input.chatID, on: connection) }
    return .done
  }
}
