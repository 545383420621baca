import Glibc

extension Crowd {
  /// Descriptors for everything that is no connection.
  private static let reserve = 64

  /// Raises the limit of open files as far as this process may.
  ///
  /// - Returns: How many connections it allows.
  public static func raiseDescriptorLimit() -> Int {
    let resource = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
    var limit = rlimit()
    guard getrlimit(resource, &limit) == 0 else { return 1024 - reserve }
    var raised = limit
    raised.rlim_cur = limit.rlim_max
    if setrlimit(resource, &raised) == 0 { limit = raised }
    return max(1, Int(clamping: limit.rlim_cur) - reserve)
  }
}
