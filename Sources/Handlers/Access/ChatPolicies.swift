import Generated
import ProtocolRuntime

// Every handler behind these policies looks at the right once more, in the statement that reads or writes: what is said
// here may be a moment old, in both directions.
public final class ChatPolicies: AccessPolicies {
  private let database: Database
  private let streams: ChatStreams
  let grants: RecentGrants

  init(database: Database, streams: ChatStreams, grants: RecentGrants) {
    self.database = database
    self.streams = streams
    self.grants = grants
  }

  public func chatMember(_ chatID: UUID, caller: Caller) async throws -> AccessDecision {
    // The hot path: the member is connected to this node, or has just been asked about.
    if streams.knowsMember(caller.userID, of: chatID) || grants.contains(caller.userID, of: chatID) { return .granted }
    guard try await standing(of: caller.userID, in: chatID) != nil else { return .notFound(Refusals.noChat) }
    grants.insert(caller.userID, of: chatID)
    return .granted
  }

  public func chatAdmin(_ chatID: UUID, caller: Caller) async throws -> AccessDecision {
    guard let standing = try await standing(of: caller.userID, in: chatID) else {
      return .notFound(Refusals.noChat)
    }
    // In a direct chat nobody is an admin, and each side may do what is possible there.
    return standing.role == .admin || standing.type == .direct ? .granted : .forbidden(Refusals.notAdmin)
  }

  public func messageReader(_ messageID: UUID, caller: Caller) async throws -> AccessDecision {
    try await part(of: caller.userID, in: messageID) == nil ? .notFound(Refusals.noMessage) : .granted
  }

  public func messageAuthor(_ messageID: UUID, caller: Caller) async throws -> AccessDecision {
    guard let part = try await part(of: caller.userID, in: messageID) else { return .notFound(Refusals.noMessage) }
    return part.isSender ? .granted : .forbidden(Refusals.notAuthor)
  }

  public func messageRemover(_ messageID: UUID, caller: Caller) async throws -> AccessDecision {
    guard let part = try await part(of: caller.userID, in: messageID) else { return .notFound(Refusals.noMessage) }
    return part.isSender || part.role == .admin ? .granted : .forbidden(Refusals.notRemover)
  }

  /// Nil if the user is not a member.
  func standing(of user: UUID, in chat: UUID) async throws -> Standing? {
    try await database.query(AccessStatements.StandingInChat(chat: chat, caller: user))
  }

  /// A stream knows of a removal as soon as it is told; PostgreSQL is asked where no stream knows the member.
  func isMember(_ user: UUID, of chat: UUID) async throws -> Bool {
    if streams.knowsMember(user, of: chat) { return true }
    return try await standing(of: user, in: chat) != nil
  }

  private func part(of user: UUID, in message: UUID) async throws -> AccessStatements.PartInMessage.Part? {
    try await database.query(AccessStatements.PartInMessage(message: message, caller: user))
  }
}
