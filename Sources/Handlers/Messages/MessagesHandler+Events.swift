import Generated
import Postgres
import ProtocolRuntime

extension MessagesHandler: MessagesEventHandlers {
  public func typingStart(
    _ input: Events.TypingStart.Input, caller: Caller, context: RequestContext
  ) async throws -> Events.TypingStart.Output {
    // Nothing here would refuse it but this: the policy may have granted what another node has ended since.
    guard try await policies.isMember(caller.userID, of: input.chatID) else {
      return .refused(.notFound, Refusals.noChat)
    }
    if let connection = context.connection { typing.start(caller.userID, in: input.chatID, on: connection) }
    return .done
  }

  public func typingStop(
    _ input: Events.TypingStop.Input, caller: Caller, context: RequestContext
  ) async throws -> Events.TypingStop.Output {
    guard try await policies.isMember(caller.userID, of: input.chatID) else {
      return .refused(.notFound, Refusals.noChat)
    }
    typing.stop(caller.userID, in: input.chatID)
    return .done
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
