import Generated
import Postgres
import ProtocolRuntime

extension ChatsHandler {
  public func addMembers(
    _ input: Operations.AddMembers.Input, caller: Caller, context: RequestContext
  ) async throws -> Operations.AddMembers.Output {
    let id = input.path.chatID
    let (_, additions) = try await database.transaction(
      ChatStatements.Lock(chat: id),
      MemberStatements.Add(chat: id, caller: caller.userID, users: input.body.userIDs, message: .v7()))
    guard let first = additions.first else { return .refused(.notFound, Refusals.noChat) }
    switch first.outcome {
    case .added, .unchanged: break
    case .directChat: return .refused(.directChat, Refusals.fixedMembers)
    case .unknownUser: return .refused(.unknownUser, "user_ids names somebody who does not exist.")
    case .chatFull: return .refused(.chatFull, "A chat has at most 256 members.")
    case .forbidden: return .refused(.forbidden, Refusals.notAdmin)
    }
    let change = first.change
    var items: [ChatMember] = []
    for addition in additions {
      guard let (rev, member) = addition.membership else {
        throw PostgresError(.badValue, "an added member has no membership")
      }
      items.append(member)
      if addition.isNew { tellAdded(member, rev: rev, change) }
    }
    change.tellSystemMessage(on: streams)
    return .created(MemberList(items: items))
  }

  private func tellAdded(_ member: ChatMember, rev: Int, _ change: WrittenChange) {
    let before = change.before
    streams.publish(chat: before.id, rev: rev, lastSeq: before.lastSeq, .memberAdded(member.user.id)) { prev in
      // Each addition takes a rev and makes the chat larger by one.
      let chat = change.chat(at: rev) { $0.memberCount = before.memberCount + rev - before.rev }
      return ServerEvents.memberAdded(
        MemberAddedEvent(chatID: before.id, rev: rev, prevRev: prev, member: member, chat: chat))
    }
  }

  public func removeMember(
    _ input: Operations.RemoveMember.Input, caller: Caller, context: RequestContext
  ) async throws -> Operations.RemoveMember.Output {
    let id = input.path.chatID
    let (_, removal) = try await database.transaction(
      ChatStatements.Lock(chat: id),
      MemberStatements.Remove(chat: id, caller: caller.userID, user: input.path.userID, message: .v7()))
    guard let removal else { return .refused(.notFound, Refusals.noChat) }
    switch removal.outcome {
    case .removed, .ended: break
    case .directChat: return .refused(.directChat, Refusals.fixedMembers)
    case .notFound: return .refused(.notFound, Refusals.noMember)
    case .forbidden: return .refused(.forbidden, Refusals.notAdmin)
    }
    let change = removal.change
    tellRemoved(input.path.userID, by: caller.userID, change)
    if let heir = removal.heir { tellPromoted(heir, change) }
    if removal.outcome == .ended { tellEnded(change) }
    change.tellSystemMessage(on: streams)
    return .noContent
  }

  private func tellRemoved(_ user: UUID, by remover: UUID, _ change: WrittenChange) {
    let chat = change.before.id
    let rev = change.before.rev + 1
    grants.remove(user, of: chat)
    typing.stop(user, in: chat)
    streams.publish(chat: chat, rev: rev, lastSeq: change.before.lastSeq, .memberRemoved(user)) { prev in
      ServerEvents.memberRemoved(MemberRemovedEvent(chatID: chat, rev: rev, prevRev: prev, userID: user, by: remover))
    }
  }

  private func tellPromoted(_ member: ChatMember, _ change: WrittenChange) {
    let chat = change.before.id
    let rev = change.before.rev + 2
    streams.publish(chat: chat, rev: rev, lastSeq: change.before.lastSeq, .change) { prev in
      ServerEvents.memberUpdated(MemberUpdatedEvent(chatID: chat, rev: rev, prevRev: prev, member: member))
    }
  }

  /// Nobody is left, and the stream ends with its last member; this is for one whose removal came late.
  private func tellEnded(_ change: WrittenChange) {
    let chat = change.before.id
    let rev = change.before.rev + 2
    streams.publish(chat: chat, rev: rev, lastSeq: change.before.lastSeq, .chatDeleted) { prev in
      ServerEvents.chatDeleted(ChatDeletedEvent(chatID: chat, rev: rev, prevRev: prev))
    }
  }
}
