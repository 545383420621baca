import CPostgres
import Glibc
import Logging
import Threads

/// One connection and the thread that owns it: connects, takes work, flies it, and connects again when it is lost.
final class PostgresConnection {
  /// After this long without a byte from the server it is asked about.
  private static let silence = Duration.seconds(5)

  private let index: Int
  private let queue: WorkQueue
  private let wakeUp: WakeUp
  private let settings: ConnectionSettings
  private let counters: Counters
  private let logger: Logger

  private var link: Link?
  /// Names of the statements that this connection has prepared.
  private var prepared: Set<String> = []
  /// What has to be sent again, before anything new.
  private var returned: [Unit] = []
  private var wasConnected = false

  init(
    index: Int, queue: WorkQueue, wakeUp: WakeUp, settings: ConnectionSettings, counters: Counters, logger: Logger
  ) {
    self.index = index
    self.queue = queue
    self.wakeUp = wakeUp
    self.settings = settings
    self.counters = counters
    self.logger = logger
  }

  /// The thread's life. Returns when the client is closed.
  func run() {
    var backoff = Backoff(first: .milliseconds(50), limit: .seconds(2))
    while true {
      switch connect() {
      case .success:
        backoff.reset()
        let trouble = serve()
        let units = returned
        returned = []
        finish()
        queue.disconnected(index, returning: units, trouble: trouble ?? "closed")
        guard trouble != nil else { return }
      case .failure(let error):
        finish()
        queue.failedToConnect(error.message)
      }
      let deadline = ContinuousClock.now + backoff.next()
      while !queue.isClosing, ContinuousClock.now < deadline { _ = wakeUp.wait(until: deadline) }
      if queue.isClosing { return }
    }
  }

  // MARK: Connecting

  private func connect() -> Result<Void, PostgresError> {
    do throws(PostgresError) {
      let link = try Link(settings, wakeUp, unless: { queue.isClosing })
      self.link = link
      guard PQenterPipelineMode(link.handle) == 1 else {
        return .failure(PostgresError(.unavailable, PostgresConnection.message(of: link.handle)))
      }
    } catch {
      return .failure(error)
    }
    prepared.removeAll(keepingCapacity: true)
    if wasConnected { counters.addReconnect() }
    wasConnected = true
    queue.connected(index)
    return .success(())
  }

  private func finish() {
    link?.close()
    link = nil
  }

  /// libpq's message, on one line. It names host, user and database, but never the password.
  static func message(of handle: OpaquePointer) -> String {
    guard let text = PQerrorMessage(handle) else { return "unknown" }
    return String(cString: text).split(whereSeparator: \.isNewline).joined(separator: " ")
  }

  // MARK: Serving

  // Takes work until the connection is lost (says why) or the client is closed (nil).
  private func serve() -> String? {
    guard let link else { return "not connected" }
    let handle = link.handle
    while true {
      switch queue.take(index, holding: returned.count) {
      case .closed:
        return nil
      case .outdated:
        return "another connection has found its session out of date"
      case .nothing:
        // The server speaks first only to say good-bye (and in notices): look before work is sent into the void.
        let events = wakeUp.wait(watching: PQsocket(handle))
        if events != 0, PQconsumeInput(handle) == 0 || PQstatus(handle) == CONNECTION_BAD {
          return PostgresConnection.message(of: handle)
        }
        // Notices are handled by PQisBusy, which must run for the buffer to be emptied.
        if events != 0 { _ = PQisBusy(handle) }
      case .units(let units):
        var flight = Flight(returned.isEmpty ? units : returned + units, isPrepared: prepared.contains)
        returned.removeAll(keepingCapacity: true)
        let trouble = fly(&flight, on: link)
        if let trouble { apply(flight.abandon(lost(trouble))) }
        prepared.formUnion(flight.prepared)
        prepared.subtract(flight.forgotten)
        if let trouble { return trouble }
        if let reason = flight.needsNewConnection {
          queue.outdateOthers(than: index)
          return reason
        }
      }
    }
  }

  private func lost(_ trouble: String) -> PostgresError {
    PostgresError(.connectionLost, "the connection was lost: \(trouble)", inDoubt: true)
  }

  private func apply(_ verdicts: [Flight.Verdict]) {
    for verdict in verdicts {
      switch verdict {
      case .finished(let unit, let results): unit.finish(results)
      case .failed(let unit, let error): unit.fail(error)
      case .sendAgain(let unit): returned.append(unit)
      case .locked(let unit, let error): queue.postpone(unit, error)
      }
    }
    if !returned.isEmpty { counters.addResent(returned.count) }
  }

  // Sends the flight and receives its answers. Returns what went wrong with the connection, or nil.
  private func fly(_ flight: inout Flight, on link: Link) -> String? {
    let handle = link.handle
    counters.addFlight(statements: flight.executeCount, syncs: flight.syncCount)
    for step in flight.steps where !send(step, of: flight, on: handle) {
      return PostgresConnection.message(of: handle)
    }
    let begun = ContinuousClock.now
    while true {
      let unsent = PQflush(handle)
      if let trouble = receive(&flight, on: handle) { return trouble }
      if flight.isOver { return nil }
      // What could not be written may be the server's last words: they were read above.
      if unsent < 0 { return PostgresConnection.message(of: handle) }
      let patience = ContinuousClock.now + PostgresConnection.silence
      let interest = POLLIN | (unsent > 0 ? POLLOUT : 0)
      var events = PostgresConnection.wait(PQsocket(handle), for: interest, until: patience)
      if events == 0, ContinuousClock.now >= patience {
        // The server itself ends each statement in time; whoever is at work for longer than all of them together is not.
        let limit = settings.statementTimeout.map { $0 * (flight.executeCount + 1) }
        let isAtWork =
          limit.map { ContinuousClock.now - begun < $0 } ?? true
          && Link.isAtWork(link.pid, settings, wakeUp, unless: { queue.isClosing })
        // It may have spoken while it was asked about.
        events = PostgresConnection.wait(PQsocket(handle), for: interest, until: .now)
        if events == 0, !isAtWork { return "the server is silent" }
      }
      if events & ~POLLOUT != 0, PQconsumeInput(handle) == 0 {
        // Complete answers that came before the end still count.
        return receive(&flight, on: handle) ?? (flight.isOver ? nil : PostgresConnection.message(of: handle))
      }
    }
  }

  private func send(_ step: Flight.Step, of flight: Flight, on handle: OpaquePointer) -> Bool {
    switch step {
    case .prepare(let index):
      let statement = flight.preparations[index]
      return PQsendPrepare(handle, statement.name, statement.text, 0, nil) == 1
    case .execute(let unit, let index):
      let step = flight.units[unit].step(index)
      let parameters = step.parameters
      return withExtendedLifetime(parameters) {
        PQsendQueryPrepared(
          handle, step.statement.name, Int32(parameters.count), parameters.pointers, parameters.lengths,
          parameters.formats, 1) == 1
      }
    case .sync, .endOfPrepare:
      return PQpipelineSync(handle) == 1
    }
  }

  // Hands the flight what has arrived. Returns what went wrong with the connection, or nil.
  private func receive(_ flight: inout Flight, on handle: OpaquePointer) -> String? {
    var isAfterNull = false
    while !flight.isOver, PQisBusy(handle) == 0 {
      guard let result = PQgetResult(handle) else {
        // One NULL ends each statement's results; two in a row mean that libpq expects nothing more.
        if isAfterNull { return "libpq has no answer to wait for: \(PostgresConnection.message(of: handle))" }
        isAfterNull = true
        continue
      }
      isAfterNull = false
      let answer: Flight.Answer
      switch PQresultStatus(result) {
      case PGRES_TUPLES_OK, PGRES_COMMAND_OK, PGRES_EMPTY_QUERY:
        answer = .success(PostgresResult(owning: result))
      case PGRES_PIPELINE_SYNC:
        PQclear(result)
        answer = .synced
      case PGRES_PIPELINE_ABORTED:
        PQclear(result)
        answer = .skipped
      default:
        let error = ServerError(result)
        PQclear(result)
        if error.endsConnection { return error.error.message }
        answer = .failure(error.error)
      }
      guard let verdicts = flight.receive(answer) else { return "an answer out of order" }
      apply(verdicts)
    }
    return nil
  }

  // During a flight the eventfd is left alone: there is nothing to be woken for.
  private static func wait(_ descriptor: Int32, for events: Int32, until deadline: ContinuousClock.Instant?) -> Int32 {
    var watched = pollfd(fd: descriptor, events: Int16(events), revents: 0)
    _ = poll(&watched, 1, deadline.map(WakeUp.milliseconds(until:)) ?? -1)
    return Int32(watched.revents)
  }
}
