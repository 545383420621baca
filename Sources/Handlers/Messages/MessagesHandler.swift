import Generated
import Logging
import Postgres
import ProtocolRuntime

/// Messages, and how far they are read.
public final class MessagesHandler: MessagesHandlers {
  let database: Database
  let streams: ChatStreams
  let typing: Typing
  let policies: ChatPolicies
  let writer: MessageWriter
  private let editWindowHours: Int

  /// - Parameters:
  ///   - limits: the writer's.
  ///   - executors: where they run, in turn.
  ///   - editWindowHours: how long a message can be edited; at least 1.
  ///   - landed: told of each flight.
  init(
    database: Database, streams: ChatStreams, typing: Typing, policies: ChatPolicies, limits: MessageWriter.Limits,
    executors: [any TaskExecutor], editWindowHours: Int, logger: Logger, landed: @escaping MessageWriter.Landing
  ) {
    self.database = database
    self.streams = streams
    self.typing = typing
    self.policies = policies
    self.editWindowHours = editWindowHours
    writer = MessageWriter(
      database: database, limits: limits, executors: executors, logger: logger, landed: landed
    ) { message, seq, rev, at in
      streams.publish(chat: message.chatID, rev: rev, lastSeq: seq, .message) { prev in
        ServerEvents.newMessage(message.base(seq: seq, rev: rev, at: at).told(after: prev))
      }
    }
  }

  public func sendMessage(
    _ input: Operations.SendMessage.Input, caller: Caller, context: RequestContext
  ) async throws -> Operations.SendMessage.Output {
    let body = input.body
    let draft = QueuedMessage(
      id: .v7(), chatID: input.path.chatID, senderID: caller.userID, content: body.content, clientID: body.clientID,
      bodyHash: body.clientID == nil ? nil : BodyHash.of(["text", body.content]))
    switch try await writer.write(draft) {
    case .stored(let seq, let rev, let at):
      return .created(Message(draft.base(seq: seq, rev: rev, at: at), status: .sent))
    case .repeated(let id):
      guard let message = try await message(id, for: caller) else { return .refused(.notFound, Refusals.noChat) }
      return .ok(message)
    case .conflict:
      return .refused(.idempotencyConflict, "Another message was sent with this client_id.")
    case .notFound:
      return .refused(.notFound, Refusals.noChat)
    }
  }

  public func getMessage(
    _ input: Operations.GetMessage.Input, caller: Caller, context: RequestContext
  ) async throws -> Operations.GetMessage.Output {
    guard let message = try await message(input.path.id, for: caller) else {
      return .refused(.notFound, Refusals.noMessage)
    }
    return .ok(message)
  }

  private func message(_ id: UUID, for caller: Caller) async throws -> Message? {
    try await database.query(MessageStatements.One(message: id, caller: caller.userID))
  }

  public func editMessage(
    _ input: Operations.EditMessage.Input, caller: Caller, context: RequestContext
  ) async throws -> Operations.EditMessage.Output {
    let id = input.path.id
    let hours = editWindowHours
    let (_, edited) = try await database.transaction(
      MessageStatements.LockChat(message: id),
      MessageStatements.Edit(message: id, caller: caller.userID, content: input.body.content, window: hours * 3600))
    guard let edited else { return .refused(.notFound, Refusals.noMessage) }
    switch edited.outcome {
    case .edited, .unchanged: break
    case .forbidden: return .refused(.forbidden, Refusals.notAuthor)
    case .notEditable: return .refused(.notEditable, "A system message cannot be edited.")
    case .messageDeleted: return .refused(.messageDeleted, "The message was deleted.")
    case .editWindowClosed:
      return .refused(.editWindowClosed, "The message can be edited for \(hours) \(hours == 1 ? "hour" : "hours").")
    }
    guard let message = edited.message else { throw PostgresError(.badValue, "an edit has no message") }
    if edited.outcome == .edited {
      streams.publish(chat: message.chatID, rev: message.rev, lastSeq: 0, .change) { prev in
        ServerEvents.messageUpdated(message.told(after: prev))
      }
    }
    return .ok(Message(message, caller: caller.userID, least: edited.least))
  }

  public func deleteMessage(
    _ input: Operations.DeleteMessage.Input, caller: Caller, context: RequestContext
  ) async throws -> Operations.DeleteMessage.Output {
    let (_, deletion) = try await database.transaction(
      MessageStatements.LockChat(message: input.path.id),
      MessageStatements.Delete(message: input.path.id, caller: caller.userID))
    guard let deletion else { return .refused(.notFound, Refusals.noMessage) }
    switch deletion.outcome {
    case .forbidden: return .refused(.forbidden, Refusals.notRemover)
    case .notEditable: return .refused(.notEditable, "A system message cannot be deleted.")
    case .unchanged: return .noContent
    case .deleted:
      guard let message = deletion.tombstone else { throw PostgresError(.badValue, "a deletion has no tombstone") }
      streams.publish(chat: message.chatID, rev: message.rev, lastSeq: 0, .change) { prev in
        ServerEvents.messageDeleted(message.told(after: prev))
      }
      return .noContent
    }
  }

  public func readMessage(
    _ input: Operations.ReadMessage.Input, caller: Caller, context: RequestContext
  ) async throws -> Operations.ReadMessage.Output {
    let mark = try await database.query(
      MessageStatements.MarkMessageRead(message: input.path.id, caller: caller.userID))
    guard tellRead(mark, caller: caller) != nil else { return .refused(.notFound, Refusals.noMessage) }
    return .noContent
  }

  /// Tells the chat of a read mark that rose.
  ///
  /// - Returns: where the mark is; nil if the caller is not a member.
  func tellRead(_ mark: ReadMark?, caller: Caller) -> Int? {
    guard let mark else { return nil }
    if let at = mark.risenAt {
      streams.tell(MessageReadEvent(chatID: mark.chatID, userID: caller.userID, upToSeq: mark.seq, at: at))
    }
    return mark.seq
  }
}
