import Generated
import ProtocolRuntime
import Testing

@testable import Handlers

extension DatabaseTests {
  /// Two nodes that do not hear each other, as while Redis is away: what a look at PostgreSQL finds is told as if it had
  /// been heard.
  @Suite struct LostWordsTests {
    private func withNodes(_ body: (_ here: World, _ there: World) async throws -> Void) async throws {
      try await withWorld { here in try await withWorld { there in try await body(here, there) } }
    }

    private func look(_ world: World, since snapshot: String) async throws {
      try await world.service.streams.compareAllHeads()
      try await world.service.streams.tellMissedMemberships(since: snapshot)
    }

    private struct Step: Equatable {
      let name: String
      let rev: Int
      let prev: Int
    }

    private func steps(_ world: World, _ connection: ConnectionID) throws -> [Step] {
      try world.sink.received(connection).map { event in
        switch event.name {
        case "member_added":
          let added = try #require(try event.payload(MemberAddedEvent.self))
          return Step(name: event.name, rev: added.rev, prev: added.prevRev)
        case "chat_updated":
          let chat = try #require(try event.payload(ToldChat.self))
          return Step(name: event.name, rev: chat.rev, prev: chat.prevRev)
        case "chat_deleted":
          let deleted = try #require(try event.payload(ChatDeletedEvent.self))
          return Step(name: event.name, rev: deleted.rev, prev: deleted.prevRev)
        default:
          let message = try #require(try event.payload(ToldMessage.self))
          return Step(name: event.name, rev: message.rev, prev: message.prevRev)
        }
      }
    }

    /// Of six who were brought in late one or two got all that lies behind; the others began where the room was, or got a
    /// message that was new to them as one that had changed.
    @Test func `who is brought in late gets all of a group, in order and as new`() async throws {
      try await withNodes { here, there in
        let users = try await there.users(7)
        let snapshot = try await there.service.streams.reader.snapshot()
        var connections: [ConnectionID] = []
        for user in users.dropFirst() { connections.append(try await there.connect(user)) }
        let chat = try await here.group(users[0], Array(users.dropFirst())).id
        for number in 1...5 { try await here.say("\(number)", in: chat, by: users[0]) }
        #expect(try await here.rename(chat, "Other engines", by: users[0]).chat != nil)
        try await look(there, since: snapshot)
        // The creation is told as an addition, at rev 1; then five messages, a new name and what the system says of it.
        let whole =
          [Step(name: "member_added", rev: 1, prev: 0)]
          + (2...6).map { Step(name: "new_message", rev: $0, prev: $0 - 1) }
          + [Step(name: "chat_updated", rev: 7, prev: 6), Step(name: "new_message", rev: 8, prev: 7)]
        for connection in connections {
          try await until("it has all of it") { there.sink.received(connection).count >= whole.count }
          #expect(try steps(there, connection) == whole)
        }
        // Once more, and what comes then: nothing twice, and all of them are in the room.
        try await look(there, since: snapshot)
        try await here.say("more", in: chat, by: users[0])
        try await look(there, since: snapshot)
        for connection in connections {
          try await until("it has the rest") { there.sink.received(connection).count > whole.count }
          #expect(try steps(there, connection) == whole + [Step(name: "new_message", rev: 9, prev: 8)])
        }
        #expect(there.sink.members(of: Room.chat(chat)) == Set(connections))
      }
    }

    /// Of what was said before, who joins within a hole gets what was edited within it, as new; the addition says how far
    /// the chat is, and what is told behind that was new to everybody.
    @Test func `who joins in a hole is told how far the chat is`() async throws {
      try await withNodes { here, there in
        let users = try await there.users(3)
        let snapshot = try await there.service.streams.reader.snapshot()
        let chat = try await here.group(users[0], [users[1]]).id
        let member = try await there.connect(users[1])
        let newcomer = try await there.connect(users[2])
        let first = try await here.say("first", in: chat, by: users[0])
        let second = try await here.say("second", in: chat, by: users[0])
        _ = try await here.add([users[2]], to: chat, by: users[0])
        _ = try await here.edit(first.id, "first, edited", by: users[0])
        try await look(there, since: snapshot)
        try await until("the hole is told") { there.sink.names(newcomer).count == 3 }
        _ = try await here.edit(second.id, "second, edited", by: users[0])
        try await look(there, since: snapshot)
        try await until("the edit is told") { there.sink.names(newcomer).count == 4 }
        #expect(there.sink.names(newcomer) == ["member_added", "new_message", "new_message", "message_updated"])
        #expect(there.sink.names(member).suffix(2) == ["new_message", "message_updated"])
        let told = there.sink.received(newcomer)
        let added = try #require(try told[0].payload(MemberAddedEvent.self))
        let seqs = try told.dropFirst().map { try #require(try $0.payload(ToldMessage.self)).seq }
        #expect(seqs == [3, first.seq, second.seq])
        #expect(added.chat.lastSeq >= second.seq)
      }
    }

    /// It was told whole, from its creation to its end, at each look.
    @Test func `a group that is deleted is told to nobody`() async throws {
      try await withNodes { here, there in
        let users = try await there.users(3)
        let snapshot = try await there.service.streams.reader.snapshot()
        let before = try await there.connect(users[1])
        let chat = try await here.group(users[0], Array(users.dropFirst())).id
        try await here.say("hello", in: chat, by: users[0])
        #expect(try await here.delete(chat, by: users[0]) == nil)
        let after = try await there.connect(users[2])
        for _ in 0..<2 { try await look(there, since: snapshot) }
        // What a look finds of another group comes behind it.
        let other = try await here.group(users[0], Array(users.dropFirst())).id
        try await look(there, since: snapshot)
        for connection in [before, after] {
          try await until("it is told of the other") { !there.sink.received(connection).isEmpty }
          #expect(there.sink.names(connection) == ["member_added"])
          let told = try #require(try there.sink.received(connection).first?.payload(MemberAddedEvent.self))
          #expect(told.chatID == other)
        }
      }
    }
  }
}
