import Postgres
import ProtocolRuntime

/// The SQL of accounts and sessions.
enum AccountStatements {
  /// Nil where the email or the username is taken: a violated constraint would spoil the flight of statements that
  /// this one travels with.
  struct Register: ServerQuery {
    typealias Output = Account?

    static let text = Statement(
      .accountsRegister,
      """
      WITH account AS (
        INSERT INTO users (id, email, username, display_name, password_hash)
        VALUES ($1::uuid, $2, $3, $4, $5)
        ON CONFLICT DO NOTHING
        RETURNING *
      ), session AS (
        INSERT INTO sessions (id, user_id, device, expires_at)
        SELECT $6::uuid, id, $7, now() + make_interval(secs => $8::double precision) FROM account
      )
      SELECT \(Account.columns.of("u")) FROM account u
      """)

    let id: UUID
    let email: String
    let username: String
    let displayName: String
    let passwordHash: String
    let session: UUID
    let device: String?
    /// In seconds.
    let lifetime: Int

    var values: [Value] {
      [
        .uuid(id), .text(email), .text(username), .text(displayName), .text(passwordHash), .uuid(session),
        .optional(device), .int(lifetime),
      ]
    }

    func mostRows(for caller: CallerExtent) -> Int { RowBound.fewKeys }

    func element(_ row: inout RowReader) throws(PostgresError) -> Account { try Account(&row) }
  }

  /// Which of the two somebody has.
  struct Taken: ServerQuery {
    typealias Output = (email: Bool, username: Bool)

    static let text = Statement(
      .accountsTaken,
      """
      SELECT EXISTS (SELECT FROM users WHERE email = $1), EXISTS (SELECT FROM users WHERE username = $2)
      """)

    let email: String
    let username: String

    var values: [Value] { [.text(email), .text(username)] }

    func mostRows(for caller: CallerExtent) -> Int { RowBound.fewKeys }

    func element(_ row: inout RowReader) throws(PostgresError) -> (email: Bool, username: Bool) {
      (try row.bool(), try row.bool())
    }
  }

  /// An account by what its owner signs in with, and its password's hash.
  struct ByIdentifier: ServerQuery {
    enum Identifier {
      case email(String)
      case username(String)
    }

    typealias Output = (account: Account, passwordHash: String)?

    static let text = Statement(
      .accountsByEmail, "SELECT \(Account.columns.of("u")), u.password_hash FROM users u WHERE u.email = $1")
    static let byUsername = Statement(
      .accountsByUsername, "SELECT \(Account.columns.of("u")), u.password_hash FROM users u WHERE u.username = $1")

    let identifier: Identifier

    var statement: Statement {
      switch identifier {
      case .email: Self.text
      case .username: Self.byUsername
      }
    }

    var values: [Value] {
      switch identifier {
      case .email(let text), .username(let text): [.text(text)]
      }
    }

    func mostRows(for caller: CallerExtent) -> Int { RowBound.fewKeys }

    func element(_ row: inout RowReader) throws(PostgresError) -> (account: Account, passwordHash: String) {
      (try Account(&row), try row.string())
    }
  }

  struct ByID: ServerQuery {
    typealias Output = Account?

    static let text = Statement(
      .accountsByID, "SELECT \(Account.columns.of("u")) FROM users u WHERE u.id = $1::uuid")

    let id: UUID

    var values: [Value] { [.uuid(id)] }

    func mostRows(for caller: CallerExtent) -> Int { RowBound.fewKeys }

    func element(_ row: inout RowReader) throws(PostgresError) -> Account { try Account(&row) }
  }

  /// The user's sessions that ended long ago go with it.
  struct OpenSession: ServerCommand {
    static let text = Statement(
      .sessionsOpen,
      """
      WITH ended AS (
        DELETE FROM sessions WHERE id IN (
          SELECT id FROM sessions WHERE user_id = $2::uuid AND expires_at < now() - interval '1 day'
          ORDER BY expires_at LIMIT \(sweep)
        )
      )
      INSERT INTO sessions (id, user_id, device, expires_at)
      SELECT $1::uuid, id, $3, now() + make_interval(secs => $4::double precision) FROM users WHERE id = $2::uuid
      """)

    /// How many are removed at most.
    private static let sweep = 16

    let session: UUID
    let user: UUID
    let device: String?
    /// In seconds.
    let lifetime: Int

    var values: [Value] { [.uuid(session), .uuid(user), .optional(device), .int(lifetime)] }

    func mostRows(for caller: CallerExtent) -> Int { RowBound.fewKeys + 2 * Self.sweep }
  }

  /// The whole rotation in one statement, so that two uses at once are put in order by the row's lock, and the second
  /// sees what the first did.
  ///
  /// Nil for a session that is unknown, over or revoked, and for a generation that was never given out.
  ///
  /// The newest generation starts the next one. The one before it gets that same one again, for as long as nobody used
  /// it. The one before that is late for a while after its successor was used; it changes nothing.
  struct Refresh: ServerQuery {
    struct Rotation {
      let user: UUID
      /// The newest one.
      let generation: Int
      /// Because the token is an old one.
      let isRevoked: Bool
      /// Until the session ends.
      let secondsLeft: Int
    }

    typealias Output = Rotation?

    static let text = Statement(
      .sessionsRefresh,
      """
      UPDATE sessions SET
        generation = generation + ($2::bigint = generation)::integer,
        rotated_at = CASE WHEN $2::bigint = generation THEN now() ELSE rotated_at END,
        expires_at = CASE WHEN $2::bigint = generation
          THEN least(now() + make_interval(secs => $3::double precision),
            created_at + make_interval(secs => $5::double precision))
          ELSE expires_at END,
        last_used_at = greatest(last_used_at, now()),
        revoked_at = CASE
          WHEN $2::bigint >= generation - 1 THEN NULL
          -- Also where the clock was put back, grace is no longer than it is.
          WHEN $2::bigint = generation - 2 AND rotated_at BETWEEN now() - make_interval(secs => $4::double precision)
            AND now() + make_interval(secs => $4::double precision) THEN NULL
          ELSE greatest(now(), last_used_at) END
      WHERE id = $1::uuid AND revoked_at IS NULL AND expires_at > now() AND $2::bigint <= generation
      RETURNING user_id, generation, revoked_at IS NOT NULL, floor(extract(epoch FROM expires_at - now()))::bigint
      """)

    let session: UUID
    /// The presented one.
    let generation: Int
    /// Of a refresh token, in seconds.
    let lifetime: Int
    /// In seconds.
    let grace: Int
    /// Of a session from its beginning, in seconds.
    let sessionLifetime: Int

    var values: [Value] {
      [.uuid(session), .int(generation), .int(lifetime), .int(grace), .int(sessionLifetime)]
    }

    func mostRows(for caller: CallerExtent) -> Int { RowBound.fewKeys }

    func element(_ row: inout RowReader) throws(PostgresError) -> Rotation {
      Rotation(
        user: try row.uuid(), generation: try row.int(), isRevoked: try row.bool(), secondsLeft: try row.int())
    }
  }

  /// Whether the session was good until now; nil if there is no such session.
  struct Revoke: ServerQuery {
    typealias Output = Bool?

    static let text = Statement(
      .sessionsRevoke,
      """
      WITH revoked AS (
        UPDATE sessions SET revoked_at = greatest(now(), last_used_at) WHERE id = $1::uuid AND revoked_at IS NULL RETURNING id
      )
      SELECT EXISTS (SELECT FROM revoked) FROM sessions WHERE id = $1::uuid
      """)

    let session: UUID

    var values: [Value] { [.uuid(session)] }

    func mostRows(for caller: CallerExtent) -> Int { RowBound.fewKeys }

    func element(_ row: inout RowReader) throws(PostgresError) -> Bool { try row.bool() }
  }

  /// What was revoked, and the snapshot that it was read in.
  struct Revocations {
    var snapshot: SyncSnapshot
    var sessions: [UUID]

    init(_ rows: inout RowReader) throws(PostgresError) {
      var found: (snapshot: SyncSnapshot, sessions: [UUID])?
      while try rows.next() {
        let (snapshot, session) = try Self.element(&rows)
        if found == nil { found = (snapshot, []) }
        if let session { found?.sessions.append(session) }
      }
      guard let found else { throw PostgresError(.badValue, "the revocations have no snapshot") }
      (snapshot, sessions) = found
    }

    static func element(_ row: inout RowReader) throws(PostgresError) -> (snapshot: SyncSnapshot, session: UUID?) {
      guard let snapshot = SyncSnapshot(text: try row.string()) else { throw row.badValue(expected: "a snapshot") }
      return (snapshot, try row.optionalUUID())
    }

    /// The sessions under a condition.
    static func text(_ condition: String) -> String {
      """
      SELECT pg_current_snapshot()::text, revoked.id
      FROM (SELECT) always LEFT JOIN LATERAL (SELECT id FROM sessions WHERE \(condition)) revoked ON true
      """
    }
  }

  /// What a new process must know of its predecessor's revocations.
  struct RecentlyRevoked: ServerQuery {
    typealias Output = Revocations

    static let text = Statement(
      .sessionsRecentlyRevoked,
      Revocations.text("revoked_at > now() - make_interval(secs => $1::double precision)"))

    /// For how many seconds back.
    let seconds: Int

    var values: [Value] { [.int(seconds)] }

    func mostRows(for caller: CallerExtent) -> Int { 2 * caller.answered + RowBound.fewKeys }

    func element(_ row: inout RowReader) throws(PostgresError) -> (snapshot: SyncSnapshot, session: UUID?) {
      try Revocations.element(&row)
    }

    func output(_ rows: inout RowReader) throws(PostgresError) -> Revocations { try Revocations(&rows) }
  }

  /// What was revoked since a snapshot, whatever the clocks said.
  struct RevokedSince: ServerQuery {
    typealias Output = Revocations

    static let text = Statement(
      .sessionsRevokedSince, Revocations.text(SyncStatements.moved("revoked_xid", since: "$1")))

    let snapshot: SyncSnapshot

    var values: [Value] { [.text(snapshot.text)] }

    func mostRows(for caller: CallerExtent) -> Int { 2 * caller.answered + RowBound.fewKeys }

    func element(_ row: inout RowReader) throws(PostgresError) -> (snapshot: SyncSnapshot, session: UUID?) {
      try Revocations.element(&row)
    }

    func output(_ rows: inout RowReader) throws(PostgresError) -> Revocations { try Revocations(&rows) }
  }

  /// Those of these sessions that are not there.
  struct Lost: ServerQuery {
    typealias Output = [UUID]

    static let text = Statement(
      .sessionsLost,
      """
      SELECT asked.id FROM unnest($1::uuid[]) AS asked (id)
      LEFT JOIN LATERAL (SELECT id FROM sessions WHERE id = asked.id LIMIT 1) found ON true
      WHERE found.id IS NULL
      """)

    let sessions: [UUID]

    var values: [Value] { [.uuids(sessions)] }

    func mostRows(for caller: CallerExtent) -> Int { 2 * sessions.count }

    func element(_ row: inout RowReader) throws(PostgresError) -> UUID { try row.uuid() }
  }

  /// Nothing where the hash was changed meanwhile.
  struct RenewHash: ServerCommand {
    static let text = Statement(
      .accountsRenewHash, "UPDATE users SET password_hash = $3 WHERE id = $1::uuid AND password_hash = $2")

    let user: UUID
    let old: String
    let new: String

    var values: [Value] { [.uuid(user), .text(old), .text(new)] }

    func mostRows(for caller: CallerExtent) -> Int { RowBound.fewKeys }
  }

  /// What is nil stays as it is.
  struct UpdateProfile: ServerQuery {
    typealias Output = Account?

    static let text = Statement(
      .accountsUpdateProfile,
      """
      UPDATE users u SET
        display_name = coalesce($2, display_name), status = coalesce($3, status), bio = coalesce($4, bio),
        changed_xid = pg_current_xact_id()
      WHERE u.id = $1::uuid
      RETURNING \(Account.columns.of("u"))
      """)

    let user: UUID
    let displayName: String?
    let status: String?
    let bio: String?

    var values: [Value] { [.uuid(user), .optional(displayName), .optional(status), .optional(bio)] }

    func mostRows(for caller: CallerExtent) -> Int { RowBound.fewKeys }

    func element(_ row: inout RowReader) throws(PostgresError) -> Account { try Account(&row) }
  }
}
