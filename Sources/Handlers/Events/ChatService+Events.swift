import Generated
import Postgres
import ProtocolRuntime

extension ChatService: ChatsEventHandlers {
  public func joinChat(
    _ input: Events.JoinChat.Input, caller: Caller, context: RequestContext
  ) async throws -> Events.JoinChat.Output {
    while let standing = try await standing(of: caller.userID, in: input.chatID) {
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

extension ChatService: MessagesEventHandlers {
  public func typingStart(
    _ input: Events.TypingStart.Input, caller: Caller, context: RequestContext
  ) async throws -> Events.TypingStart.Output {
    // Nothing here would refuse it but this: the policy may have granted what another node has ended since.
    guard try await isMember(caller.userID, of: input.chatID) else { return .refused(.notFound, Refusals.noChat) }
    if let connection = context.connection { typing.start(caller.userID, in: input.chatID, on: connection) }
    return .done
  }

  public func typingStop(
    _ input: Events.TypingStop.Input, caller: Caller, context: RequestContext
  ) async throws -> Events.TypingStop.Output {
    guard try await isMember(caller.userID, of: input.chatID) else { return .refused(.notFound, Refusals.noChat) }
    typing.stop(caller.userID, in: input.chatID)
    return .done
  }

  /// A stream knows of a removal as soon as it is told; PostgreSQL is asked where no stream knows the member.
  private func isMember(_ user: UUID, of chat: UUID) async throws -> Bool {
    if streams.knowsMember(user, of: chat) { return true }
    return try await standing(of: user, in: chat) != nil
  }

  public func markRead(
    _ input: Events.MarkRead.Input, caller: Caller, context: RequestContext
  ) async throws -> Events.MarkRead.Output {
    let mark = try await database.query(
      MessageStatements.MarkRead(chat: input.chatID, caller: caller.userID, upTo: input.upToSeq))
    guard let mark = tellRead(mark, caller: caller) else { return .refused(.notFound, Refusals.noChat) }
    return .ok(MarkReadResult(lastReadSeq: mark))
  }
}
