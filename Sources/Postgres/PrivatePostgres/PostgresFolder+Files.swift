import Glibc

// How the folder is found and made.
extension PostgresFolder {
  /// Who PostgreSQL runs as: for root, whoever owns the folder, or `postgres` for a new one.
  static func owner(ofPostgresIn path: String) throws(PostgresError) -> SystemUser? {
    guard geteuid() == 0 else { return nil }
    var status = stat()
    if stat(path, &status) == 0, status.st_uid != 0 {
      guard let owner = SystemUser(uid: status.st_uid) else {
        throw PostgresError(.privatePostgres, "\(path) belongs to user \(status.st_uid), who does not exist here")
      }
      return owner
    }
    guard let postgres = SystemUser(named: "postgres") else {
      throw PostgresError(
        .privatePostgres,
        "PostgreSQL refuses to run as root, and there is no user postgres: apt-get install postgresql, or set DATABASE_URL"
      )
    }
    return postgres
  }

  /// Makes PostgreSQL's folder: at `link`, or, if its owner cannot reach that, below /var/lib/letschat with a symbolic
  /// link to it. Returns where it is.
  static func create(_ link: String, for owner: SystemUser?) throws(PostgresError) -> String {
    try make(link, for: owner)
    guard let owner else { return link }
    // Asked of the kernel, as that user: mode bits do not tell everything (access lists, mounts).
    if try ChildProcess.run(["/usr/bin/test", "-w", link, "-a", "-x", link], as: owner) { return link }
    guard rmdir(link) == 0 else { throw .system("rmdir", link) }
    if mkdir(systemDirectory, 0o755) != 0, errno != EEXIST { throw .system("mkdir", systemDirectory) }
    // A random name: when a data folder was removed, the next one in its place begins anew.
    let path = systemDirectory + "/" + String(UInt64.random(in: 0 ... .max), radix: 36)
    try make(path, for: owner)
    guard symlink(path, link) == 0 else { throw .system("symlink", link) }
    return path
  }

  /// The socket's folder: in PostgreSQL's folder, unless the socket's path would be too long for sockaddr_un (107
  /// bytes and a NUL), or has what PostgreSQL's and libpq's lists take for punctuation.
  static func socketDirectory(for path: String) -> String {
    let directory = path + "/socket"
    let isPlain = directory.utf8.allSatisfy { $0 >= 0x20 && $0 != UInt8(ascii: ",") && $0 != UInt8(ascii: "\"") }
    if isPlain, "\(directory)/.s.PGSQL.\(port)".utf8.count <= 107 { return directory }
    // FNV-1a: it only has to differ from one folder of this user to the next.
    let hash = path.utf8.reduce(14_695_981_039_346_656_037 as UInt64) { ($0 ^ UInt64($1)) &* 1_099_511_628_211 }
    return "/tmp/letschat-\(geteuid())-\(String(hash, radix: 36))"
  }

  static func absolute(_ path: String) throws(PostgresError) -> String {
    guard !path.isEmpty else { throw PostgresError(.privatePostgres, "the data folder has no name") }
    if path.hasPrefix("/") { return path }
    guard let current = getcwd(nil, 0) else { throw .system("getcwd") }
    defer { free(current) }
    return String(cString: current) + "/" + path
  }

  static func makeDirectories(_ path: String) throws(PostgresError) {
    var position = path.startIndex
    while position < path.endIndex {
      position = path[path.index(after: position)...].firstIndex(of: "/") ?? path.endIndex
      // 0711: PostgreSQL's user must be able to pass, not to look around.
      if mkdir(String(path[..<position]), 0o711) != 0, errno != EEXIST {
        throw .system("mkdir", String(path[..<position]))
      }
    }
  }

  static func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }

  static func readLink(_ path: String) -> String? {
    var bytes: [UInt8] = Array(repeating: 0, count: 4_096)
    let length = bytes.withUnsafeMutableBytes { buffer in
      buffer.baseAddress.map { readlink(path, $0.assumingMemoryBound(to: CChar.self), buffer.count) } ?? -1
    }
    return length < 0 ? nil : String(decoding: bytes[..<length], as: UTF8.self)
  }

  /// The whole of a small file; of a large one, its last 64 KB.
  static func read(_ path: String) -> String? {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    let limit = 64 << 10
    let size = Int(lseek(descriptor, 0, SEEK_END))
    _ = lseek(descriptor, max(0, size - limit), SEEK_SET)
    var bytes: [UInt8] = Array(repeating: 0, count: limit)
    var length = 0
    while length < limit {
      let count = bytes.withUnsafeMutableBytes {
        Glibc.read(descriptor, $0.baseAddress.map { $0 + length }, limit - length)
      }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { break }
      length += count
    }
    return String(decoding: bytes[..<length], as: UTF8.self)
  }

  private static func make(_ path: String, for owner: SystemUser?) throws(PostgresError) {
    guard mkdir(path, 0o700) == 0 else { throw .system("mkdir", path) }
    if let owner, chown(path, owner.uid, owner.gid) != 0 { throw .system("chown", path) }
  }
}
