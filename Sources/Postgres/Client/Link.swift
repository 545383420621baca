import CPostgres
import Glibc
import Threads

/// An open connection outside of its pipeline: how it is made, and how one question is asked on it. No call blocks for
/// longer than it is told to.
struct Link {
  /// How long connecting may take, and how long the answer to a question may.
  static let patience = Duration.seconds(5)

  let handle: OpaquePointer
  /// The server's process for this session.
  let pid: String

  /// Connects, and sets the session. The caller ends it with `close`.
  ///
  /// Throws `unavailable`, or `closed` once `isClosing` says so.
  init(
    _ settings: ConnectionSettings, _ wakeUp: WakeUp, unless isClosing: () -> Bool
  ) throws(PostgresError) {
    guard let handle = settings.withParameters({ PQconnectStartParams($0, $1, 0) }) else {
      throw PostgresError(.unavailable, "libpq has no memory")
    }
    do throws(PostgresError) {
      // By default libpq writes the server's notices to stderr.
      PQsetNoticeReceiver(handle, { _, _ in }, nil)
      try Link.connect(handle, wakeUp, unless: isClosing)
      guard PQsetnonblocking(handle, 1) == 0 else {
        throw PostgresError(.unavailable, PostgresConnection.message(of: handle))
      }
      guard let pid = try Link.ask(settings.greeting, on: handle, wakeUp, unless: isClosing)?.first ?? nil else {
        throw PostgresError(.unavailable, "the server does not say who serves")
      }
      if let start = settings.sessionStart { _ = try Link.ask(start, on: handle, wakeUp, unless: isClosing) }
      self.handle = handle
      self.pid = pid
    } catch {
      PQfinish(handle)
      throw error
    }
  }

  func close() { PQfinish(handle) }

  private static func connect(
    _ handle: OpaquePointer, _ wakeUp: WakeUp, unless isClosing: () -> Bool
  ) throws(PostgresError) {
    let deadline = ContinuousClock.now + patience
    var status = PQstatus(handle) == CONNECTION_BAD ? PGRES_POLLING_FAILED : PGRES_POLLING_WRITING
    while status != PGRES_POLLING_OK {
      if status == PGRES_POLLING_FAILED { throw PostgresError(.unavailable, PostgresConnection.message(of: handle)) }
      let events = status == PGRES_POLLING_READING ? POLLIN : POLLOUT
      if wakeUp.wait(watching: PQsocket(handle), for: events, until: deadline) != 0 {
        status = PQconnectPoll(handle)
      } else {
        try goOn(until: deadline, unless: isClosing)
      }
    }
  }

  /// Asks one question, or gives one command, without values. Returns the columns of the first row as text, or nil if
  /// there is none.
  static func ask(
    _ question: String, on handle: OpaquePointer, _ wakeUp: WakeUp, unless isClosing: () -> Bool
  ) throws(PostgresError) -> [String?]? {
    let deadline = ContinuousClock.now + patience
    guard PQsendQuery(handle, question) == 1 else {
      throw PostgresError(.unavailable, PostgresConnection.message(of: handle))
    }
    var row: [String?]?
    while true {
      let unsent = PQflush(handle)
      guard unsent >= 0 else { throw PostgresError(.unavailable, PostgresConnection.message(of: handle)) }
      while PQisBusy(handle) == 0 {
        guard let result = PQgetResult(handle) else { return row }
        defer { PQclear(result) }
        guard [PGRES_TUPLES_OK, PGRES_COMMAND_OK].contains(PQresultStatus(result)) else {
          throw PostgresError(.unavailable, ServerError(result).error.message)
        }
        guard PQntuples(result) > 0 else { continue }
        row = (0..<PQnfields(result)).map { column in
          PQgetisnull(result, 0, column) == 1 ? nil : PQgetvalue(result, 0, column).map { String(cString: $0) }
        }
      }
      let events = POLLIN | (unsent > 0 ? POLLOUT : 0)
      if wakeUp.wait(watching: PQsocket(handle), for: events, until: deadline) == 0 {
        try goOn(until: deadline, unless: isClosing)
      } else if PQconsumeInput(handle) == 0 {
        throw PostgresError(.unavailable, PostgresConnection.message(of: handle))
      }
    }
  }

  private static func goOn(
    until deadline: ContinuousClock.Instant, unless isClosing: () -> Bool
  ) throws(PostgresError) {
    if isClosing() { throw PostgresError(.closed, "the client is closed") }
    if ContinuousClock.now >= deadline {
      throw PostgresError(.unavailable, "the server did not answer within 5 seconds")
    }
  }

  /// Asks, on a connection of its own, whether the server still works for a session that has been silent.
  ///
  /// Silence alone says nothing: a flight of many statements is lawfully quiet while each of them waits for a lock.
  static func isAtWork(
    _ pid: String, _ settings: ConnectionSettings, _ wakeUp: WakeUp, unless isClosing: () -> Bool
  ) -> Bool {
    do throws(PostgresError) {
      let link = try Link(settings, wakeUp, unless: isClosing)
      defer { link.close() }
      let question = "SELECT state FROM pg_stat_activity WHERE pid = \(pid)"
      // No row: its process is gone. Idle: it believes that it has answered. Without a state nothing is known.
      guard let row = try ask(question, on: link.handle, wakeUp, unless: isClosing) else { return false }
      return row.first != "idle"
    } catch {
      // It may have no place for one more connection: then it lives.
      return error.code != .closed && settings.withParameters { PQpingParams($0, $1, 0) } == PQPING_OK
    }
  }
}
