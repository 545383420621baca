import Generated
import ProtocolRuntime

/// The generated API over the handlers of this domain: each tag has its own.
public typealias ChatAPI = API<
  AuthHandler, UsersHandler, ChatsHandler, MessagesHandler, SyncHandler, SystemHandler, ChatPolicies, Accounts
>

extension ChatService {
  /// - Parameters:
  ///   - limiter: with the generated `rateLimits`.
  ///   - onFault: told of every error that is neither a refusal nor a dependency that is away.
  public func makeAPI(
    limiter: RateLimiter, onFault: @escaping @Sendable (any Error, RequestContext) -> Void
  ) -> ChatAPI {
    ChatAPI(
      auth: auth, users: users, chats: chats, messages: messages, sync: sync, system: system, policies: policies,
      authenticator: accounts, limiter: limiter, onFault: onFault)
  }
}
