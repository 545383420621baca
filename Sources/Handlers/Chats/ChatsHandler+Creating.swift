import Generated
import Postgres
import ProtocolRuntime

extension ChatsHandler {
  public func createChat(
    _ input: Operations.CreateChat.Input, caller: Caller, context: RequestContext
  ) async throws -> Operations.CreateChat.Output {
    let body = input.body
    if let violation = Self.violation(body) {
      return .refused(
        Refusal(.validationFailed, "One value breaks the schema; `errors` says which.", errors: [violation]))
    }
    if body.type == .direct, body.memberIDs == [caller.userID] {
      return .refused(.selfChat, "A direct chat with oneself is not possible.")
    }
    let plan = CreationPlan(body, creator: caller.userID)
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

  /// What the schema cannot say: how many members each type takes, and that a group has a name.
  private static func violation(_ body: CreateChatRequest) -> Violation? {
    switch body.type {
    case .direct where body.memberIDs.count != 1:
      Violation(pointer: "/member_ids", keyword: "maxItems", message: "has one item for a direct chat")
    case .direct where body.name != nil:
      Violation(pointer: "/name", keyword: "not", message: "is not for a direct chat")
    case .group where body.name == nil:
      Violation(pointer: "/name", keyword: "required", message: "is required for a group")
    default: nil
    }
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

  init(_ body: CreateChatRequest, creator: UUID) {
    // Each member once, with the creator, who may have named themselves. In order, so that concurrent creations lock
    // the users' rows in one order.
    let members = Set(body.memberIDs + [creator]).sorted()
    identity = ChatIdentity(
      id: .v7(), creator: creator,
      directKey: body.type == .direct ? members.map(\.description).joined(separator: ":") : nil,
      clientID: body.clientID)
    create = ChatStatements.Create(
      identity: identity, type: body.type, name: body.name,
      bodyHash: body.clientID == nil
        ? nil : BodyHash.of([body.type.rawValue, body.name] + members.map(\.description)),
      members: members)
  }
}
