import Foundation
import Handlers
import Postgres
import Synchronization
import Testing

/// A private PostgreSQL whose files can be put aside and brought back, as a backup of the disk does.
final class Restorable: Sendable {
  let path = "/tmp/letschat-history-\(ID.v7())"
  private let running = Mutex<(postgres: PrivatePostgres, url: String)?>(nil)

  init() throws {
    try FileManager.default.createDirectory(
      atPath: path, withIntermediateDirectories: false, attributes: [.posixPermissions: 0o755])
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  func start() async throws -> PostgresClient {
    let postgres = PrivatePostgres(configuration: .init(dataDirectory: path + "/live"), logger: quiet)
    let url = try await postgres.start()
    running.withLock { $0 = (postgres, url) }
    _ = try await Migrator(connectionString: url, logger: quiet).run(Schema.migrations)
    return try connect()
  }

  /// PostgreSQL must run.
  func connect(waitLimit: Duration = .seconds(1)) throws -> PostgresClient {
    var configuration = PostgresClient.Configuration(connectionString: try #require(running.withLock { $0?.url }))
    configuration.waitLimit = waitLimit
    configuration.sessionSettings = Schema.sessionSettings
    configuration.sessionStart = Schema.sessionStart
    return try PostgresClient(configuration: configuration, logger: quiet)
  }

  func stop() async {
    await running.withLock { $0.take() }?.postgres.stop()
  }

  /// As the disk is now, whoever runs on it.
  func backUp(_ client: PostgresClient) async throws {
    _ = try await client.query(Statement(name: "history_test_checkpoint", text: "CHECKPOINT"))
    try run("/bin/cp", "-a", path + "/live", path + "/backup")
    try run("/bin/rm", "-f", path + "/backup/postgres/data/postmaster.pid")
  }

  /// PostgreSQL must have stopped.
  func restore() throws {
    try run("/bin/rm", "-rf", path + "/live")
    try run("/bin/cp", "-a", path + "/backup", path + "/live")
  }

  /// A dump of the database, or of one section of it (pg_dump's `--section`).
  func dump(_ client: PostgresClient, section: String? = nil) async throws -> String {
    let file = "\(path)/\(section ?? "whole").sql"
    try await play("pg_dump", client, section.map { ["--section", $0] } ?? [], ["--file", file, "letschat"])
    return file
  }

  /// Reads dumps in, in place of what is there.
  func read(_ dumps: [String], _ client: PostgresClient) async throws {
    try await command("DROP SCHEMA public CASCADE; CREATE SCHEMA public", client)
    for dump in dumps { try await add(dump, client) }
  }

  func add(_ dump: String, _ client: PostgresClient) async throws {
    try await play("psql", client, Self.quietly, ["--dbname", "letschat", "--file", dump])
  }

  func command(_ sql: String, _ client: PostgresClient) async throws {
    try await play("psql", client, Self.quietly, ["--dbname", "letschat", "--command", sql])
  }

  private static let quietly = ["--quiet", "--output", "/dev/null", "--set", "ON_ERROR_STOP=1"]

  private func play(_ program: String, _ client: PostgresClient, _ arguments: [String]...) async throws {
    let version = try String(contentsOfFile: path + "/live/postgres/data/PG_VERSION", encoding: .utf8)
    let user = try await client.query(
      Statement(name: "history_test_user_name", text: "SELECT current_user::text"), [])
    let connection = ["--host", path + "/live/postgres/socket", "--username", try #require(user.first).string(0)]
    try run(
      "/usr/lib/postgresql/\(version.prefix { $0.isNumber })/bin/\(program)", connection + arguments.flatMap(\.self))
  }
}

private func run(_ program: String, _ arguments: String...) throws { try run(program, arguments) }

private func run(_ program: String, _ arguments: [String]) throws {
  let process = Process()
  process.executableURL = URL(fileURLWithPath: program)
  process.arguments = arguments
  try process.run()
  process.waitUntilExit()
  #expect(process.terminationStatus == 0, "\(program) \(arguments)")
}
