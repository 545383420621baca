import Postgres
import ProtocolRuntime

/// Accounts and their sessions: registration, login, rotation of refresh tokens, revocation, authentication.
public final class Accounts: Sendable {
  private let database: Database
  private let hasher: PasswordHasher
  private let accessTokens: AccessTokens
  private let refreshTokens: RefreshTokens
  private let revoked = RevokedSessions()

  /// - Parameter secret: at least 32 bytes; every key is derived from it. With another secret all sessions end.
  /// - Throws: where libcrypto has no HMAC-SHA-256.
  public init(database: PostgresClient, secret: [UInt8], hasher: PasswordHasher) throws {
    self.database = Database(client: database)
    self.hasher = hasher
    accessTokens = try AccessTokens(secret: secret)
    refreshTokens = try RefreshTokens(secret: secret)
  }

  /// Learns which sessions were revoked before this process started. To be awaited before anybody is let in.
  public func start() async throws {
    // Clocks of then and now may differ, and so may those of nodes and PostgreSQL.
    _ = try await learnRevoked(within: AccessTokens.lifetime + RevokedSessions.doubt)
  }

  /// Learns which sessions were revoked within the last seconds, also by other nodes.
  ///
  /// - Returns: those that were not known here: their sockets must be cut.
  func learnRevoked(within seconds: Int) async throws -> [UUID] {
    let rows = try await database.query(AccountStatements.recentlyRevoked, [.int(seconds)])
    return try rows.map { row in try row.uuid(0) }.filter { revoked.insert($0, at: .now()) }
  }

  /// Another node has ended a session.
  func learnRevoked(_ session: UUID) {
    revoked.insert(session, at: .now())
  }

  // MARK: - Access tokens

  /// Whose token it is, if it is good. Asks no database: 15 minutes of revocations are kept in memory.
  ///
  /// - Parameter remembers: Whether the token may soon come again.
  public func caller(of accessToken: String, remembers: Bool = true) throws -> Caller? {
    guard let caller = try accessTokens.verify(accessToken, at: .now(), remembers: remembers), isLive(caller) else {
      return nil
    }
    return caller
  }

  /// Whether the caller's session has not been ended since its token was good.
  func isLive(_ caller: Caller) -> Bool { !revoked.contains(caller.sessionID) }

  // MARK: - Registration and login

  enum Registration: Equatable {
    case registered(Account, SessionTokens)
    case emailTaken
    case usernameTaken
  }

  /// - Throws: `PasswordHasher.Failure.busy`, `UnavailableError`.
  func register(
    email: String, username: String, password: String, displayName: String?, device: String?
  ) async throws -> Registration {
    let email = email.lowercased()
    let username = username.lowercased()
    // Asked first, so that a refusal does not cost a hash; the constraints decide all the same.
    if let refusal = try await takenBy(email: email, username: username) { return refusal }
    let hash = try await hasher.hash(password)
    let session = UUID.v7()
    let rows = try await database.query(
      AccountStatements.register,
      [
        .uuid(.v7()), .text(email), .text(username), .text(displayName ?? username), .text(hash), .uuid(session),
        .optional(Self.device(device)), .int(RefreshTokens.lifetime),
      ])
    guard let row = rows.first else {
      // Somebody was faster. Gone again is only possible for an account that was deleted in the same moment.
      guard let refusal = try await takenBy(email: email, username: username) else {
        throw UnavailableError("The account could not be made. Try again.")
      }
      return refusal
    }
    let account = try Account(row)
    return .registered(account, try tokens(user: account.id, session: session, generation: 0))
  }

  private func takenBy(email: String, username: String) async throws -> Registration? {
    let rows = try await database.query(AccountStatements.taken, [.text(email), .text(username)])
    guard let row = rows.first else { return nil }
    if try row.bool(0) { return .emailTaken }
    return try row.bool(1) ? .usernameTaken : nil
  }

  /// - Returns: nil where no account has this identifier and this password.
  /// - Throws: `PasswordHasher.Failure.busy`, `UnavailableError`.
  func login(identifier: String, password: String, device: String?) async throws -> (Account, SessionTokens)? {
    // No username has an @, and every email address has.
    let byEmail = identifier.utf8.contains(UInt8(ascii: "@"))
    let statement = byEmail ? AccountStatements.byEmail : AccountStatements.byUsername
    // bcrypt ignores what follows 72 bytes, so more of them are never a password of ours.
    guard password.utf8.count <= PasswordPolicy.maxBytes,
      let row = try await database.query(statement, [.text(identifier.lowercased())]).first
    else {
      try await hasher.verifyNothing(password)
      return nil
    }
    guard try await hasher.verify(password, hash: try row.string(Account.columnCount)) else { return nil }
    let account = try Account(row)
    let session = UUID.v7()
    let opened = try await database.query(
      AccountStatements.openSession,
      [.uuid(session), .uuid(account.id), .optional(Self.device(device)), .int(RefreshTokens.lifetime)])
    // The account went away while its password was hashed.
    guard opened.affectedRows == 1 else { return nil }
    return (account, try tokens(user: account.id, session: session, generation: 0))
  }

  // MARK: - Sessions

  enum Refreshing: Equatable {
    case refreshed(SessionTokens)
    /// Unknown, expired, or of a session that has ended.
    case invalid
    /// An old token came back: the session is revoked, its sockets must be cut.
    case reused(session: UUID)
  }

  func refresh(_ text: String) async throws -> Refreshing {
    guard let token = try refreshTokens.token(text) else { return .invalid }
    let rows = try await database.query(
      AccountStatements.refresh,
      [.uuid(token.sessionID), .int(token.generation), .int(RefreshTokens.lifetime), .int(RefreshTokens.grace)])
    guard let row = rows.first else { return .invalid }
    if try row.bool(2) {
      revoked.insert(token.sessionID, at: .now())
      return .reused(session: token.sessionID)
    }
    return .refreshed(try tokens(user: try row.uuid(0), session: token.sessionID, generation: try row.int(1)))
  }

  /// Ends the session of a refresh token of any generation.
  ///
  /// - Returns: the session, whose sockets must be cut; nil for a token that is none of ours.
  func logout(_ text: String) async throws -> UUID? {
    guard let token = try refreshTokens.token(text) else { return nil }
    let rows = try await database.query(AccountStatements.revoke, [.uuid(token.sessionID)])
    guard !rows.isEmpty else { return nil }
    revoked.insert(token.sessionID, at: .now())
    return token.sessionID
  }

  private func tokens(user: UUID, session: UUID, generation: Int) throws -> SessionTokens {
    SessionTokens(
      accessToken: try accessTokens.issue(for: Caller(userID: user, sessionID: session), at: .now()),
      refreshToken: try refreshTokens.text(of: RefreshToken(sessionID: session, generation: generation)),
      expiresIn: AccessTokens.lifetime)
  }

  /// What is kept of a User-Agent.
  private static func device(_ userAgent: String?) -> String? {
    guard let userAgent, !userAgent.utf8.contains(0) else { return nil }
    return String(userAgent.prefix(200))
  }

  // MARK: - Profiles

  /// - Returns: nil for a user who is not there any more.
  func account(_ id: UUID) async throws -> Account? {
    try await database.query(AccountStatements.byID, [.uuid(id)]).first.map { row in try Account(row) }
  }

  /// Changes what is given.
  ///
  /// - Returns: nil for a user who is not there any more.
  func updateProfile(
    _ id: UUID, displayName: String?, status: String?, bio: String?
  ) async throws -> Account? {
    try await database.query(
      AccountStatements.updateProfile,
      [.uuid(id), .optional(displayName), .optional(status), .optional(bio)]
    ).first.map { row in try Account(row) }
  }
}
