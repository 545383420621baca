import Glibc

/// A lock between processes: flock(2) on a file. It ends with the process, however that ends.
final class FileLock {
  private let descriptor: Int32

  /// Takes the lock, or throws `privatePostgres` naming the process that has it. `purpose` says what is locked.
  init(_ path: String, purpose: String) throws(PostgresError) {
    // Close-on-exec: PostgreSQL must not keep the lock of a server that died.
    let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
    guard descriptor >= 0 else { throw .system("open", path) }
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
      var bytes: [UInt8] = Array(repeating: 0, count: 16)
      let length = max(0, read(descriptor, &bytes, bytes.count))
      let holder = String(decoding: bytes[..<length], as: UTF8.self).prefix { $0.isNumber }
      close(descriptor)
      throw PostgresError(
        .privatePostgres,
        "another server\(holder.isEmpty ? "" : " (process \(holder))") uses \(purpose); stop it, or choose another folder"
      )
    }
    ftruncate(descriptor, 0)
    let text = Array("\(getpid())\n".utf8)
    _ = write(descriptor, text, text.count)
    self.descriptor = descriptor
  }

  deinit {
    // To close it is not enough: a child between fork and exec has a copy, and with it the lock.
    flock(descriptor, LOCK_UN)
    close(descriptor)
  }
}
