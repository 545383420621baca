import Glibc

/// PostgreSQL's place on the disk:
///
///     <data folder>/postgres.lock        one server at a time
///     <data folder>/postgres             PostgreSQL's folder, or a symbolic link to it
///       data/                            PostgreSQL's own
///       socket/                          the unix socket, mode 0700
///       postgres.log, initdb.log, lock
final class PostgresFolder {
  /// The database and its owner.
  static let name = "letschat"
  /// Names the socket; nothing listens on it.
  static let port = 5432
  /// Where root's folders lie when the user `postgres` cannot reach the data folder.
  static let systemDirectory = "/var/lib/letschat"

  /// The real path of PostgreSQL's folder.
  let path: String
  /// Who PostgreSQL runs as when we are root; nil otherwise: as ourselves.
  let owner: SystemUser?
  let socketDirectory: String
  private let locks: [FileLock]

  var data: String { path + "/data" }

  /// Finds or makes the folder and locks it. Throws `privatePostgres` if that is not possible.
  init(_ dataDirectory: String) throws(PostgresError) {
    let outer = try PostgresFolder.absolute(dataDirectory)
    try PostgresFolder.makeDirectories(outer)
    var locks = [try FileLock(outer + "/postgres.lock", purpose: "the data folder \(outer)")]
    let link = outer + "/postgres"
    // An empty folder is one that was interrupted in the making, before it got its owner.
    rmdir(link)
    let owner = try PostgresFolder.owner(ofPostgresIn: link)
    var path = link
    if let target = PostgresFolder.readLink(link) {
      path = target.hasPrefix("/") ? target : outer + "/" + target
      guard PostgresFolder.exists(path) else {
        throw PostgresError(
          .privatePostgres, "\(link) points to \(target), which is gone; remove the link to begin anew")
      }
    } else if !PostgresFolder.exists(link) {
      path = try PostgresFolder.create(link, for: owner)
    }
    guard let resolved = realpath(path, nil) else { throw .system("realpath", path) }
    self.path = String(cString: resolved)
    free(resolved)
    self.owner = owner
    guard access(self.path, R_OK | W_OK | X_OK) == 0 else {
      throw PostgresError(
        .privatePostgres, "\(self.path) belongs to another user; start as that user, or choose another folder")
    }
    // A copied data folder has the same link: what it leads to is locked as well.
    locks.append(try FileLock(self.path + "/lock", purpose: "the folder \(self.path)"))
    self.locks = locks
    socketDirectory = PostgresFolder.socketDirectory(for: self.path)
  }

  /// PostgreSQL's major version, once it is initialized.
  var version: String? {
    PostgresFolder.read(data + "/PG_VERSION")?.split(whereSeparator: \.isWhitespace).first.map(String.init)
  }

  /// Makes the data if there are none. They get their name last, so what was interrupted does not count.
  func initialize(with binaries: PostgresBinaries) throws(PostgresError) {
    guard version == nil else { return }
    let unfinished = path + "/data.new"
    _ = try ChildProcess.run(["/bin/rm", "-rf", "--", unfinished], as: owner)
    let isDone = try ChildProcess.run(
      [
        binaries.initdb, "-D", unfinished, "--encoding=UTF8", "--locale=C.UTF-8", "--username=\(PostgresFolder.name)",
        "--auth-local=trust", "--auth-host=reject", "--no-instructions",
      ], as: owner, output: path + "/initdb.log")
    guard isDone else { throw PostgresError(.privatePostgres, "initdb failed: \(lastWords(of: "initdb.log"))") }
    guard rename(unfinished, data) == 0 else { throw .system("rename", unfinished) }
  }

  /// A libpq connection string for one of its databases.
  func connectionString(database: String) -> String {
    let quoted = socketDirectory.map { $0 == "'" || $0 == "\\" ? "\\\($0)" : "\($0)" }.joined()
    return "host='\(quoted)' port=\(PostgresFolder.port) user=\(PostgresFolder.name) dbname=\(database)"
      + " application_name=\(PostgresFolder.name)"
  }

  /// Makes the folder of the socket, or checks that it is PostgreSQL's own: in /tmp anybody could have made it.
  func prepareSocketDirectory() throws(PostgresError) {
    let uid = owner?.uid ?? geteuid()
    if mkdir(socketDirectory, 0o700) == 0 {
      if let owner, lchown(socketDirectory, owner.uid, owner.gid) != 0 { throw .system("chown", socketDirectory) }
      return
    }
    guard errno == EEXIST else { throw .system("mkdir", socketDirectory) }
    var status = stat()
    guard lstat(socketDirectory, &status) == 0 else { throw .system("lstat", socketDirectory) }
    guard status.st_mode & S_IFMT == S_IFDIR, status.st_uid == uid, status.st_mode & 0o077 == 0 else {
      throw PostgresError(
        .privatePostgres, "\(socketDirectory) is not a folder that only PostgreSQL's user can enter; remove it")
    }
  }

  /// Starts a new log when the old one has grown over 8 MB; one old log is kept.
  func turnLog() {
    var status = stat()
    let log = path + "/postgres.log"
    if stat(log, &status) == 0, status.st_size > 8 << 20 { _ = rename(log, log + ".1") }
  }

  /// The last lines of a log, on one line, for an error.
  func lastWords(of log: String) -> String {
    let lines = (PostgresFolder.read(path + "/" + log) ?? "").split(whereSeparator: \.isNewline).suffix(4)
    return lines.isEmpty ? "it said nothing" : lines.joined(separator: " · ")
  }

  // MARK: postmaster.pid (its first line is the process's number)

  var recordedPid: pid_t? {
    let first = PostgresFolder.read(data + "/postmaster.pid")?.split(whereSeparator: \.isNewline).first
    return first.flatMap { pid_t($0) }.flatMap { $0 > 0 ? $0 : nil }
  }

  /// Whether that process is a postmaster of this folder, by its command line: everybody may read that, while the
  /// working directory of another user's process is hidden from root too in many containers. A zombie's is empty.
  func isPostmaster(_ pid: pid_t) -> Bool {
    guard let command = PostgresFolder.read("/proc/\(pid)/cmdline")?.split(separator: "\0") else { return false }
    return command.first?.hasSuffix("postgres") == true && command.contains { $0 == data }
  }

  func replaceRecordedPid(with pid: pid_t) throws(PostgresError) {
    let file = data + "/postmaster.pid"
    guard let text = PostgresFolder.read(file), let end = text.firstIndex(of: "\n") else { return }
    let bytes = Array((String(pid) + text[end...]).utf8)
    let descriptor = open(file, O_WRONLY | O_TRUNC | O_CLOEXEC | O_NOFOLLOW)
    guard descriptor >= 0 else { throw .system("open", file) }
    defer { close(descriptor) }
    guard write(descriptor, bytes, bytes.count) == bytes.count else { throw .system("write", file) }
  }
}
