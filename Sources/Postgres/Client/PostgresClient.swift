import Logging

/// A PostgreSQL database, reached by a few connections with a thread each, in libpq's pipeline mode.
///
/// Callers put work into a queue; a free connection takes what waits there, sends it as one flight, and resumes the
/// callers when the server has confirmed the commit (ReadyForQuery), never before: what was answered is durable.
///
/// - Single statements of a flight share one Sync, and with it one implicit transaction: each sees the rows as they are
///   when it runs (READ COMMITTED), `now()` is the same for all, and row locks last until the Sync. If one fails, the
///   others are sent again, each alone; none was committed.
/// - ``transaction(_:)`` has a Sync of its own: its statements are one transaction, in one round trip.
/// - What loses a deadlock (40P01) or a serialization conflict (40001) is sent again, up to five times.
/// - What waits for a lock is rolled back after ``Configuration/lockTimeout`` and tried again later, until
///   ``Configuration/lockLimit``: it holds no connection, so that it holds up nobody else.
/// - When no connection stands, callers get `unavailable` after ``Configuration/waitLimit``.
///
/// A cancelled task still gets its answer: what was sent cannot be called back.
public final class PostgresClient: Sendable {
  public struct Configuration: Sendable {
    /// A libpq connection string: `postgresql://…` or `host=… dbname=…` (libpq §34.1.1).
    public var connectionString: String
    /// What each session sets at its start, beside what this client needs: settings of the server and their values.
    public var sessionSettings: [String: String] = [:]
    /// One command that each session executes when it is set, before it takes work; a connection on which it fails is none.
    public var sessionStart: String?
    /// How many connections it has: see ``PostgresClient/connectionBounds``.
    public var connections = 4
    /// The server ends a statement after this time.
    public var statementTimeout: Duration = .seconds(10)
    /// How long a statement waits for a lock on a connection, which may delay others of its flight.
    public var lockTimeout: Duration = .milliseconds(25)
    /// For how long in all a statement or a transaction is tried when it meets a lock.
    public var lockLimit: Duration = .seconds(8)
    /// How long a statement waits for a connection while the database is away.
    public var waitLimit: Duration = .seconds(1)
    /// How many statements and transactions may wait.
    public var queueLimit = 10_000
    /// How many statements and transactions one flight takes.
    public var flightLimit = 32

    public init(connectionString: String) { self.connectionString = connectionString }
  }

  /// What was done since the client was made.
  public struct Statistics: Sendable, Hashable {
    /// Statements executed, also those that failed or were sent again.
    public var statements = 0
    /// Syncs sent: transactions, explicit or shared.
    public var syncs = 0
    /// Flights: round trips.
    public var flights = 0
    /// Statements and transactions that were sent again: after another's failure, a deadlock or a lost plan, not for a
    /// lock that another holds.
    public var resent = 0
    /// Connections made after the first of each thread.
    public var reconnects = 0
    /// Statements and transactions that wait now.
    public var queued = 0
    /// Connections that stand now.
    public var connected = 0
  }

  /// How many connections a client may have.
  public static let connectionBounds = 1...64

  private let queue: WorkQueue
  private let counters = Counters()

  /// Starts the threads, which connect by themselves. Throws `badConfiguration` for a connection string that libpq
  /// cannot read, and for bounds that are not kept; a database that is away is no error here.
  public init(configuration: Configuration, logger: Logger) throws(PostgresError) {
    queue = try WorkQueue.start(configuration, counters: counters, logger: logger)
  }

  deinit { queue.beginClosing() }

  /// Executes one statement. What it changed is durable when this returns.
  public func query(
    _ statement: Statement, _ values: [Value] = []
  ) async throws(PostgresError) -> PostgresResult {
    let step = Unit.Step(statement, try Parameters.encode(values, for: statement.name))
    let queue = queue
    // Unsafe only in that a lost continuation is not diagnosed: each unit is resumed once, by Unit.finish.
    return try await withUnsafeContinuation { continuation in
      queue.submit(Unit(.single(step, continuation)))
    }.get()
  }

  /// Executes the statements as one transaction, in one round trip: all are committed, or none. One result for each.
  ///
  /// The values of a later statement cannot depend on the rows of an earlier one, but it sees what they changed, and
  /// each takes its snapshot when it runs: "lock the rows", then "work" is right.
  public func transaction(
    _ statements: [BoundStatement]
  ) async throws(PostgresError) -> [PostgresResult] {
    guard !statements.isEmpty else { return [] }
    var steps: [Unit.Step] = []
    steps.reserveCapacity(statements.count)
    for bound in statements {
      steps.append(Unit.Step(bound.statement, try Parameters.encode(bound.values, for: bound.statement.name)))
    }
    let queue = queue
    return try await withUnsafeContinuation { [steps] continuation in
      queue.submit(Unit(.transaction(steps, continuation)))
    }.get()
  }

  /// Refuses new work, finishes what was accepted (as far as the database is there and holds no locks), and ends the
  /// threads.
  public func close() async { await queue.close() }

  public var statistics: Statistics {
    var statistics = counters.snapshot()
    queue.count(into: &statistics)
    return statistics
  }
}
