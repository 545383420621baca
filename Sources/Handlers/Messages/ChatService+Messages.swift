import Generated
import Postgres
import ProtocolRuntime

extension ChatService: MessagesHandlers {
  public func sendMessage(
    _ input: Operations.SendMessage.Input, caller: Caller, context: RequestContext
  ) async throws -> Operations.SendMessage.Output {
    let body = input.body
    let draft = MessageDraft(
      id: .v7(), chatID: input.path.chatID, senderID: caller.userID, content: body.content, clientID: body.clientID,
      bodyHash: body.clientID == nil ? nil : BodyHash.of(["text", body.content]))
    switch try await writer.write(draft) {
    case .stored(let seq, let rev, let at):
      return .created(Message(draft.event(seq: seq, rev: rev, at: at), status: .sent))
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
    try await database.query(MessageStatements.one, [.uuid(id), .uuid(caller.userID)]).first.map { row in
      Message(try row.message(2), caller: caller.userID, least: try row.watermarks(0))
    }
  }

  public func editMessage(
    _ input: Operations.EditMessage.Input, caller: Caller, context: RequestContext
  ) async throws -> Operations.EditMessage.Output {
    let id = Value.uuid(input.path.id)
    let hours = configuration.editWindowHours
    let results = try await database.transaction([
      BoundStatement(MessageStatements.lockChat, [id]),
      BoundStatement(
        MessageStatements.edit, [id, .uuid(caller.userID), .text(input.body.content), .int(hours * 3600)]),
    ])
    guard let row = results[1].first else { return .refused(.notFound, Refusals.noMessage) }
    switch try row.string(0) {
    case "edited", "unchanged": break
    case "forbidden": return .refused(.forbidden, Refusals.notAuthor)
    case "not_editable": return .refused(.notEditable, "A system message cannot be edited.")
    case "message_deleted": return .refused(.messageDeleted, "The message was deleted.")
    default:
      return .refused(.editWindowClosed, "The message can be edited for \(hours) \(hours == 1 ? "hour" : "hours").")
    }
    let message = try row.message(3)
    if try row.string(0) == "edited" {
      streams.publish(chat: message.chatID, rev: message.rev, lastSeq: 0, .change) {
        ServerEvents.messageUpdated(message)
      }
    }
    return .ok(Message(message, caller: caller.userID, least: try row.watermarks(1)))
  }

  public func deleteMessage(
    _ input: Operations.DeleteMessage.Input, caller: Caller, context: RequestContext
  ) async throws -> Operations.DeleteMessage.Output {
    let id = Value.uuid(input.path.id)
    let results = try await database.transaction([
      BoundStatement(MessageStatements.lockChat, [id]),
      BoundStatement(MessageStatements.delete, [id, .uuid(caller.userID)]),
    ])
    guard let row = results[1].first else { return .refused(.notFound, Refusals.noMessage) }
    switch try row.string(0) {
    case "forbidden": return .refused(.forbidden, Refusals.notRemover)
    case "not_editable": return .refused(.notEditable, "A system message cannot be deleted.")
    case "deleted":
      let message = try row.message(1)
      streams.publish(chat: message.chatID, rev: message.rev, lastSeq: 0, .change) {
        ServerEvents.messageDeleted(message)
      }
      return .noContent
    default: return .noContent
    }
  }

  public func readMessage(
    _ input: Operations.ReadMessage.Input, caller: Caller, context: RequestContext
  ) async throws -> Operations.ReadMessage.Output {
    let rows = try await database.query(
      MessageStatements.markMessageRead, [.uuid(input.path.id), .uuid(caller.userID)])
    guard try tellRead(rows, caller: caller) != nil else { return .refused(.notFound, Refusals.noMessage) }
    return .noContent
  }

  /// Tells the chat of a read mark that rose.
  ///
  /// - Parameter rows: of `MessageStatements.markRead`.
  /// - Returns: the mark; nil if the caller is not a member.
  func tellRead(_ rows: PostgresResult, caller: Caller) throws -> Int? {
    guard let row = rows.first else { return nil }
    let mark = try row.int(0)
    if let at = try row.optionalTimestamp(1) {
      streams.tell(MessageReadEvent(chatID: try row.uuid(2), userID: caller.userID, upToSeq: mark, at: at))
    }
    return mark
  }
}
