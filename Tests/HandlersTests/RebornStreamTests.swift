import Generated
import ProtocolRuntime
import Synchronization
import Testing

@testable import Handlers

/// A stream ends with its last local member. The next one begins at the rev at which its first member was read, which
/// may be an older one.
@Suite struct RebornStreamTests: StreamSuite {
  let executor = ManualExecutor()
  let scene: StreamScene

  init() {
    scene = StreamScene(executor: executor)
  }

  private func connect(_ caller: Caller) async throws -> ConnectionID {
    reader.set(caller.userID, [Membership(key: .chat(chat), rev: 1, lastSeq: 0, joinedRev: 1)])
    let connection = ConnectionID(rawValue: .random(in: .min ... .max))
    try await streams.connectionOpened(connection, caller: caller)
    return connection
  }

  private func message(_ rev: Int) -> MessageEvent {
    MessageEvent(
      id: .v7(), chatID: chat, seq: rev - 1, rev: rev, senderID: ada.userID, type: .text, content: "x",
      createdAt: .now())
  }

  private func publish(_ rev: Int) {
    streams.publish(chat: chat, rev: rev, lastSeq: rev - 1, .message) { prev in
      ServerEvents.newMessage(message(rev).told(after: prev))
    }
  }

  private func revs(_ connection: ConnectionID) throws -> [Int] {
    try sink.received(connection).map { try #require(try $0.payload(ToldMessage.self)).rev }
  }

  /// Runs what can go on.
  private func rest() { while executor.count > 0 { executor.run(0) } }

  /// Taken for the new one's, it would move its head beyond what nobody there was told.
  @Test func `what was read for a stream that has ended since is not taken for the next one's`() async throws {
    let asked = Mutex<[Int]>([])
    let (gate, opens) = AsyncStream.makeStream(of: Never.self)
    reader.onChanges { rev in
      asked.withLock { $0.append(rev) }
      for await _ in gate {}
    }
    let first = try await connect(ada)
    publish(2)
    publish(4)
    scheduler.advance(by: ChatStreams.patience)
    rest()
    #expect(asked.withLock { $0 } == [2])
    streams.connectionClosed(first)
    #expect(!streams.hasListeners(.chat(chat)))

    // Grace's membership was read before rev 2, which is in her hole, but not in that of before.
    let second = try await connect(grace)
    publish(5)
    let entries = (2...5).map { ChatChanges.Entry(rev: $0, what: .message(message($0))) }
    reader.set(chat, ChatChanges(entries: entries, upToRev: 5, hasMore: false))
    rest()
    opens.finish()
    // The old answer.
    #expect(executor.count == 1)
    rest()
    #expect(streams.heads(of: second)[.chat(chat)] == 1)
    #expect(try revs(second) == [])

    scheduler.advance(by: ChatStreams.patience)
    rest()
    publish(6)
    #expect(try revs(second) == [2, 3, 4, 5, 6])
    #expect(asked.withLock { $0 } == [2, 1])
  }
}
