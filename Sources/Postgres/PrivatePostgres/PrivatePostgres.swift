import Logging
import Synchronization

/// A PostgreSQL server of one's own in a data folder: the default where no database is configured.
///
/// It listens on a unix socket only, in a folder that only its owner can enter, with fsync on. PostgreSQL is a child
/// process: it is started again when it dies, and it ends with this process, also after kill -9. PostgreSQL refuses to
/// run as root, so root runs it as the user `postgres`; when that user cannot reach the data folder, its folder lies in
/// /var/lib/letschat, and `postgres` in the data folder is a symbolic link to it.
public final class PrivatePostgres: Sendable {
  public struct Configuration: Sendable {
    /// The server's data folder, made when it is missing; PostgreSQL's is its subfolder `postgres`.
    public var dataDirectory: String
    /// Where initdb and postgres are; nil searches /usr/lib/postgresql/*/bin, newest first, then PATH.
    public var binaryDirectory: String?
    /// How long a start may take, recovery after a crash included.
    public var startTimeout: Duration = .seconds(60)
    /// How long PostgreSQL gets to end by itself before it is made to.
    public var stopTimeout: Duration = .seconds(20)

    public init(dataDirectory: String) { self.dataDirectory = dataDirectory }
  }

  private let configuration: Configuration
  private let logger: Logger
  private let supervisor = Mutex<PostgresSupervisor?>(nil)

  public init(configuration: Configuration, logger: Logger) {
    self.configuration = configuration
    self.logger = logger
  }

  deinit { supervisor.withLock { $0 }?.beginStopping() }

  /// Makes its folder if there is none, starts it, and returns the connection string of its database `letschat`.
  ///
  /// Throws `privatePostgres`, with one line that says what to do, if PostgreSQL is not installed, if another process serves
  /// from the folder, or if PostgreSQL does not start.
  public func start() async throws(PostgresError) -> String {
    let supervisor = try PostgresSupervisor(configuration: configuration, logger: logger)
    let isFirst = self.supervisor.withLock { current in
      if current == nil { current = supervisor }
      return current === supervisor
    }
    guard isFirst else { throw PostgresError(.privatePostgres, "the private PostgreSQL was started already") }
    do throws(PostgresError) {
      return try await supervisor.start()
    } catch {
      self.supervisor.withLock { $0 = nil }
      throw error
    }
  }

  /// Stops PostgreSQL: open transactions are rolled back, the shutdown is clean. Returns when its process is gone.
  /// Close the clients first.
  public func stop() async {
    let supervisor = self.supervisor.withLock { current in
      defer { current = nil }
      return current
    }
    await supervisor?.stop()
  }
}
