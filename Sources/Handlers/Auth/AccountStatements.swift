import Postgres

/// The SQL of accounts and sessions.
enum AccountStatements {
  /// What `Account(row)` reads: a user `u`, and the email address.
  static let columns = "\(Columns.user), u.email"

  /// $1 id, $2 email, $3 username, $4 display name, $5 password hash, $6 session, $7 device, $8 lifetime in seconds.
  /// No row where the email or the username is taken: a violated constraint would spoil the flight of statements that
  /// this one travels with.
  static let register = Statement(
    name: "accounts_register",
    text: """
      WITH account AS (
        INSERT INTO users (id, email, username, display_name, password_hash)
        VALUES ($1::uuid, $2, $3, $4, $5)
        ON CONFLICT DO NOTHING
        RETURNING *
      ), session AS (
        INSERT INTO sessions (id, user_id, device, expires_at)
        SELECT $6::uuid, id, $7, now() + make_interval(secs => $8::double precision) FROM account
      )
      SELECT \(columns) FROM account u
      """)

  /// $1 email, $2 username.
  static let taken = Statement(
    name: "accounts_taken",
    text: "SELECT EXISTS (SELECT FROM users WHERE email = $1), EXISTS (SELECT FROM users WHERE username = $2)")

  static let byEmail = Statement(
    name: "accounts_by_email", text: "SELECT \(columns), u.password_hash FROM users u WHERE u.email = $1")

  static let byUsername = Statement(
    name: "accounts_by_username", text: "SELECT \(columns), u.password_hash FROM users u WHERE u.username = $1")

  static let byID = Statement(name: "accounts_by_id", text: "SELECT \(columns) FROM users u WHERE u.id = $1::uuid")

  /// $1 session, $2 user, $3 device, $4 lifetime in seconds. The user's sessions that ended long ago go with it.
  static let openSession = Statement(
    name: "sessions_open",
    text: """
      WITH ended AS (
        DELETE FROM sessions WHERE user_id = $2::uuid AND expires_at < now() - interval '1 day'
      )
      INSERT INTO sessions (id, user_id, device, expires_at)
      SELECT $1::uuid, id, $3, now() + make_interval(secs => $4::double precision) FROM users WHERE id = $2::uuid
      """)

  /// The whole rotation in one statement, so that two uses at once are put in order by the row's lock, and the second
  /// sees what the first did.
  ///
  /// $1 session, $2 the presented generation, $3 lifetime of a refresh token, $4 grace and $5 lifetime of a session in
  /// seconds. No row for a session that is unknown, over or revoked, and for a generation that was never given out.
  /// Answers the user, the newest generation, whether the session was revoked because the token is an old one, and the
  /// seconds that the session has left. One row.
  ///
  /// The newest generation starts the next one. The one before it gets that same one again, for as long as nobody used
  /// it. The one before that is late for a while after its successor was used; it changes nothing.
  static let refresh = Statement(
    name: "sessions_refresh",
    text: """
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

  /// $1 session. Answers a row where the session exists, and whether it was good until now.
  static let revoke = Statement(
    name: "sessions_revoke",
    text: """
      WITH revoked AS (
        UPDATE sessions SET revoked_at = greatest(now(), last_used_at) WHERE id = $1::uuid AND revoked_at IS NULL RETURNING id
      )
      SELECT EXISTS (SELECT FROM revoked) FROM sessions WHERE id = $1::uuid
      """)

  /// $1 for how many seconds back. What a new process must know of its predecessor's revocations.
  static let recentlyRevoked = Statement(
    name: "sessions_recently_revoked",
    text: "SELECT id FROM sessions WHERE revoked_at > now() - make_interval(secs => $1::double precision)")

  /// $1 user, $2 the hash as it was, $3 as it is to be. Nothing where it was changed meanwhile.
  static let renewHash = Statement(
    name: "accounts_renew_hash",
    text: "UPDATE users SET password_hash = $3 WHERE id = $1::uuid AND password_hash = $2")

  /// $1 user, then display name, status and bio, each null where it stays.
  static let updateProfile = Statement(
    name: "accounts_update_profile",
    text: """
      UPDATE users u SET
        display_name = coalesce($2, display_name), status = coalesce($3, status), bio = coalesce($4, bio),
        changed_xid = pg_current_xact_id()
      WHERE u.id = $1::uuid
      RETURNING \(columns)
      """)
}
