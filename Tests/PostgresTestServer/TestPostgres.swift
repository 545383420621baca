import Dispatch
import Foundation
import Logging
import Postgres

/// The PostgreSQL of all tests of a process: one private PostgreSQL, started for the first who asks, and ended and removed
/// with the process. Each suite, or test, makes a database of its own in it.
///
/// Who stops PostgreSQL, kills it or looks at the sessions of others has a `PrivatePostgres` of its own instead. There are
/// 100 connections for all: a suite whose tests have clients of their own is `.serialized`.
public enum TestPostgres {
  private static let folder = "/tmp/letschat-tests-\(UUID().uuidString.prefix(8))"
  private static let postgres = PrivatePostgres(configuration: .init(dataDirectory: folder), logger: quiet)
  private static let quiet = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

  private static let server = Task {
    try FileManager.default.createDirectory(
      atPath: folder, withIntermediateDirectories: false, attributes: [.posixPermissions: 0o755])
    atexit { TestPostgres.end() }
    // Its own database is nobody's: the others are made from there.
    var configuration = PostgresClient.Configuration(connectionString: try await postgres.start())
    configuration.connections = 1
    // CREATE DATABASE shares no transaction.
    configuration.flightLimit = 1
    configuration.statementTimeout = .seconds(60)
    configuration.waitLimit = .seconds(60)
    return (configuration.connectionString, try PostgresClient(configuration: configuration, logger: quiet))
  }

  /// Makes a database.
  ///
  /// - Parameter template: What it is a copy of, as this returned it; nobody may be connected to it. Nil for an empty one.
  /// - Returns: Its connection string.
  public static func makeDatabase(from template: String? = nil) async throws -> String {
    let (connectionString, client) = try await server.value
    let name = "test_\(UUID().uuidString.filter { $0 != "-" }.lowercased())"
    let source = template.map { self.name(of: $0) } ?? "template1"
    let sql = "CREATE DATABASE \(name) TEMPLATE \(source)"
    _ = try await client.query(Statement(name: "make_\(name)", text: sql))
    return self.connectionString(connectionString, database: name)
  }

  /// The same server's, with another database.
  public static func connectionString(_ connectionString: String, database: String) -> String {
    connectionString.replacing("dbname=\(name(of: connectionString))", with: "dbname=\(database)")
  }

  /// The database that a connection string of this server names.
  public static func name(of connectionString: String) -> String {
    let parts = connectionString.split(separator: " ")
    return parts.last { $0.hasPrefix("dbname=") }.map { String($0.dropFirst("dbname=".count)) } ?? ""
  }

  /// At the exit of the process, where nothing can be awaited: PostgreSQL would end by itself, and leave its folder.
  private static func end() {
    let ended = DispatchSemaphore(value: 0)
    Task.detached {
      await postgres.stop()
      ended.signal()
    }
    _ = ended.wait(timeout: .now() + .seconds(20))
    try? FileManager.default.removeItem(atPath: folder)
  }
}
