import Generated
import ProtocolRuntime
import Synchronization
import Testing

@testable import Handlers

@Suite struct ChatStreamsTests: StreamSuite {
  let scene = StreamScene()

  private func connect(_ caller: Caller, rev: Int? = 1, joinedRev: Int = 1) async throws -> ConnectionID {
    if let rev {
      reader.set(caller.userID, [Membership(key: .chat(chat), rev: rev, lastSeq: 0, joinedRev: joinedRev)])
    }
    let connection = ConnectionID(rawValue: .random(in: .min ... .max))
    try await streams.connectionOpened(connection, caller: caller)
    return connection
  }

  private func publish(_ rev: Int, _ kind: StreamEvent.Kind = .message) {
    streams.publish(chat: chat, rev: rev, lastSeq: rev - 1, kind) { _ in Self.event(rev) }
  }

  private static func event(_ rev: Int, _ name: StaticString = "chat_deleted") -> EncodedEvent {
    EncodedEvent(name: name, payload: ChatDeletedEvent(chatID: .v7(), rev: rev, prevRev: rev - 1))
  }

  private func revs(_ connection: ConnectionID) throws -> [Int] {
    try sink.received(connection).map { event in
      if event.name == "chat_deleted" { return try #require(try event.payload(ChatDeletedEvent.self)).rev }
      if event.name == "member_added" { return try #require(try event.payload(MemberAddedEvent.self)).rev }
      if event.name == "member_removed" { return try #require(try event.payload(MemberRemovedEvent.self)).rev }
      return try #require(try event.payload(ToldMessage.self)).rev
    }
  }

  private func message(seq: Int, rev: Int) -> ChatChanges.Entry {
    ChatChanges.Entry(
      rev: rev,
      what: .message(
        MessageEvent(
          id: .v7(), chatID: chat, seq: seq, rev: rev, senderID: ada.userID, type: .text, content: "filled",
          createdAt: .now())))
  }

  // MARK: Order

  @Test func `events go out by rev, in whatever order they are published`() async throws {
    let connection = try await connect(ada)
    for _ in 0..<20 {
      let base = try revs(connection).last ?? 1
      for rev in (base + 1...base + 10).shuffled() { publish(rev) }
    }
    #expect(try revs(connection) == Array(2...201))
    // Each hole's timer finds that it is closed, and nothing is read.
    scheduler.advance(by: .seconds(1))
    #expect(scheduler.pending == 0)
    #expect(try revs(connection) == Array(2...201))
  }

  @Test func `a hole is filled from the database after 50 ms, and what comes late is dropped`() async throws {
    let connection = try await connect(ada)
    reader.set(
      chat, ChatChanges(entries: [message(seq: 1, rev: 2), message(seq: 3, rev: 4)], upToRev: 5, hasMore: false))
    publish(2)
    publish(4)
    scheduler.advance(by: .milliseconds(49))
    #expect(try revs(connection) == [2])
    scheduler.advance(by: .milliseconds(1))
    // Rev 3 was superseded; rev 5 too, or its event is on its way: everything up to 5 is told.
    try await until("the hole is filled") { try revs(connection).count == 2 }
    for rev in [3, 4, 5, 6] { publish(rev) }
    #expect(try revs(connection) == [2, 4, 6])
    #expect(sink.names(connection) == ["chat_deleted", "new_message", "chat_deleted"])
  }

  @Test func `what was created within the hole is new, the rest is updated`() async throws {
    let connection = try await connect(ada)
    publish(2)
    publish(3)
    reader.set(
      chat,
      ChatChanges(
        entries: [message(seq: 4, rev: 5), message(seq: 3, rev: 6), message(seq: 1, rev: 7)], upToRev: 7, hasMore: false
      ))
    publish(7)
    scheduler.advance(by: .milliseconds(50))
    try await until("the hole is filled") { try revs(connection).count == 5 }
    #expect(sink.names(connection).suffix(3) == ["new_message", "new_message", "message_updated"])
  }

  @Test func `events of a new stream's past are found by comparing heads`() async throws {
    // Published between the read of the membership and the join: nobody takes it.
    reader.afterMembershipRead { [self] _ in publish(2) }
    reader.set(chat, rev: 2)
    reader.set(chat, ChatChanges(entries: [message(seq: 1, rev: 2)], upToRev: 2, hasMore: false))
    let connection = try await connect(ada, rev: 1)
    try await until("it is told") { try revs(connection) == [2] }
  }

  // MARK: Membership

  @Test func `an added member gets its own event first, a removed one gets it last`() async throws {
    let first = try await connect(ada)
    reader.set(grace.userID, [])
    let second = try await connect(grace, rev: nil)
    publish(2)
    publish(5)
    publish(4, .memberRemoved(grace.userID))
    publish(3, .memberAdded(grace.userID))
    publish(6, .memberAdded(grace.userID))
    publish(7)
    #expect(try revs(first) == [2, 3, 4, 5, 6, 7])
    #expect(try revs(second) == [3, 4, 6, 7])
    #expect(streams.knowsMember(grace.userID, of: chat))
    publish(8, .memberRemoved(ada.userID))
    publish(9)
    #expect(try revs(first).last == 8)
    #expect(!streams.knowsMember(ada.userID, of: chat))
  }

  @Test func `who is removed while connecting does not join`() async throws {
    let first = try await connect(ada)
    // The removal goes out after the membership was read; a second read would not find it any more.
    let chat = chat
    reader.afterMembershipRead { [self] _ in
      reader.set(grace.userID, [])
      publish(2, .memberRemoved(grace.userID))
    }
    let second = try await connect(grace, rev: 1)
    publish(3)
    #expect(try revs(first) == [2, 3])
    #expect(try revs(second) == [])
    #expect(!sink.members(of: Room.chat(chat)).contains(second))
  }

  @Test func `who is removed while connecting joins nowhere, though another's stream began later`() async throws {
    let other = ConnectionID(rawValue: 7)
    // Grace's membership is read at rev 1. Then she is removed at rev 2, which nobody here takes; Ada connects at rev 2.
    let started = Mutex(false)
    reader.afterMembershipRead { [self] number in
      guard number == 1,
        started.withLock({
          let was = $0; $0 = true; return !was
        })
      else { return }
      publish(2, .memberRemoved(grace.userID))
      reader.set(grace.userID, [])
    }
    reader.set(grace.userID, [Membership(key: .chat(chat), rev: 1, lastSeq: 0, joinedRev: 1)])
    reader.set(ada.userID, [Membership(key: .chat(chat), rev: 2, lastSeq: 0, joinedRev: 1)])
    reader.set(chat, rev: 2)
    reader.set(
      chat,
      ChatChanges(
        entries: [.init(rev: 2, what: .memberRemoved(grace.userID, by: ada.userID))], upToRev: 2, hasMore: false))
    let second = ConnectionID(rawValue: 8)
    try await streams.connectionOpened(second, caller: grace)
    try await streams.connectionOpened(other, caller: ada)
    try await until("Grace is out") { !sink.members(of: Room.chat(chat)).contains(second) }
    publish(3)
    #expect(try revs(second).allSatisfy { $0 <= 2 })
  }

  @Test func `a late addition finds the connections that a stream began without`() async throws {
    reader.set(grace.userID, [])
    let second = try await connect(grace, rev: nil)
    // Ada's stream begins at rev 3, with Grace's addition at rev 2 already in it, before that is published.
    let first = try await connect(ada, rev: 3)
    reader.set(grace.userID, [Membership(key: .chat(chat), rev: 3, lastSeq: 0, joinedRev: 2)])
    reader.set(chat, ChatChanges(entries: [message(seq: 1, rev: 3)], upToRev: 3, hasMore: false))
    publish(2, .memberAdded(grace.userID))
    try await until("Grace joins") { sink.members(of: Room.chat(chat)).contains(second) }
    publish(4)
    #expect(try revs(first) == [4])
    #expect(try revs(second) == [2, 3, 4])
  }

  @Test func `an older connection is told before it joins`() async throws {
    reader.set(grace.userID, [])
    let older = try await connect(grace, rev: nil)
    // The newer connection's snapshot has the membership, whose event is still to come.
    let newer = try await connect(grace, rev: 2, joinedRev: 2)
    publish(3)
    #expect(try revs(newer) == [3])
    #expect(try revs(older) == [])
    reader.set(
      chat,
      ChatChanges(entries: [message(seq: 2, rev: 3), message(seq: 3, rev: 4)], upToRev: 4, hasMore: false))
    publish(2, .memberAdded(grace.userID))
    publish(4)
    try await until("the older one has what lay between") { try revs(older) == [2, 3, 4] }
    #expect(try revs(newer) == [3, 4])
  }

  @Test func `a new chat reaches its members, and begins their stream`() async throws {
    reader.set(ada.userID, [])
    reader.set(grace.userID, [])
    let connections = [try await connect(ada, rev: nil), try await connect(grace, rev: nil)]
    publish(1, .chatCreated([ada.userID, grace.userID, .v7()]))
    publish(2)
    for connection in connections { #expect(try revs(connection) == [1, 2]) }
  }

  @Test func `a deleted chat ends its room and its stream`() async throws {
    let connection = try await connect(ada)
    #expect(streams.open(chat, on: connection, readAt: 1))
    publish(2, .chatDeleted)
    publish(3)
    #expect(try revs(connection) == [2])
    #expect(sink.members(of: Room.chat(chat)).isEmpty)
    #expect(sink.members(of: Room.open(chat)).isEmpty)
    #expect(!streams.hasListeners(.chat(chat)))
  }

  @Test func `a stream ends with its last connection`() async throws {
    let connections = [try await connect(ada), try await connect(ada), try await connect(grace)]
    for connection in connections {
      #expect(streams.hasListeners(.chat(chat)))
      streams.connectionClosed(connection)
    }
    #expect(!streams.hasListeners(.chat(chat)))
    #expect(streams.registry.connections(of: ada.userID).isEmpty)
  }

  @Test func `a connection that is gone before it has joined leaves nothing behind`() async throws {
    let connection = ConnectionID(rawValue: 1)
    reader.set(ada.userID, [Membership(key: .chat(chat), rev: 1, lastSeq: 0, joinedRev: 1)])
    reader.afterMembershipRead { [streams] _ in streams.connectionClosed(connection) }
    try await streams.connectionOpened(connection, caller: ada)
    #expect(!streams.hasListeners(.chat(chat)))
  }

  @Test func `a connection that goes while it comes in leaves no stream unverified`() async throws {
    let second = ID.v7()
    let older = ConnectionID(rawValue: 1)
    let newer = ConnectionID(rawValue: 2)
    reader.set(
      ada.userID,
      [chat, second].map { Membership(key: .chat($0), rev: 1, lastSeq: 0, joinedRev: 1) })
    // What was published before the stream began, is in PostgreSQL only.
    reader.set(chat, rev: 2)
    reader.set(chat, ChatChanges(entries: [message(seq: 1, rev: 2)], upToRev: 2, hasMore: false))
    reader.set(second, rev: 1)
    sink.onJoin { [streams, ada] connection in
      guard connection == older else { return }
      streams.registry.register(newer, caller: ada)
      _ = streams.registry.remove(older)
    }
    try await streams.connectionOpened(older, caller: ada)
    sink.onJoin { _ in }
    try await until("the stream is verified") {
      streams.shard(of: .chat(chat)).streams.withLock { $0.look(.chat(chat)) { $0.order.head } ?? 0 } == 2
    }
  }

  @Test func `a new member whose membership cannot be read at once is brought in later`() async throws {
    reader.set(grace.userID, [])
    let second = try await connect(grace, rev: nil)
    _ = try await connect(ada, rev: 2)
    reader.set(grace.userID, [Membership(key: .chat(chat), rev: 2, lastSeq: 0, joinedRev: 2)])
    let failures = Mutex(1)
    reader.failMemberships {
      failures.withLock { count in
        count -= 1
        return count >= 0
      }
    }
    publish(2, .memberAdded(grace.userID))
    try await until("another attempt waits") { scheduler.pending > 0 }
    #expect(try revs(second) == [])
    scheduler.advance(by: .seconds(1))
    try await until("Grace is in") { try revs(second) == [2] }
    publish(3)
    #expect(try revs(second) == [2, 3])
  }

  /// The addition was forgotten with the stream, and only a look would have found it.
  @Test func `who was added behind a hole is told though the stream ends before that is filled`() async throws {
    reader.set(grace.userID, [])
    let second = try await connect(grace, rev: nil)
    let first = try await connect(ada, rev: 1)
    publish(3, .memberAdded(grace.userID))
    reader.set(grace.userID, [Membership(key: .chat(chat), rev: 3, lastSeq: 0, joinedRev: 3)])
    reader.set(chat, rev: 3)
    streams.connectionClosed(first)
    try await until("Grace is told") { try revs(second) == [3] }
    publish(4)
    #expect(try revs(second) == [3, 4])
  }

  @Test func `who was added behind a hole is told though the last member goes before it`() async throws {
    reader.set(grace.userID, [])
    let second = try await connect(grace, rev: nil)
    let first = try await connect(ada, rev: 1)
    publish(4, .memberAdded(grace.userID))
    reader.set(grace.userID, [Membership(key: .chat(chat), rev: 4, lastSeq: 0, joinedRev: 4)])
    reader.set(chat, rev: 4)
    publish(2, .memberRemoved(ada.userID))
    try await until("Grace is told") { try revs(second) == [4] }
    #expect(try revs(first) == [2])
  }

  @Test func `who comes late is told of marks, too`() async throws {
    reader.set(grace.userID, [])
    let second = try await connect(grace, rev: nil)
    _ = try await connect(ada, rev: 3)
    reader.set(grace.userID, [Membership(key: .chat(chat), rev: 3, lastSeq: 0, joinedRev: 2)])
    // What lies between cannot be read, so Grace is not in the room.
    publish(2, .memberAdded(grace.userID))
    try await until("Grace is told") { try revs(second) == [2] }
    streams.tell(MessageReadEvent(chatID: chat, userID: ada.userID, upToSeq: 1, at: .now()))
    #expect(!sink.members(of: Room.chat(chat)).contains(second))
    #expect(sink.names(second).last == "message_read")
  }
}
