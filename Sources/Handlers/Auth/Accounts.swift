import Postgres
import ProtocolRuntime
import Synchronization

/// Accounts and their sessions: registration, login, rotation of refresh tokens, revocation, authentication.
public final class Accounts: Sendable {
  let database: Database
  private let hasher: PasswordHasher
  private let accessTokens: AccessTokens
  private let refreshTokens: RefreshTokens
  private let revoked = RevokedSessions()
  private let unconfirmed = UnconfirmedSessions()
  /// What was seen when revocations were learned the last time.
  private let lastLearned = Mutex<SyncSnapshot?>(nil)
  private let familiar = FamiliarAddresses()

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
    _ = try await learnRevoked()
  }

  /// Learns which sessions were revoked since it learned so the last time, also by other nodes.
  ///
  /// - Returns: those that were not known here: their sockets must be cut.
  func learnRevoked() async throws -> [UUID] {
    let revocations: AccountStatements.Revocations
    if let last = lastLearned.withLock({ $0 }) {
      revocations = try await database.query(AccountStatements.RevokedSince(snapshot: last))
    } else {
      // Clocks of then and now may differ, and so may those of nodes and PostgreSQL.
      revocations = try await database.query(
        AccountStatements.RecentlyRevoked(seconds: AccessTokens.lifetime + RevokedSessions.doubt))
    }
    // Of two at a time, either has learned all that its snapshot sees.
    lastLearned.withLock { $0 = revocations.snapshot }
    return revocations.sessions.filter { revoked.insert($0, at: .now()) }
  }

  /// How many sessions are asked for at once.
  private static let batch = 1_000

  /// The database is another one: what was learned of its revocations is to be learned anew. Those of before are true
  /// still.
  ///
  /// - Returns: the given sessions that it does not have, if that was not known here: their sockets must be cut. Their
  ///   tokens are refused, and so are those of other sessions that it does not have.
  func beginAnew(_ sessions: [UUID]) async throws -> [UUID] {
    unconfirmed.begin(at: .now())
    lastLearned.withLock { $0 = nil }
    var lost: [UUID] = []
    for start in stride(from: 0, to: sessions.count, by: Self.batch) {
      let some = Array(sessions[start..<min(start + Self.batch, sessions.count)])
      lost += try await database.query(AccountStatements.Lost(sessions: some))
    }
    return lost.filter { revoked.insert($0, at: .now()) }
  }

  /// Another node has ended a session.
  func learnRevoked(_ session: UUID) {
    revoked.insert(session, at: .now())
  }

  // MARK: - Access tokens

  /// Whose token it is, if it is good. Asks no database, unless that was found to be another one a moment ago: 15 minutes
  /// of revocations are kept in memory.
  ///
  /// - Throws: `UnavailableError`, then.
  public func caller(of accessToken: String) async throws -> Caller? {
    guard let claims = try accessTokens.verify(accessToken, at: .now()), try await isLive(claims) else { return nil }
    return claims.caller
  }

  /// What the token of a connection says, if it is good. It is not remembered: a connection shows it once.
  ///
  /// - Throws: as `caller(of:)`.
  public func connectionToken(_ accessToken: String) async throws -> TokenClaims? {
    guard let claims = try accessTokens.verify(accessToken, at: .now(), remembers: false), try await isLive(claims)
    else { return nil }
    return claims
  }

  /// Whether a token's session has not been ended since it was good, and is one of the database that is.
  ///
  /// - Throws: as `caller(of:)`.
  public func isLive(_ token: TokenClaims) async throws -> Bool {
    let session = token.caller.sessionID
    if let round = unconfirmed.round(of: token), !revoked.contains(session) {
      if try await database.query(AccountStatements.Lost(sessions: [session])).isEmpty {
        unconfirmed.confirm(session, in: round)
      } else {
        revoked.insert(session, at: .now())
      }
    }
    return !revoked.contains(session)
  }

  // MARK: - Registration and login

  enum Registration: Equatable {
    case registered(Account, SessionTokens)
    case emailTaken
    case usernameTaken
  }

  /// - Parameter password: in its normal form.
  /// - Throws: `PasswordHasher.Failure.busy`, `UnavailableError`.
  func register(
    email: String, username: String, password: String, displayName: String?, client: RequestContext
  ) async throws -> Registration {
    let email = email.lowercased()
    let username = username.lowercased()
    // Asked first, so that a refusal does not cost a hash; the constraints decide all the same.
    if let refusal = try await takenBy(email: email, username: username) { return refusal }
    let hash = try await hasher.hash(password, for: HashingShare(address: client.address, account: email))
    let session = UUID.v7()
    let registered = try await database.query(
      AccountStatements.Register(
        id: .v7(), email: email, username: username, displayName: displayName ?? username, passwordHash: hash,
        session: session, device: Self.device(client.userAgent), lifetime: RefreshTokens.lifetime))
    guard let account = registered else {
      // Somebody was faster. Gone again is only possible for an account that was deleted in the same moment.
      guard let refusal = try await takenBy(email: email, username: username) else {
        throw UnavailableError("The account could not be made. Try again.")
      }
      return refusal
    }
    return .registered(account, try firstTokens(of: account.id, session: session, client: client))
  }

  private func takenBy(email: String, username: String) async throws -> Registration? {
    let taken = try await database.query(AccountStatements.Taken(email: email, username: username))
    if taken.email { return .emailTaken }
    return taken.username ? .usernameTaken : nil
  }

  /// - Returns: nil where no account has this identifier and this password.
  /// - Throws: `PasswordHasher.Failure.busy`, `UnavailableError`.
  func login(
    identifier: String, password: String, client: RequestContext
  ) async throws -> (Account, SessionTokens)? {
    let identifier = identifier.lowercased()
    // No username has an @, and every email address has.
    let byEmail = identifier.utf8.contains(UInt8(ascii: "@"))
    var forms = PasswordPolicy.forms(of: password)
    let statement = AccountStatements.ByIdentifier(identifier: byEmail ? .email(identifier) : .username(identifier))
    guard let (account, hash) = forms.isEmpty ? nil : try await database.query(statement) else {
      // One that is too long in every form is never a password of ours, but takes the same time.
      if forms.isEmpty { forms = ["any other password"] }
      try await hasher.verifyNothing(forms, for: HashingShare(address: client.address, account: identifier))
      return nil
    }
    let share = HashingShare(
      address: client.address, account: identifier,
      isFamiliar: familiar.contains(account.id, address: client.address))
    guard let form = try await hasher.verify(forms, hash: hash, for: share) else { return nil }
    if form > 0 { try await renewHash(hash, of: account.id, password: forms[0], for: share) }
    let session = UUID.v7()
    let opened = try await database.query(
      AccountStatements.OpenSession(
        session: session, user: account.id, device: Self.device(client.userAgent), lifetime: RefreshTokens.lifetime))
    // The account went away while its password was hashed.
    guard opened == 1 else { return nil }
    return (account, try firstTokens(of: account.id, session: session, client: client))
  }

  /// Makes the hash anew, of the password's normal form, where it is of the form that was given once.
  private func renewHash(_ old: String, of user: UUID, password: String, for share: HashingShare) async throws {
    do {
      let hash = try await hasher.hash(password, for: share)
      _ = try await database.query(AccountStatements.RenewHash(user: user, old: old, new: hash))
    } catch PasswordHasher.Failure.busy {
      // The next login does it: this one is none the worse for it.
    }
  }

  private func firstTokens(of user: UUID, session: UUID, client: RequestContext) throws -> SessionTokens {
    familiar.insert(user, address: client.address)
    return try tokens(user: user, session: session, generation: 0, secondsLeft: RefreshTokens.lifetime)
  }

  // MARK: - Sessions

  enum Refreshing: Equatable {
    case refreshed(SessionTokens)
    /// Unknown, expired, or of a session that has ended.
    case invalid
    /// The token before the one before the newest, whose successor was used a moment ago: two tabs, or an answer that
    /// came late. Whoever used it has the newest one.
    case superseded
    /// An old token came back: the session is revoked, its sockets must be cut.
    case reused(session: UUID)
  }

  func refresh(_ text: String, client: RequestContext) async throws -> Refreshing {
    guard let token = try refreshTokens.token(text) else { return .invalid }
    let rotation = try await database.query(
      AccountStatements.Refresh(
        session: token.sessionID, generation: token.generation, lifetime: RefreshTokens.lifetime,
        grace: RefreshTokens.grace, sessionLifetime: RefreshTokens.sessionLifetime))
    guard let rotation else { return .invalid }
    if rotation.isRevoked {
      revoked.insert(token.sessionID, at: .now())
      return .reused(session: token.sessionID)
    }
    guard rotation.generation <= token.generation + 1 else { return .superseded }
    familiar.insert(rotation.user, address: client.address)
    return .refreshed(
      try tokens(
        user: rotation.user, session: token.sessionID, generation: rotation.generation,
        secondsLeft: rotation.secondsLeft))
  }

  /// Ends the session of a refresh token of any generation.
  ///
  /// - Returns: the session, whose sockets must be cut; nil for a token that is none of ours.
  func logout(_ text: String) async throws -> UUID? {
    guard let token = try refreshTokens.token(text) else { return nil }
    guard try await database.query(AccountStatements.Revoke(session: token.sessionID)) != nil else { return nil }
    revoked.insert(token.sessionID, at: .now())
    return token.sessionID
  }

  /// - Parameter secondsLeft: until the session ends, if it is not refreshed again.
  private func tokens(user: UUID, session: UUID, generation: Int, secondsLeft: Int) throws -> SessionTokens {
    let caller = Caller(userID: user, sessionID: session)
    // The token of a session's last minutes ends with it.
    let lifetime = max(1, min(secondsLeft, AccessTokens.lifetime))
    return SessionTokens(
      accessToken: try accessTokens.issue(for: caller, lifetime: lifetime, secondsLeft: secondsLeft, at: .now()),
      refreshToken: try refreshTokens.text(of: RefreshToken(sessionID: session, generation: generation)),
      expiresIn: lifetime)
  }

  /// What is kept of a User-Agent: code points, since a character can be made of any number of them.
  private static func device(_ userAgent: String?) -> String? {
    guard let userAgent, !userAgent.utf8.contains(0) else { return nil }
    return String(String.UnicodeScalarView(userAgent.unicodeScalars.prefix(200)))
  }

  // MARK: - Profiles

  /// - Returns: nil for a user who is not there any more.
  func account(_ id: UUID) async throws -> Account? {
    try await database.query(AccountStatements.ByID(id: id))
  }

  /// Changes what is given.
  ///
  /// - Returns: nil for a user who is not there any more.
  func updateProfile(
    _ id: UUID, displayName: String?, status: String?, bio: String?
  ) async throws -> Account? {
    try await database.query(
      AccountStatements.UpdateProfile(user: id, displayName: displayName, status: status, bio: bio))
  }
}
