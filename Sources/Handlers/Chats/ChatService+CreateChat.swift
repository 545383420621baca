import Generated
import Postgres
import ProtocolRuntime

extension ChatService {
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
    let results = try await database.transaction(plan.statements)
    guard let found = results[1].first else {
      // Nothing was made and nothing met: a member is unknown, or the chat was deleted in this moment.
      return .refused(.unknownUser, "member_ids names somebody who does not exist.")
    }
    guard try !found.bool(1) else {
      return .refused(.idempotencyConflict, "Another chat was created with this client_id.")
    }
    guard let detail = try Self.detail(results[2], caller: caller) else {
      // The client id is that of a group which the caller has left since, or which is deleted.
      return .refused(.idempotencyConflict, "The chat that was created with this client_id is gone.")
    }
    guard try found.uuid(0) == plan.id else { return .ok(detail.chat) }
    tellCreated(detail.chat, detail.members)
    return .created(detail.chat)
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
    streams.publish(chat: chat.id, rev: chat.rev, lastSeq: chat.lastSeq, .chatCreated(members.map(\.user.id))) {
      ServerEvents.chatCreated(
        ChatEvent(
          id: chat.id, type: chat.type, name: chat.name, createdBy: chat.createdBy, createdAt: chat.createdAt,
          updatedAt: chat.updatedAt, memberCount: chat.memberCount, lastSeq: chat.lastSeq, rev: chat.rev,
          members: members))
    }
  }
}

/// What is sent to PostgreSQL to create a chat.
private struct CreationPlan {
  let id = UUID.v7()
  let statements: [BoundStatement]

  init(_ body: CreateChatRequest, creator: UUID) {
    // Each member once, with the creator, who may have named themselves. In order, so that concurrent creations lock
    // the users' rows in one order.
    let members = Set(body.memberIDs + [creator]).sorted()
    let key = body.type == .direct ? Value.text(members.map(\.description).joined(separator: ":")) : .null
    let hash: Value =
      body.clientID == nil
      ? .null : .int(BodyHash.of([body.type.rawValue, body.name] + members.map(\.description)))
    let clientID = Value.optional(body.clientID)
    let identity: [Value] = [.uuid(id), .uuid(creator), key, clientID]
    statements = [
      BoundStatement(
        ChatStatements.create,
        [
          .uuid(id), .uuid(creator), .text(body.type.rawValue), .optional(body.name), key, clientID, hash,
          .uuids(members),
        ]),
      BoundStatement(ChatStatements.created, identity + [hash]),
      BoundStatement(ChatStatements.createdDetail, identity),
    ]
  }
}
