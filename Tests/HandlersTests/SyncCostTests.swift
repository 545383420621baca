import Testing

@testable import Handlers
@testable import Postgres
@testable import ProtocolRuntime

extension DatabaseTests {
  /// An index by transaction has an entry for each version of a row until a vacuum takes the dead ones away: what others
  /// do again and again is few rows, and many entries.
  @Suite struct SyncCostTests {
    @Test func `what others changed again and again costs a sync nothing`() async throws {
      let path = try await makeMigratedDatabase()
      let settings = try ConnectionSettings(path, statementTimeout: nil, sessionSettings: Schema.sessionSettings)
      let database = try BlockingConnection(settings)
      try database.script(settings.greeting)
      for table in ["users", "chats", "chat_members"] {
        try database.script("ALTER TABLE \(table) SET (autovacuum_enabled = false)")
      }
      try database.script(
        """
        INSERT INTO users (id, email, username, display_name, password_hash)
        SELECT md5('user ' || n)::uuid, n || '@example.org', 'user_' || n, 'User', '' FROM generate_series(1, 4) n;
        INSERT INTO chats (id, type, name, created_by, created_at, updated_at, member_count)
        SELECT md5('chat ' || n)::uuid, 'group', 'Group', md5('user 1')::uuid, now(), now(), 2 FROM generate_series(1, 2) n;
        INSERT INTO chat_members (chat_id, user_id, role, joined_at, joined_rev, rev)
        SELECT md5('chat ' || (n + 1) / 2)::uuid, md5('user ' || n)::uuid, 'member', now(), 1, 1
        FROM generate_series(1, 4) n
        """)
      let since = try #require(
        SyncSnapshot(text: try database.execute("SELECT pg_current_snapshot()::text")[0].string(0)))
      // In chat 2, of users 3 and 4.
      try database.script(
        """
        DO $$
        BEGIN
          FOR turn IN 1..1000 LOOP
            UPDATE users SET changed_xid = pg_current_xact_id() WHERE id = md5('user 3')::uuid;
            UPDATE chats SET changed_xid = pg_current_xact_id() WHERE id = md5('chat 2')::uuid;
            UPDATE chat_members SET changed_xid = pg_current_xact_id() WHERE user_id = md5('user 4')::uuid;
            COMMIT;
          END LOOP;
        END $$
        """)
      let caller = try #require(ID(try database.execute("SELECT md5('user 1')::uuid::text")[0].string(0)))
      let beginning = ID(high: 0, low: 0)
      for query: any ServerQuery in [
        SyncStatements.Chats(caller: caller, after: beginning, limit: 101, since: since),
        SyncStatements.ChangedUsers(caller: caller, after: beginning, limit: 1001, since: since),
      ] {
        let before = try entriesRead(database)
        _ = try database.execute(query.statement.text, query.values)
        let count = try entriesRead(database) - before
        #expect(count < 100, "\(query.statement.name)")
      }
    }

    /// How many entries of the indexes by transaction scans have gone through, dead ones as well.
    private func entriesRead(_ database: borrowing BlockingConnection) throws -> Int {
      try database.script("SELECT pg_stat_force_next_flush()")
      return try database.execute(
        """
        SELECT sum(idx_tup_read)::bigint FROM pg_stat_user_indexes
        WHERE indexrelname IN ('chats_changed_xid', 'chat_members_recent', 'users_changed_xid')
        """)[0].int(0)
    }
  }
}
