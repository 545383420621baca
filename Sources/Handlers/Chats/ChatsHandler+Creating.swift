import Generated
import Postgres
import ProtocolRuntime

extension ChatsHandler {
  public func createChat(
    _ input: Operations.CreateChat.Input, caller: Caller, context: RequestContext
  ) async throws -> Operations.CreateChat.Output {
    let plan: CreationPlan
    switch input.body {
    case .direct(let body):
      if body.memberIDs == [caller.userID] {
        return .refused(.selfChat, "A direct chat with oneself is not possible.")
      }
      plan = CreationPlan(.direct, body.memberIDs, name: nil, clientID: body.clientID, creator: caller.userID)
    case .group(let body):
      plan = CreationPlan(.group, body.memberIDs, name: body.name, clientID: body.clientID, creator: caller.userID)
    }
    let (_, created, found) = try await database.transaction(
      plan.create, ChatStatements.Created(identity: plan.identity, bodyHash: plan.create.bodyHash),
      ChatStatements.CreatedDetail(identity: plan.identity))
    guard let created else {
      // Nothing was made and nothing met: a member is unknown, or the chat was deleted in this moment.
      return .refused(.unknownUser, "member_ids names somebody who does not exist.")
    }
    guard !created.isConflict else {
      return .refused(.idempotencyConflict, "Another chat was created with this client_id.")
    }
    guard let (chat, members) = found else {
      // The client id is that of a group which the caller has left since, or which is deleted.
      return .refused(.idempotencyConflict, "The chat that was created with this client_id is gone.")
    }
    guard created.id == plan.identity.id else { return .ok(chat) }
    tellCreated(chat, members)
    return .created(chat)
  }

  private func tellCreated(_ chat: Chat, _ members: [ChatMember]) {
    streams.publish(chat: chat.id, rev: chat.rev, lastSeq: chat.lastSeq, .chatCreated(members.map(\.user.id))) { prev in
      ServerEvents.chatCreated(ToldChat(ChatBase(chat), prevRev: prev, members: members))
    }
  }
}

/// What is sent to PostgreSQL to create a chat.
private struct CreationPlan {
  let identity: ChatIdentity
  let create: ChatStatements.Create

  init(_ type: ChatType, _ others: [UUID], name: String?, clientID: UUID?, creator: UUID) {
    // Each member once, with the creator, who may have named themselves. In order, so that concurrent creations lock
    // the users' rows in one order.
    let members = Set(others + [creator]).sorted()
    identity = ChatIdentity(
      id: .v7(), creator: creator,
      directKey: type == .direct ? members.map(\.description).joined(separator: ":") : nil,
      clientID: clientID)
    create = ChatStatements.Create(
      identity: identity, type: type, name: name,
      bodyHash: clientID == nil ? nil : BodyHash.of([type.rawValue, name] + members.map(\.description)),
      members: members)
  }
}
