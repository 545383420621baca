import Postgres
import ProtocolRuntime

/// The two statements of a flight of the group-commit writer.
enum MessageWriterStatements {
  /// Locks the flight's chats, but those that somebody else has locked: they must not hold up the others. In id order,
  /// as everybody locks who locks several.
  struct Lock: ServerCommand {
    static let text = Statement(
      .lockChats,
      """
      SELECT FROM chats WHERE id = ANY ($1::uuid[]) ORDER BY id FOR NO KEY UPDATE SKIP LOCKED
      """)

    let chats: Set<UUID>

    var values: [Value] { [.uuids(chats)] }

    func mostRows(for caller: CallerExtent) -> Int { chats.count * 2 }
  }

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
  /// The order of the keys is the order of the messages. A client id must come once only within chat and sender.
  struct Store: ServerQuery {
    private enum Outcome: Int {
      case stored, repeated, conflict, notFound, locked
    }

    struct Stored {
      /// Nil for one whose chat somebody else has locked.
      var outcomes: [MessageOutcome?]
      /// If something was stored: then the transaction has had its number since it locked the chat.
      var commit: KnownCommit?
    }

    typealias Output = Stored

    static let text = Statement(
      .storeMessages,
      """
      WITH input AS (
        SELECT * FROM unnest($1::bigint[], $2::uuid[], $3::uuid[], $4::uuid[], $5::text[], $6::uuid[], $7::bigint[])
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
      SELECT k.key, k.outcome, k.last_seq + a.number, k.rev + a.number, \(Fragments.now), k.earlier_id,
        pg_current_xact_id()::text::bigint, (SELECT id FROM history ORDER BY number DESC LIMIT 1)
      FROM checked k LEFT JOIN accepted a USING (key)
      """)

    let drafts: [QueuedMessage]

    var values: [Value] {
      [
        .intArray(Array(drafts.indices)), .uuids(drafts.map(\.id)), .uuids(drafts.map(\.chatID)),
        .uuids(drafts.map(\.senderID)), .textArray(drafts.map(\.content)),
        .optionals(drafts.map(\.clientID)), .intArray(drafts.map(\.bodyHash)),
      ]
    }

    func mostRows(for caller: CallerExtent) -> Int { drafts.count * 12 + RowBound.fewKeys }

    func element(
      _ row: inout RowReader
    ) throws(PostgresError) -> (key: Int, outcome: MessageOutcome?, commit: KnownCommit?) {
      let key = try row.int()
      let outcome: Outcome = try row.outcome()
      let (seq, rev, at) = (try row.optionalInt(), try row.optionalInt(), try row.timestamp())
      let earlier = try row.optionalUUID()
      let xid = try row.int()
      let commit = try row.optionalUUID().map { KnownCommit(row: $0, xid: xid) }
      switch (outcome, seq, rev, earlier) {
      case (.stored, let seq?, let rev?, _): return (key, .stored(seq: seq, rev: rev, at: at), commit)
      case (.repeated, _, _, let id?): return (key, .repeated(id), nil)
      case (.conflict, _, _, _): return (key, .conflict, nil)
      case (.notFound, _, _, _): return (key, .notFound, nil)
      case (.locked, _, _, _): return (key, nil, nil)
      default: throw row.badValue(expected: "what belongs to \(outcome)")
      }
    }

    /// In the order of the drafts.
    func output(_ rows: inout RowReader) throws(PostgresError) -> Stored {
      var commit: KnownCommit?
      var outcomes = [MessageOutcome??](repeating: nil, count: drafts.count)
      while try rows.next() {
        let (key, outcome, known) = try element(&rows)
        commit = known ?? commit
        guard outcomes.indices.contains(key) else { throw PostgresError(.badValue, "a key is not of the batch") }
        outcomes[key] = .some(outcome)
      }
      var all: [MessageOutcome?] = []
      all.reserveCapacity(drafts.count)
      for outcome in outcomes {
        guard let outcome else { throw PostgresError(.badValue, "a message of the batch has no outcome") }
        all.append(outcome)
      }
      return Stored(outcomes: all, commit: commit)
    }
  }
}
