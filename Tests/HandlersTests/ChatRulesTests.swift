import Generated
import Postgres
import ProtocolRuntime
import Testing

@testable import Handlers

extension DatabaseTests {
  @Suite struct ChatRulesTests {
    @Test func `a group's life: who is added, renames, is removed, leaves`() async throws {
      try await withWorld { world in
        let ada = try await world.user("Ada Lovelace")
        let grace = try await world.user("Grace Hopper")
        let alan = try await world.user("Alan Turing")
        let kay = try await world.user("Kay McNulty")
        let connections = [try await world.connect(ada), try await world.connect(grace), try await world.connect(alan)]
        let chat = try await world.group(ada, [grace])
        #expect(chat.rev == 1 && chat.lastSeq == 0 && chat.memberCount == 2 && chat.role == .admin)

        #expect(try await world.add([alan, grace, kay], to: chat.id, by: grace).code == .forbidden)
        #expect(
          try await world.add([alan, Caller(userID: .v7(), sessionID: .v7())], to: chat.id, by: ada).code
            == .unknownUser)
        let added = try await world.add([alan, grace, kay], to: chat.id, by: ada)
        #expect(added.members?.map(\.user.id) == [alan, grace, kay].map(\.userID))
        #expect(try await world.add([alan], to: chat.id, by: ada).members?.count == 1)

        #expect(try await world.rename(chat.id, "Engines", by: ada).chat?.rev == 4)
        #expect(try await world.rename(chat.id, "x", by: grace).code == .forbidden)
        let renamed = try #require(try await world.rename(chat.id, #"The "Engines""#, by: ada).chat)
        #expect(renamed.rev == 6 && renamed.lastSeq == 2)

        #expect(try await world.remove(kay, from: chat.id, by: grace) == .forbidden)
        #expect(try await world.remove(kay, from: chat.id, by: ada) == nil)
        #expect(try await world.remove(kay, from: chat.id, by: ada) == .notFound)
        #expect(try await world.remove(ada, from: chat.id, by: ada) == nil)
        #expect(try await world.detail(chat.id, ada) == nil)
        let detail = try #require(try await world.detail(chat.id, grace))
        #expect(detail.role == .admin && detail.rev == 11 && detail.lastSeq == 4 && detail.memberCount == 2)
        #expect(detail.members.map(\.user.id) == [grace.userID, alan.userID])

        let spoken = try await world.rows(
          "SELECT content, rev FROM messages WHERE chat_id = $1::uuid ORDER BY seq", [.uuid(chat.id)])
        #expect(
          try spoken.map { "\(try $0.int(1)) \(try $0.string(0))" } == [
            "4 Ada Lovelace added Alan Turing, Kay McNulty",
            #"6 Ada Lovelace renamed the chat to "The "Engines"""#,
            "8 Ada Lovelace removed Kay McNulty",
            "11 Ada Lovelace left",
          ])

        // Grace sees all of it, Alan from his addition on, Ada up to her own removal.
        let names = [
          "chat_created", "member_added", "member_added", "new_message", "chat_updated", "new_message",
          "member_removed", "new_message", "member_removed", "member_updated", "new_message",
        ]
        #expect(world.sink.names(connections[1]) == names)
        #expect(world.sink.names(connections[2]) == Array(names[1...]))
        #expect(world.sink.names(connections[0]) == Array(names[...8]))
        let news = try #require(try world.sink.received(connections[2])[0].payload(MemberAddedEvent.self))
        #expect(news.rev == 2 && news.chat.rev == 2 && news.chat.memberCount == 3 && news.chat.lastMessage == nil)
        let update = try #require(try world.sink.received(connections[1])[4].payload(ToldChat.self))
        #expect(
          update.rev == 5 && update.lastSeq == 1 && update.lastMessage?.rev == 4 && update.name == #"The "Engines""#)

        #expect(try await world.remove(alan, from: chat.id, by: alan) == nil)
        #expect(try await world.remove(grace, from: chat.id, by: grace) == nil)
        let end = try #require(
          try await world.rows(
            "SELECT rev, deleted_at IS NOT NULL, member_count FROM chats WHERE id = $1::uuid", [.uuid(chat.id)]
          ).first)
        #expect(try end.int(0) == 15)
        #expect(try end.bool(1))
        #expect(try end.int(2) == 0)
      }
    }

    @Test func `who comes back has read what was said meanwhile`() async throws {
      try await withWorld { world in
        let users = try await world.users(2)
        let chat = try await world.group(users[0], [users[1]]).id
        #expect(try await world.remove(users[1], from: chat, by: users[0]) == nil)
        let message = try await world.say("Where are you?", in: chat, by: users[0])
        #expect(try await world.add([users[1]], to: chat, by: users[0]).members?.count == 1)
        let detail = try #require(try await world.detail(chat, users[1]))
        #expect(detail.unreadCount == 0 && detail.lastReadSeq == 2 && detail.role == .member)
        #expect(try await world.message(message.id, users[0])?.status == .read)
      }
    }

    @Test func `a chat has 256 members at most`() async throws {
      try await withWorld { world in
        let users = try await world.users(258)
        let chat = try await world.group(users[0], Array(users[1..<250])).id
        #expect(try await world.add(Array(users[249..<257]), to: chat, by: users[0]).code == .chatFull)
        let added = try await world.add(Array(users[249..<256]), to: chat, by: users[0])
        #expect(added.members?.count == 7)
        #expect(try await world.add([users[256]], to: chat, by: users[0]).code == .chatFull)
        #expect(try await world.detail(chat, users[255])?.members.count == 256)
        // A page of changes that begins with the creation has all that share its rev.
        let first = try #require(try await world.changes(chat, after: 0, users[0], limit: 1))
        #expect(first.changes.count == 251 && first.upToRev == 1 && first.hasMore)
        let names = try #require(
          try await world.rows("SELECT content FROM messages WHERE chat_id = $1::uuid", [.uuid(chat)]).first)
        #expect(try names.string(0).hasPrefix("User 0 added User 250, User 251"))
      }
    }

    @Test func `however many ask at once, a pair has one direct chat`() async throws {
      try await withWorld { world in
        let users = try await world.users(2)
        let connection = try await world.connect(users[1])
        let chats = try await withThrowingTaskGroup(of: (Chat, Bool).self) { group in
          for index in 0..<20 {
            group.addTask {
              let body = CreateChatRequest.direct(.init(memberIDs: [users[(index + 1) % 2].userID]))
              switch try await world.service.chats.createChat(
                .init(body: body), caller: users[index % 2], context: world.context)
              {
              case .created(let chat): return (chat, true)
              case .ok(let chat): return (chat, false)
              case .refused: throw Unexpected()
              }
            }
          }
          return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(Set(chats.map(\.0.id)).count == 1)
        #expect(chats.filter(\.1).count == 1)
        #expect(world.sink.names(connection) == ["chat_created"])
        let chat = try #require(chats.first?.0)
        #expect(chat.role == .member && chat.name == nil)
        #expect(try await world.add([users[0]], to: chat.id, by: users[0]).code == .directChat)
        #expect(try await world.rename(chat.id, "x", by: users[0]).code == .directChat)
        #expect(try await world.remove(users[0], from: chat.id, by: users[0]) == .directChat)
        #expect(try await world.service.policies.chatAdmin(chat.id, caller: users[0]) == .granted)
      }
    }

    @Test func `a client id stands for one chat of its creator`() async throws {
      try await withWorld { world in
        let users = try await world.users(3)
        let key = ID.v7()
        /// A direct chat without a name, a group with one.
        func create(_ name: String?, _ members: [Caller], by caller: Caller) async throws
          -> Operations.CreateChat.Output
        {
          let ids = members.map(\.userID)
          let body: CreateChatRequest =
            if let name {
              .group(.init(memberIDs: ids, name: name, clientID: key))
            } else {
              .direct(.init(memberIDs: ids, clientID: key))
            }
          return try await world.service.chats.createChat(.init(body: body), caller: caller, context: world.context)
        }
        guard case .created(let chat) = try await create("A", [users[1]], by: users[0]),
          case .ok(let again) = try await create("A", [users[1]], by: users[0]),
          case .created(let other) = try await create("A", [users[0]], by: users[1])
        else { throw Unexpected() }
        #expect(again.id == chat.id && other.id != chat.id)
        #expect(try await create("B", [users[1]], by: users[0]).code == .idempotencyConflict)
        #expect(try await create(nil, [users[1]], by: users[0]).code == .idempotencyConflict)
        #expect(try await create("A", [users[2]], by: users[0]).code == .idempotencyConflict)
        #expect(try await create(nil, [users[2]], by: users[2]).code == .selfChat)
        #expect(
          try await create(nil, [Caller(userID: .v7(), sessionID: .v7())], by: users[2]).code == .unknownUser)
      }
    }

    @Test func `a direct chat that is deleted is hidden until its next message`() async throws {
      try await withWorld { world in
        let users = try await world.users(2)
        let body = CreateChatRequest.direct(.init(memberIDs: [users[1].userID]))
        guard
          case .created(let chat) = try await world.service.chats.createChat(
            .init(body: body), caller: users[0], context: world.context)
        else { throw Unexpected() }
        try await world.say("Hello", in: chat.id, by: users[1])
        let cursor = try await world.sync(users[0]).nextCursor
        #expect(try await world.delete(chat.id, by: users[0]) == nil)
        #expect(try await world.chats(users[0]).isEmpty)
        #expect(try await world.chats(users[1]).count == 1)
        let gone = try await world.sync(users[0], cursor)
        #expect(gone.removedChatIDs == [chat.id] && gone.chats.isEmpty)
        #expect(try await world.sync(users[0]).chats.isEmpty)
        try await world.say("Still there?", in: chat.id, by: users[1])
        #expect(try await world.chats(users[0]).map(\.id) == [chat.id])
        #expect(try await world.sync(users[0], gone.nextCursor).chats.map(\.chat.id) == [chat.id])
      }
    }

    @Test func `a deleted group is gone for all`() async throws {
      try await withWorld { world in
        let users = try await world.users(2)
        let connection = try await world.connect(users[1])
        let chat = try await world.group(users[0], [users[1]]).id
        let cursor = try await world.sync(users[1]).nextCursor
        #expect(try await world.delete(chat, by: users[1]) == .forbidden)
        #expect(try await world.delete(chat, by: users[0]) == nil)
        #expect(try await world.delete(chat, by: users[0]) == .notFound)
        #expect(world.sink.names(connection) == ["chat_created", "chat_deleted"])
        #expect(try await world.send("x", to: chat, by: users[1]).code == .notFound)
        #expect(try await world.sync(users[1], cursor).removedChatIDs == [chat])
        #expect(try await world.changes(chat, after: 0, users[1]) == nil)
      }
    }

    @Test func `lists of chats go page by page, the last changed first`() async throws {
      try await withWorld { world in
        let users = try await world.users(2)
        var created: [ID] = []
        for _ in 0..<25 { created.append(try await world.group(users[0], [users[1]]).id) }
        // Times have milliseconds: what happens within one is in the order of the ids.
        let last = try #require(try await world.detail(created[24], users[0])).updatedAt
        try await until("the next millisecond") { Timestamp.now() > last }
        try await world.say("up", in: created[3], by: users[1])
        let listed = try await world.chats(users[0], limit: 4)
        #expect(listed.first?.id == created[3])
        #expect(Set(listed.map(\.id)) == Set(created) && listed.count == 25)
        #expect(zip(listed, listed.dropFirst()).allSatisfy { ($0.updatedAt, $0.id) > ($1.updatedAt, $1.id) })
        #expect(try await world.chats(users[0]).first?.unreadCount == 1)
        let bad = try await world.service.chats.listChats(
          .init(query: .init(limit: 3, cursor: "x")), caller: users[0], context: world.context)
        guard case .refused(let refusal) = bad else { throw Unexpected() }
        #expect(refusal.code == .invalidCursor)
      }
    }

    /// A list begins with the newest days of memberships, so each must have its chat's day, whatever changed the chat.
    @Test(arguments: 1...3)
    func `lists are in order over many days`(_ seed: Int) async throws {
      try await withWorld { world in
        let users = try await world.users(4)
        var generator = SeededGenerator(seed: seed)
        var created: [ID] = []
        for index in 0..<24 {
          let chat = try await world.group(users[0], Array(users[1...2])).id
          created.append(chat)
          // Some lie ahead: clocks are set back.
          _ = try await world.rows(
            """
            WITH aged AS (
              UPDATE chats SET updated_at = updated_at - make_interval(days => $2::int, secs => $3::int)
              WHERE id = $1::uuid RETURNING updated_at
            )
            UPDATE chat_days SET day = day_of(aged.updated_at) FROM aged WHERE chat_id = $1::uuid
            """,
            [.uuid(chat), .int(Int.random(in: -2...9, using: &generator)), .int(index)])
        }
        for step in 0..<60 {
          let chat = created[Int.random(in: 0..<created.count, using: &generator)]
          switch Int.random(in: 0..<4, using: &generator) {
          case 0: _ = try await world.rename(chat, "Name \(step)", by: users[0])
          case 1: _ = try await world.add([users[3]], to: chat, by: users[0])
          case 2: _ = try await world.remove(users[3], from: chat, by: users[0])
          default: try await world.say("\(step)", in: chat, by: users[1])
          }
          let wrong = try await world.rows(
            """
            SELECT count(*) FROM (
              SELECT chat_id, user_id, day_of(updated_at) AS day
              FROM chat_members JOIN chats ON chats.id = chat_id WHERE left_at IS NULL AND deleted_at IS NULL
            ) right_day FULL JOIN chat_days USING (chat_id, user_id, day)
            WHERE chat_id = ANY ($1::uuid[]) AND (right_day IS NULL OR chat_days IS NULL)
            """, [.uuids(created)])[0].int(0)
          #expect(wrong == 0, "seed \(seed), step \(step)")
        }
        for user in [users[0], users[3]] {
          let expected = try await world.rows(
            """
            SELECT id FROM chats JOIN chat_members ON chat_id = id WHERE user_id = $1::uuid AND left_at IS NULL
            ORDER BY updated_at DESC, id DESC
            """, [.uuid(user.userID)]
          ).map {
            let words = try $0.uuidWords(0)
            return ID(high: words.high, low: words.low)
          }
          for limit in [1, 2, 3, 7, 50] {
            #expect(try await world.chats(user, limit: limit).map(\.id) == expected, "seed \(seed), limit \(limit)")
          }
        }
      }
    }
  }
}
