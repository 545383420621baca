import Glibc

/// The cluster's place on the disk:
///
///     <data folder>/postgres.lock        one server at a time
///     <data folder>/postgres             the cluster's folder, or a symbolic link to it
///       data/                            PostgreSQL's own
///       socket/                          the unix socket, mode 0700
///       postgres.log, initdb.log, lock
final class ClusterFolder {
  /// The database and its owner.
  static let name = "letschat"
  /// Names the socket; nothing listens on it.
  static let port = 5432
  /// Where root's clusters lie when the user `postgres` cannot reach the data folder.
  static let systemDirectory = "/var/lib/letschat"

  /// The real path of the cluster's folder.
  let path: String
  /// Who PostgreSQL runs as when we are root; nil otherwise: as ourselves.
  let owner: SystemUser?
  let socketDirectory: String
  private let locks: [FileLock]

  var data: String { path + "/data" }

  /// Finds or makes the folder and locks it. Throws `cluster` if that is not possible.
  init(_ dataDirectory: String) throws(PostgresError) {
    let outer = try ClusterFolder.absolute(dataDirectory)
    try ClusterFolder.makeDirectories(outer)
    var locks = [try FileLock(outer + "/postgres.lock", purpose: "the data folder \(outer)")]
    let link = outer + "/postgres"
    // An empty folder is one that was interrupted in the making, before it got its owner.
    rmdir(link)
    let owner = try ClusterFolder.owner(ofClusterIn: link)
    var path = link
    if let target = ClusterFolder.readLink(link) {
      path = target.hasPrefix("/") ? target : outer + "/" + target
      guard ClusterFolder.exists(path) else {
        throw PostgresError(.cluster, "\(link) points to \(target), which is gone; remove the link to begin anew")
      }
    } else if !ClusterFolder.exists(link) {
      path = try ClusterFolder.create(link, for: owner)
    }
    guard let resolved = realpath(path, nil) else { throw .system("realpath", path) }
    self.path = String(cString: resolved)
    free(resolved)
    self.owner = owner
    guard access(self.path, R_OK | W_OK | X_OK) == 0 else {
      throw PostgresError(
        .cluster, "\(self.path) belongs to another user; start as that user, or choose another folder")
    }
    // A copied data folder has the same link: the cluster itself is locked as well.
    locks.append(try FileLock(self.path + "/lock", purpose: "the cluster \(self.path)"))
    self.locks = locks
    socketDirectory = ClusterFolder.socketDirectory(for: self.path)
  }

  /// The cluster's major version, once it is initialized.
  var version: String? {
    ClusterFolder.read(data + "/PG_VERSION")?.split(whereSeparator: \.isWhitespace).first.map(String.init)
  }

  /// Makes the cluster if there is none. It gets its name last, so one that was interrupted does not count.
  func initialize(with binaries: PostgresBinaries) throws(PostgresError) {
    guard version == nil else { return }
    let unfinished = path + "/data.new"
    _ = try ChildProcess.run(["/bin/rm", "-rf", "--", unfinished], as: owner)
    let isDone = try ChildProcess.run(
      [
        binaries.initdb, "-D", unfinished, "--encoding=UTF8", "--locale=C.UTF-8", "--username=\(ClusterFolder.name)",
        "--auth-local=trust", "--auth-host=reject", "--no-instructions",
      ], as: owner, output: path + "/initdb.log")
    guard isDone else { throw PostgresError(.cluster, "initdb failed: \(lastWords(of: "initdb.log"))") }
    guard rename(unfinished, data) == 0 else { throw .system("rename", unfinished) }
  }

  /// A libpq connection string for a database of the cluster.
  func connectionString(database: String) -> String {
    let quoted = socketDirectory.map { $0 == "'" || $0 == "\\" ? "\\\($0)" : "\($0)" }.joined()
    return "host='\(quoted)' port=\(ClusterFolder.port) user=\(ClusterFolder.name) dbname=\(database)"
      + " application_name=\(ClusterFolder.name)"
  }

  /// Makes the folder of the socket, or checks that it is the cluster's own: in /tmp anybody could have made it.
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
        .cluster, "\(socketDirectory) is not a folder that only PostgreSQL's user can enter; remove it")
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
    let lines = (ClusterFolder.read(path + "/" + log) ?? "").split(whereSeparator: \.isNewline).suffix(4)
    return lines.isEmpty ? "it said nothing" : lines.joined(separator: " · ")
  }

  // MARK: postmaster.pid (its first line is the process's number)

  var recordedPid: pid_t? {
    let first = ClusterFolder.read(data + "/postmaster.pid")?.split(whereSeparator: \.isNewline).first
    return first.flatMap { pid_t($0) }.flatMap { $0 > 0 ? $0 : nil }
  }

  /// Whether that process is a postmaster of this cluster, by its command line: everybody may read that, while the
  /// working directory of another user's process is hidden from root too in many containers. A zombie's is empty.
  func isPostmaster(_ pid: pid_t) -> Bool {
    guard let command = ClusterFolder.read("/proc/\(pid)/cmdline")?.split(separator: "\0") else { return false }
    return command.first?.hasSuffix("postgres") == true && command.contains { $0 == data }
  }

  func replaceRecordedPid(with pid: pid_t) throws(PostgresError) {
    let file = data + "/postmaster.pid"
    guard let text = ClusterFolder.read(file), let end = text.firstIndex(of: "\n") else { return }
    let bytes = Array((String(pid) + text[end...]).utf8)
    let descriptor = open(file, O_WRONLY | O_TRUNC | O_CLOEXEC | O_NOFOLLOW)
    guard descriptor >= 0 else { throw .system("open", file) }
    defer { close(descriptor) }
    guard write(descriptor, bytes, bytes.count) == bytes.count else { throw .system("write", file) }
  }
}
