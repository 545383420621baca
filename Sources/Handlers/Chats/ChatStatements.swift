import Postgres

/// Reading, creating, renaming and deleting chats.
enum ChatStatements {
  /// A page of the caller's chats, newest first, hidden ones left out.
  ///
  /// $1 caller; $2 and $3 updated_at (milliseconds since 1970) and id of the chat that the page begins behind, or NULLs;
  /// $4 how many at most. Rows: `Columns.ownChat`.
  static let page = Statement(
    name: "chats_page",
    text: """
      SELECT \(Columns.ownChat)
      FROM (
        SELECT * FROM (\(Fragments.ownChats(of: "$1::uuid"))) visible
        WHERE (hidden_seq IS NULL OR last_seq > hidden_seq)
          AND ($2::bigint IS NULL OR (updated_at, id) < (to_timestamp($2::bigint / 1000.0), $3::uuid))
        ORDER BY updated_at DESC, id DESC LIMIT $4::int
      ) c
      \(Fragments.ownChatJoins)
      ORDER BY c.updated_at DESC, c.id DESC
      """)

  /// A chat as its member sees it. $1 chat id, $2 caller. A row of `Columns.ownChat`, or none.
  static let one = Statement(
    name: "chat_one",
    text: """
      SELECT \(Columns.ownChat)
      FROM (SELECT * FROM (\(Fragments.ownChats(of: "$2::uuid"))) visible WHERE id = $1::uuid) c
      \(Fragments.ownChatJoins)
      """)

  /// A chat with its members. $1 chat id, $2 caller. A row for each member: `Columns.ownChat`, which is NULL but in the
  /// caller's row, then `Columns.member`. No row if the caller is not a member.
  static let detail = Statement(name: "chat_detail", text: detailText(chat: "$1::uuid"))

  private static func detailText(chat: String) -> String {
    """
    WITH own (\(Columns.numbered(Columns.ownChatCount))) AS MATERIALIZED (
      SELECT \(Columns.ownChat)
      FROM (SELECT * FROM (\(Fragments.ownChats(of: "$2::uuid"))) visible WHERE id = \(chat)) c
      \(Fragments.ownChatJoins)
    )
    SELECT own.*, \(Columns.member)
    FROM own found
    JOIN chat_members cm ON cm.chat_id = found.o0 AND cm.left_at IS NULL
    JOIN users u ON u.id = cm.user_id
    LEFT JOIN own ON cm.user_id = $2::uuid
    ORDER BY cm.joined_at, cm.user_id
    """
  }

  // MARK: Creating: three statements of one unit

  /// Creates a chat with its members at rev 1, unless there is one with the same direct key or client id, or a member is
  /// unknown.
  ///
  /// $1 id, $2 creator, $3 type, $4 name, $5 direct key, $6 client id, $7 hash of the body, $8 member ids with the
  /// creator's, each once. Rows: the ids of unknown users.
  static let create = Statement(
    name: "create_chat",
    text: """
      WITH known AS MATERIALIZED (
        SELECT id FROM users WHERE id = ANY ($8::uuid[])
      ), created AS (
        INSERT INTO chats
          (id, type, name, created_by, created_at, updated_at, member_count, direct_key, client_id, body_hash)
        SELECT $1::uuid, $3, $4, $2::uuid, \(Fragments.now), \(Fragments.now), cardinality($8::uuid[]), $5, $6::uuid,
          $7::bigint
        WHERE (SELECT count(*) FROM known) = cardinality($8::uuid[])
        ON CONFLICT DO NOTHING
        RETURNING id, type, created_by
      ), joined AS (
        INSERT INTO chat_members (chat_id, user_id, role, joined_at, joined_rev, rev)
        SELECT created.id, known.id,
          CASE WHEN created.type = 'group' AND known.id = created.created_by THEN 'admin' ELSE 'member' END,
          \(Fragments.now), 1, 1
        FROM created CROSS JOIN known
      )
      SELECT wanted FROM unnest($8::uuid[]) wanted WHERE wanted NOT IN (SELECT id FROM known)
      """)

  /// The chat that `create` made or met. Runs with a snapshot of its own: a concurrent request's chat, for which
  /// `create` waited, is visible only now. $1 id, $2 creator, $3 direct key, $4 client id, $5 hash of the body.
  ///
  /// A row with the id, and whether the same client id came with another body; no row if nothing was made or met.
  static let created = Statement(
    name: "created_chat",
    text: """
      SELECT id, client_id IS NOT DISTINCT FROM $4::uuid AND created_by = $2::uuid AND $4::uuid IS NOT NULL
        AND body_hash IS DISTINCT FROM $5::bigint
      FROM chats WHERE id = \(createdID)
      """)

  /// As `detail`, for the chat that `create` made or met. Parameters as for `created`, without the last.
  static let createdDetail = Statement(name: "created_chat_detail", text: detailText(chat: createdID))

  // A repeat is known by its client id before anything else; then comes the pair.
  private static let createdID = """
    coalesce(
      (SELECT id FROM chats WHERE created_by = $2::uuid AND client_id = $4::uuid),
      (SELECT id FROM chats WHERE direct_key = $3), $1::uuid)
    """

  // MARK: Changing: under the chat's lock

  /// Locks a chat. $1 chat id.
  static let lock = Statement(name: "lock_chat", text: "SELECT FROM chats WHERE id = $1::uuid FOR NO KEY UPDATE")

  /// Renames a group and says so in a system message. $1 chat id, $2 caller, $3 name, $4 id of the system message.
  ///
  /// No row: not a member. Otherwise the outcome (a code of the operation, `renamed` or `unchanged`), the chat as it was
  /// before, its last message before, and the system message.
  static let rename = Statement(
    name: "rename_chat",
    text: """
      WITH target AS MATERIALIZED (
        SELECT *,
          CASE
            WHEN type = 'direct' THEN 'direct_chat'
            WHEN caller_role <> 'admin' THEN 'forbidden'
            WHEN name IS NOT DISTINCT FROM $3 THEN 'unchanged'
            ELSE 'renamed'
          END AS outcome
        FROM (\(Fragments.target)) found
      ), renamed AS (
        UPDATE chats c
        SET name = $3, rev = c.rev + 2, meta_rev = c.rev + 1, last_seq = c.last_seq + 1,
          updated_at = \(Fragments.rising("c.updated_at")), changed_xid = pg_current_xact_id()
        FROM target WHERE c.id = target.id AND target.outcome = 'renamed'
        RETURNING c.id, c.last_seq, c.rev
      ), said AS (
        INSERT INTO messages (id, chat_id, seq, rev, sender_id, type, content, system_action, system_name, created_at)
        SELECT $4::uuid, renamed.id, renamed.last_seq, renamed.rev, $2::uuid, 'system',
          target.actor_name || ' renamed the chat to "' || $3 || '"', 'chat_renamed', $3, \(Fragments.now)
        FROM renamed JOIN target ON target.id = renamed.id
        RETURNING *
      )
      SELECT target.outcome, \(Columns.chat("target")), \(Columns.message("previous")), \(Columns.message("said"))
      FROM target
      \(Fragments.lastMessage(of: "target", as: "previous"))
      LEFT JOIN said ON true
      """)

  /// Hides a direct chat for the caller, deletes a group for all. $1 chat id, $2 caller.
  ///
  /// No row: not a member. Otherwise the outcome (`hidden`, `deleted` or `forbidden`), and the rev of the deletion.
  static let delete = Statement(
    name: "delete_chat",
    text: """
      WITH target AS MATERIALIZED (
        SELECT *,
          CASE WHEN type = 'direct' THEN 'hidden' WHEN caller_role = 'admin' THEN 'deleted' ELSE 'forbidden' END
            AS outcome
        FROM (\(Fragments.target)) found
      ), hidden AS (
        UPDATE chat_members cm SET hidden_seq = target.last_seq, changed_xid = pg_current_xact_id()
        FROM target WHERE cm.chat_id = target.id AND cm.user_id = $2::uuid AND target.outcome = 'hidden'
      ), deleted AS (
        UPDATE chats c
        SET deleted_at = \(Fragments.now), updated_at = \(Fragments.rising("c.updated_at")), rev = c.rev + 1,
          meta_rev = c.rev + 1, changed_xid = pg_current_xact_id()
        FROM target WHERE c.id = target.id AND target.outcome = 'deleted'
        RETURNING c.rev
      )
      SELECT target.outcome, deleted.rev FROM target LEFT JOIN deleted ON true
      """)
}
