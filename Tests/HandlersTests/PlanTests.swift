import Foundation
import Testing

@testable import Handlers
@testable import Postgres
@testable import ProtocolRuntime

extension DatabaseTests {
  /// No plan of any statement touches more rows than the statement's type says: neither one that was made on empty
  /// tables, nor on those of a young server, nor one that is made later, neither with statistics nor without. Where there
  /// are none, several indexes seem to be as good, and which of them is taken depends on the size.
  ///
  /// `Tests/Plans/run` runs this with a million users; here are some thousands, with bounds that are no wider.
  @Suite struct PlanTests {
    private static func size(_ name: String, _ small: Int) -> Int {
      ProcessInfo.processInfo.environment["LETSCHAT_PLANS_\(name)"].flatMap { Int($0) } ?? small
    }

    @Test func `no plan touches more rows than its statement says`() async throws {
      let sizes = [
        "users": Self.size("USERS", 3000), "groups": Self.size("GROUPS", 1500), "chats": Self.size("CHATS", 200),
        "messages": Self.size("MESSAGES", 30),
      ]
      let path = try await makeMigratedDatabase()
      let settings = try ConnectionSettings(path, statementTimeout: nil, sessionSettings: Schema.sessionSettings)
      let database = try BlockingConnection(settings)
      try database.script(settings.greeting)
      // Plans would be made anew when autovacuum looked at the tables.
      for table in [
        "users", "user_words", "chats", "chat_days", "chat_members", "messages", "read_marks", "sessions", "history",
        "history_change",
      ] {
        try database.script("ALTER TABLE \(table) SET (autovacuum_enabled = false)")
      }
      // An eighth of the time of loading is the log's otherwise, and no plan depends on it.
      for table in ["chat_days", "chat_members", "messages", "user_words"] {
        try database.script("ALTER TABLE \(table) SET UNLOGGED")
      }
      try database.script("SET plan_cache_mode = force_generic_plan")
      let samples = try Samples(database, sizes)
      var last = Stage(users: 0, groups: 0)
      for stage in Self.stages {
        try await grow(path, from: last, to: stage, sizes)
        try prepare(samples, at: stage, database)
        last = stage
      }
      let whole = Stage(
        users: sizes["users", default: 0], groups: sizes["groups", default: 0] + sizes["chats", default: 0])
      try await grow(path, from: last, to: whole, sizes)
      let loader = try BlockingConnection(ConnectionSettings(path, statementTimeout: nil))
      let extent = try self.extent(database)
      for stage in Self.stages { try check("generic, from \(stage.users) users", samples, stage, extent, database) }
      try database.script("SET plan_cache_mode = force_custom_plan")
      try check("custom, without statistics", samples, last, extent, database)
      try loader.script("ANALYZE")
      try check("custom, with statistics", samples, last, extent, database)
      try database.script("SET plan_cache_mode = force_generic_plan")
      try check("generic, with statistics", samples, last, extent, database)
    }

    /// How large a server was when its statements were planned.
    private struct Stage {
      let users: Int
      /// With those of user 1, which come first.
      let groups: Int
    }

    private static let stages =
      [Stage(users: 0, groups: 0)]
      + [1, 2, 3, 4, 5, 6, 8, 10, 15, 20, 30, 40, 60, 100, 150].map { Stage(users: $0 * 10 + 10, groups: $0) }

    private func prepare(_ samples: Samples, at stage: Stage, _ database: borrowing BlockingConnection) throws {
      for name in StatementName.allCases {
        for (index, query) in samples.queries(of: name).enumerated() {
          if index == 0 { try database.script("PREPARE \(prepared(query, stage)) AS \(query.statement.text)") }
          // The first use makes the generic plan.
          _ = try rows(of: query, stage, database)
        }
      }
    }

    private func grow(_ path: String, from last: Stage, to stage: Stage, _ sizes: [String: Int]) async throws {
      guard stage.users > 0 else { return }
      let values = sizes.merging([
        "first_user": last.users + 1, "last_user": stage.users, "first_group": last.groups + 1,
        "last_group": stage.groups,
      ]) { $1 }
      let load = try load(values)
      try await withThrowingTaskGroup(of: Void.self) { group in
        for part in 0...1 {
          group.addTask {
            let loader = try BlockingConnection(ConnectionSettings(path, statementTimeout: nil))
            try loader.script(load.replacing(":part", with: "\(part)"))
          }
        }
        try await group.waitForAll()
      }
    }

    /// Where PostgreSQL had no statistics, it thought that a plan of one's own for each use was the cheaper way: 2 ms more
    /// for a sync with nothing new.
    @Test func `each statement is planned once`() async throws {
      let path = try await makeMigratedDatabase()
      let settings = try ConnectionSettings(path, statementTimeout: nil, sessionSettings: Schema.sessionSettings)
      let database = try BlockingConnection(settings)
      try database.script(settings.greeting)
      let samples = try Samples(database, [:])
      let query = try #require(samples.queries(of: .chatsPage).first)
      let stage = Self.stages[0]
      try database.script("PREPARE \(prepared(query, stage)) AS \(query.statement.text)")
      for _ in 0..<10 { _ = try rows(of: query, stage, database) }
      let plans = try database.execute("SELECT generic_plans, custom_plans FROM pg_prepared_statements")[0]
      #expect(try plans.int(0) == 10)
      #expect(try plans.int(1) == 0)
    }

    /// What is sent in binary is not converted: a uuid for a text would be sixteen characters.
    @Test func `what is sent in binary is what the statement takes`() async throws {
      let path = try await makeMigratedDatabase()
      let database = try BlockingConnection(ConnectionSettings(path, statementTimeout: nil))
      let samples = try Samples(database, [:])
      for query in StatementName.allCases.flatMap({ samples.queries(of: $0) }) {
        try database.script("DEALLOCATE ALL; PREPARE one AS \(query.statement.text)")
        let prepared = try database.execute("SELECT parameter_types::text[] FROM pg_prepared_statements")
        let types = try prepared[0].textArray(0)
        #expect(types.count == query.values.count)
        for (type, value) in zip(types, query.values) {
          let binary: String? =
            switch value {
            // As text, it is what the statement makes of it.
            case .null, .text, .int, .bool, .double: type
            case .uuid: "uuid"
            case .textArray: "text[]"
            case .intArray: "bigint[]"
            case .uuidArray: "uuid[]"
            }
          #expect(type == binary, "\(query.statement.name)")
        }
      }
    }

    private func prepared(_ query: any ServerQuery, _ stage: Stage) -> String {
      "\"\(query.statement.name) \(stage.users)\""
    }

    private func load(_ sizes: [String: Int]) throws -> String {
      let file = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../Plans/load.sql")
      var text = try String(contentsOf: file, encoding: .utf8)
      text = text.split(separator: "\n").filter { !$0.hasPrefix("\\") }.joined(separator: "\n")
      for (name, size) in sizes { text = text.replacing(":\(name)", with: "\(size)") }
      return text
    }

    private func extent(_ database: borrowing BlockingConnection) throws -> CallerExtent {
      let row = try database.execute(
        """
        WITH mine AS (SELECT * FROM chat_members WHERE user_id = md5('user 1')::uuid),
        members AS (SELECT count(*) FROM chat_members JOIN mine USING (chat_id) GROUP BY chat_id),
        days AS (SELECT count(*) FROM chat_days WHERE user_id = md5('user 1')::uuid GROUP BY day)
        SELECT (SELECT count(*) FROM mine), (SELECT max(count) FROM days),
          (SELECT count(*) FROM mine WHERE left_at IS NOT NULL OR hidden_seq IS NOT NULL),
          (SELECT sum(count)::bigint FROM members), (SELECT max(count) FROM members),
          (SELECT count(*) FROM messages WHERE sender_id = md5('user 1')::uuid OR type = 'system')
        """)[0]
      return CallerExtent(
        chats: try row.int(0), chatsInDay: try row.int(1), unlisted: try row.int(2), members: try row.int(3),
        membersInChat: try row.int(4), uncountedInChat: try row.int(5),
        changedUsers: 0, answered: 0)
    }

    private func check(
      _ when: String, _ samples: Samples, _ stage: Stage, _ extent: CallerExtent,
      _ database: borrowing BlockingConnection
    ) throws {
      for name in StatementName.allCases {
        let queries = samples.queries(of: name)
        #expect(queries.contains { $0.statement.name == name.rawValue })
        for query in queries {
          let plan = try rows(of: query, stage, database)
          var extent = extent
          extent.answered = plan.answered
          let most = query.mostRows(for: extent)
          if ProcessInfo.processInfo.environment["LETSCHAT_PLANS_USERS"] != nil {
            print("\(when)\t\(name)\t\(plan.touched) of \(most) rows\t\(plan.milliseconds) ms")
          }
          #expect(plan.touched <= most, "\(name), \(when): \(plan.text)")
        }
      }
    }

    /// Executes a prepared statement, and takes back what it changed.
    private func rows(
      of query: any ServerQuery, _ stage: Stage, _ database: borrowing BlockingConnection
    ) throws -> (touched: Int, answered: Int, milliseconds: Double, text: String) {
      let literals = query.values.map(literal)
      let arguments = literals.isEmpty ? "" : "(\(literals.joined(separator: ", ")))"
      try database.script("BEGIN")
      let result = try database.execute("EXPLAIN (ANALYZE, FORMAT JSON) EXECUTE \(prepared(query, stage))\(arguments)")
      let text = try result[0].string(0)
      try database.script("ROLLBACK")
      let json = try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [[String: Any]]
      let plan = try #require(json?.first?["Plan"] as? [String: Any])
      let time = json?.first?["Execution Time"] as? Double ?? 0
      return (touched(plan), plan["Actual Rows"] as? Int ?? 0, time, text)
    }

    /// What the scans of a plan read, of tables and of indexes, also what they threw away: each loop at least one row.
    private func touched(_ plan: [String: Any]) -> Int {
      let loops = plan["Actual Loops"] as? Int ?? 0
      var sum = 0
      if plan["Relation Name"] != nil || plan["Index Name"] != nil {
        let each = ["Actual Rows", "Rows Removed by Filter", "Rows Removed by Index Recheck"].reduce(0) {
          $0 + (plan[$1] as? Int ?? 0)
        }
        sum += loops * max(1, each)
      }
      return (plan["Plans"] as? [[String: Any]] ?? []).reduce(sum) { $0 + touched($1) }
    }

    private func literal(_ value: Value) -> String {
      func quoted(_ text: String) -> String { "'" + text.replacing("'", with: "''") + "'" }
      func array<Element>(_ elements: [Element?], _ type: String, _ text: (Element) -> String) -> String {
        "ARRAY[" + elements.map { $0.map { quoted(text($0)) } ?? "NULL" }.joined(separator: ", ") + "]::\(type)[]"
      }
      func text(_ words: UUIDWords) -> String { ID(high: words.high, low: words.low).description }
      return switch value {
      case .null: "NULL"
      case .text(let value): quoted(value)
      case .int(let number): quoted("\(number)")
      case .bool(let flag): "\(flag)"
      case .double(let number): quoted("\(number)")
      case .uuid(let words): quoted(text(words)) + "::uuid"
      case .textArray(let elements): array(elements, "text") { $0 }
      case .intArray(let elements): array(elements, "bigint") { "\($0)" }
      case .uuidArray(let elements): array(elements, "uuid", text)
      }
    }
  }
}

/// Each statement of the server, as user 1 of `Tests/Plans/load.sql` calls it. The switch is exhaustive: a statement
/// without a sample does not compile.
private struct Samples {
  let user: ID
  let chat: ID
  let message: ID
  let others: [ID]
  let row: ID
  /// Who wrote all messages of a chat, and that chat.
  let talker: ID
  let monologue: ID
  // Behind everything that is loaded: nothing has changed since.
  let snapshotText = "1000000000:1000000000:"
  /// 2026-02-04, of which there are chats on both sides.
  let later = Timestamp(millisecondsSinceEpoch: 1_770_163_200_000)

  init(_ database: borrowing BlockingConnection, _ sizes: [String: Int]) throws {
    func id(_ name: String) throws -> ID {
      let text = try database.execute("SELECT md5($1)::uuid::text", [.text(name)])[0].string(0)
      return try #require(ID(text))
    }
    user = try id("user 1")
    chat = try id("chat 7")
    message = try id("message 7 20")
    row = try id("history 5")
    others = try (100..<110).map { try id("user \($0)") }
    let group = sizes["chats", default: 0] + 1
    monologue = try id("chat \(group)")
    talker = try id("user \(2 + (group * 31 + 97) % (sizes["users", default: 2] - 1))")
  }

  func queries(of name: StatementName) -> [any ServerQuery] {
    let beginning = ID(high: 0, low: 0)
    guard let since = SyncSnapshot(text: snapshotText) else { return [] }
    let identity = ChatIdentity(id: beginning, creator: user, directKey: nil, clientID: beginning)
    return switch name {
    case .accessChat: [AccessStatements.StandingInChat(chat: chat, caller: user)]
    case .accessMessage: [AccessStatements.PartInMessage(message: message, caller: user)]
    case .accountsRegister:
      [
        AccountStatements.Register(
          id: beginning, email: "new@example.org", username: "brand_new", displayName: "Brand New", passwordHash: "",
          session: beginning, device: nil, lifetime: 60)
      ]
    case .accountsTaken: [AccountStatements.Taken(email: "p_00000005@example.org", username: "p_00000005")]
    case .accountsByEmail: [AccountStatements.ByIdentifier(identifier: .email("p_00000005@example.org"))]
    case .accountsByUsername: [AccountStatements.ByIdentifier(identifier: .username("p_00000005"))]
    case .accountsByID: [AccountStatements.ByID(id: user)]
    case .accountsUpdateProfile:
      [AccountStatements.UpdateProfile(user: user, displayName: "Another Name", status: nil, bio: nil)]
    case .accountsRenewHash: [AccountStatements.RenewHash(user: user, old: "", new: "other")]
    case .sessionsOpen: [AccountStatements.OpenSession(session: beginning, user: user, device: nil, lifetime: 60)]
    case .sessionsRefresh:
      [AccountStatements.Refresh(session: user, generation: 1, lifetime: 60, grace: 1, sessionLifetime: 90)]
    case .sessionsRevoke: [AccountStatements.Revoke(session: user)]
    case .sessionsRecentlyRevoked: [AccountStatements.RecentlyRevoked(seconds: 900)]
    case .chatsPage:
      // Few as well, since here a caller may have fewer chats than a page.
      [51, 5].flatMap { limit in
        [nil, ChatCursor(updatedAt: later, id: beginning)].map {
          ChatStatements.Page(caller: user, after: $0, limit: limit)
        }
      }
    case .chatOne: [ChatStatements.One(chat: chat, caller: user)]
    case .chatDetail: [ChatStatements.Detail(chat: chat, caller: user)]
    case .createChat:
      [
        ChatStatements.Create(
          identity: identity, type: .group, name: "New", bodyHash: 1, members: [user] + others)
      ]
    case .createdChat: [ChatStatements.Created(identity: identity, bodyHash: 1)]
    case .createdChatDetail: [ChatStatements.CreatedDetail(identity: identity)]
    case .lockChat: [ChatStatements.Lock(chat: chat)]
    case .renameChat: [ChatStatements.Rename(chat: chat, caller: user, name: "Other", message: beginning)]
    case .deleteChat: [ChatStatements.Delete(chat: chat, caller: user)]
    case .addMembers: [MemberStatements.Add(chat: chat, caller: user, users: others, message: beginning)]
    case .removeMember: [MemberStatements.Remove(chat: chat, caller: user, user: user, message: beginning)]
    case .sessionsRevokedSince: [AccountStatements.RevokedSince(snapshot: since)]
    case .sessionsLost: [AccountStatements.Lost(sessions: [user] + others)]
    case .deliveryMemberships: [DeliveryStatements.Memberships(user: user)]
    case .deliveryMembershipsIn: [DeliveryStatements.MembershipsIn(user: user, chats: [chat, message])]
    case .deliveryRevs: [DeliveryStatements.Revs(chats: [chat])]
    case .deliverySnapshot: [DeliveryStatements.Snapshot()]
    case .deliveryNewMemberships:
      // Nothing has moved, and everything.
      [
        DeliveryStatements.NewMemberships(users: [user] + others, snapshot: snapshotText),
        DeliveryStatements.NewMemberships(users: [user], snapshot: "3:3:"),
      ]
    case .deliveryEndedMemberships:
      [
        DeliveryStatements.EndedMemberships(snapshot: snapshotText, limit: 100),
        DeliveryStatements.EndedMemberships(snapshot: "3:3:", limit: 100),
      ]
    case .deliveryReadMarks:
      [
        DeliveryStatements.ReadMarks(chats: [chat], snapshot: snapshotText),
        DeliveryStatements.ReadMarks(chats: [chat], snapshot: DeliveryStatements.Snapshot.ofNothing),
      ]
    case .messagesPage:
      [MessageStatements.Page(chat: chat, caller: user, start: .before(.max, after: 0), limit: 50)]
    case .messagesPageAscending: [MessageStatements.Page(chat: chat, caller: user, start: .after(3), limit: 50)]
    case .messageOne: [MessageStatements.One(message: message, caller: user)]
    case .lockChatOfMessage: [MessageStatements.LockChat(message: message)]
    case .editMessage:
      [MessageStatements.Edit(message: message, caller: user, content: "other", window: 1_000_000)]
    case .deleteMessage: [MessageStatements.Delete(message: message, caller: user)]
    case .markRead: [MessageStatements.MarkRead(chat: chat, caller: user, upTo: 9)]
    case .markMessageRead: [MessageStatements.MarkMessageRead(message: message, caller: user)]
    case .lockChats: [MessageWriterStatements.Lock(chats: [chat])]
    case .storeMessages:
      [
        MessageWriterStatements.Store(
          drafts: (0..<2).map { number in
            QueuedMessage(
              id: ID(high: 1, low: UInt64(number)), chatID: monologue, senderID: talker, content: "hello",
              clientID: ID(high: 2, low: UInt64(number)), bodyHash: 1)
          })
      ]
    case .changes:
      [
        SyncStatements.Changes(chat: chat, caller: user, after: 3, limit: 100),
        SyncStatements.Changes(chat: chat, caller: nil, after: 3, limit: 100),
      ]
    case .syncChats: [101, 5].map { SyncStatements.Chats(caller: user, after: beginning, limit: $0, since: nil) }
    case .syncChatsSince:
      [RecentChanges.few, -1].map {
        SyncStatements.Chats(caller: user, after: beginning, limit: 101, since: since, few: $0)
      }
    case .syncUsers: [100, 4].map { SyncStatements.Users(caller: user, after: beginning, chats: $0) }
    case .syncUsersSince:
      [RecentChanges.few, -1].map {
        SyncStatements.ChangedUsers(caller: user, after: beginning, limit: 1001, since: since, few: $0)
      }
    case .historyLock: [HistoryStatements.Lock()]
    case .historyWrite: [HistoryStatements.Write(last: nil), HistoryStatements.Write(last: row)]
    case .historyPrune: [HistoryStatements.Prune()]
    case .historyCurrent: [HistoryStatements.Current()]
    case .historyLastChange: [HistoryStatements.LastChange()]
    case .historyTellChange: [HistoryStatements.TellChange(known: row)]
    case .historyCheck:
      [
        HistoryStatements.Check(mark: HistoryMark(row: row, xmin: 3, xmax: 4)),
        HistoryStatements.Check(mark: HistoryMark(row: row, xmin: 3, xmax: 4), commit: KnownCommit(row: row, xid: 3)),
      ]
    case .historyIsForeign: [ForeignHistory.IsThere()]
    case .historyForget: [ForeignHistory.Forget()]
    case .historyRenumberUsers: [ForeignHistory.RenumberUsers(after: beginning)]
    case .historyRenumberSessions: [ForeignHistory.RenumberSessions()]
    case .historyRenumberChats: [ForeignHistory.RenumberChats(after: beginning)]
    case .systemMark: [Database.Mark()]
    case .usersSearch:
      // The text that all usernames and nearly all display names begin with, and a rare one.
      ["p", "person", "p_0000001", "no such"].map {
        UserStatements.Search(caller: user, start: $0, after: nil, limit: 51)
      }
    }
  }
}
