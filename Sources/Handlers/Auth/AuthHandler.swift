import Generated
import Logging
import ProtocolRuntime

extension Accounts: Authenticator {
  public func authenticate(_ accessToken: String) async throws -> Caller? {
    try await caller(of: accessToken)
  }
}

/// Accounts and sessions.
public final class AuthHandler: AuthHandlers {
  private let accounts: Accounts
  private let streams: ChatStreams
  private let tokens: ConnectionTokens
  private let logger: Logger

  /// - Parameters:
  ///   - streams: cut the connections of sessions that end.
  ///   - tokens: those that connections live by.
  init(accounts: Accounts, streams: ChatStreams, tokens: ConnectionTokens, logger: Logger) {
    self.accounts = accounts
    self.streams = streams
    self.tokens = tokens
    self.logger = logger
  }

  public func register(
    _ input: Operations.Register.Input, context: RequestContext
  ) async throws -> Operations.Register.Output {
    let body = input.body
    let password: String
    switch PasswordPolicy.judge(body.password) {
    case .acceptable(let normal): password = normal
    case .common: return .refused(.weakPassword, "This password is one of the most common ones.")
    case .tooShort:
      return .refused(.unusablePassword, "It must have \(PasswordPolicy.minBytes) bytes or more in Form C.")
    case .tooLong:
      return .refused(.unusablePassword, "It must have \(PasswordPolicy.maxBytes) bytes or fewer in Form C.")
    case .unprintable:
      return .refused(.unusablePassword, "It must have no characters that RFC 8265's OpaqueString refuses.")
    }
    do {
      let registration = try await accounts.register(
        email: body.email, username: body.username, password: password, displayName: body.displayName,
        client: context)
      return switch registration {
      case .registered(let account, let tokens): .created(AuthResult(account, tokens))
      case .emailTaken: .refused(.emailTaken, "An account with this email address exists.")
      case .usernameTaken: .refused(.usernameTaken, "An account with this username exists.")
      }
    } catch PasswordHasher.Failure.busy(let retryAfter) {
      return .refused(Refusal(.tooManyRequests, Self.busy(retryAfter), retryAfter: retryAfter))
    }
  }

  public func login(_ input: Operations.Login.Input, context: RequestContext) async throws -> Operations.Login.Output {
    do {
      let session = try await accounts.login(
        identifier: input.body.identifier, password: input.body.password, client: context)
      guard let (account, tokens) = session else {
        return .refused(.invalidCredentials, "No account has this identifier and this password.")
      }
      return .ok(AuthResult(account, tokens))
    } catch PasswordHasher.Failure.busy(let retryAfter) {
      return .refused(Refusal(.tooManyRequests, Self.busy(retryAfter), retryAfter: retryAfter))
    }
  }

  private static func busy(_ seconds: Int) -> String {
    "Too many passwords wait to be checked. Try again in \(seconds) seconds."
  }

  public func refresh(
    _ input: Operations.Refresh.Input, context: RequestContext
  ) async throws -> Operations.Refresh.Output {
    switch try await accounts.refresh(input.body.refreshToken, client: context) {
    case .refreshed(let tokens):
      return .ok(
        Tokens(
          accessToken: tokens.accessToken, refreshToken: tokens.refreshToken, expiresIn: tokens.expiresIn))
    case .invalid:
      return .refused(
        .invalidRefreshToken, "This refresh token is unknown or expired, or its session has ended.")
    case .superseded:
      return .refused(
        .refreshSuperseded,
        "The successor of this refresh token was used just now. Whoever did it has the newest tokens.")
    case .reused(let session):
      streams.sessionEnded(session)
      logger.warning(
        "a used refresh token came back; its session was ended",
        metadata: [
          "session_id": "\(session)", "request_id": "\(context.requestID)", "address": "\(context.address)",
        ])
      return .refused(
        .refreshTokenReused, "This refresh token was used before, so its session has been ended.")
    }
  }

  public func logout(
    _ input: Operations.Logout.Input, context: RequestContext
  ) async throws -> Operations.Logout.Output {
    if let session = try await accounts.logout(input.body.refreshToken) { streams.sessionEnded(session) }
    return .noContent
  }

  public func getMe(
    _ input: Operations.GetMe.Input, caller: Caller, context: RequestContext
  ) async throws -> Operations.GetMe.Output {
    guard let account = try await accounts.account(caller.userID) else {
      return .refused(.unauthorized, Self.noAccount)
    }
    return .ok(account.me)
  }

  public func updateProfile(
    _ input: Operations.UpdateProfile.Input, caller: Caller, context: RequestContext
  ) async throws -> Operations.UpdateProfile.Output {
    let account = try await accounts.updateProfile(
      caller.userID, displayName: input.body.displayName, status: input.body.status, bio: input.body.bio)
    guard let account else { return .refused(.unauthorized, Self.noAccount) }
    return .ok(account.me)
  }

  private static let noAccount = "The account of this access token does not exist any more."
}

extension AuthHandler: AuthEventHandlers {
  public func authenticate(
    _ input: Events.Authenticate.Input, caller: Caller, context: RequestContext
  ) async throws -> Events.Authenticate.Output {
    guard let token = try await accounts.connectionToken(input.token), token.caller == caller else {
      return .refused(.unauthorized, "This is no valid access token of the connection's user and session.")
    }
    guard let connection = context.connection, let expiresAt = tokens.renew(connection, by: token) else {
      return .refused(.unauthorized, "The access token of this connection has ended. Connect again.")
    }
    return .ok(AuthenticateResult(expiresAt: expiresAt))
  }
}

extension AuthResult {
  fileprivate init(_ account: Account, _ tokens: SessionTokens) {
    self.init(
      accessToken: tokens.accessToken, refreshToken: tokens.refreshToken, expiresIn: tokens.expiresIn, user: account.me)
  }
}
