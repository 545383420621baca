import Foundation
import Generated
import GeneratedDocuments
import Logging
import NIOPosix
import Postgres
import PostgresTestServer
import ProtocolRuntime
import Testing

@testable import Handlers

typealias ID = ProtocolRuntime.UUID

let quiet = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

/// A database with our schema, to copy: see ``TestPostgres/makeDatabase(from:)``.
private let migratedTemplate = Task {
  let connectionString = try await TestPostgres.makeDatabase()
  _ = try await Migrator(connectionString: connectionString, logger: quiet).run(Schema.migrations)
  return connectionString
}

/// Makes a database with our schema, for a test that can't share its suite's.
func makeMigratedDatabase() async throws -> String {
  try await TestPostgres.makeDatabase(from: migratedTemplate.value)
}

/// Gives all tests of a suite one database with our schema, in the PostgreSQL of all tests.
struct DatabaseTrait: SuiteTrait, TestScoping {
  @TaskLocal static var connectionString = ""
  /// Tests run at once, and PostgreSQL takes 100 connections: they share these.
  @TaskLocal static var client: PostgresClient?

  func provideScope(
    for test: Test, testCase: Test.Case?, performing function: @Sendable () async throws -> Void
  ) async throws {
    let configuration = clientConfiguration(try await makeMigratedDatabase(), connections: 8)
    let client = try PostgresClient(configuration: configuration, logger: quiet)
    let failure = await DatabaseTrait.$connectionString.withValue(configuration.connectionString) {
      await DatabaseTrait.$client.withValue(client) {
        await error { try await function() }
      }
    }
    await client.close()
    if let failure { throw failure }
  }
}

/// What the server's client has, except that this one waits long for its first connection: the machine may be busy.
func clientConfiguration(_ connectionString: String, connections: Int) -> PostgresClient.Configuration {
  var configuration = PostgresClient.Configuration(connectionString: connectionString)
  configuration.connections = connections
  configuration.sessionSettings = Schema.sessionSettings
  configuration.sessionStart = Schema.sessionStart
  configuration.waitLimit = .seconds(20)
  return configuration
}

/// What `body` throws.
private func error(_ body: () async throws -> Void) async -> (any Error)? {
  do {
    try await body()
    return nil
  } catch {
    return error
  }
}

extension Trait where Self == DatabaseTrait {
  static var database: DatabaseTrait { DatabaseTrait() }
}

/// All suites that need a database share one: a test makes its own people and chats.
@Suite(.database) struct DatabaseTests {}

/// A node: the service with connections that only remember.
struct World: Sendable {
  let client: PostgresClient
  let sink = RecordingSink()
  let service: ChatService
  let context = RequestContext(requestID: "test", address: "127.0.0.1")

  init(
    client: PostgresClient, hasher: PasswordHasher, scheduler: (any Scheduler)? = nil,
    configuration: ChatService.Configuration = .init()
  ) throws {
    self.client = client
    service = ChatService(
      accounts: try Accounts(database: client, secret: Array(repeating: 7, count: 32), hasher: hasher),
      documents: specDocuments(), sink: sink,
      loops: [
        DeliveryLoop(scheduler: scheduler ?? EventLoopScheduler(MultiThreadedEventLoopGroup.singleton.next()))
      ],
      configuration: configuration, logger: quiet)
  }

  /// A user who can call.
  func user(_ name: String) async throws -> Caller {
    let id = ID.v7()
    let handle = "u" + id.description.filter { $0 != "-" }.suffix(24)
    _ = try await client.query(
      Statement(
        name: "test_user",
        text: """
          INSERT INTO users (id, email, username, display_name, password_hash)
          VALUES ($1::uuid, $2 || '@example.org', $2, $3, '')
          """), [.uuid(id), .text(handle), .text(name)])
    return Caller(userID: id, sessionID: .v7())
  }

  func users(_ count: Int) async throws -> [Caller] {
    var users: [Caller] = []
    for index in 0..<count { users.append(try await user("User \(index)")) }
    return users
  }

  func group(_ admin: Caller, _ others: [Caller], name: String = "Engines") async throws -> Chat {
    let body = CreateChatRequest.group(.init(memberIDs: others.map(\.userID), name: name))
    guard
      case .created(let chat) = try await service.chats.createChat(.init(body: body), caller: admin, context: context)
    else { throw Unexpected() }
    return chat
  }

  func connect(_ caller: Caller) async throws -> ConnectionID {
    let connection = ConnectionID(rawValue: .random(in: .min ... .max))
    _ = try await service.connectionOpened(connection, caller: caller)
    return connection
  }

  func disconnect(_ connection: ConnectionID) {
    service.connectionClosed(connection)
    sink.drop(connection)
  }

  func send(
    _ content: String, to chat: ID, by caller: Caller, clientID: ID? = nil
  ) async throws -> Operations.SendMessage.Output {
    try await service.messages.sendMessage(
      .init(path: .init(chatID: chat), body: SendMessageRequest(content: content, clientID: clientID)), caller: caller,
      context: context)
  }

  @discardableResult
  func say(_ content: String, in chat: ID, by caller: Caller) async throws -> Message {
    guard case .created(let message) = try await send(content, to: chat, by: caller) else { throw Unexpected() }
    return message
  }

  func sync(_ caller: Caller, _ cursor: String? = nil) async throws -> SyncResult {
    guard
      case .ok(let result) = try await service.sync.sync(
        .init(query: .init(cursor: cursor)), caller: caller, context: context)
    else { throw Unexpected() }
    return result
  }

  func changes(_ chat: ID, after rev: Int, _ caller: Caller, limit: Int = 100) async throws -> Changes? {
    let history = try await client.query(HistoryStatements.Current()).text
    if case .ok(let changes) = try await listChanges(chat, after: rev, history, caller, limit: limit) { return changes }
    return nil
  }

  func listChanges(
    _ chat: ID, after rev: Int, _ history: String, _ caller: Caller, limit: Int = 100
  ) async throws -> Operations.ListChanges.Output {
    let input = Operations.ListChanges.Input(
      path: .init(chatID: chat), query: .init(afterRev: rev, history: history, limit: limit))
    return try await service.sync.listChanges(input, caller: caller, context: context)
  }

  func detail(_ chat: ID, _ caller: Caller) async throws -> ChatDetail? {
    guard
      case .ok(let detail) = try await service.chats.getChat(
        .init(path: .init(chatID: chat)), caller: caller, context: context)
    else { return nil }
    return detail
  }

  func rows(_ sql: String, _ values: [Value] = []) async throws -> PostgresResult {
    let hash = sql.utf8.reduce(5_381 as UInt64) { $0 &* 33 ^ UInt64($1) }
    return try await client.query(Statement(name: "t\(hash)", text: sql), values)
  }
}

struct Unexpected: Error {}

/// Runs a test with a node on the suite's database.
///
/// - Parameters:
///   - connections: so many of its own, for a test that counts what is sent over them; nil for the suite's.
///   - patience: how long whoever meets a lock waits for it; nil for the server's.
///   - fewChanges: up to so many changes on the server are where a sync begins; -1 for never.
func withWorld(
  scheduler: (any Scheduler)? = nil, connections: Int? = nil, patience: Duration? = nil,
  fewChanges: Int? = nil,
  _ body: (World) async throws -> Void
) async throws {
  let shared = try #require(DatabaseTrait.client)
  var client = shared
  if let connections {
    var configuration = clientConfiguration(DatabaseTrait.connectionString, connections: connections)
    if let patience { configuration.lockLimit = patience }
    client = try PostgresClient(configuration: configuration, logger: quiet)
  }
  let hasher = PasswordHasher(threads: 1)
  var configuration = ChatService.Configuration()
  if let fewChanges { configuration.fewChanges = fewChanges }
  if let patience { configuration.patience = patience }
  let failure = await error {
    try await body(try World(client: client, hasher: hasher, scheduler: scheduler, configuration: configuration))
  }
  await hasher.shutdown()
  if connections != nil { await client.close() }
  if let failure { throw failure }
}

/// Waits for a condition that another task brings about, and fails after a bounded time.
func until(_ what: Comment, _ condition: () async throws -> Bool) async throws {
  let deadline = ContinuousClock.now + .seconds(60)
  while try await !condition() {
    guard ContinuousClock.now < deadline else {
      Issue.record(what)
      throw Unexpected()
    }
    try await Task.sleep(for: .milliseconds(2))
  }
}
