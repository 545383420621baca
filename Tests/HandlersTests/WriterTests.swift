import Generated
import Postgres
import ProtocolRuntime
import Testing

@testable import Handlers

extension DatabaseTests {
  @Suite struct WriterTests {
    @Test func `fifty senders leave no hole in seq and rev, whatever fails among them`() async throws {
      try await withWorld { world in
        let senders = try await world.users(50)
        let outsider = try await world.user("Outsider")
        var chats: [ID] = []
        for _ in 0..<7 { chats.append(try await world.group(senders[0], Array(senders.dropFirst())).id) }
        let ids = chats
        let accepted = try await withThrowingTaskGroup(of: [Message].self) { group in
          for (index, sender) in senders.enumerated() {
            group.addTask {
              var mine: [Message] = []
              for round in 0..<20 {
                let chat = ids[(index + round) % ids.count]
                if round % 5 == 4 {
                  // PostgreSQL cannot store it: the whole batch fails, and only this one must.
                  await #expect(throws: (any Error).self) { try await world.send("\0", to: chat, by: sender) }
                  #expect(try await world.send("no", to: chat, by: outsider).code == .notFound)
                  #expect(try await world.send("no", to: .v7(), by: sender).code == .notFound)
                }
                mine.append(try await world.say("\(index) \(round)", in: chat, by: sender))
              }
              return mine
            }
          }
          return try await group.reduce(into: []) { $0 += $1 }
        }
        #expect(accepted.count == 1000)
        for chat in ids {
          let mine = accepted.filter { $0.chatID == chat }.sorted { $0.seq < $1.seq }
          #expect(mine.map(\.seq) == Array(1...mine.count))
          #expect(mine.map(\.rev) == Array(2...mine.count + 1))
          let stored = try await world.rows(
            "SELECT id, seq, rev, content FROM messages WHERE chat_id = $1::uuid ORDER BY seq", [.uuid(chat)])
          #expect(try stored.map { try $0.uuid(0) } == mine.map(\.id))
          #expect(try stored.map { try $0.string(3) } == mine.map(\.content))
          let row = try #require(
            try await world.rows("SELECT last_seq, rev FROM chats WHERE id = $1::uuid", [.uuid(chat)]).first)
          #expect(try row.int(0) == mine.count)
          #expect(try row.int(1) == mine.count + 1)
        }
      }
    }

    @Test func `a client id stands for one message, also within a batch`() async throws {
      try await withWorld { world in
        let ada = try await world.user("Ada Lovelace")
        let grace = try await world.user("Grace Hopper")
        let chat = try await world.group(ada, [grace]).id
        let key = ID.v7()
        let outputs = try await withThrowingTaskGroup(of: Operations.SendMessage.Output.self) { group in
          for index in 0..<40 {
            group.addTask { try await world.send(index % 4 == 3 ? "other" : "one", to: chat, by: ada, clientID: key) }
          }
          return try await group.reduce(into: []) { $0.append($1) }
        }
        let created = outputs.compactMap(\.created)
        #expect(created.count == 1)
        let first = try #require(created.first)
        let (repeats, conflicts) = first.content == "one" ? (29, 10) : (9, 30)
        #expect(outputs.compactMap(\.repeated).filter { $0.id == first.id && $0.seq == 1 }.count == repeats)
        #expect(outputs.filter { $0.code == .idempotencyConflict }.count == conflicts)

        // The same id of another sender is another message; a repeat shows the message as it stands now.
        #expect(try await world.send("one", to: chat, by: grace, clientID: key).created?.seq == 2)
        let edit = Operations.EditMessage.Input(path: .init(id: first.id), body: .init(content: "three"))
        guard case .ok = try await world.service.editMessage(edit, caller: ada, context: world.context) else {
          throw Unexpected()
        }
        let again = try await world.send(first.content, to: chat, by: ada, clientID: key).repeated
        #expect(again?.content == "three")
        #expect(again?.rev == 4)
        let row = try #require(
          try await world.rows("SELECT last_seq FROM chats WHERE id = $1::uuid", [.uuid(chat)]).first)
        #expect(try row.int(0) == 2)
      }
    }

    @Test func `one flight takes what waits, with two statements`() async throws {
      try await withWorld(connections: 2) { world in
        let ada = try await world.user("Ada Lovelace")
        let chat = try await world.group(ada, []).id
        try await world.say("prepare the statements", in: chat, by: ada)
        let before = world.client.statistics
        try await withThrowingTaskGroup(of: Void.self) { group in
          for index in 0..<200 { group.addTask { try await world.say("\(index)", in: chat, by: ada) } }
          try await group.waitForAll()
        }
        let after = world.client.statistics
        let statements = after.statements - before.statements
        #expect(statements % 2 == 0 && statements < 200)
        // One sync a flight; each of the connections prepares both statements once.
        #expect(after.syncs - before.syncs <= statements / 2 + 4)
      }
    }
  }
}

extension Operations.SendMessage.Output {
  var created: Message? {
    if case .created(let message) = self { message } else { nil }
  }
  var repeated: Message? {
    if case .ok(let message) = self { message } else { nil }
  }
  var code: Operations.SendMessage.Code? {
    if case .refused(let refusal) = self { refusal.code } else { nil }
  }
}
