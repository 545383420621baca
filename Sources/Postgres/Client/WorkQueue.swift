import BitCollections
import DequeModule
import Logging
import Synchronization
import Threads

/// What waits for the connections, and who of them is idle.
///
/// Work collects while all connections are busy, and the next free one takes what is there: batching without a timer.
/// An idle connection sleeps in poll(2) and is woken only when those that were woken before it cannot take all.
final class WorkQueue: Sendable {
  enum Taken {
    case units([Unit])
    /// Nothing waits; the connection is now listed as idle and will be woken.
    case nothing
    /// What another connection has found of the server may be true of this one's session, too: it is to begin anew.
    case outdated
    /// The client is closed and nothing waits.
    case closed
  }

  private struct State: ~Copyable {
    var waiting = Deque<Unit>()
    /// What waits for somebody else's lock, and when it is tried again; on no connection, so that it holds up nobody.
    var postponed: [(due: ContinuousClock.Instant, unit: Unit)] = []
    var idle: [Int] = []
    /// Connections that were woken and have not looked yet.
    var woken: BitSet = []
    var connected: BitSet = []
    /// Those of them that are to begin anew, and since when the last of them are.
    var outdated: BitSet = []
    var outdatedSince: ContinuousClock.Instant?
    var isClosing = false
    /// Threads that have not ended: the connections' and the timekeeper's.
    var threads = 0
    var closers: [UnsafeContinuation<Void, Never>] = []
    /// Why the last attempt to connect failed.
    var trouble = "no connection yet"
  }

  private let state = Mutex(State())
  private let wakeUps: [WakeUp]
  private let timekeeper: WakeUp
  private let waitLimit: Duration
  private let lockLimit: Duration
  private let queueLimit: Int
  private let flightLimit: Int
  private let logger: Logger

  private init(configuration: PostgresClient.Configuration, logger: Logger) throws(PostgresError) {
    do throws(ThreadError) {
      var wakeUps: [WakeUp] = []
      for _ in 0..<configuration.connections { wakeUps.append(try WakeUp()) }
      self.wakeUps = wakeUps
      timekeeper = try WakeUp()
    } catch {
      throw PostgresError(error)
    }
    self.logger = logger
    waitLimit = configuration.waitLimit
    lockLimit = configuration.lockLimit
    queueLimit = configuration.queueLimit
    flightLimit = configuration.flightLimit
  }

  /// Makes the queue and starts its threads: one for each connection, and the timekeeper.
  static func start(
    _ configuration: PostgresClient.Configuration, counters: Counters, logger: Logger
  ) throws(PostgresError) -> WorkQueue {
    guard PostgresClient.connectionBounds.contains(configuration.connections), configuration.flightLimit > 0 else {
      let bounds = PostgresClient.connectionBounds
      throw PostgresError(
        .badConfiguration,
        "a client has \(bounds.lowerBound) to \(bounds.upperBound) connections, and a flight at least one statement")
    }
    let settings = try ConnectionSettings(
      configuration.connectionString, statementTimeout: configuration.statementTimeout,
      lockTimeout: configuration.lockTimeout, sessionSettings: configuration.sessionSettings,
      sessionStart: configuration.sessionStart)
    let queue = try WorkQueue(configuration: configuration, logger: logger)
    do throws(PostgresError) {
      try queue.startThread("pg-time") { queue.keepTime() }
      for index in 0..<configuration.connections {
        let wakeUp = queue.wakeUps[index]
        try queue.startThread("pg-\(index)") {
          PostgresConnection(
            index: index, queue: queue, wakeUp: wakeUp, settings: settings, counters: counters, logger: logger
          )
          .run()
        }
      }
    } catch {
      queue.beginClosing()
      throw error
    }
    return queue
  }

  // MARK: Callers

  func submit(_ unit: Unit) {
    enum Verdict {
      case wake(Int)
      case wakeTimekeeper
      case accepted
      case refused(PostgresError)
    }
    unit.deadline = .now + waitLimit
    let verdict: Verdict = state.withLock { state in
      if state.isClosing { return .refused(PostgresError(.closed, "the client is closed")) }
      if state.waiting.count + state.postponed.count >= queueLimit {
        return .refused(PostgresError(.unavailable, "\(queueLimit) statements wait already"))
      }
      state.waiting.append(unit)
      if let index = next(&state) { return .wake(index) }
      return state.connected.isEmpty && state.waiting.count == 1 ? .wakeTimekeeper : .accepted
    }
    switch verdict {
    case .wake(let index): wakeUps[index].signal()
    case .wakeTimekeeper: timekeeper.signal()
    case .accepted: break
    case .refused(let error): unit.fail(error)
    }
  }

  func close() async {
    beginClosing()
    await withUnsafeContinuation { continuation in
      let isOver = state.withLock { state in
        if state.threads > 0 { state.closers.append(continuation) }
        return state.threads == 0
      }
      if isOver { continuation.resume() }
    }
  }

  func beginClosing() {
    state.withLock { $0.isClosing = true }
    for wakeUp in wakeUps { wakeUp.signal() }
    timekeeper.signal()
  }

  func count(into statistics: inout PostgresClient.Statistics) {
    let (waiting, connected) = state.withLock { ($0.waiting.count + $0.postponed.count, $0.connected.count) }
    statistics.queued += waiting
    statistics.connected += connected
  }

  // MARK: Connections

  /// What a connection that holds `held` units already does next. One with nothing in its hands becomes idle.
  func take(_ index: Int, holding held: Int) -> Taken {
    var follower: Int?
    let taken: Taken = state.withLock { state in
      state.woken.remove(index)
      state.idle.removeAll { $0 == index }
      if held == 0, !state.isClosing, state.outdated.remove(index) != nil { return .outdated }
      let count = min(state.waiting.count, max(0, flightLimit - held))
      if count > 0 {
        let units = Array(state.waiting.prefix(count))
        state.waiting.removeFirst(count)
        follower = next(&state)
        return .units(units)
      }
      if held > 0 { return .units([]) }
      if state.isClosing { return .closed }
      state.idle.append(index)
      return .nothing
    }
    if let follower { wakeUps[follower].signal() }
    return taken
  }

  /// Takes back what waited for a lock, and gives it out again after a moment: soon at first, for most locks are held for
  /// a commit only, then ten times a second. It fails when it has waited for long, or when too much does.
  func postpone(_ unit: Unit, _ error: PostgresError) {
    let now = ContinuousClock.now
    let (since, times) = (unit.locked?.since ?? now, unit.locked?.times ?? 0)
    unit.locked = Unit.LockWait(since: since, times: times + 1)
    let pause = min(Duration.milliseconds(5) * (1 << min(times, 5)), .milliseconds(100)) / 2 * Double.random(in: 1...2)
    let isAccepted = state.withLock { state in
      // A share of the places, so that those of one locked row do not take all.
      guard !state.isClosing, now - since < lockLimit, state.postponed.count < max(1, queueLimit / 4) else {
        return false
      }
      state.postponed.append((now + pause, unit))
      return true
    }
    if isAccepted { timekeeper.signal() } else { unit.fail(error) }
  }

  /// A connection begins anew because of what the server is for its session. The others were perhaps begun as it was:
  /// they do so, too, at most once a second.
  func outdateOthers(than index: Int) {
    let now = ContinuousClock.now
    let idle = state.withLock { state -> [Int] in
      guard state.outdatedSince.map({ now - $0 > .seconds(1) }) ?? true else { return [] }
      state.outdatedSince = now
      state.outdated = state.connected.subtracting([index])
      return state.idle
    }
    for other in idle where other != index { wakeUps[other].signal() }
  }

  func connected(_ index: Int) {
    let isFirst = state.withLock { state in
      state.outdated.remove(index)
      return state.connected.insert(index).inserted && state.connected.count == 1
    }
    if isFirst { logger.info("database connected") }
  }

  /// Takes back what a lost connection had not sent, or what has to be sent again; others may serve it.
  func disconnected(_ index: Int, returning units: [Unit], trouble: String) {
    var follower: Int?
    let isLast = state.withLock { state in
      let wasConnected = state.connected.remove(index) != nil
      state.woken.remove(index)
      state.idle.removeAll { $0 == index }
      state.waiting.prepend(contentsOf: units)
      state.trouble = trouble
      follower = next(&state)
      return wasConnected && state.connected.isEmpty && !state.isClosing
    }
    if let follower { wakeUps[follower].signal() }
    if isLast {
      logger.warning("database away", metadata: ["error": "\(trouble)"])
      timekeeper.signal()
    }
  }

  /// Remembers why an attempt to connect failed, for those who wait.
  func failedToConnect(_ trouble: String) {
    let isNew = state.withLock { state in
      defer { state.trouble = trouble }
      return state.connected.isEmpty && state.trouble != trouble
    }
    if isNew { logger.warning("database not reached", metadata: ["error": "\(trouble)"]) }
  }

  var isClosing: Bool { state.withLock { $0.isClosing } }

  // The idle connection to wake, if those woken before cannot take all that waits.
  private func next(_ state: inout State) -> Int? {
    guard state.waiting.count > state.woken.count * flightLimit, let index = state.idle.popLast() else { return nil }
    state.woken.insert(index)
    return index
  }

  // MARK: Time

  /// Gives out again what was postponed; and while no connection stands, gives those who wait their error when their
  /// time is over. A thread of its own, because a connection's may be held up by a name server.
  private func keepTime() {
    while true {
      var expired: [Unit] = []
      var woken: [Int] = []
      var due: ContinuousClock.Instant?
      let (isOver, trouble) = state.withLock { state in
        let now = ContinuousClock.now
        // Nobody waits for a lock at the end.
        let ripe = state.postponed.filter { $0.due <= now || state.isClosing }
        state.postponed.removeAll { $0.due <= now || state.isClosing }
        if state.isClosing {
          expired += ripe.map(\.unit)
        } else {
          for (_, unit) in ripe {
            unit.deadline = now + waitLimit
            state.waiting.append(unit)
          }
          while let index = next(&state) { woken.append(index) }
        }
        due = state.postponed.map(\.due).min()
        if state.connected.isEmpty {
          // Those that came back from a lost connection are in front, with the earlier deadlines.
          while let unit = state.waiting.first, state.isClosing || unit.deadline <= now {
            expired.append(unit)
            state.waiting.removeFirst()
          }
          due = [due, state.waiting.first?.deadline].compactMap(\.self).min()
        }
        // The connections' threads have ended: nothing can be left behind after this.
        return (state.isClosing && state.threads == 1, state.trouble)
      }
      for index in woken { wakeUps[index].signal() }
      for unit in expired { unit.fail(PostgresError(.unavailable, trouble)) }
      if isOver { return }
      _ = timekeeper.wait(until: due)
    }
  }

  private func startThread(_ name: String, _ body: @escaping @Sendable () -> Void) throws(PostgresError) {
    state.withLock { $0.threads += 1 }
    do throws(ThreadError) {
      try BackgroundThread.start(name) {
        body()
        self.threadEnded()
      }
    } catch {
      threadEnded()
      throw PostgresError(error)
    }
  }

  private func threadEnded() {
    let closers = state.withLock { state in
      state.threads -= 1
      defer { if state.threads == 0 { state.closers = [] } }
      return state.threads == 0 ? state.closers : []
    }
    timekeeper.signal()
    for closer in closers { closer.resume() }
  }
}
