import Generated
import Postgres
import ProtocolRuntime
import Testing

@testable import Handlers

extension DatabaseTests {
  /// What a node and its clients do when the database has another history.
  @Suite struct ResyncTests {
    private static let foreign = HistoryMark(row: .v7(), xmin: 3, xmax: 4).text

    /// Takes a chat's rows back to where it stood, as a restored backup does.
    private func goBack(_ world: World, _ chat: ID, toSeq seq: Int, rev: Int) async throws {
      _ = try await world.rows(
        """
        WITH gone AS (DELETE FROM messages WHERE chat_id = $1::uuid AND seq > $2::bigint)
        UPDATE chats SET last_seq = $2::bigint, rev = $3::bigint, meta_rev = least(meta_rev, $3::bigint)
        WHERE id = $1::uuid
        """, [.uuid(chat), .int(seq), .int(rev)])
    }

    /// A client that knew rev 8 was told none of the new messages 3 to 8.
    @Test func `streams begin anew where the database is`() async throws {
      try await withWorld { world in
        let users = try await world.users(2)
        let chat = try await world.group(users[0], [users[1]]).id
        let connections = [try await world.connect(users[0]), try await world.connect(users[1])]
        for number in 2...8 { try await world.say("\(number)", in: chat, by: users[0]) }
        try await until("all were told") { world.sink.names(connections[1]).count == 7 }
        try await goBack(world, chat, toSeq: 1, rev: 2)
        try await world.service.streams.beginAnew()
        world.sink.forget()
        for number in 3...8 { try await world.say("new \(number)", in: chat, by: users[0]) }
        for connection in connections {
          try await until("the new ones are told") { world.sink.names(connection).count == 6 }
          let revs = try world.sink.received(connection).map { try $0.payload(ToldMessage.self)?.rev }
          #expect(revs == Array(3...8))
        }
      }
    }

    /// Who was added, or opened a chat, in the lost future is in its rooms no more; who was removed is in them again.
    @Test func `rooms follow the memberships of the new history`() async throws {
      try await withWorld { world in
        let users = try await world.users(3)
        let chat = try await world.group(users[0], [users[1]]).id
        let added = try await world.connect(users[2])
        let removed = try await world.connect(users[1])
        let context = RequestContext(requestID: "test", address: "127.0.0.1", connection: removed)
        _ = try await world.service.chats.joinChat(.init(chatID: chat), caller: users[1], context: context)
        #expect(world.sink.members(of: Room.open(chat)) == [removed])
        #expect(try await world.add([users[2]], to: chat, by: users[0]).members != nil)
        #expect(try await world.remove(users[1], from: chat, by: users[0]) == nil)
        #expect(world.sink.members(of: Room.chat(chat)) == [added])
        try await goBack(world, chat, toSeq: 0, rev: 1)
        _ = try await world.rows(
          "DELETE FROM chat_members WHERE chat_id = $1::uuid AND user_id = $2::uuid",
          [.uuid(chat), .uuid(users[2].userID)])
        _ = try await world.rows(
          """
          UPDATE chat_members SET left_at = NULL, removed_by = NULL, rev = 1 WHERE chat_id = $1::uuid AND user_id = $2::uuid
          """, [.uuid(chat), .uuid(users[1].userID)])
        try await world.service.streams.beginAnew()
        #expect(world.sink.members(of: Room.chat(chat)) == [removed])
        #expect(world.sink.members(of: Room.open(chat)).isEmpty)
        world.sink.forget()
        try await world.say("new", in: chat, by: users[0])
        try await until("it is told") { world.sink.names(removed) == ["new_message"] }
        #expect(world.sink.names(added).isEmpty)
      }
    }

    @Test func `what names another history is refused`() async throws {
      try await withWorld { world in
        let users = try await world.users(2)
        let chat = try await world.group(users[0], [users[1]]).id
        for number in 1...3 { try await world.say("\(number)", in: chat, by: users[0]) }
        func code(_ rev: Int, _ history: String) async throws -> Operations.ListChanges.Code? {
          let output = try await world.listChanges(chat, after: rev, history, users[0])
          if case .refused(let refusal) = output { return refusal.code }
          return nil
        }
        let own = try await world.sync(users[0]).history
        #expect(try await code(4, own) == nil)
        // A rev that was told by an event of another history.
        #expect(try await code(5, own) == .resync)
        #expect(try await code(.max, own) == .resync)
        #expect(try await code(1, Self.foreign) == .resync)
        #expect(try await code(1, String(repeating: "-", count: 43)) == .resync)

        let page = try #require(try await world.messages(chat, users[0], limit: 1))
        let cursor = try #require(page.nextCursor.flatMap { MarkedCursor<MessageCursor>($0) })
        func code(_ cursor: MarkedCursor<MessageCursor>) async throws -> Operations.ListMessages.Code? {
          let output = try await world.service.messages.listMessages(
            .init(path: .init(chatID: chat), query: .init(limit: 1, cursor: cursor.text)), caller: users[0],
            context: world.context)
          if case .refused(let refusal) = output { return refusal.code }
          return nil
        }
        #expect(try await code(cursor) == nil)
        let foreign = try #require(HistoryMark(Self.foreign))
        #expect(try await code(MarkedCursor(place: cursor.place, mark: foreign)) == .resync)
      }
    }

    /// The cursors of chats and people named no history: a page of the lost past was followed by one of the new one.
    @Test func `so is the cursor of a list that counts nothing`() async throws {
      try await withWorld { world in
        let mark = "w" + String(ID.v7().description.filter { $0 != "-" }.suffix(12))
        let caller = try await world.user("Caller")
        let others = [try await world.user("\(mark) Ada"), try await world.user("\(mark) Grace")]
        for other in others { _ = try await world.group(caller, [other]) }
        func chats(_ cursor: String?) async throws -> (next: String?, code: Operations.ListChats.Code?) {
          let input = Operations.ListChats.Input(query: .init(limit: 1, cursor: cursor))
          switch try await world.service.chats.listChats(input, caller: caller, context: world.context) {
          case .ok(let list): return (list.nextCursor, nil)
          case .refused(let refusal): return (nil, refusal.code)
          }
        }
        func people(_ cursor: String?) async throws -> (next: String?, code: Operations.SearchUsers.Code?) {
          let input = Operations.SearchUsers.Input(query: .init(q: mark, limit: 1, cursor: cursor))
          switch try await world.service.users.searchUsers(input, caller: caller, context: world.context) {
          case .ok(let list): return (list.nextCursor, nil)
          case .refused(let refusal): return (nil, refusal.code)
          }
        }
        let chat = try #require(try await chats(nil).next)
        let person = try #require(try await people(nil).next)
        #expect(try await chats(chat) == (nil, nil))
        #expect(try await people(person) == (nil, nil))
        #expect(try await chats(Self.foreign + chat.dropFirst(HistoryMark.length)).code == .resync)
        #expect(try await people(Self.foreign + person.dropFirst(HistoryMark.length)).code == .resync)
        for text in [chat, person] {
          let other = String(text.dropFirst(HistoryMark.length))
          #expect(try await chats(other).code == .invalidCursor)
          #expect(try await people(other).code == .invalidCursor)
        }
      }
    }

    /// Until the loss was found it read again and again, as fast as it could.
    @Test func `who opens a chat that has gone back waits until that is found`() async throws {
      let scheduler = ManualScheduler()
      try await withWorld(scheduler: scheduler, connections: 2) { world in
        let users = try await world.users(3)
        let chat = try await world.group(users[0], Array(users.dropFirst())).id
        let connection = try await world.connect(users[1])
        // As if that had been lost.
        world.service.streams.publish(chat: chat, rev: 2, lastSeq: 0, .memberRemoved(users[2].userID)) { prev in
          ServerEvents.memberRemoved(
            MemberRemovedEvent(
              chatID: chat, rev: 2, prevRev: prev, userID: users[2].userID, by: users[0].userID))
        }
        let before = world.client.statistics.statements
        let pending = scheduler.pending
        let context = RequestContext(requestID: "test", address: "127.0.0.1", connection: connection)
        let opening = Task {
          try await world.service.chats.joinChat(.init(chatID: chat), caller: users[1], context: context)
        }
        try await until("it waits") { scheduler.pending > pending }
        #expect(world.client.statistics.statements - before < 20)
        try await world.service.streams.beginAnew()
        scheduler.advance(by: .milliseconds(250))
        guard case .ok(let result) = try await opening.value else { throw Unexpected() }
        #expect(result.rev == 1)
        #expect(world.sink.members(of: Room.open(chat)) == [connection])
      }
    }

    /// Who signed up in the lost future went on until the token ended.
    @Test func `sessions that the database does not have are none`() async throws {
      try await withWorld { world in
        let accounts = world.service.accounts
        let tokens = [try await world.registered(Person()), try await world.registered(Person())].map(\.accessToken)
        var callers: [Caller] = []
        for token in tokens { callers.append(try #require(try await accounts.caller(of: token))) }
        let sessions = callers.map(\.sessionID)
        _ = try await world.rows("DELETE FROM users WHERE id = $1::uuid", [.uuid(callers[0].userID)])
        _ = try await accounts.learnRevoked()
        // By a transaction whose number the lost future had given to another.
        _ = try await world.rows("UPDATE sessions SET revoked_at = now() WHERE id = $1::uuid", [.uuid(sessions[1])])
        _ = try await world.rows("UPDATE sessions SET revoked_xid = '3' WHERE id = $1::uuid", [.uuid(sessions[1])])
        #expect(try await !accounts.learnRevoked().contains(sessions[1]))
        #expect(try await accounts.beginAnew(sessions) == [sessions[0]])
        #expect(try await accounts.caller(of: tokens[0]) == nil)
        #expect(try await accounts.beginAnew(sessions).isEmpty)
        #expect(try await accounts.learnRevoked().contains(sessions[1]))
        #expect(try await accounts.caller(of: tokens[1]) == nil)
      }
    }

    /// Its sockets were cut, and who had none, and showed its token afterwards, was believed until that ended.
    @Test func `the token of a session that the database does not have is refused`() async throws {
      try await withWorld(connections: 2) { world in
        let accounts = world.service.accounts
        let lost = try await world.registered(Person())
        let kept = try await world.registered(Person())
        let caller = try #require(try await accounts.caller(of: lost.accessToken))
        _ = try await world.rows("DELETE FROM users WHERE id = $1::uuid", [.uuid(caller.userID)])
        // While nobody has noticed it nobody asks the database.
        let before = world.client.statistics.statements
        #expect(try await accounts.caller(of: lost.accessToken) == caller)
        #expect(world.client.statistics.statements == before)
        #expect(try await accounts.beginAnew([]).isEmpty)
        for _ in 0..<2 {
          #expect(try await accounts.caller(of: lost.accessToken) == nil)
          #expect(try await accounts.connectionToken(lost.accessToken) == nil)
          #expect(try await accounts.caller(of: kept.accessToken) != nil)
          #expect(try await accounts.connectionToken(kept.accessToken) != nil)
        }
        // One look for each session.
        #expect(world.client.statistics.statements == before + 2)
      }
    }

    @Test func `only tokens from before are looked for, each session once a round`() {
      let sessions = UnconfirmedSessions()
      func token(_ session: ID, issuedAt: Int) -> TokenClaims {
        TokenClaims(
          caller: Caller(userID: session, sessionID: session), issuedAt: issuedAt, expiresAt: issuedAt + 900)
      }
      let (ada, grace) = (ID.v7(), ID.v7())
      #expect(sessions.round(of: token(ada, issuedAt: 0)) == nil)
      sessions.begin(at: Timestamp(millisecondsSinceEpoch: 1_000_000))
      // Another node's clock may be a minute ahead.
      #expect(sessions.round(of: token(ada, issuedAt: 1_061)) == nil)
      #expect(sessions.round(of: token(ada, issuedAt: 1_060)) == 1)
      sessions.confirm(ada, in: 1)
      #expect(sessions.round(of: token(ada, issuedAt: 1_000)) == nil)
      #expect(sessions.round(of: token(grace, issuedAt: 1_000)) == 1)
      sessions.begin(at: Timestamp(millisecondsSinceEpoch: 2_000_000))
      // Found in the database before that.
      sessions.confirm(grace, in: 1)
      #expect(sessions.round(of: token(grace, issuedAt: 1_000)) == 2)
      #expect(sessions.round(of: token(ada, issuedAt: 1_000)) == 2)
    }

    /// Each answer that says a rev says a moment of the database that is not before it.
    @Test func `answers say a history`() async throws {
      try await withWorld { world in
        let users = try await world.users(2)
        let chat = try await world.group(users[0], [users[1]]).id
        let message = try await world.say("x", in: chat, by: users[0])
        let result = try await world.service.chats.joinChat(
          .init(chatID: chat), caller: users[0], context: world.context)
        guard case .ok(let joined) = result else { throw Unexpected() }
        let texts = [
          try await world.sync(users[0]).history, try await world.changes(chat, after: 0, users[0])?.history,
          try await world.messages(chat, users[0])?.history, joined.history,
        ]
        let xid = try await world.rows(
          "SELECT changed_xid::text::bigint FROM chats WHERE id = $1::uuid", [.uuid(message.chatID)])[0].int(0)
        for text in texts {
          let mark = try #require(text.flatMap { HistoryMark($0) })
          #expect(mark.xmax > xid)
          #expect(try await world.service.history.has(mark))
        }
      }
    }
  }
}
