import Postgres
import ProtocolRuntime

/// What is done with a dump that was read in. Its rows say transactions' numbers of the PostgreSQL that it was made in, which
/// mean something else here, or are still to come.
enum ForeignHistory {
  /// Whether the oldest row is of another PostgreSQL, or of another table: those that this one wrote are behind it.
  struct IsThere: ServerQuery {
    typealias Output = Bool

    static let text = Statement(
      .historyIsForeign,
      """
      SELECT EXISTS (
        SELECT FROM (SELECT * FROM history ORDER BY number LIMIT 1) oldest WHERE oldest.origin <> \(HistoryStatements.origin)
      )
      """)

    var values: [Value] { [] }

    func mostRows(for caller: CallerExtent) -> Int { RowBound.fewKeys }

    func element(_ row: inout RowReader) throws(PostgresError) -> Bool { try row.bool() }
  }

  /// Forgets some of these rows: whatever names one of them is refused from then on. The output is how many; 0 when there
  /// are no more.
  struct Forget: ServerCommand {
    private static let limit = 2_000

    static let text = Statement(
      .historyForget,
      """
      WITH oldest AS MATERIALIZED (
        SELECT number, origin FROM history ORDER BY number LIMIT \(limit)
      ), foreign_rows AS MATERIALIZED (
        SELECT number FROM oldest WHERE origin <> \(HistoryStatements.origin)
      )
      DELETE FROM history USING foreign_rows WHERE history.number = foreign_rows.number
      """)

    var values: [Value] { [] }

    func mostRows(for caller: CallerExtent) -> Int { 4 * Self.limit }
  }

  // Else each sync would tell of everything, until PostgreSQL's numbers have come so far.
  private static let isToCome = ">= pg_snapshot_xmax(pg_current_snapshot())"

  /// Of the users behind an id, takes those that were changed by transactions that are still to come for changed now.
  ///
  /// The last id that was looked at; nil at the end.
  struct RenumberUsers: ServerQuery {
    typealias Output = UUID?

    private static let limit = 2_000

    static let text = Statement(
      .historyRenumberUsers,
      """
      WITH batch AS MATERIALIZED (
        SELECT id, changed_xid FROM users WHERE id > $1::uuid ORDER BY id LIMIT \(limit)
      ), done AS (
        UPDATE users SET changed_xid = pg_current_xact_id()
        FROM (SELECT id FROM batch WHERE changed_xid \(isToCome)) late WHERE users.id = late.id
      )
      SELECT id FROM batch ORDER BY id DESC LIMIT 1
      """)

    let after: UUID

    var values: [Value] { [.uuid(after)] }

    func mostRows(for caller: CallerExtent) -> Int { 4 * Self.limit }

    func element(_ row: inout RowReader) throws(PostgresError) -> UUID { try row.uuid() }
  }

  /// The same of some sessions that were revoked. The output is how many; 0 when there are no more.
  struct RenumberSessions: ServerCommand {
    private static let limit = 2_000

    static let text = Statement(
      .historyRenumberSessions,
      """
      UPDATE sessions SET revoked_xid = pg_current_xact_id() WHERE id IN (
        SELECT id FROM sessions WHERE revoked_xid \(isToCome) ORDER BY revoked_xid LIMIT \(limit)
      )
      """)

    var values: [Value] { [] }

    func mostRows(for caller: CallerExtent) -> Int { 4 * Self.limit }
  }

  /// The same of the chats behind an id, and of their members.
  struct RenumberChats: ServerQuery {
    typealias Output = UUID?

    private static let limit = 200

    static let text = Statement(
      .historyRenumberChats,
      """
      WITH batch AS MATERIALIZED (
        SELECT id, changed_xid FROM chats WHERE id > $1::uuid ORDER BY id LIMIT \(limit)
      ), done AS (
        UPDATE chats SET changed_xid = pg_current_xact_id()
        FROM (SELECT id FROM batch WHERE changed_xid \(isToCome)) late WHERE chats.id = late.id
      ), members AS (
        UPDATE chat_members member
        SET changed_xid = least(member.changed_xid, pg_current_xact_id()),
          membership_xid = least(member.membership_xid, pg_current_xact_id())
        FROM batch
        WHERE member.chat_id = batch.id AND member.\(Fragments.Chosen.membersOfChat)
          AND greatest(member.changed_xid, member.membership_xid) \(isToCome)
      )
      SELECT id FROM batch ORDER BY id DESC LIMIT 1
      """)

    let after: UUID

    var values: [Value] { [.uuid(after)] }

    func mostRows(for caller: CallerExtent) -> Int { Self.limit * (4 + 3 * caller.membersInChat) }

    func element(_ row: inout RowReader) throws(PostgresError) -> UUID { try row.uuid() }
  }
}
