import Postgres
import ProtocolRuntime

/// The SQL of `history`. Its rows are found by their keys, from the newest on.
enum HistoryStatements {
  private static let lock = "pg_advisory_xact_lock(hashtextextended('letschat.history', 0))"

  /// Whose table this is: a dump that was read in is another's.
  static let origin = "concat_ws(' ', (SELECT system_identifier FROM pg_control_system()), 'history'::regclass::oid)"

  /// The same, and which run of PostgreSQL this is. A server that is promoted has another timeline; one that has crashed
  /// and gone on by itself has lost its statistics.
  private static let server = """
    (
      SELECT \(origin) AS origin,
        concat_ws(
          ' ', left(pg_walfile_name(pg_current_wal_insert_lsn()), 8), extract(epoch FROM pg_postmaster_start_time()),
          (SELECT extract(epoch FROM stats_reset) FROM pg_stat_bgwriter)
        ) AS run
    )
    """

  private static let newest = "(SELECT * FROM history ORDER BY number DESC LIMIT 1)"

  /// How many of the newest two rows are of this run.
  private static let ofThisRun = """
    (
      SELECT count(*) FROM (SELECT * FROM history ORDER BY number DESC LIMIT 2) late
      WHERE (late.origin, late.run) = (server.origin, server.run)
    )
    """

  private static func write(_ condition: String) -> String {
    """
    INSERT INTO history (number, next_xid, origin, run)
    SELECT coalesce(newest.number, 0) + 1, pg_snapshot_xmax(pg_current_snapshot()), server.origin, server.run
    FROM \(server) server LEFT JOIN \(newest) newest ON true
    WHERE \(condition)
    """
  }

  /// What a session begins with: writes the two rows of this run, unless they are there. They are transactions of their
  /// own, one after the other. Where nothing can be written nothing is: nothing else can, either.
  ///
  /// A dump has keys behind all rows. Rows that were written before those of the dump come would seem to say that these
  /// are of this table, too, so there is no session until it is read in.
  static let sessionStart = """
    DO $$
    BEGIN
      IF NOT EXISTS (SELECT FROM pg_constraint WHERE conrelid = 'history'::regclass AND contype = 'p') THEN
        RAISE object_not_in_prerequisite_state USING MESSAGE = 'the database is being restored: it has no keys yet';
      END IF;
      FOR turn IN 1..2 LOOP
        IF pg_is_in_recovery() OR current_setting('transaction_read_only')::boolean THEN RETURN; END IF;
        IF (SELECT \(ofThisRun) FROM \(server) server) = 2 THEN RETURN; END IF;
        SET LOCAL lock_timeout = '4s';
        PERFORM \(lock);
        \(write("\(ofThisRun) < 2"));
        COMMIT;
      END LOOP;
    END $$
    """

  /// One writer of the server at a time: numbers are in the order of the commits.
  struct Lock: ServerCommand {
    static let text = Statement(.historyLock, "SELECT \(lock)")

    var values: [Value] { [] }

    func mostRows(for caller: CallerExtent) -> Int { 0 }
  }

  /// Writes a row if something was written to the database since the newest one, unless another node has just done it;
  /// and, for a server that was promoted with its sessions, those of its run.
  struct Write: ServerCommand {
    static let text = Statement(
      .historyWrite,
      write(
        """
        -- The row's own transaction is one.
        newest.id = $1::uuid AND pg_snapshot_xmax(pg_current_snapshot())::text::bigint > newest.next_xid::text::bigint + 1
          OR \(ofThisRun) < 2
        """))

    /// The row that was the newest one at the last turn.
    let last: UUID?

    var values: [Value] { [.optional(last)] }

    func mostRows(for caller: CallerExtent) -> Int { RowBound.fewKeys }
  }

  /// Forgets rows of more than 30 days, more at a time than are written.
  struct Prune: ServerCommand {
    private static let limit = 10

    static let text = Statement(
      .historyPrune,
      """
      DELETE FROM history WHERE number IN (
        SELECT number FROM history WHERE number < (SELECT number FROM \(newest) newest) - 1
        ORDER BY number LIMIT \(limit)
      ) AND written_at < now() - interval '30 days'
      """)

    var values: [Value] { [] }

    func mostRows(for caller: CallerExtent) -> Int { 4 * Self.limit + RowBound.fewKeys }
  }

  /// The mark of this statement's snapshot, as `HistoryMark` reads it: one row.
  static let moment = """
    SELECT concat_ws(' ', id, pg_snapshot_xmin(snapshot), pg_snapshot_xmax(snapshot)) AS history
    FROM (SELECT id, pg_current_snapshot() AS snapshot FROM history ORDER BY number DESC LIMIT 1) newest
    """

  /// The mark of now.
  struct Current: ServerQuery {
    typealias Output = HistoryMark

    static let text = Statement(.historyCurrent, moment)

    var values: [Value] { [] }

    func mostRows(for caller: CallerExtent) -> Int { RowBound.fewKeys }

    func element(_ row: inout RowReader) throws(PostgresError) -> HistoryMark { try HistoryMark(&row) }
  }

  /// Whether a mark is of this database, and a commit that this node knows, if it knows one.
  struct Check: ServerQuery {
    typealias Output = Bool

    static let text = Statement(
      .historyCheck,
      """
      SELECT EXISTS (
        SELECT FROM (SELECT * FROM history WHERE id = $1::uuid LIMIT 1) named
        WHERE $2::text::xid8 <= coalesce(
            (SELECT xid FROM history WHERE number = named.number + 1), pg_snapshot_xmin(pg_current_snapshot()))
          AND $3::text::xid8 <= \(afterNext("next_xid"))
      ) AND ($4::uuid IS NULL OR EXISTS (
        SELECT FROM (SELECT * FROM history WHERE id = $4::uuid LIMIT 1) named
        WHERE NOT EXISTS (SELECT FROM history WHERE number = named.number + 1 AND xid = $5::text::xid8)
          AND CASE
            WHEN $5::text::xid8 < \(afterNext("xid")) THEN coalesce(pg_xact_status($5::text::xid8), 'committed') = 'committed'
            ELSE false
          END
      ))
      """)

    private static func afterNext(_ column: String) -> String {
      "coalesce((SELECT \(column) FROM history WHERE number = named.number + 2), pg_snapshot_xmax(pg_current_snapshot()))"
    }

    let mark: HistoryMark
    var commit: KnownCommit?

    var values: [Value] {
      [
        .uuid(mark.row), .text(String(mark.xmin)), .text(String(mark.xmax)), .optional(commit?.row),
        .text(String(commit?.xid ?? 0)),
      ]
    }

    func mostRows(for caller: CallerExtent) -> Int { RowBound.fewKeys }

    func element(_ row: inout RowReader) throws(PostgresError) -> Bool { try row.bool() }
  }
}

extension HistoryStatements {
  /// The id of the last change that a node told.
  struct LastChange: ServerQuery {
    typealias Output = UUID

    static let text = Statement(.historyLastChange, "SELECT id FROM history_change LIMIT 1")

    var values: [Value] { [] }

    func mostRows(for caller: CallerExtent) -> Int { RowBound.fewKeys }

    func element(_ row: inout RowReader) throws(PostgresError) -> UUID { try row.uuid() }
  }

  /// Tells a change, unless another node has just done it: the others find it in their next look.
  struct TellChange: ServerCommand {
    static let text = Statement(
      .historyTellChange, "UPDATE history_change SET id = gen_random_uuid() WHERE id = $1::uuid")

    /// The last change that this node knows.
    let known: UUID

    var values: [Value] { [.uuid(known)] }

    func mostRows(for caller: CallerExtent) -> Int { RowBound.fewKeys }
  }
}

/// Of `HistoryStatements.moment`: in one column, for each row of a page has it.
extension HistoryMark: RowPart {
  static let columns: ColumnList = ["history"]

  init(_ row: inout RowReader) throws(PostgresError) {
    let mark = try row.text { utf8 -> HistoryMark? in
      guard utf8.count > 37, utf8[36] == UInt8(ascii: " "),
        let id = UUID(ascii: UnsafeRawBufferPointer(rebasing: utf8[..<36]))
      else { return nil }
      var rest = utf8[37...]
      guard let xmin = Self.number(&rest), rest.popFirst() == UInt8(ascii: " "), let xmax = Self.number(&rest),
        rest.isEmpty
      else { return nil }
      return HistoryMark(row: id, xmin: xmin, xmax: xmax)
    }
    guard let mark else { throw row.badValue(expected: "a moment of the database") }
    self = mark
  }

  /// The digits that come next; nil for none, and for a number of more than 63 bits.
  private static func number(_ text: inout Slice<UnsafeRawBufferPointer>) -> Int? {
    var value: Int?
    while let byte = text.first, byte &- UInt8(ascii: "0") < 10 {
      let (tens, isTooLong) = (value ?? 0).multipliedReportingOverflow(by: 10)
      let (next, isTooLarge) = tens.addingReportingOverflow(Int(byte &- UInt8(ascii: "0")))
      guard !isTooLong, !isTooLarge else { return nil }
      value = next
      text = text.dropFirst()
    }
    return value
  }
}
