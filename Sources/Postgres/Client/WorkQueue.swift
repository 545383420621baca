import DequeModule
import Logging
import Synchronization
import Threads

/// What waits for the connections of one lane, and who of them is idle.
///
/// Work collects while all connections are busy, and the next free one takes what is there: batching without a timer.
/// An idle connection sleeps in poll(2) and is woken only when those that were woken before it cannot take all.
final class WorkQueue: Sendable {
  enum Taken {
    case units([Unit])
    /// Nothing waits; the connection is now listed as idle and will be woken.
    case nothing
    /// The client is closed and nothing waits.
    case closed
  }

  private struct State: ~Copyable {
    var waiting = Deque<Unit>()
    var idle: [Int] = []
    /// Connections that were woken and have not looked yet.
    var woken: Set<Int> = []
    var connected: Set<Int> = []
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
  private let name: String
  private let waitLimit: Duration
  private let queueLimit: Int
  private let flightLimit: Int
  private let logger: Logger

  private init(
    name: String, connections: Int, configuration: PostgresClient.Configuration, logger: Logger
  ) throws(PostgresError) {
    do throws(ThreadError) {
      var wakeUps: [WakeUp] = []
      for _ in 0..<connections { wakeUps.append(try WakeUp()) }
      self.wakeUps = wakeUps
      timekeeper = try WakeUp()
    } catch {
      throw PostgresError(error)
    }
    self.name = name
    self.logger = logger
    waitLimit = configuration.waitLimit
    queueLimit = configuration.queueLimit
    flightLimit = configuration.flightLimit
  }

  /// Makes the queue and starts its threads: one for each connection, and the timekeeper.
  static func start(
    name: String, connections: Int, statementTimeout: Duration, configuration: PostgresClient.Configuration,
    counters: Counters, logger: Logger
  ) throws(PostgresError) -> WorkQueue {
    guard (1...64).contains(connections), configuration.flightLimit > 0 else {
      throw PostgresError(.badConfiguration, "a lane has 1 to 64 connections, and a flight at least one statement")
    }
    let settings = try ConnectionSettings(configuration.connectionString, statementTimeout: statementTimeout)
    let queue = try WorkQueue(name: name, connections: connections, configuration: configuration, logger: logger)
    do throws(PostgresError) {
      try queue.startThread("pg-\(name)-time") { queue.keepTime() }
      for index in 0..<connections {
        let wakeUp = queue.wakeUps[index]
        try queue.startThread("pg-\(name)-\(index)") {
          Connection(index: index, queue: queue, wakeUp: wakeUp, settings: settings, counters: counters, logger: logger)
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
    let unit = unit.waiting(until: .now + waitLimit)
    let verdict: Verdict = state.withLock { state in
      if state.isClosing { return .refused(PostgresError(.closed, "the client is closed")) }
      if state.waiting.count >= queueLimit {
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
    let (waiting, connected) = state.withLock { ($0.waiting.count, $0.connected.count) }
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

  func connected(_ index: Int) {
    let isFirst = state.withLock { $0.connected.insert(index).inserted && $0.connected.count == 1 }
    if isFirst { logger.info("database connected", metadata: ["lane": "\(name)"]) }
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
      logger.warning("database away", metadata: ["lane": "\(name)", "error": "\(trouble)"])
      timekeeper.signal()
    }
  }

  /// Remembers why an attempt to connect failed, for those who wait.
  func failedToConnect(_ trouble: String) {
    let isNew = state.withLock { state in
      defer { state.trouble = trouble }
      return state.connected.isEmpty && state.trouble != trouble
    }
    if isNew { logger.warning("database not reached", metadata: ["lane": "\(name)", "error": "\(trouble)"]) }
  }

  var isClosing: Bool { state.withLock { $0.isClosing } }

  // The idle connection to wake, if those woken before cannot take all that waits.
  private func next(_ state: inout State) -> Int? {
    guard state.waiting.count > state.woken.count * flightLimit, let index = state.idle.popLast() else { return nil }
    state.woken.insert(index)
    return index
  }

  // MARK: Time

  /// While no connection stands, gives those who wait their error when their time is over. A thread of its own, because
  /// a connection's may be held up by a name server.
  private func keepTime() {
    while true {
      var expired: [Unit] = []
      var next: ContinuousClock.Instant?
      let (isOver, trouble) = state.withLock { state in
        if state.connected.isEmpty {
          // Those that came back from a lost connection are in front, with the earlier deadlines.
          let now = ContinuousClock.now
          while let unit = state.waiting.first, state.isClosing || unit.deadline <= now {
            expired.append(unit)
            state.waiting.removeFirst()
          }
          next = state.waiting.first?.deadline
        }
        // The connections' threads have ended: nothing can be left behind after this.
        return (state.isClosing && state.threads == 1, state.trouble)
      }
      for unit in expired { unit.fail(PostgresError(.unavailable, trouble)) }
      if isOver { return }
      _ = timekeeper.wait(until: next)
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
