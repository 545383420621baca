/// What the server says of itself.
public enum ServerInfo {
  public static let version = "0.1.0"

  /// When the process began, as good as.
  public static let startedAt = ContinuousClock.now

  /// Seconds since the start.
  static var uptime: Int {
    Int((ContinuousClock.now - startedAt).components.seconds)
  }
}
