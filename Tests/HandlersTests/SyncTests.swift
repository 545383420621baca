import Generated
import Postgres
import ProtocolRuntime
import Synchronization
import Testing

@testable import Handlers

extension DatabaseTests {
  @Suite struct SyncTests {
    /// A sync begins at the caller's chats, whatever has changed; or at what has changed, however much that is.
    private static let beginnings = [-1, 1_000_000]

    /// A transaction that has written, and commits only when the body is through: its last statement waits until a
    /// flag is taken away.
    private func holdingBack(
      _ world: World, write sql: String, _ values: [Value], while body: () async throws -> Void
    ) async throws {
      var configuration = PostgresClient.Configuration(connectionString: DatabaseTrait.connectionString)
      configuration.connections = 1
      let holder = try PostgresClient(configuration: configuration, logger: quiet)
      _ = try await world.rows("CREATE TABLE IF NOT EXISTS test_flags (raised boolean)")
      _ = try await world.rows("INSERT INTO test_flags VALUES (true)")
      async let slow: [PostgresResult] = holder.transaction([
        BoundStatement(Statement(name: "slow_write", text: sql), values),
        BoundStatement(
          Statement(
            name: "slow_wait",
            text: """
              DO $$
              DECLARE waiting boolean := true;
              BEGIN
                WHILE waiting LOOP
                  PERFORM pg_sleep(0.005);
                  SELECT count(*) > 0 INTO waiting FROM test_flags;
                END LOOP;
              END $$
              """)),
      ])
      try await until("the slow transaction has written") {
        try await world.rows(
          """
          SELECT count(*) FROM pg_stat_activity
          WHERE datname = current_database() AND backend_xid IS NOT NULL AND query LIKE 'DO %'
          """
        )[0].int(0) > 0
      }
      try await body()
      _ = try await world.rows("DELETE FROM test_flags")
      _ = try await slow
      await holder.close()
    }

    // One at a time: they share the flag.
    @Test(.serialized, arguments: beginnings)
    func `what was under way when the cursor was made is told by the next sync`(few: Int) async throws {
      try await withWorld(fewChanges: few) { world in
        let users = try await world.users(3)
        let slow = try await world.group(users[0], Array(users[1...])).id
        let quick = try await world.group(users[0], Array(users[1...])).id
        let idle = try await world.group(users[0], Array(users[1...])).id
        let sql = """
          WITH marked AS (
            UPDATE chat_members SET last_read_seq = 0, changed_xid = pg_current_xact_id()
            WHERE chat_id = $2::uuid AND user_id = $3::uuid
          ), renamed AS (
            UPDATE users SET display_name = 'Slow', changed_xid = pg_current_xact_id() WHERE id = $3::uuid
          )
          UPDATE chats SET name = 'Slow', changed_xid = pg_current_xact_id() WHERE id = $1::uuid
          """
        var cursor = try await world.sync(users[0]).nextCursor
        let marked = try await world.group(users[0], Array(users[1...])).id
        try await holdingBack(world, write: sql, [.uuid(slow), .uuid(marked), .uuid(users[1].userID)]) {
          // Later transactions commit first, and cursors are made: their snapshots must not swallow the slow one.
          for index in 0..<3 {
            try await world.say("\(index)", in: quick, by: users[0])
            let page = try await world.sync(users[0], cursor)
            #expect(Set(page.chats.map(\.chat.id)) == Set(index == 0 ? [quick, marked] : [quick]))
            #expect(page.users.allSatisfy { $0.displayName != "Slow" })
            cursor = page.nextCursor
          }
        }
        let page = try await world.sync(users[0], cursor)
        #expect(Set(page.chats.map(\.chat.id)) == [slow, marked])
        #expect(page.chats.first { $0.chat.id == slow }?.chat.name == "Slow")
        #expect(page.users.map(\.id) == [users[1].userID])
        #expect(page.users.first?.displayName == "Slow")
        #expect(!page.full && !page.hasMore && page.removedChatIDs.isEmpty)
        let after = try await world.sync(users[0], page.nextCursor)
        #expect(after.chats.isEmpty && after.users.isEmpty)
        #expect(idle != slow)
      }
    }

    @Test(arguments: beginnings)
    func `a large account syncs page by page, while it changes`(few: Int) async throws {
      try await withWorld(fewChanges: few) { world in
        let users = try await world.users(3)
        var chats: Set<ID> = []
        for _ in 0..<110 { chats.insert(try await world.group(users[0], [users[1]]).id) }
        var pages = [try await world.sync(users[0])]
        // A chat that has been told already moves.
        let moved = try #require(pages[0].chats.first?.chat.id)
        try await world.say("moved", in: moved, by: users[1])
        while let last = pages.last, last.hasMore { pages.append(try await world.sync(users[0], last.nextCursor)) }
        #expect(pages.map(\.chats.count) == [20, 20, 20, 20, 20, 10])
        // Each page has the people of its chats.
        for page in pages { #expect(page.full && page.users.map(\.id) == [users[1].userID]) }
        #expect(Set(pages.flatMap(\.chats).map(\.chat.id)) == chats)
        let next = try await world.sync(users[0], pages.last?.nextCursor)
        #expect(next.chats.map(\.chat.id) == [moved] && !next.full && !next.hasMore)
        // More than a page of news.
        for chat in chats { try await world.say("news", in: chat, by: users[1]) }
        let news = try await world.sync(users[0], next.nextCursor)
        let rest = try await world.sync(users[0], news.nextCursor)
        #expect(!news.full && news.hasMore && !rest.full && !rest.hasMore)
        #expect([news, rest].map(\.chats.count) == [100, 10])
        #expect(Set((news.chats + rest.chats).map(\.chat.id)) == chats)
        #expect(try await world.sync(users[0], rest.nextCursor).chats.isEmpty)
      }
    }

    @Test(arguments: beginnings)
    func `people are told when they change, come, or become known`(few: Int) async throws {
      try await withWorld(fewChanges: few) { world in
        let users = try await world.users(4)
        let chat = try await world.group(users[0], [users[1]]).id
        var cursor = try await world.sync(users[1]).nextCursor
        func news() async throws -> Set<ID> {
          let page = try await world.sync(users[1], cursor)
          cursor = page.nextCursor
          return Set(page.users.map(\.id))
        }
        #expect(try await news() == [])
        try await world.say("x", in: chat, by: users[0])
        _ = try await world.read(chat, upTo: 1, by: users[0])
        #expect(try await news() == [])
        #expect(try await world.add([users[2]], to: chat, by: users[0]).members != nil)
        #expect(try await news() == [users[2].userID])
        // Whoever comes into a chat that was there before learns of everybody in it.
        let other = try await world.group(users[3], [users[2]]).id
        #expect(try await news() == [])
        #expect(try await world.add([users[1]], to: other, by: users[3]).members != nil)
        #expect(try await news() == [users[2].userID, users[3].userID])
        for user in users {
          _ = try await world.rows(
            "UPDATE users SET bio = 'x', changed_xid = pg_current_xact_id() WHERE id = $1::uuid", [.uuid(user.userID)])
        }
        #expect(try await news() == [users[0].userID, users[2].userID, users[3].userID])
        #expect(try await world.remove(users[1], from: other, by: users[1]) == nil)
        let page = try await world.sync(users[1], cursor)
        #expect(page.removedChatIDs == [other] && page.chats.isEmpty && page.users.isEmpty)
        // What goes on in a chat that one has left is not told.
        try await world.say("after", in: other, by: users[2])
        #expect(try await world.sync(users[1], page.nextCursor).removedChatIDs == [])
      }
    }

    @Test func `a cursor that is old, foreign, or of another database is refused`() async throws {
      try await withWorld { world in
        let users = try await world.users(2)
        func code(_ cursor: SyncCursor) async throws -> Operations.Sync.Code? {
          let output = try await world.service.sync.sync(
            .init(query: .init(cursor: cursor.text)), caller: users[0], context: world.context)
          if case .refused(let refusal) = output { return refusal.code }
          return nil
        }
        var cursor = try #require(SyncCursor(try await world.sync(users[0]).nextCursor))
        #expect(try await code(cursor) == nil)
        let now = cursor.issued
        let row = cursor.row
        cursor = SyncCursor(owner: users[0].userID, issued: now - 30 * 86_400 - 1, since: cursor.since, row: row)
        #expect(try await code(cursor) == .resync)
        cursor = SyncCursor(
          owner: users[0].userID, issued: now, since: SyncSnapshot(text: "9000000:9000001:9000000"), row: row)
        #expect(try await code(cursor) == .resync)
        for (number, refusal) in [(1 << 60 - 1, .resync), (1 << 60, .invalidCursor), (UInt64.max, .invalidCursor)]
          as [(UInt64, Operations.Sync.Code)]
        {
          let since = SyncSnapshot(xmin: number, xmax: number, running: [])
          cursor = SyncCursor(owner: users[0].userID, issued: now, since: since, row: row)
          #expect(try await code(cursor) == refusal)
        }
        cursor = SyncCursor(owner: users[0].userID, issued: now, since: SyncSnapshot(text: "3:3:"), row: row)
        #expect(try await code(cursor) == nil)
        cursor = SyncCursor(owner: users[0].userID, issued: now, since: SyncSnapshot(text: "3:3:"), row: .v7())
        #expect(try await code(cursor) == .resync)
        cursor = SyncCursor(owner: users[1].userID, issued: now, since: nil, row: nil)
        #expect(try await code(cursor) == .invalidCursor)
      }
    }

    @Test(arguments: beginnings)
    func `a change that is under way is never skipped, whoever syncs meanwhile`(few: Int) async throws {
      try await withWorld(fewChanges: few) { world in
        let users = try await world.users(2)
        var chats: [ID] = []
        for _ in 0..<5 { chats.append(try await world.group(users[0], [users[1]]).id) }
        let ids = chats
        var cursor = try await world.sync(users[1]).nextCursor
        var revs: [ID: Int] = [:]
        let isOver = Mutex(false)
        let writing = Task {
          defer { isOver.withLock { $0 = true } }
          try await withThrowingTaskGroup(of: Void.self) { group in
            for writer in 0..<8 {
              group.addTask {
                for index in 0..<60 {
                  try await world.say("\(writer) \(index)", in: ids[(writer + index) % 5], by: users[0])
                }
              }
            }
            group.addTask {
              for index in 0..<60 { _ = try await world.read(ids[index % 5], upTo: index, by: users[0]) }
            }
            try await group.waitForAll()
          }
        }
        while !isOver.withLock({ $0 }) {
          let page = try await world.sync(users[1], cursor)
          for item in page.chats { revs[item.chat.id] = item.chat.rev }
          cursor = page.nextCursor
        }
        try await writing.value
        let last = try await world.sync(users[1], cursor)
        for item in last.chats { revs[item.chat.id] = item.chat.rev }
        for id in ids { #expect(try await world.detail(id, users[1])?.rev == revs[id]) }
      }
    }
  }
}
