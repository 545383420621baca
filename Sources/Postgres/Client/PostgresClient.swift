import Logging

/// A PostgreSQL database, reached by a few connections with a thread each, in libpq's pipeline mode.
///
/// Callers put work into a queue; a free connection takes what waits there, sends it as one flight, and resumes the
/// callers when the server has confirmed the commit (ReadyForQuery), never before: what was answered is durable.
///
/// - Single statements of a flight share one Sync, and with it one implicit transaction: each sees the rows as they are
///   when it runs (READ COMMITTED), `now()` is the same for all, and row locks last until the Sync. If one fails, the
///   others are sent again, each alone; none was committed.
/// - ``transaction(_:lane:)`` has a Sync of its own: its statements are one transaction, in one round trip.
/// - What loses a deadlock (40P01) or a serialization conflict (40001) is sent again, up to five times.
/// - When no connection stands, callers get `unavailable` after ``Configuration/waitLimit``.
///
/// A cancelled task still gets its answer: what was sent cannot be called back.
public final class PostgresClient: Sendable {
  public struct Configuration: Sendable {
    /// A libpq connection string: `postgresql://…` or `host=… dbname=…` (libpq §34.1.1).
    public var connectionString: String
    /// Connections of the fast lane, 1 to 64.
    public var connections = 4
    /// Connections of the slow lane, 0 to 64. With 0, ``Lane/slow`` is served by the fast lane.
    public var slowConnections = 1
    /// The server ends a statement of the fast lane after this time.
    public var statementTimeout: Duration = .seconds(10)
    /// The server ends a statement of the slow lane after this time.
    public var slowStatementTimeout: Duration = .seconds(5)
    /// How long a statement waits for a connection while the database is away.
    public var waitLimit: Duration = .seconds(1)
    /// How many statements and transactions may wait in a lane.
    public var queueLimit = 10_000
    /// How many statements and transactions one flight takes.
    public var flightLimit = 32

    public init(connectionString: String) { self.connectionString = connectionString }
  }

  /// Which connections serve a statement.
  public enum Lane: Sendable {
    /// What a person waits for.
    case fast
    /// Search, export: connections of their own and a shorter leash, so that they delay nobody else.
    case slow
  }

  /// What was done since the client was made.
  public struct Statistics: Sendable, Hashable {
    /// Statements executed, also those that failed or were sent again.
    public var statements = 0
    /// Syncs sent: transactions, explicit or shared.
    public var syncs = 0
    /// Flights: round trips.
    public var flights = 0
    /// Statements and transactions that were sent again: after another's failure, a deadlock or a lost plan.
    public var resent = 0
    /// Connections made after the first of each thread.
    public var reconnects = 0
    /// Statements and transactions that wait now.
    public var queued = 0
    /// Connections that stand now.
    public var connected = 0
  }

  private let fast: WorkQueue
  private let slow: WorkQueue
  private let counters: Counters

  /// Starts the threads, which connect by themselves. Throws `badConfiguration` for a connection string that libpq
  /// cannot read; a database that is away is no error here.
  public init(configuration: Configuration, logger: Logger) throws(PostgresError) {
    let counters = Counters()
    self.counters = counters
    fast = try WorkQueue.start(
      name: "fast", connections: configuration.connections, statementTimeout: configuration.statementTimeout,
      configuration: configuration, counters: counters, logger: logger)
    if configuration.slowConnections == 0 {
      slow = fast
      return
    }
    do {
      slow = try WorkQueue.start(
        name: "slow", connections: configuration.slowConnections,
        statementTimeout: configuration.slowStatementTimeout, configuration: configuration, counters: counters,
        logger: logger)
    } catch {
      fast.beginClosing()
      throw error
    }
  }

  deinit {
    fast.beginClosing()
    slow.beginClosing()
  }

  /// Executes one statement. What it changed is durable when this returns.
  public func query(
    _ statement: Statement, _ values: [Value] = [], lane: Lane = .fast
  ) async throws(PostgresError) -> PostgresResult {
    let step = Unit.Step(statement, try Parameters.encode(values, for: statement.name))
    let queue = queue(of: lane)
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
    _ statements: [BoundStatement], lane: Lane = .fast
  ) async throws(PostgresError) -> [PostgresResult] {
    guard !statements.isEmpty else { return [] }
    var steps: [Unit.Step] = []
    steps.reserveCapacity(statements.count)
    for bound in statements {
      steps.append(Unit.Step(bound.statement, try Parameters.encode(bound.values, for: bound.statement.name)))
    }
    let queue = queue(of: lane)
    return try await withUnsafeContinuation { [steps] continuation in
      queue.submit(Unit(.transaction(steps, continuation)))
    }.get()
  }

  /// Refuses new work, finishes what was accepted (as far as the database is there), and ends the threads.
  public func close() async {
    await fast.close()
    if slow !== fast { await slow.close() }
  }

  public var statistics: Statistics {
    var statistics = counters.snapshot()
    fast.count(into: &statistics)
    if slow !== fast { slow.count(into: &statistics) }
    return statistics
  }

  private func queue(of lane: Lane) -> WorkQueue {
    switch lane {
    case .fast: fast
    case .slow: slow
    }
  }
}
