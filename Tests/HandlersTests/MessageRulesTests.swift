import Generated
import Postgres
import ProtocolRuntime
import Testing

@testable import Handlers

extension DatabaseTests {
  @Suite struct MessageRulesTests {
    @Test func `only its author edits a text, only within the window`() async throws {
      try await withWorld { world in
        let ada = try await world.user("Ada")
        let grace = try await world.user("Grace")
        let outsider = try await world.user("Outsider")
        let chat = try await world.group(ada, [grace]).id
        let message = try await world.say("one", in: chat, by: grace)
        let connection = try await world.connect(ada)
        #expect(try await world.edit(message.id, "two", by: ada).code == .forbidden)
        #expect(try await world.edit(message.id, "two", by: outsider).code == .notFound)
        #expect(
          try await world.service.policies.messageAuthor(message.id, caller: ada) == .forbidden(Refusals.notAuthor))
        #expect(
          try await world.service.policies.messageAuthor(message.id, caller: outsider) == .notFound(Refusals.noMessage))
        #expect(try await world.service.policies.messageAuthor(message.id, caller: grace) == .granted)
        let edited = try #require(try await world.edit(message.id, "two", by: grace).message)
        #expect(edited.content == "two" && edited.seq == 1 && edited.rev == 3 && edited.editedAt != nil)
        #expect(try await world.edit(message.id, "two", by: grace).message == edited)
        #expect(world.sink.names(connection) == ["message_updated"])
        _ = try await world.rows(
          "UPDATE messages SET created_at = created_at - interval '25 hours' WHERE id = $1::uuid", [.uuid(message.id)])
        #expect(try await world.edit(message.id, "three", by: grace).code == .editWindowClosed)
        #expect(try await world.remove(grace, from: chat, by: ada) == nil)
        #expect(try await world.edit(message.id, "three", by: grace).code == .notFound)
        let system = try #require(try await world.messages(chat, ada)?.items.first)
        #expect(try await world.edit(system.id, "x", by: ada).code == .notEditable)
        #expect(try await world.delete(message: system.id, by: ada) == .notEditable)
      }
    }

    @Test func `its author or an admin deletes a message, a tombstone stays`() async throws {
      try await withWorld { world in
        let users = try await world.users(3)
        let chat = try await world.group(users[0], Array(users[1...])).id
        let connection = try await world.connect(users[2])
        let key = ID.v7()
        let message = try #require(try await world.send("secret", to: chat, by: users[1], clientID: key).created)
        #expect(try await world.delete(message: message.id, by: users[2]) == .forbidden)
        #expect(try await world.service.policies.messageRemover(message.id, caller: users[0]) == .granted)
        #expect(try await world.delete(message: message.id, by: users[0]) == nil)
        #expect(try await world.delete(message: message.id, by: users[1]) == nil)
        let tombstone = try #require(try await world.message(message.id, users[2]))
        #expect(tombstone.content == "" && tombstone.deletedAt != nil && tombstone.rev == 3 && tombstone.seq == 1)
        #expect(try await world.edit(message.id, "again", by: users[1]).code == .messageDeleted)
        #expect(try await world.send("secret", to: chat, by: users[1], clientID: key).repeated?.deletedAt != nil)
        #expect(world.sink.names(connection) == ["new_message", "message_deleted"])
        #expect(try await world.detail(chat, users[2])?.unreadCount == 0)
      }
    }

    @Test func `marks rise only, and say what is unread and what was read`() async throws {
      try await withWorld { world in
        let users = try await world.users(3)
        let chat = try await world.group(users[0], Array(users[1...])).id
        let connection = try await world.connect(users[0])
        var sent: [Message] = []
        for index in 1...5 { sent.append(try await world.say("\(index)", in: chat, by: users[index % 2])) }
        world.sink.forget()
        #expect(try await world.detail(chat, users[2])?.unreadCount == 5)
        #expect(try await world.detail(chat, users[0])?.unreadCount == 3)
        #expect(try await world.read(chat, upTo: 3, by: users[2]) == 3)
        #expect(try await world.read(chat, upTo: 1, by: users[2]) == 3)
        #expect(try await world.read(chat, upTo: 99, by: users[1]) == 5)
        #expect(try await world.read(.v7(), upTo: 1, by: users[1]) == nil)
        #expect(world.sink.names(connection) == ["message_read", "message_read"])
        let told = try #require(try world.sink.received(connection)[1].payload(MessageReadEvent.self))
        #expect(told.upToSeq == 5 && told.userID == users[1].userID)
        #expect(try await world.detail(chat, users[2])?.unreadCount == 2)
        #expect(try await world.message(sent[1].id, users[0])?.status == .read)
        #expect(try await world.message(sent[3].id, users[0])?.status == .sent)
        #expect(try await world.message(sent[3].id, users[1])?.status == nil)
        // In another minute: within one, a row of the history rises.
        _ = try await world.rows(
          "UPDATE read_marks SET at = at - interval '2 minutes' WHERE chat_id = $1::uuid", [.uuid(chat)])
        let read = Operations.ReadMessage.Input(path: .init(id: sent[3].id))
        guard
          case .noContent = try await world.service.messages.readMessage(read, caller: users[2], context: world.context)
        else { throw Unexpected() }
        #expect(try await world.message(sent[3].id, users[0])?.status == .read)
        let history = try await world.rows(
          "SELECT up_to_seq FROM read_marks WHERE chat_id = $1::uuid AND user_id = $2::uuid ORDER BY at",
          [.uuid(chat), .uuid(users[2].userID)])
        #expect(try history.map { try $0.int(0) } == [3, 4])
        // Marks take no rev.
        #expect(try await world.detail(chat, users[0])?.rev == 6)
      }
    }

    // Each mark that rose was kept for ever.
    @Test func `the history of marks is short`() async throws {
      try await withWorld { world in
        let users = try await world.users(2)
        let chat = try await world.group(users[0], [users[1]]).id
        for index in 1...20 { try await world.say("\(index)", in: chat, by: users[0]) }
        func history() async throws -> [Int] {
          try await world.rows(
            "SELECT up_to_seq FROM read_marks WHERE chat_id = $1::uuid ORDER BY up_to_seq", [.uuid(chat)]
          ).map { try $0.int(0) }
        }
        for seq in 1...20 { _ = try await world.read(chat, upTo: seq, by: users[1]) }
        let coalesced = try await history()
        let minutes = try await world.rows(
          "SELECT count(DISTINCT date_trunc('minute', at)) FROM read_marks WHERE chat_id = $1::uuid", [.uuid(chat)]
        )[0].int(0)
        #expect(coalesced.last == 20 && coalesced.count == minutes, "one for each minute")
        _ = try await world.rows(
          """
          INSERT INTO read_marks (chat_id, user_id, up_to_seq, at)
          SELECT $1::uuid, $2::uuid, n - 100, now() - interval '1 day' + make_interval(mins => n)
          FROM generate_series(1, $3::int) n
          """, [.uuid(chat), .uuid(users[1].userID), .int(71 - coalesced.count)])
        _ = try await world.rows(
          "UPDATE read_marks SET at = at - interval '2 minutes' WHERE chat_id = $1::uuid", [.uuid(chat)])
        try await world.say("21", in: chat, by: users[0])
        _ = try await world.read(chat, upTo: 21, by: users[1])
        let kept = try await history()
        #expect(kept.count == 64 && kept.last == 21)
      }
    }

    @Test func `unread stops at 100, and leaves out one's own, deleted and system messages`() async throws {
      try await withWorld { world in
        let users = try await world.users(3)
        let chat = try await world.group(users[0], [users[1]]).id
        for index in 0..<3 { try await world.say("mine \(index)", in: chat, by: users[1]) }
        let gone = try await world.say("gone", in: chat, by: users[0])
        try await world.say("there", in: chat, by: users[0])
        #expect(try await world.delete(message: gone.id, by: users[0]) == nil)
        #expect(try await world.add([users[2]], to: chat, by: users[0]).members?.count == 1)
        #expect(try await world.detail(chat, users[1])?.unreadCount == 1)
        try await withThrowingTaskGroup(of: Void.self) { group in
          for index in 0..<150 { group.addTask { try await world.say("\(index)", in: chat, by: users[0]) } }
          try await group.waitForAll()
        }
        #expect(try await world.detail(chat, users[1])?.unreadCount == 100)
      }
    }

    @Test(arguments: 1...4)
    func `what is unread is what a recount finds`(_ seed: Int) async throws {
      try await withWorld { world in
        let users = try await world.users(3)
        let chat = try await world.group(users[0], Array(users[1...])).id
        var generator = SeededGenerator(seed: seed)
        var sent: [(message: ID, sender: Caller)] = []
        for step in 0..<120 {
          let user = users[Int.random(in: 0..<users.count, using: &generator)]
          switch Int.random(in: 0..<10, using: &generator) {
          case 0: _ = try await world.rename(chat, "Name \(step)", by: users[0])
          case 1:
            guard let (message, sender) = sent.randomElement(using: &generator) else { continue }
            _ = try await world.delete(message: message, by: sender)
          case 2:
            // Few and far behind, so that there is always something unread.
            let last = try #require(try await world.detail(chat, user)).lastSeq
            _ = try await world.read(chat, upTo: Int.random(in: 0...last, using: &generator) / 2, by: user)
          default: sent.append((try await world.say("\(step)", in: chat, by: user).id, user))
          }
          let recount = try await world.rows(
            """
            SELECT least(100, count(m.id)) FROM chat_members me LEFT JOIN messages m
              ON m.chat_id = me.chat_id AND m.seq > me.last_read_seq AND m.sender_id <> me.user_id
                AND m.type <> 'system' AND m.deleted_at IS NULL
            WHERE me.chat_id = $1::uuid AND me.user_id = $2::uuid
            """, [.uuid(chat), .uuid(user.userID)])[0].int(0)
          #expect(try await world.detail(chat, user)?.unreadCount == recount, "seed \(seed), step \(step)")
        }
      }
    }

    @Test func `lists go page by page in both directions`() async throws {
      try await withWorld { world in
        let users = try await world.users(2)
        let chat = try await world.group(users[0], [users[1]]).id
        #expect(try await world.messages(chat, users[0])?.items == [])
        for index in 1...23 { try await world.say("\(index)", in: chat, by: users[index % 2]) }
        func all(before: Int? = nil, after: Int? = nil, limit: Int) async throws -> [Int] {
          var seqs: [Int] = []
          var page = try #require(
            try await world.messages(chat, users[0], limit: limit, before: before, after: after))
          while true {
            #expect(page.rev == 24)
            #expect(page.items.count <= limit)
            seqs += page.items.map(\.seq)
            guard let cursor = page.nextCursor else { return seqs }
            page = try #require(try await world.messages(chat, users[0], limit: limit, cursor: cursor))
          }
        }
        for limit in [1, 7, 22, 23, 24, 100] {
          #expect(try await all(limit: limit) == (1...23).reversed())
          #expect(try await all(before: 11, limit: limit) == (1...10).reversed())
          #expect(try await all(after: 11, limit: limit) == Array(12...23))
          #expect(try await all(before: 20, after: 10, limit: limit) == (11...19).reversed())
          #expect(try await all(after: 23, limit: limit) == [])
        }
        #expect(try await world.messages(chat, try await world.user("Outsider")) == nil)
        let statuses = try await world.messages(chat, users[0])?.items.map(\.status)
        #expect(statuses == (0..<23).map { $0 % 2 == 0 ? nil : .sent })
      }
    }

    @Test func `who is no member any more does not type, though a moment ago it was found to be one`() async throws {
      try await withWorld { world in
        let users = try await world.users(3)
        let chat = try await world.group(users[0], Array(users[1...])).id
        var context = world.context
        context.connection = try await world.connect(users[1])
        // Another node has removed the user, whom this one was asked about before.
        _ = try await world.rows(
          """
          WITH gone AS (
            UPDATE chat_members SET left_at = now() WHERE chat_id = $1::uuid AND user_id = $2::uuid RETURNING chat_id
          )
          UPDATE chats SET member_count = member_count - 1 WHERE id = (SELECT chat_id FROM gone)
          """,
          [.uuid(chat), .uuid(users[2].userID)])
        world.service.policies.grants.insert(users[2].userID, of: chat)
        let refusals = [
          try await world.service.messages.typingStart(.init(chatID: chat), caller: users[2], context: context)
            .isRefused,
          try await world.service.messages.typingStop(.init(chatID: chat), caller: users[2], context: context)
            .isRefused,
          try await world.service.messages.typingStart(.init(chatID: chat), caller: users[1], context: context)
            .isRefused,
        ]
        #expect(refusals == [true, true, false])
      }
    }

    @Test func `an open chat tells who types; a session that ends is cut`() async throws {
      let scheduler = ManualScheduler()
      try await withWorld(scheduler: scheduler) { world in
        let users = try await world.users(2)
        let chat = try await world.group(users[0], [users[1]]).id
        let connections = [try await world.connect(users[0]), try await world.connect(users[1])]
        for (user, connection) in zip(users, connections) {
          var context = world.context
          context.connection = connection
          let joined = try await world.service.chats.joinChat(.init(chatID: chat), caller: user, context: context)
          guard case .ok(let place) = joined else { throw Unexpected() }
          #expect(place.rev == 1 && place.lastSeq == 0)
        }
        var context = world.context
        context.connection = connections[0]
        _ = try await world.service.messages.typingStart(.init(chatID: chat), caller: users[0], context: context)
        scheduler.advance(by: .seconds(6))
        #expect(world.sink.names(connections[0]) == [])
        #expect(world.sink.names(connections[1]) == ["user_typing", "user_typing"])
        _ = try await world.service.messages.typingStart(.init(chatID: chat), caller: users[0], context: context)
        #expect(try await world.remove(users[0], from: chat, by: users[0]) == nil)
        #expect(
          world.sink.names(connections[1]).suffix(5)
            == ["user_typing", "user_typing", "member_removed", "member_updated", "new_message"])
        // As x-socketio has it: what is durable is never dropped.
        let received = world.sink.received(connections[1])
        #expect(received.allSatisfy { $0.isVolatile == ($0.name == "user_typing") })
        let refused = try await world.service.chats.joinChat(.init(chatID: chat), caller: users[0], context: context)
        guard case .refused(let refusal) = refused else { throw Unexpected() }
        #expect(refusal.code == .notFound)
        world.service.streams.sessionEnded(users[1].sessionID)
        #expect(world.sink.cut == [connections[1]])
      }
    }
  }
}
