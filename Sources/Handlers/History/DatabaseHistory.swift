import Logging
import Postgres
import ProtocolRuntime
import Synchronization

/// Writes the database's history, and notices when the database is no longer the one that this node has told of: it was
/// restored, or a standby took over that lacks commits (docs/decisions/0028-a-database-says-its-history.md).
final class DatabaseHistory: Sendable {
  /// How often it is looked; a lone node that did nothing meanwhile, and lost no connection, asks nothing.
  private static let interval = Duration.seconds(1)
  /// How many looks pass between two rows.
  private static let looksARow = 10

  private struct State {
    /// What this node read last; nil before the start.
    var mark: HistoryMark?
    /// The last change that a node told, as it was read with the mark.
    var change: UUID?
    /// The last that this node wrote, as far as it knows.
    var commit: KnownCommit?
    /// The newest row when one was due the last time.
    var lastRow: UUID?
    /// What the client had done when the mark was read.
    var statements = 0
    var reconnects = 0
    var looks = 0
    /// Another history was found, and not everybody here was told.
    var isUntold = false
    /// It was found here, and the other nodes were not told.
    var isUntoldElsewhere = false
    var isLooking = false
    var hasFailed = false
    var isOver = false
  }

  private let database: Database
  private let loop: DeliveryLoop
  private let logger: Logger
  private let hearsOthers: Bool
  private let changed: Change
  private let state = Mutex(State())

  /// Called with a moment of the history that is found now.
  typealias Change = @Sendable (_ mark: HistoryMark) async throws -> Void

  /// - Parameters:
  ///   - hearsOthers: whether this node tells also what others have done.
  ///   - changed: called when what this node has told is of another history than what it reads now; nothing is looked at
  ///     meanwhile. If it fails, it is called again by the next look.
  init(database: Database, loop: DeliveryLoop, hearsOthers: Bool, logger: Logger, changed: @escaping Change) {
    self.database = database
    self.loop = loop
    self.hearsOthers = hearsOthers
    self.logger = logger
    self.changed = changed
  }

  /// To be called before anything is read for a client. If a dump was read in, its transactions' numbers are put right,
  /// which takes a while for each million rows.
  func begin() async throws {
    try await forgetForeign()
    let reconnects = database.client.statistics.reconnects
    let (now, change) = try await database.transaction(HistoryStatements.Current(), HistoryStatements.LastChange())
    state.withLock { state in
      state.mark = now
      state.change = change
      state.reconnects = reconnects
    }
  }

  /// Goes on by itself until ``stop()``.
  func start() {
    guard !state.withLock({ $0.isOver }) else { return }
    Task(executorPreference: loop.executor) { await self.look() }
    loop.scheduler.schedule(after: Self.interval) { self.start() }
  }

  func stop() {
    state.withLock { $0.isOver = true }
  }

  /// What this node read last; nil before the start.
  var mark: HistoryMark? { state.withLock { $0.mark } }

  /// This node knows of a commit.
  func note(_ commit: KnownCommit) {
    state.withLock { state in
      // Those of several flights come in any order.
      if commit.xid > state.commit?.xid ?? 0 { state.commit = commit }
    }
  }

  /// Whether a mark is of this database.
  func has(_ mark: HistoryMark) async throws -> Bool {
    try await database.query(HistoryStatements.Check(mark: mark))
  }

  /// One look: whether the database is still the one that this node has told of. From time to time a row is due.
  func look() async {
    let statistics = database.client.statistics
    let begins = state.withLock { state in
      guard !state.isLooking, !state.isOver, state.mark != nil else { return false }
      state.looks += 1
      state.isLooking =
        (state.statements, state.reconnects) != (statistics.statements, statistics.reconnects)
        || hearsOthers || state.looks >= Self.looksARow || state.isUntold || state.isUntoldElsewhere
      return state.isLooking
    }
    guard begins else { return }
    do {
      try await compare(since: statistics)
      try await writeIfDue()
      state.withLock { $0.hasFailed = false }
    } catch {
      // The next look tries again. While the database is away, it is said once.
      let isNew = state.withLock { state in
        defer { state.hasFailed = true }
        return !state.hasFailed
      }
      if isNew { logger.warning("The database's history could not be looked at", metadata: ["error": "\(error)"]) }
    }
    state.withLock { $0.isLooking = false }
  }

  private func compare(since statistics: PostgresClient.Statistics) async throws {
    let (known, commit) = state.withLock { ($0.mark, $0.commit) }
    guard let known else { return }
    let (isOurs, now, change) = try await database.transaction(
      HistoryStatements.Check(mark: known, commit: commit), HistoryStatements.Current(), HistoryStatements.LastChange())
    if !isOurs {
      logger.warning("PostgreSQL is not where it was: clients begin anew", metadata: ["history": "\(now.text)"])
      try await forgetForeign()
    }
    let (isUntold, isUntoldElsewhere) = state.withLock { state in
      state.mark = now
      // Another node has found it, which had a sign of it: this one may have told what it only heard of.
      let isTold = state.change != change
      state.change = change
      state.isUntold = state.isUntold || !isOurs || isTold
      state.isUntoldElsewhere = !isTold && (state.isUntoldElsewhere || !isOurs)
      // What was done meanwhile may not be in the mark: then the next look asks. These three statements are no news.
      state.statements = statistics.statements + 3
      state.reconnects = statistics.reconnects
      // What it says the mark says, too, once another row has come. One that was noted meanwhile stays.
      if state.commit == commit, !isOurs || commit?.row != now.row { state.commit = nil }
      return (state.isUntold, state.isUntoldElsewhere)
    }
    if isUntold {
      try await changed(now)
      state.withLock { $0.isUntold = false }
    }
    if isUntoldElsewhere { try await tellOthers(after: change) }
  }

  /// Tells the other nodes in the database, where each looks: another way may be away just then.
  private func tellOthers(after known: UUID) async throws {
    let (_, change) = try await database.transaction(
      HistoryStatements.TellChange(known: known), HistoryStatements.LastChange())
    state.withLock { state in
      state.change = change
      state.isUntoldElsewhere = false
    }
  }

  private func writeIfDue() async throws {
    let (isDue, last, mark) = state.withLock { state in
      let isDue = state.looks >= Self.looksARow
      // Also if this one fails: a database that can't be written is not asked each second.
      if isDue { state.looks = 0 }
      return (isDue, state.lastRow, state.mark)
    }
    guard isDue, let mark else { return }
    _ = try await database.transaction(
      HistoryStatements.Lock(), HistoryStatements.Write(last: last ?? mark.row), HistoryStatements.Prune())
    let now = try await database.query(HistoryStatements.Current())
    state.withLock { $0.lastRow = now.row }
  }

  /// Puts right what a dump brought, if one was read in. Ended in its midst, it is begun again by who comes next.
  private func forgetForeign() async throws {
    guard try await database.query(ForeignHistory.IsThere()) else { return }
    logger.notice("The database comes from another PostgreSQL: its transactions are renumbered")
    var user = UUID(high: 0, low: 0)
    while let last = try await database.query(ForeignHistory.RenumberUsers(after: user)) { user = last }
    while try await database.query(ForeignHistory.RenumberSessions()) > 0 {}
    var chat = UUID(high: 0, low: 0)
    while let last = try await database.query(ForeignHistory.RenumberChats(after: chat)) { chat = last }
    // There is a newest row all the time. Those of this run may have gone with the table that the dump replaced.
    for _ in 0..<2 {
      _ = try await database.transaction(HistoryStatements.Lock(), HistoryStatements.Write(last: nil))
    }
    while try await database.query(ForeignHistory.Forget()) > 0 {}
  }
}
