import Generated
import NIOCore
import ProtocolRuntime
import Synchronization
import Testing

@testable import Handlers

/// What a node told the others.
final class RecordingNodes: OtherNodes {
  let told = Mutex<[(event: EncodedEvent, room: String, except: String?)]>([])
  let isReachable = true

  func publish(_ event: EncodedEvent, toRoom room: String, exceptRoom: String?) {
    told.withLock { $0.append((event, room, exceptRoom)) }
  }

  func sessionEnded(_ session: ID) {}
}

@Suite struct OtherNodesTests: StreamSuite {
  let nodes = RecordingNodes()
  let scene: StreamScene
  let typing: Typing

  init() {
    scene = StreamScene(nodes: nodes)
    typing = Typing(streams: scene.streams)
  }

  private func connect(_ caller: Caller, isMember: Bool = true) async throws -> ConnectionID {
    reader.set(caller.userID, isMember ? [Membership(key: .chat(chat), rev: 1, lastSeq: 0, joinedRev: 1)] : [])
    let connection = ConnectionID(rawValue: .random(in: .min ... .max))
    try await streams.connectionOpened(connection, caller: caller)
    return connection
  }

  private func message(_ rev: Int) -> EncodedEvent {
    ServerEvents.newMessage(
      MessageEvent(
        id: .v7(), chatID: chat, seq: rev - 1, rev: rev, senderID: ada.userID, type: .text, content: "x",
        createdAt: .now()
      ).told(after: rev - 1))
  }

  private func removal(_ rev: Int, of user: ID) -> EncodedEvent {
    ServerEvents.memberRemoved(
      MemberRemovedEvent(chatID: chat, rev: rev, prevRev: rev - 1, userID: user, by: ada.userID))
  }

  /// As the event comes from Redis.
  @discardableResult private func hear(_ event: EncodedEvent) -> Bool {
    var payload = event.arguments
    payload.moveReaderIndex(forwardBy: event.name.utf8.count + 4)
    payload.moveWriterIndex(to: payload.writerIndex - 1)
    return streams.received(event.name, payload: payload, arguments: event.arguments) { typing.received($0) }
  }

  private func names(_ connection: ConnectionID) -> [String] { sink.names(connection) }

  @Test func `what happens here is told, also when nobody here listens`() {
    streams.publish(chat: chat, rev: 2, lastSeq: 1, .message) { _ in message(2) }
    streams.tell(MessageReadEvent(chatID: chat, userID: ada.userID, upToSeq: 1, at: .now()))
    #expect(nodes.told.withLock { $0.map(\.event.name) } == ["new_message", "message_read"])
    #expect(nodes.told.withLock { $0.map(\.room) } == ["chat:\(chat)", "chat:\(chat)"])
  }

  @Test func `what is heard goes out in the order of rev, and is not told again`() async throws {
    let connection = try await connect(ada)
    for rev in (2...40).shuffled() {
      if rev % 2 == 0 {
        hear(message(rev))
      } else {
        streams.publish(chat: chat, rev: rev, lastSeq: rev - 1, .message) { _ in message(rev) }
      }
      hear(message(2))
    }
    let revs = try sink.received(connection).map { try #require(try $0.payload(ToldMessage.self)).rev }
    #expect(revs == Array(2...40))
    #expect(nodes.told.withLock { $0.count } == 19)
  }

  @Test func `who was removed on another node gets nothing that came later, in whatever order it is heard`()
    async throws
  {
    let first = try await connect(ada)
    let second = try await connect(grace)
    hear(message(4))
    hear(message(3))
    #expect(names(second) == [])
    hear(removal(2, of: grace.userID))
    hear(message(5))
    #expect(names(first) == ["member_removed", "new_message", "new_message", "new_message"])
    #expect(names(second) == ["member_removed"])
  }

  @Test func `a chat that another node opened begins a stream for those who are here`() async throws {
    let connection = try await connect(grace, isMember: false)
    let user = User(id: grace.userID, username: "grace", displayName: "Grace", status: "", bio: "", createdAt: .now())
    let created = ChatEvent(
      id: chat, type: .group, name: "new", createdBy: ada.userID, createdAt: .now(), updatedAt: .now(), memberCount: 2,
      lastSeq: 0, rev: 1,
      members: [
        ChatMember(user: user, role: .member, joinedAt: .now(), lastReadSeq: 0, lastDeliveredSeq: 0)
      ])
    hear(ServerEvents.chatCreated(created.told(after: 0)))
    hear(message(2))
    #expect(names(connection) == ["chat_created", "new_message"])
  }

  @Test func `what is no event of a chat's order is left to the rooms, and nonsense to nobody`() async throws {
    let connection = try await connect(ada)
    #expect(!hear(EncodedEvent(name: "weather", arguments: ByteBuffer(string: #"["weather",{"degrees":21}]"#))))
    #expect(
      streams.received("new_message", payload: ByteBuffer(string: "{}"), arguments: ByteBuffer(string: "[]")) { _ in })
    #expect(
      streams.received("new_message", payload: ByteBuffer(string: "{"), arguments: ByteBuffer(string: "[]")) { _ in })
    #expect(names(connection) == [])
  }

  @Test func `who types on a node that dies types no longer than 6 s, and not for its own connections`() async throws {
    let viewer = try await connect(ada)
    let own = try await connect(grace)
    for connection in [viewer, own] { #expect(streams.open(chat, on: connection, readAt: 1)) }
    let event = ServerEvents.userTyping(UserTypingEvent(chatID: chat, userID: grace.userID, typing: true))
    hear(event)
    scheduler.advance(by: .seconds(5))
    hear(event)
    scheduler.advance(by: .milliseconds(5_999))
    #expect(names(viewer) == ["user_typing"])
    scheduler.advance(by: .milliseconds(1))
    #expect(names(viewer) == ["user_typing", "user_typing"])
    #expect(names(own) == [])
    // It is told to the others each time, and only by the node that has the typist.
    #expect(nodes.told.withLock { $0.isEmpty })
    for _ in 0..<2 { typing.start(grace.userID, in: chat, on: own) }
    typing.stop(grace.userID, in: chat)
    #expect(nodes.told.withLock { $0.map(\.except) } == Array(repeating: "user:\(grace.userID)", count: 3))
    #expect(names(viewer).count == 4)
  }

  @Test func `an event of a rev that the chat does not have is dropped, and holds nothing up`() async throws {
    let connection = try await connect(ada)
    reader.set(chat, ChatChanges(entries: [], upToRev: 1, hasMore: false))
    hear(message(100))
    scheduler.advance(by: ChatStreams.patience)
    try await until("it is dropped") {
      streams.shard(of: .chat(chat)).streams.withLock { streams in
        streams.look(.chat(chat)) { !$0.order.hasHole && !$0.order.isAttended } ?? false
      }
    }
    #expect(scheduler.pending == 0)
    hear(message(2))
    #expect(names(connection) == ["new_message"])
    #expect(try sink.received(connection).first?.payload(ToldMessage.self)?.rev == 2)
  }

  @Test func `a look finds what nobody told: heads, memberships and marks, each once`() async throws {
    let connection = try await connect(ada)
    reader.set(chat, rev: 3)
    let entries = (2...3).map { rev in
      ChatChanges.Entry(
        rev: rev,
        what: .message(
          MessageEvent(
            id: .v7(), chatID: chat, seq: rev - 1, rev: rev, senderID: ada.userID, type: .text, content: "lost",
            createdAt: .now())))
    }
    reader.set(chat, ChatChanges(entries: entries, upToRev: 3, hasMore: false))
    try await streams.compareAllHeads()
    try await until("what was lost is told") { names(connection) == ["new_message", "new_message"] }

    // Nobody told that Grace was added before the stream began; her connection is brought in.
    let grace = try await connect(grace, isMember: false)
    reader.set(self.grace.userID, [Membership(key: .chat(chat), rev: 3, lastSeq: 2, joinedRev: 1)])
    let user = User(
      id: self.grace.userID, username: "grace", displayName: "Grace", status: "", bio: "", createdAt: .now())
    let member = ChatMember(user: user, role: .member, joinedAt: .now(), lastReadSeq: 0, lastDeliveredSeq: 0)
    let around = ChatEvent(
      id: chat, type: .group, createdBy: ada.userID, createdAt: .now(), updatedAt: .now(), memberCount: 2, lastSeq: 2,
      rev: 3)
    reader.set(
      chat,
      ChatChanges(
        entries: [.init(rev: 1, what: .member(member, joinedRev: 1, chat: around))] + entries, upToRev: 3,
        hasMore: false))
    reader.set([NewMembership(chatID: chat, userID: self.grace.userID, joinedRev: 1, rev: 1, lastSeq: 0)])
    try await streams.tellMissedMemberships(since: "")
    // With what she missed since.
    try await until("she is in") { names(grace) == ["member_added", "new_message", "new_message"] }
    try await streams.tellMissedMemberships(since: "")
    hear(message(4))
    try await until("she gets what comes") { names(grace).count == 4 }
    let chain = try sink.received(grace).dropFirst().map { try #require(try $0.payload(ToldMessage.self)) }
    #expect(chain.map(\.rev) == [2, 3, 4])
    #expect(chain.map(\.prevRev) == [1, 2, 3])

    let told = MessageReadEvent(chatID: chat, userID: ada.userID, upToSeq: 1, at: .now())
    let lost = MessageReadEvent(chatID: chat, userID: self.grace.userID, upToSeq: 2, at: .now())
    hear(ServerEvents.messageRead(told))
    reader.set([told, lost])
    streams.marks?.turn()
    try await streams.tellMissedMarks(since: "")
    let marks = try sink.received(connection).filter { $0.name == "message_read" }
      .map { try #require(try $0.payload(MessageReadEvent.self)) }
    #expect(marks == [told, lost])
  }
}
