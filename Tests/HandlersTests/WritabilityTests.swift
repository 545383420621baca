import Postgres
import ProtocolRuntime
import Synchronization
import Testing

@testable import Handlers

/// Ends as a statement does that needs room on a disk that is full.
private struct Overflow: ServerCommand {
  static let text = Statement(
    name: "test_overflow", text: "DO $$ BEGIN RAISE EXCEPTION 'as if' USING ERRCODE = '53100'; END $$")

  var values: [Value] { [] }

  func mostRows(for caller: CallerExtent) -> Int { 0 }
}

extension DatabaseTests {
  @Suite struct WritabilityTests {
    @Test func `a database whose disk was full is not ready for ten seconds`() async throws {
      try await withWorld(connections: 1) { world in
        let start = ContinuousClock.now
        let time = Mutex(start)
        let database = Database(client: world.client, writability: Writability { time.withLock { $0 } })
        try await database.checkWritable()
        await #expect(throws: UnavailableError.self) { _ = try await database.query(Overflow()) }
        // What the check itself writes needs no room.
        _ = try await database.query(Database.Mark())
        for passed in [Duration.zero, .milliseconds(9_999)] {
          time.withLock { $0 = start + passed }
          await #expect(throws: UnavailableError.self) { try await database.checkWritable() }
        }
        time.withLock { $0 = start + .seconds(10) }
        try await database.checkWritable()
      }
    }

    /// What accounts write tells it as well as what chats do.
    @Test func `a registration that finds the disk full shows in the readiness`() async throws {
      try await withWorld { world in
        let person = Person()
        _ = try await world.rows(
          """
          CREATE OR REPLACE FUNCTION test_disk_is_full() RETURNS trigger LANGUAGE plpgsql AS
          $$ BEGIN RAISE EXCEPTION 'as if' USING ERRCODE = '53100'; END $$
          """)
        _ = try await world.rows(
          """
          CREATE OR REPLACE TRIGGER test_disk_is_full BEFORE INSERT ON users
          FOR EACH ROW WHEN (NEW.username = '\(person.name)') EXECUTE FUNCTION test_disk_is_full()
          """)
        await #expect(throws: UnavailableError.self) { try await world.register(person) }
        await #expect(throws: UnavailableError.self) {
          try await world.service.system.getHealth(.init(query: .init(ready: 1)), context: world.context)
        }
      }
    }
  }
}
