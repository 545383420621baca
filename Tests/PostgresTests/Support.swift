import Foundation
import Logging
import PostgresTestServer
import Testing

@testable import Postgres

/// A folder that is removed at the end.
final class TemporaryFolder: Sendable {
  let path: String

  init(mode: Int = 0o755) throws {
    path = "/tmp/letschat-test-\(UUID().uuidString.prefix(8))"
    try FileManager.default.createDirectory(
      atPath: path, withIntermediateDirectories: false, attributes: [.posixPermissions: mode])
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }
}

let quiet = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

/// Waits for a condition, looking every few milliseconds, and fails after a bounded time.
func until(
  _ what: Comment, within limit: Duration = .seconds(20), sourceLocation: SourceLocation = #_sourceLocation,
  _ condition: () async throws -> Bool
) async throws {
  let deadline = ContinuousClock.now + limit
  while try await !condition() {
    guard ContinuousClock.now < deadline else {
      Issue.record(what, sourceLocation: sourceLocation)
      throw CancellationError()
    }
    try await Task.sleep(for: .milliseconds(5))
  }
}

/// Gives a suite a database of its own in the PostgreSQL of all tests.
struct DatabaseTrait: SuiteTrait, TestScoping {
  @TaskLocal static var connectionString = ""

  /// Another database of the same PostgreSQL.
  static func connectionString(to database: String) -> String {
    TestPostgres.connectionString(connectionString, database: database)
  }

  func provideScope(
    for test: Test, testCase: Test.Case?, performing function: @Sendable () async throws -> Void
  ) async throws {
    try await DatabaseTrait.$connectionString.withValue(TestPostgres.makeDatabase(), operation: function)
  }
}

extension Trait where Self == DatabaseTrait {
  static var database: DatabaseTrait { DatabaseTrait() }
}

/// Runs `body` with a client of the suite's database, and closes it. The client waits long for its first connection: the
/// machine may be busy.
@discardableResult
func withClient<Output>(
  _ connectionString: String = DatabaseTrait.connectionString,
  configure: (inout PostgresClient.Configuration) -> Void = { _ in },
  _ body: (PostgresClient) async throws -> Output
) async throws -> Output {
  var configuration = PostgresClient.Configuration(connectionString: connectionString)
  configuration.waitLimit = .seconds(20)
  configure(&configuration)
  let client = try PostgresClient(configuration: configuration, logger: quiet)
  do {
    let output = try await body(client)
    await client.close()
    return output
  } catch {
    await client.close()
    throw error
  }
}

extension PostgresClient {
  /// Executes SQL without a name of its own.
  @discardableResult
  func run(_ sql: String, _ values: [Value] = []) async throws(PostgresError) -> PostgresResult {
    try await query(.text(sql), values)
  }
}

extension Statement {
  /// A statement named after its text.
  static func text(_ sql: String) -> Statement {
    let hash = sql.utf8.reduce(5_381 as UInt64) { $0 &* 33 ^ UInt64($1) }
    return Statement(name: "t\(hash)", text: sql)
  }
}

/// The error that `body` throws.
func failure(
  sourceLocation: SourceLocation = #_sourceLocation, of body: () async throws -> Void
) async throws -> PostgresError {
  let error = await #expect(throws: PostgresError.self, sourceLocation: sourceLocation) { try await body() }
  return try #require(error, sourceLocation: sourceLocation)
}
