import Foundation
import Logging
import NIOPosix
import Postgres
import ProtocolRuntime
import Synchronization
import Testing

@testable import Handlers

extension PostgresClient {
  /// What this wrote.
  @discardableResult
  fileprivate func write() async throws -> KnownCommit {
    let name = "u\(ID.v7().description.filter { $0 != "-" }.suffix(24))"
    let results = try await transaction([
      BoundStatement(Statement(name: "history_test_number", text: "SELECT pg_current_xact_id()::text::bigint")),
      BoundStatement(
        Statement(
          name: "history_test_user",
          text: """
            INSERT INTO users (id, email, username, display_name, password_hash)
            VALUES ($1::uuid, $2 || '@example.org', $2, $2, '')
            RETURNING pg_current_xact_id()::text::bigint, (SELECT id::text FROM history ORDER BY number DESC LIMIT 1)
            """), [.uuid(ID.v7()), .text(name)]),
    ])
    let row = try #require(results[1].first)
    return KnownCommit(row: try #require(ID(try row.string(1))), xid: try row.int(0))
  }

  fileprivate func mark() async throws -> HistoryMark { try await query(HistoryStatements.Current()) }
}

/// How many nodes look still.
private final class Looking: Sendable {
  let count: Mutex<Int>

  init(_ count: Int) { self.count = Mutex(count) }
}

private func history(
  _ client: PostgresClient, changed: @escaping @Sendable (HistoryMark) -> Void = { _ in }
) -> DatabaseHistory {
  DatabaseHistory(
    database: Database(client: client),
    loop: DeliveryLoop(scheduler: EventLoopScheduler(MultiThreadedEventLoopGroup.singleton.next())),
    hearsOthers: false, logger: quiet
  ) { changed($0) }
}

@Suite(.serialized) struct DatabaseHistoryTests {
  /// A backup of the disk keeps PostgreSQL's identity and its timeline, and transactions' numbers are given again: after
  /// the loss of a single one as after that of many.
  @Test(arguments: [1, 2, 7]) func `a restored disk shows itself`(lost: Int) async throws {
    let postgres = try Restorable()
    var client = try await postgres.start()
    try await history(client).begin()
    try await client.write()
    let before = try await client.mark()
    try await postgres.backUp(client)
    for _ in 0..<lost { try await client.write() }
    let after = try await client.mark()
    // No row lies between the backup and what is lost.
    #expect(after.row == before.row && after.xmax == before.xmax + lost)
    #expect(try await history(client).has(before))
    #expect(try await history(client).has(after))
    await client.close()
    await postgres.stop()

    try postgres.restore()
    client = try await postgres.start()
    let now = history(client)
    try await now.begin()
    for _ in 0..<3 {
      #expect(try await now.has(before))
      #expect(try await !now.has(after))
      #expect(try await now.has(client.mark()))
      // Numbers overtake those of the lost future.
      for _ in 0..<20 { try await client.write() }
    }
    await client.close()
    await postgres.stop()
  }

  /// A node that goes on while the database under it is another one, and is written to at once.
  @Test(arguments: [false, true]) func `a node notices`(knowsTheCommit: Bool) async throws {
    let postgres = try Restorable()
    let client = try await postgres.start()
    let told = Mutex<[HistoryMark]>([])
    let node = history(client) { mark in told.withLock { $0.append(mark) } }
    try await node.begin()
    let lastKept = try await client.write()
    node.note(lastKept)
    await node.look()

    // A restart alone is no other history.
    await postgres.stop()
    try await (postgres.start()).close()
    try await lookUntilItAnswers(node, client)
    #expect(told.withLock { $0.isEmpty })

    try await postgres.backUp(client)
    // Of the last thing that it told it has either the number or a look behind it.
    let lost = try await client.write()
    if knowsTheCommit { node.note(lost) } else { await node.look() }
    await postgres.stop()
    try postgres.restore()
    let other = try await postgres.start()
    for _ in 0..<20 { try await other.write() }
    await other.close()
    try await lookUntilItAnswers(node, client)
    #expect(told.withLock { $0.count } == 1)
    // It knows where it is now.
    for _ in 0..<20 {
      node.note(try await client.write())
      await node.look()
    }
    #expect(told.withLock { $0.count } == 1)
    let mark = try #require(told.withLock { $0.first })
    #expect(try await node.has(mark))
    await client.close()
    await postgres.stop()
  }

  /// It saw nothing of what is lost, and has told what it heard of it. It was told over Redis, once: while that was away
  /// it never heard.
  @Test func `a node that has no sign of it is told in the database`() async throws {
    let postgres = try Restorable()
    let client = try await postgres.start()
    let told = Mutex([0, 0])
    let nodes = (0..<2).map { number in history(client) { _ in told.withLock { $0[number] += 1 } } }
    for node in nodes { try await node.begin() }
    try await postgres.backUp(client)
    try await client.write()
    await nodes[0].look()
    await postgres.stop()
    try postgres.restore()
    try await (postgres.start()).close()
    try await lookUntilItAnswers(nodes[0], client)
    #expect(told.withLock { $0 } == [1, 0])
    // Each once, and nobody tells it back.
    for _ in 0..<3 { for node in nodes { await node.look() } }
    #expect(told.withLock { $0 } == [1, 1])
    let later = history(client) { _ in told.withLock { $0[0] += 10 } }
    try await later.begin()
    try await client.write()
    await later.look()
    #expect(told.withLock { $0 } == [1, 1])
    await client.close()
    await postgres.stop()
  }

  private func lookUntilItAnswers(_ node: DatabaseHistory, _ client: PostgresClient) async throws {
    let deadline = ContinuousClock.now + .seconds(20)
    while (try? await client.mark()) == nil { try #require(ContinuousClock.now < deadline) }
    // A look that comes while a connection is still away fails, and says nothing.
    for _ in 0..<20 { await node.look() }
  }

  /// A transaction that is under way when the copy is cut is aborted there, and its number is given to nobody else.
  @Test func `what ended behind the cut is missed`() async throws {
    let postgres = try Restorable()
    let client = try await postgres.start()
    try await history(client).begin()
    _ = try await client.query(Statement(name: "history_test_flag", text: "CREATE TABLE flag (up boolean)"))
    async let slow = client.transaction([
      BoundStatement(
        Statement(
          name: "history_test_slow",
          text: "SELECT pg_current_xact_id()::text::bigint, id::text FROM history ORDER BY number DESC LIMIT 1")),
      BoundStatement(
        Statement(
          name: "history_test_wait",
          text: """
            DO $$ BEGIN
              WHILE (SELECT count(*) = 0 FROM flag) LOOP PERFORM pg_sleep(0.005); END LOOP;
            END $$
            """)),
    ])
    try await until("it is under way") {
      let rows = try await client.query(
        Statement(
          name: "history_test_under_way",
          text: "SELECT count(*) FROM pg_stat_activity WHERE backend_xid IS NOT NULL"))
      return try #require(rows.first).int(0) > 0
    }
    // Later ones are kept.
    try await client.write()
    try await postgres.backUp(client)
    _ = try await client.query(Statement(name: "history_test_raise", text: "INSERT INTO flag VALUES (true)"))
    let row = try #require(try await slow[0].first)
    let commit = KnownCommit(row: try #require(ID(try row.string(1))), xid: try row.int(0))
    let mark = try await client.mark()
    #expect(try await client.query(HistoryStatements.Check(mark: mark, commit: commit)))
    await client.close()
    await postgres.stop()
    try postgres.restore()
    let other = try await postgres.start()
    try await history(other).begin()
    for _ in 0..<3 { try await other.write() }
    #expect(try await !other.query(HistoryStatements.Check(mark: other.mark(), commit: commit)))
    await other.close()
    await postgres.stop()
  }

  /// A dump has rows of transactions that are still to come in a new PostgreSQL.
  @Test func `a dump is another history`() async throws {
    let old = try Restorable()
    var client = try await old.start()
    try await history(client).begin()
    for _ in 0..<300 { try await client.write() }
    _ = try await client.query(
      Statement(
        name: "history_test_sessions",
        text: """
          INSERT INTO sessions (id, user_id, expires_at) SELECT gen_random_uuid(), id, now() FROM users
          """))
    _ = try await client.query(
      Statement(name: "history_test_revocation", text: "UPDATE sessions SET revoked_at = now()"))
    let mark = try await client.mark()
    #expect(try await future(client) == 0)
    let dump = try await old.dump(client)
    await client.close()

    // Into a new PostgreSQL, and into another database of the same.
    let new = try Restorable()
    client = try await new.start()
    try await new.read([dump], client)
    #expect(try await future(client) > 0)
    var now = history(client)
    try await now.begin()
    #expect(try await !now.has(mark))
    #expect(try await now.has(client.mark()))
    #expect(try await future(client) == 0)
    await client.close()
    await new.stop()

    await old.stop()
    client = try await old.start()
    try await old.read([dump], client)
    #expect(try await future(client) == 0)
    now = history(client)
    try await now.begin()
    #expect(try await !now.has(mark))
    #expect(try await now.has(client.mark()))
    await client.close()
    await old.stop()
  }

  /// A node that connects while a dump is read in would write its rows before those of the dump come, which would then
  /// seem to be of this table.
  @Test func `who connects waits for a dump that is being read in`() async throws {
    let postgres = try Restorable()
    let client = try await postgres.start()
    try await history(client).begin()
    try await client.write()
    let mark = try await client.mark()
    var dumps: [String] = []
    for section in ["pre-data", "data", "post-data"] { dumps.append(try await postgres.dump(client, section: section)) }
    try await postgres.read([dumps[0]], client)

    let early = try postgres.connect(waitLimit: .milliseconds(200))
    let error = await #expect(throws: PostgresError.self) { try await early.mark() }
    #expect(error?.message.contains("the database is being restored") == true)
    for dump in dumps.dropFirst() { try await postgres.add(dump, client) }
    await client.close()
    await early.close()
    let late = try postgres.connect()
    let now = history(late)
    try await now.begin()
    #expect(try await !now.has(mark))
    #expect(try await now.has(late.mark()))
    await late.close()
    await postgres.stop()
  }

  /// The users and sessions that were changed by transactions that are still to come.
  private func future(_ client: PostgresClient) async throws -> Int {
    let rows = try await client.query(
      Statement(
        name: "history_test_future",
        text: """
          SELECT (SELECT count(*) FROM users WHERE changed_xid >= pg_snapshot_xmax(pg_current_snapshot()))
            + (SELECT count(*) FROM sessions WHERE revoked_xid >= pg_snapshot_xmax(pg_current_snapshot()))
          """), [])
    return try #require(rows.first).int(0)
  }

  /// No mark of the database itself is refused, whatever is written meanwhile and by whomever.
  @Test func `marks of many writers hold`() async throws {
    let postgres = try Restorable()
    let client = try await postgres.start()
    let told = Mutex(0)
    let nodes = (0..<2).map { _ in history(client) { _ in told.withLock { $0 += 1 } } }
    for node in nodes { try await node.begin() }
    let looking = Looking(nodes.count)
    try await withThrowingTaskGroup(of: Void.self) { group in
      for writer in 0..<3 {
        group.addTask {
          while looking.count.withLock({ $0 }) > 0 { nodes[writer % 2].note(try await client.write()) }
        }
      }
      for node in nodes {
        group.addTask {
          var marks: [HistoryMark] = []
          for _ in 0..<150 {
            await node.look()
            marks.append(try await client.mark())
          }
          looking.count.withLock { $0 -= 1 }
          for mark in marks { #expect(try await node.has(mark)) }
          #expect(Set(marks.map(\.row)).count > 3)
        }
      }
      try await group.waitForAll()
    }
    #expect(told.withLock { $0 } == 0)
    await client.close()
    await postgres.stop()
  }

  /// Rows come only with writes, and one node is enough.
  @Test func `no row comes without a write`() async throws {
    let postgres = try Restorable()
    let client = try await postgres.start()
    let nodes = [history(client), history(client)]
    for node in nodes { try await node.begin() }
    func count() async throws -> Int {
      let rows = try await client.query(Statement(name: "history_test_count", text: "SELECT count(*) FROM history"))
      return try #require(rows.first).int(0)
    }
    #expect(try await count() == 2)
    for _ in 0..<50 { for node in nodes { await node.look() } }
    #expect(try await count() == 2)
    for turn in 1...3 {
      try await client.write()
      for _ in 0..<10 { for node in nodes { await node.look() } }
      #expect(try await count() == 2 + turn)
    }
    await client.close()
    await postgres.stop()
  }
}
