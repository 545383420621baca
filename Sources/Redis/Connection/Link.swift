import Logging
import Threads

/// What a thread does with its connection.
protocol LinkWork: AnyObject {
  var kind: RedisEvent.Link { get }
  var isClosing: Bool { get }

  /// Does what is due whether the connection stands or not, and says when it has to be called again.
  func attend() -> ContinuousClock.Instant?
  /// Uses the connection until the client is closed. Throws when it is lost.
  func serve(_ connection: RedisConnection) throws(RedisError)
  /// The connection is lost, and with it what was under way.
  func lost(_ error: RedisError)
  /// The client is closed, the thread ends.
  func end()
}

/// A thread with one connection: connects, works, and connects again when the connection is lost.
struct Link: Sendable {
  let settings: RedisClient.Configuration
  let url: RedisURL
  let wakeUp: WakeUp
  let logger: Logger
  let report: @Sendable (RedisEvent) -> Void

  /// The thread's life.
  func run(_ work: some LinkWork) {
    blockBrokenPipeSignal()
    var backoff = Backoff(first: settings.reconnectAfter, limit: settings.reconnectLimit)
    // An outage is told once, however often connecting fails.
    var isAwayTold = false
    while !work.isClosing {
      do throws(RedisError) {
        try connectAndServe(work, &isAwayTold, &backoff)
      } catch {
        work.lost(error)
        if error.code != .closed, !isAwayTold {
          isAwayTold = true
          logger.warning("Redis is away", metadata: ["connection": "\(work.kind)", "error": "\(error)"])
          report(.disconnected(work.kind, error))
        }
      }
      let deadline = ContinuousClock.now + backoff.next()
      while !work.isClosing, ContinuousClock.now < deadline {
        _ = wakeUp.wait(until: earlier(work.attend(), deadline))
      }
    }
    work.end()
  }

  // The connection ends with this function, before anybody is told.
  private func connectAndServe(
    _ work: some LinkWork, _ isAwayTold: inout Bool, _ backoff: inout Backoff
  ) throws(RedisError) {
    let connection = try RedisConnection.connect(
      url, name: settings.name, within: settings.connectTimeout, wakeUp: wakeUp
    ) { () throws(RedisError) in
      if work.isClosing { throw RedisError(.closed, "the client is closed") }
      return work.attend()
    }
    isAwayTold = false
    let beginning = ContinuousClock.now
    // A server that takes connections and drops them is not asked faster for it.
    defer { if ContinuousClock.now - beginning >= settings.reconnectLimit { backoff.reset() } }
    logger.info(
      "Redis is connected",
      metadata: ["connection": "\(work.kind)", "version": "\(connection.version ?? "unknown")"])
    report(.connected(work.kind, version: connection.version))
    try work.serve(connection)
  }
}
