import Glibc

/// The secret that a server without JWT_SECRET makes for itself, and keeps, so that sessions outlive a restart.
enum SecretFile {
  /// As many as HS256's digest has (RFC 7518 §3.2).
  static let minBytes = 32

  struct Failure: Error, CustomStringConvertible {
    let description: String

    fileprivate init(_ what: String, _ path: String) {
      description = "\(what) \(path): \(String(cString: strerror(errno)))"
    }

    fileprivate init(_ description: String) { self.description = description }
  }

  /// Reads `jwt-secret` in the folder, or makes both. The file is its owner's alone (0600).
  static func load(dataDirectory: String) throws(Failure) -> [UInt8] {
    let path = dataDirectory + "/jwt-secret"
    try makeDirectories(dataDirectory)
    if let secret = try read(path) { return secret }
    return try create(path)
  }

  /// Makes the data folder, and those above it that are missing.
  private static func makeDirectories(_ dataDirectory: String) throws(Failure) {
    var made = dataDirectory.hasPrefix("/") ? "" : "."
    for name in dataDirectory.split(separator: "/") {
      made += "/" + name
      // Passable for the user that PostgreSQL runs as, where that is another one; not to be listed.
      if mkdir(made, 0o711) != 0, errno != EEXIST { throw Failure("cannot make the data folder", made) }
    }
  }

  private static func read(_ path: String) throws(Failure) -> [UInt8]? {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else {
      if errno == ENOENT { return nil }
      throw Failure("cannot read", path)
    }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw Failure("cannot read", path) }
    guard status.st_mode & 0o077 == 0 else {
      throw Failure(
        "\(path) can be read by others; say `chmod 600 \(path)`, or delete it and have all users log in again")
    }
    var bytes = [UInt8](repeating: 0, count: 4096)
    let count = Glibc.read(descriptor, &bytes, bytes.count)
    guard count >= 0 else { throw Failure("cannot read", path) }
    var secret = Array(bytes[..<count])
    while let last = secret.last, last == UInt8(ascii: "\n") || last == UInt8(ascii: "\r") { secret.removeLast() }
    guard secret.count >= minBytes else {
      throw Failure("\(path) has \(secret.count) bytes and needs \(minBytes); delete it to have a new one made")
    }
    return secret
  }

  private static func create(_ path: String) throws(Failure) -> [UInt8] {
    var random = [UInt8](repeating: 0, count: 32)
    guard getentropy(&random, random.count) == 0 else { throw Failure("cannot get random bytes for", path) }
    let digits = Array("0123456789abcdef".utf8)
    let secret = random.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }
    // Written beside and linked into place: the file is whole or not there, and of two servers that start at once the
    // later one takes the earlier one's.
    let draft = "\(path).\(getpid())"
    let descriptor = open(draft, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw Failure("cannot write", draft) }
    let line = secret + [UInt8(ascii: "\n")]
    let isWritten = write(descriptor, line, line.count) == line.count && fsync(descriptor) == 0
    close(descriptor)
    defer { unlink(draft) }
    guard isWritten else { throw Failure("cannot write", draft) }
    if link(draft, path) == 0 { return secret }
    guard errno == EEXIST, let other = try read(path) else { throw Failure("cannot write", path) }
    return other
  }
}
