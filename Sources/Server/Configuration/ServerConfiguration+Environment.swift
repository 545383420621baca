import Glibc

extension ServerConfiguration {
  /// The variables that are read.
  private static let variables = [
    "HOST", "PORT", "DATA_DIR", "DATABASE_URL", "DATABASE_CONNECTIONS", "REDIS_URL", "JWT_SECRET", "FRONTEND_URL",
    "TRUSTED_PROXIES", "LOG_LEVEL", "EDIT_WINDOW_HOURS", "RATE_LIMIT_SCALE", "CHECK_RESPONSES",
  ]

  /// The process's environment, as far as it concerns this server.
  static func environment() -> [String: String] {
    variables.reduce(into: [:]) { environment, name in
      if let value = getenv(name) { environment[name] = String(cString: value) }
    }
  }
}
