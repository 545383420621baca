import CSpawn
import Glibc
import Logging
import Threads

/// A running PostgreSQL, our child. Used by its supervisor's thread only.
final class Postmaster {
  let pid: pid_t
  /// The reading end of a pipe whose writing end PostgreSQL and its children hold: it ends when all of them are gone.
  /// Until then the shared memory is in use and no other postmaster could start.
  let lifeline: Int32
  private(set) var status = ""
  private var isReaped = false

  /// Starts `postgres` in the folder; it does not take connections yet.
  init(_ folder: PostgresFolder, _ binaries: PostgresBinaries) throws(PostgresError) {
    try folder.prepareSocketDirectory()
    folder.turnLog()
    var ends: [Int32] = [-1, -1]
    guard pipe2(&ends, O_CLOEXEC) == 0 else { throw .system("pipe2") }
    defer { close(ends[1]) }
    // The settings are on the command line, where they win over postgresql.conf and belong to this version of ours.
    // Connections: those of one client, and as good as half of that for migrations, questions about silent ones, psql.
    let connections = PostgresClient.connectionBounds.upperBound + 36
    let settings = [
      "listen_addresses=", "unix_socket_directories=\"\(folder.socketDirectory)\"", "unix_socket_permissions=0700",
      "port=\(PostgresFolder.port)", "max_connections=\(connections)", "shared_buffers=128MB", "fsync=on",
      "full_page_writes=on",
      "synchronous_commit=on", "deadlock_timeout=200ms", "jit=off", "timezone=UTC", "cluster_name=letschat",
      // Its log must not hold what people write: no statements, no DETAIL.
      "logging_collector=off", "log_destination=stderr", "log_timezone=UTC", "log_min_error_statement=panic",
      "log_error_verbosity=terse", "log_checkpoints=off",
    ]
    do throws(PostgresError) {
      pid = try ChildProcess.spawn(
        [binaries.postgres, "-D", folder.data] + settings.flatMap { ["-c", $0] }, as: folder.owner, dyingWithUs: true,
        output: folder.path + "/postgres.log", passing: ends[1])
      lifeline = ends[0]
    } catch {
      close(ends[0])
      throw error
    }
  }

  deinit { close(lifeline) }

  /// Whether PostgreSQL and all its processes are gone. Reaps the child.
  var hasEnded: Bool {
    if isReaped { return true }
    var watched = pollfd(fd: lifeline, events: Int16(POLLIN), revents: 0)
    guard poll(&watched, 1, 0) == 1 else { return false }
    // The end of the pipe says that it has exited or is about to: this does not block for long.
    var code: Int32 = 0
    while waitpid(pid, &code, 0) < 0, errno == EINTR {}
    isReaped = true
    status = ChildProcess.describe(code)
    return true
  }

  /// Ends it: a fast shutdown, an immediate one if that takes too long, and SIGKILL at last. Waits for its end.
  func stop(within timeout: Duration, logger: Logger) {
    for (signal, patience) in [(SIGINT, timeout), (SIGQUIT, .seconds(5)), (SIGKILL, .seconds(5))] {
      if hasEnded { return }
      if signal != SIGINT { logger.warning("PostgreSQL does not stop", metadata: ["signal": "\(signal)"]) }
      // The child has not been reaped, so the number is still its own.
      kill(pid, signal)
      let deadline = ContinuousClock.now + patience
      while !hasEnded, ContinuousClock.now < deadline {
        var watched = pollfd(fd: lifeline, events: Int16(POLLIN), revents: 0)
        _ = poll(&watched, 1, WakeUp.milliseconds(until: deadline))
      }
    }
  }

  /// Ends a PostgreSQL that an earlier server left running in the folder. The caller holds the folder's lock, so no
  /// other server uses it.
  static func endOrphan(of folder: PostgresFolder, within timeout: Duration, logger: Logger) throws(PostgresError) {
    guard let pid = folder.recordedPid else { return }
    guard folder.isPostmaster(pid) else {
      // PostgreSQL takes any process of its user with that number for a postmaster, and numbers come round quickly in
      // containers. Its parent's number it does not believe; the rest of the file it still needs.
      if pid != getpid(), kill(pid, 0) == 0 { try folder.replaceRecordedPid(with: getpid()) }
      return
    }
    logger.notice("an earlier PostgreSQL still runs in the folder; it is stopped", metadata: ["pid": "\(pid)"])
    for (signal, patience) in [(SIGINT, timeout), (SIGQUIT, .seconds(5))] {
      kill(pid, signal)
      let deadline = ContinuousClock.now + patience
      while ContinuousClock.now < deadline {
        if !folder.isPostmaster(pid) { return }
        // It is not our child any more: nobody tells us of its end.
        _ = poll(nil, 0, 10)
      }
    }
    throw PostgresError(
      .privatePostgres, "an earlier PostgreSQL (process \(pid)) still runs in \(folder.data); stop it first")
  }
}

extension PostgresError {
  /// A system call that failed, with errno.
  static func system(_ call: String, _ path: String? = nil) -> PostgresError {
    PostgresError(.privatePostgres, "\(call)\(path.map { " \($0)" } ?? ""): \(String(cString: strerror(errno)))")
  }
}
