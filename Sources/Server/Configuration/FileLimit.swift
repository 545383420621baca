import Glibc

/// The limit of open files, which is that of connections.
enum FileLimit {
  /// Descriptors for everything that is no client's connection: the database, the log, libraries, event loops.
  static let reserve = 128

  /// Raises the process's limit as far as it may, and says what it is.
  static func raise() -> Int {
    var limit = rlimit()
    guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return 1024 }
    if limit.rlim_cur < limit.rlim_max {
      var raised = limit
      raised.rlim_cur = limit.rlim_max
      if setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &raised) == 0 { limit = raised }
    }
    return Int(clamping: limit.rlim_cur)
  }
}
