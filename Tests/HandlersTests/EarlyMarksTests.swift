import Generated
import ProtocolRuntime
import Testing

@testable import Handlers

/// Somebody may read a message of a new chat before that is told here: the mark found no room, and on a node that is
/// alone nobody looks for it later.
@Suite struct EarlyMarksTests: StreamSuite {
  let scene = StreamScene()
  let mark: MessageReadEvent

  init() {
    mark = MessageReadEvent(chatID: scene.chat, userID: scene.ada.userID, upToSeq: 1, at: .now())
    reader.set(grace.userID, [])
    reader.set([mark])
  }

  private func connect(_ number: UInt64) async throws -> ConnectionID {
    let connection = ConnectionID(rawValue: number)
    try await streams.connectionOpened(connection, caller: grace)
    return connection
  }

  private func tellChat() {
    streams.publish(chat: chat, rev: 1, lastSeq: 0, .chatCreated([ada.userID, grace.userID])) { prev in
      let now = Timestamp.now()
      return ServerEvents.chatCreated(
        ToldChat(
          ChatBase(
            id: chat, type: .group, name: "new", createdBy: ada.userID, createdAt: now, updatedAt: now, memberCount: 2,
            lastSeq: 0, rev: 1), prevRev: prev))
    }
  }

  @Test func `it is told behind the chat`() async throws {
    let connection = try await connect(1)
    streams.tell(mark)
    tellChat()
    try await until("it is told") { sink.names(connection) == ["chat_created", "message_read"] }
    #expect(try sink.received(connection)[1].payload(MessageReadEvent.self) == mark)
  }

  /// The stream was there already, for another connection that had read of the membership.
  @Test func `it is told to who is told of the chat late`() async throws {
    let connection = try await connect(1)
    reader.set(grace.userID, [Membership(key: .chat(chat), rev: 1, lastSeq: 0, joinedRev: 1)])
    _ = try await connect(2)
    streams.tell(mark)
    tellChat()
    try await until("it is told") { sink.names(connection) == ["chat_created", "message_read"] }
  }
}
