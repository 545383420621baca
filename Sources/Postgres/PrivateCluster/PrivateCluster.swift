import Logging

/// A PostgreSQL server of one's own in a data folder: the default where no database is configured.
public final class PrivateCluster: Sendable {
  public struct Configuration: Sendable {
    /// The server's data folder; the cluster lives in its subfolder `postgres`.
    public var dataDirectory: String
    /// Where initdb and postgres are; nil searches /usr/lib/postgresql/*/bin, newest first, then PATH.
    public var binaryDirectory: String?
    /// How long a start may take, recovery after a crash included.
    public var startTimeout: Duration = .seconds(60)
    /// How long PostgreSQL gets to end by itself before it is made to.
    public var stopTimeout: Duration = .seconds(20)

    public init(dataDirectory: String) { self.dataDirectory = dataDirectory }
  }

  public init(configuration: Configuration, logger: Logger) {
    _ = configuration
    _ = logger
  }

  /// Creates the cluster if there is none, starts it, and returns the connection string for its database `letschat`.
  public func start() async throws(PostgresError) -> String { "" }

  /// Stops it.
  public func stop() async {}
}
