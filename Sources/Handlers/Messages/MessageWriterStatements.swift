import Postgres

/// The two statements of a flight of the group-commit writer.
enum MessageWriterStatements {
  /// Locks the flight's chats, but those that somebody else has locked: they must not hold up the others. In id order,
  /// as everybody locks who locks several.
  ///
  /// $1 chat ids.
  static let lock = Statement(
    name: "lock_chats",
    text: "SELECT FROM chats WHERE id = ANY ($1::uuid[]) ORDER BY id FOR NO KEY UPDATE SKIP LOCKED")

  /// Checks each message, numbers only what it accepts, and stores it. Runs with a snapshot that is taken under the
  /// locks: in the locking statement itself, the snapshot would be older than the lock, and a duplicate that was
  /// committed in between would leave a hole in seq.
  ///
  /// Which chats the first statement has locked is written in their rows: a row's xmax is the transaction that holds its
  /// lock. A chat that it skipped may be free by now, but what is seen here may be older than that.
  ///
  /// The joins are LATERAL with a LIMIT, which keeps the planner from hashing a whole table that it believes to be
  /// small: a prepared plan outlives that belief.
  ///
  /// $1 keys (their order is the order of the messages), $2 ids, $3 chat ids, $4 sender ids, $5 contents, $6 client ids,
  /// $7 hashes of the bodies; all of one length. A client id must come once only within chat and sender.
  ///
  /// One row for each key: key, outcome (0 stored, 1 repeat, 2 conflict, 3 no such chat for this sender, 4 locked by
  /// somebody else), seq, rev, created_at (of a stored one), id of the repeated message.
  static let store = Statement(
    name: "store_messages",
    text: """
      WITH input AS (
        SELECT * FROM unnest($1::int[], $2::uuid[], $3::uuid[], $4::uuid[], $5::text[], $6::uuid[], $7::bigint[])
          AS i (key, id, chat_id, sender_id, content, client_id, body_hash)
      ), checked AS MATERIALIZED (
        SELECT i.*, c.last_seq, c.rev, earlier.id AS earlier_id, earlier.body_hash AS earlier_hash,
          CASE
            WHEN c.id IS NULL THEN 3
            WHEN c.locked_by <> pg_current_xact_id()::xid THEN 4
            WHEN me.user_id IS NULL THEN 3
            WHEN earlier.id IS NULL THEN 0
            WHEN earlier.body_hash IS NOT DISTINCT FROM i.body_hash THEN 1
            ELSE 2
          END AS outcome
        FROM input i
        LEFT JOIN LATERAL (
          SELECT *, xmax AS locked_by FROM chats WHERE id = i.chat_id AND deleted_at IS NULL LIMIT 1
        ) c ON true
        LEFT JOIN LATERAL (
          SELECT * FROM chat_members WHERE chat_id = i.chat_id AND user_id = i.sender_id AND left_at IS NULL LIMIT 1
        ) me ON true
        LEFT JOIN LATERAL (
          SELECT * FROM messages
          WHERE chat_id = i.chat_id AND sender_id = i.sender_id AND client_id = i.client_id LIMIT 1
        ) earlier ON i.client_id IS NOT NULL
      ), accepted AS MATERIALIZED (
        SELECT *, row_number() OVER (PARTITION BY chat_id ORDER BY key) AS number FROM checked WHERE outcome = 0
      ), inserted AS (
        INSERT INTO messages (id, chat_id, seq, rev, sender_id, type, content, client_id, body_hash, created_at)
        SELECT id, chat_id, last_seq + number, rev + number, sender_id, 'text', content, client_id, body_hash,
          \(Fragments.now)
        FROM accepted
      ), bumped AS (
        UPDATE chats c
        SET last_seq = c.last_seq + counted.count, rev = c.rev + counted.count,
          updated_at = \(Fragments.rising("c.updated_at")), changed_xid = pg_current_xact_id()
        FROM (SELECT chat_id, count(*) AS count FROM accepted GROUP BY chat_id) counted
        WHERE c.id = counted.chat_id
      )
      SELECT k.key, k.outcome, k.last_seq + a.number, k.rev + a.number, \(Fragments.now), k.earlier_id
      FROM checked k LEFT JOIN accepted a USING (key)
      """)
}
