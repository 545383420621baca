import Bytes
import ProtocolRuntime

/// A moment of the database, as it is given to clients with what was read then, and as they name it when they come back:
/// the newest row of `history` that could be seen, and the snapshot's xmin and xmax.
///
/// **Whether it is a moment of this database.** Let the mark name row k.
/// - Row k is absent: the mark is of a future that this database does not have (any more).
/// - Row k + 1 is there, written by transaction c. What read the mark did not see it, so c had not ended: xmin is at most
///   c. A mark with a greater one was read where c had been somebody else's, and was over.
/// - Row k + 2 is there. What wrote it saw k + 1, which the mark's reader did not; snapshots only grow, hence xmax is at
///   most that row's `next_xid`. One that is beyond was read where what followed k was something else.
/// - Where these rows are not there yet, the same holds of the current snapshot.
///
/// Whoever connects to PostgreSQL sees to it that two rows of its present run are there, before anything else is done
/// there (``HistoryStatements/sessionStart``). So the first transactions behind what a copy lacks are those of rows, and
/// a mark of even one commit more is refused; but for what had begun when the copy was cut, ended behind it, and was
/// read before any other transaction began.
struct HistoryMark: Hashable, Sendable {
  /// The row's id.
  let row: UUID
  /// Both at least 0 and below 2⁶³: PostgreSQL's numbers of transactions are smaller.
  let xmin: Int
  let xmax: Int

  /// How many characters its text has.
  static let length = 43

  init(row: UUID, xmin: Int, xmax: Int) {
    self.row = row
    self.xmin = xmin
    self.xmax = xmax
  }

  /// Of what a snapshot saw.
  init(row: UUID, _ snapshot: SyncSnapshot) {
    self.init(row: row, xmin: Int(clamping: snapshot.xmin), xmax: Int(clamping: snapshot.xmax))
  }

  /// Nil for what this type did not write.
  init?(_ text: some StringProtocol) {
    guard let words = Base64URL.decodeWords(text, count: 4), let xmin = Int(exactly: words[2]),
      let xmax = Int(exactly: words[3])
    else { return nil }
    self.init(row: UUID(high: words[0], low: words[1]), xmin: xmin, xmax: xmax)
  }

  var text: String {
    Base64URL.encode(words: [row.high, row.low, UInt64(clamping: xmin), UInt64(clamping: xmax)])
  }
}

/// A transaction that this node knows to be durable.
///
/// It saw row k, and not k + 1, when its number had been given. That row's transaction is another one, and that of row
/// k + 2 got its number later, since it began when k + 1 could be seen. One that had begun before a copy was cut, and
/// ended behind it, has been aborted there. (The rows' `next_xid` say nothing of it: a snapshot's xmax is behind what has
/// ended, not behind what has begun.)
struct KnownCommit: Hashable, Sendable {
  /// The newest row of `history` that it saw after its number had been given.
  let row: UUID
  let xid: Int
}
