import PostgresTestServer
import Testing

@testable import Handlers
@testable import Postgres

extension DatabaseTests {
  /// What migrations make of rows that are there already.
  @Suite struct MigrationDataTests {
    @Test func `each standing membership gets its chat's day`() async throws {
      let path = try await TestPostgres.makeDatabase()
      let migrator = try Migrator(connectionString: path, logger: quiet)
      _ = try await migrator.run(Array(Schema.migrations.prefix(8)))
      let database = try BlockingConnection(ConnectionSettings(path, statementTimeout: nil))
      // Chat 3 is deleted; user 4 has left its chat.
      try database.script(
        """
        INSERT INTO users (id, email, username, display_name, password_hash)
        SELECT md5('user ' || n)::uuid, n || '@example.org', 'user_' || n, 'User', '' FROM generate_series(1, 6) n;
        INSERT INTO chats (id, type, name, created_by, created_at, updated_at, member_count, deleted_at)
        SELECT md5('chat ' || n)::uuid, 'group', 'Group', md5('user 1')::uuid, '2026-01-01Z',
          timestamptz '2026-03-01 23:30Z' + make_interval(days => n), 2, CASE n WHEN 3 THEN now() END
        FROM generate_series(1, 3) n;
        INSERT INTO chat_members (chat_id, user_id, role, joined_at, joined_rev, rev, left_at)
        SELECT md5('chat ' || (n + 1) / 2)::uuid, md5('user ' || n)::uuid, 'member', now(), 1, 1,
          CASE n WHEN 4 THEN now() END
        FROM generate_series(1, 6) n
        """)
      _ = try await migrator.run(Schema.migrations)
      let days = try database.execute(
        """
        SELECT n::text || ' ' || day FROM chat_days, generate_series(1, 6) n
        WHERE user_id = md5('user ' || n)::uuid AND chat_id = md5('chat ' || (n + 1) / 2)::uuid ORDER BY 1
        """)
      #expect(try (0..<days.count).map { try days[$0].string(0) } == ["1 2026-03-02", "2 2026-03-02", "3 2026-03-03"])
      #expect(try database.execute("SELECT count(*) FROM chat_days")[0].int(0) == 3)
    }
  }
}
