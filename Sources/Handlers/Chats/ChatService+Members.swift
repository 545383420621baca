import Generated
import Postgres
import ProtocolRuntime

extension ChatService {
  public func addMembers(
    _ input: Operations.AddMembers.Input, caller: Caller, context: RequestContext
  ) async throws -> Operations.AddMembers.Output {
    let id = Value.uuid(input.path.chatID)
    let results = try await database.transaction([
      BoundStatement(ChatStatements.lock, [id]),
      BoundStatement(
        MemberStatements.add, [id, .uuid(caller.userID), .uuids(input.body.userIDs), .uuid(.v7())]),
    ])
    let rows = results[1]
    guard let first = rows.first else { return .refused(.notFound, Refusals.noChat) }
    switch try first.string(0) {
    case "added", "unchanged": break
    case "direct_chat": return .refused(.directChat, Refusals.fixedMembers)
    case "unknown_user": return .refused(.unknownUser, "user_ids names somebody who does not exist.")
    case "chat_full": return .refused(.chatFull, "A chat has at most 256 members.")
    default: return .refused(.forbidden, Refusals.notAdmin)
    }
    let change = try WrittenChange(first, 3)
    var items: [ChatMember] = []
    for row in rows {
      let member = try row.member(4 + WrittenChange.columnCount)
      items.append(member)
      if try row.bool(1) { tellAdded(member, rev: try row.int(3 + WrittenChange.columnCount), change) }
    }
    change.tellSystemMessage(on: streams)
    return .created(MemberList(items: items))
  }

  private func tellAdded(_ member: ChatMember, rev: Int, _ change: WrittenChange) {
    let before = change.before
    streams.publish(chat: before.id, rev: rev, lastSeq: before.lastSeq, .memberAdded(member.user.id)) {
      // Each addition takes a rev and makes the chat larger by one.
      let chat = change.chat(at: rev) { $0.memberCount = before.memberCount + rev - before.rev }
      return ServerEvents.memberAdded(MemberAddedEvent(chatID: before.id, rev: rev, member: member, chat: chat))
    }
  }

  public func removeMember(
    _ input: Operations.RemoveMember.Input, caller: Caller, context: RequestContext
  ) async throws -> Operations.RemoveMember.Output {
    let id = Value.uuid(input.path.chatID)
    let results = try await database.transaction([
      BoundStatement(ChatStatements.lock, [id]),
      BoundStatement(
        MemberStatements.remove, [id, .uuid(caller.userID), .uuid(input.path.userID), .uuid(.v7())]),
    ])
    guard let row = results[1].first else { return .refused(.notFound, Refusals.noChat) }
    let outcome = try row.string(0)
    switch outcome {
    case "removed", "ended": break
    case "direct_chat": return .refused(.directChat, Refusals.fixedMembers)
    case "not_found": return .refused(.notFound, Refusals.noMember)
    default: return .refused(.forbidden, Refusals.notAdmin)
    }
    let change = try WrittenChange(row, 1)
    let heirColumn = 1 + WrittenChange.columnCount
    tellRemoved(input.path.userID, by: caller.userID, change)
    if !row.isNull(heirColumn) { tellPromoted(try row.member(heirColumn), change) }
    if outcome == "ended" { tellEnded(change) }
    change.tellSystemMessage(on: streams)
    return .noContent
  }

  private func tellRemoved(_ user: UUID, by remover: UUID, _ change: WrittenChange) {
    let chat = change.before.id
    let rev = change.before.rev + 1
    grants.remove(user, of: chat)
    typing.stop(user, in: chat)
    streams.publish(chat: chat, rev: rev, lastSeq: change.before.lastSeq, .memberRemoved(user)) {
      ServerEvents.memberRemoved(MemberRemovedEvent(chatID: chat, rev: rev, userID: user, by: remover))
    }
  }

  private func tellPromoted(_ member: ChatMember, _ change: WrittenChange) {
    let chat = change.before.id
    let rev = change.before.rev + 2
    streams.publish(chat: chat, rev: rev, lastSeq: change.before.lastSeq, .change) {
      ServerEvents.memberUpdated(MemberUpdatedEvent(chatID: chat, rev: rev, member: member))
    }
  }

  /// Nobody is left, and the stream ends with its last member; this is for one whose removal came late.
  private func tellEnded(_ change: WrittenChange) {
    let chat = change.before.id
    let rev = change.before.rev + 2
    streams.publish(chat: chat, rev: rev, lastSeq: change.before.lastSeq, .chatDeleted) {
      ServerEvents.chatDeleted(ChatDeletedEvent(chatID: chat, rev: rev))
    }
  }
}
