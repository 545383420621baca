#if NUMBERED_CHECKS
  /// Changes of checks that nothing is known to notice, each with its reason.
  struct KnownUnnoticed: Sendable {
    /// By `NAME CHANGE`, as the sweep names them.
    private(set) var reasons: [String: String] = [:]

    /// - Parameter path: a file with a line each: name, change and reason, between tabs; empty ones and those that begin
    ///   with `#` are none.
    /// - Throws: `Startup.Failure` for a file that can't be read, and for a line without a reason.
    init(path: String) throws {
      let text = String(decoding: try Verify.read(path), as: UTF8.self)
      for line in text.split(separator: "\n") where !line.hasPrefix("#") {
        let parts = line.split(separator: "\t")
        guard parts.count == 3 else { throw Startup.Failure(line: "\(path): no name, change and reason: \(line)") }
        reasons["\(parts[0]) \(parts[1])"] = String(parts[2])
      }
    }
  }
#endif
