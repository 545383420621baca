import CPostgres
import Glibc
import Logging
import Synchronization
import Threads

/// The thread that starts PostgreSQL, watches it, starts it again when it dies, and stops it.
///
/// It is one thread for its whole life, because the kernel sends the parent-death signal when the thread that
/// made the child ends (prctl(2), PR_SET_PDEATHSIG).
final class PostgresSupervisor: Sendable {
  private struct State {
    var isStopping = false
    var hasEnded = false
    var stoppers: [UnsafeContinuation<Void, Never>] = []
  }

  private let configuration: PrivatePostgres.Configuration
  private let logger: Logger
  private let wakeUp: WakeUp
  private let state = Mutex(State())

  init(configuration: PrivatePostgres.Configuration, logger: Logger) throws(PostgresError) {
    self.configuration = configuration
    self.logger = logger
    do throws(ThreadError) {
      wakeUp = try WakeUp()
    } catch {
      throw PostgresError(error)
    }
  }

  func start() async throws(PostgresError) -> String {
    try await withUnsafeContinuation { (started: UnsafeContinuation<Result<String, PostgresError>, Never>) in
      do throws(ThreadError) {
        try BackgroundThread.start("pg-private") {
          self.run(started)
          let stoppers = self.state.withLock { state in
            state.hasEnded = true
            defer { state.stoppers = [] }
            return state.stoppers
          }
          for stopper in stoppers { stopper.resume() }
        }
      } catch {
        started.resume(returning: .failure(PostgresError(error)))
      }
    }.get()
  }

  func stop() async {
    beginStopping()
    await withUnsafeContinuation { continuation in
      let isOver = state.withLock { state in
        if !state.hasEnded { state.stoppers.append(continuation) }
        return state.hasEnded
      }
      if isOver { continuation.resume() }
    }
  }

  func beginStopping() {
    state.withLock { $0.isStopping = true }
    wakeUp.signal()
  }

  private var isStopping: Bool { state.withLock { $0.isStopping } }

  // MARK: The thread

  private func run(_ started: UnsafeContinuation<Result<String, PostgresError>, Never>) {
    do throws(PostgresError) {
      let folder = try PostgresFolder(configuration.dataDirectory)
      let binaries = try PostgresBinaries.find(configuration.binaryDirectory, version: folder.version)
      try folder.initialize(with: binaries)
      try Postmaster.endOrphan(of: folder, within: configuration.stopTimeout, logger: logger)
      let postmaster = try launch(folder, binaries)
      do throws(PostgresError) {
        try createDatabase(folder)
      } catch {
        postmaster.stop(within: configuration.stopTimeout, logger: logger)
        throw error
      }
      logger.info("PostgreSQL started", metadata: ["folder": "\(folder.path)", "pid": "\(postmaster.pid)"])
      started.resume(returning: .success(folder.connectionString(database: PostgresFolder.name)))
      supervise(postmaster, folder, binaries)
      // The locks end with the folder.
      withExtendedLifetime(folder) {}
    } catch {
      started.resume(returning: .failure(error))
    }
  }

  private func supervise(_ first: Postmaster, _ folder: PostgresFolder, _ binaries: PostgresBinaries) {
    var current: Postmaster? = first
    var backoff = Backoff(first: .milliseconds(100), limit: .seconds(5))
    while true {
      if let postmaster = current {
        while !isStopping, !postmaster.hasEnded { _ = wakeUp.wait(watching: postmaster.lifeline) }
        if isStopping {
          postmaster.stop(within: configuration.stopTimeout, logger: logger)
          logger.info("PostgreSQL stopped")
          return
        }
        logger.error("PostgreSQL died; it is started again", metadata: ["status": "\(postmaster.status)"])
        current = nil
      }
      let deadline = ContinuousClock.now + backoff.next()
      while !isStopping, ContinuousClock.now < deadline { _ = wakeUp.wait(until: deadline) }
      if isStopping { return }
      do throws(PostgresError) {
        try Postmaster.endOrphan(of: folder, within: configuration.stopTimeout, logger: logger)
        current = try launch(folder, binaries)
        backoff.reset()
        logger.notice("PostgreSQL runs again")
      } catch {
        logger.error("PostgreSQL does not start", metadata: ["error": "\(error)"])
      }
    }
  }

  // Starts PostgreSQL and waits until it takes connections.
  private func launch(_ folder: PostgresFolder, _ binaries: PostgresBinaries) throws(PostgresError) -> Postmaster {
    let postmaster = try Postmaster(folder, binaries)
    let deadline = ContinuousClock.now + configuration.startTimeout
    let connectionString = folder.connectionString(database: "postgres")
    while PQping(connectionString) != PQPING_OK {
      let trouble: String
      if postmaster.hasEnded {
        trouble = "PostgreSQL ended at its start: \(folder.lastWords(of: "postgres.log"))"
      } else if isStopping {
        trouble = "it was stopped while it started"
      } else if ContinuousClock.now >= deadline {
        trouble = "PostgreSQL did not take connections in time: \(folder.lastWords(of: "postgres.log"))"
      } else {
        // PostgreSQL tells nobody but systemd when it is ready, so it is asked, as pg_ctl does.
        _ = wakeUp.wait(watching: postmaster.lifeline, until: .now + .milliseconds(20))
        continue
      }
      postmaster.stop(within: configuration.stopTimeout, logger: logger)
      throw PostgresError(.privatePostgres, trouble)
    }
    return postmaster
  }

  private func createDatabase(_ folder: PostgresFolder) throws(PostgresError) {
    let settings = try ConnectionSettings(folder.connectionString(database: "postgres"), statementTimeout: nil)
    let connection = try BlockingConnection(settings)
    let existing = try connection.execute("SELECT FROM pg_database WHERE datname = $1", [.text(PostgresFolder.name)])
    if existing.isEmpty { try connection.script("CREATE DATABASE \(PostgresFolder.name)") }
  }
}
