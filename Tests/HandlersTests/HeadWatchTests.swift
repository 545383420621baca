import ProtocolRuntime
import Synchronization
import Testing

@testable import Handlers

extension DatabaseTests {
  @Suite struct HeadWatchTests: StreamSuite {
    let nodes = RecordingNodes()
    let scene: StreamScene

    init() {
      scene = StreamScene(nodes: nodes)
    }

    /// A look that had begun before took each membership that it found for a new one while no stream knew any: a client
    /// that had just been told `resync` was told the whole chat, from where it had joined.
    @Test func `streams begin anew between two looks`() async throws {
      try await withWorld { world in
        let watch = HeadWatch(streams: streams, accounts: world.service.accounts, interval: .seconds(12))
        try await streams.connectionOpened(ConnectionID(rawValue: 1), caller: ada)
        let story = Story()
        watch.look()
        try await until("the first look is over") { reader.snapshots == 1 }
        // Nobody goes on before it is finished.
        let (gate, opens) = AsyncStream.makeStream(of: Never.self)
        reader.onLook { snapshot in
          story.note("looks back to \(snapshot)")
          for await _ in gate {}
          story.note("found")
        }
        watch.look()
        try await until("it looks") { story.words.count == 1 }
        // One that is asked for meanwhile, and who begins anew.
        watch.look()
        let anew = Task { try await watch.beginAnew { story.note("anew") } }
        // It would begin in this time if it did not wait.
        for _ in 0..<1_000 where story.words.count == 1 { await Task.yield() }
        opens.finish()
        try await anew.value
        #expect(story.words == ["looks back to 1", "found", "anew"])
        try await until("the look behind it is over") { reader.snapshots == 3 }
        // What the others saw was another database.
        scheduler.advance(by: .seconds(12))
        watch.look()
        try await until("it looks") { story.words.count == 5 }
        #expect(story.words.suffix(2) == ["looks back to 3", "found"])
        watch.stop()
      }
    }

    /// If it fails it is begun again, and looks go on meanwhile.
    @Test func `looks go on behind one that could not begin anew`() async throws {
      try await withWorld { world in
        let watch = HeadWatch(streams: streams, accounts: world.service.accounts, interval: .seconds(12))
        await #expect(throws: Unexpected.self) { try await watch.beginAnew { throw Unexpected() } }
        try await until("it looks") { reader.snapshots == 1 }
        watch.stop()
      }
    }

    /// They are to be known within 3 s, and looks are further apart.
    @Test func `ends are asked for by themselves, and found within 2 s`() async throws {
      try await withWorld { world in
        let accounts = world.service.accounts
        let token = try await world.registered(Person()).accessToken
        let revoked = try #require(try await accounts.caller(of: token))
        let first = ConnectionID(rawValue: 1)
        let second = ConnectionID(rawValue: 2)
        try await streams.connectionOpened(first, caller: revoked)
        reader.set(grace.userID, [Membership(key: .chat(chat), rev: 1, lastSeq: 0, joinedRev: 1)])
        try await streams.connectionOpened(second, caller: grace)

        let watch = HeadWatch(streams: streams, accounts: accounts, interval: .seconds(12))
        watch.start()
        try await until("the first look is over, and ends were asked for") { reader.snapshots == 2 }
        // The next looks are due at 2.5 s and at 12 s.
        try await until("it waits") { scheduler.pending == 3 }
        let before = reader.departureLooks.count
        _ = try await world.rows(
          "UPDATE sessions SET revoked_at = now() WHERE id = $1::uuid", [.uuid(revoked.sessionID)])
        let removal = ChatChanges.Entry(rev: 2, what: .memberRemoved(grace.userID, by: ada.userID))
        reader.set(chat, ChatChanges(entries: [removal], upToRev: 2, hasMore: false))
        reader.set(chat, rev: 2)
        reader.set(left: [chat])
        scheduler.advance(by: .seconds(2))
        try await until("the one is cut, and the other told") {
          sink.cut == [first] && sink.names(second) == ["member_removed"]
        }
        #expect(!streams.hasListeners(.chat(chat)))
        try await until("it waits") { scheduler.pending == 3 }
        #expect(reader.departureLooks.count == before + 1)

        // Again, for what has ended since.
        scheduler.advance(by: .seconds(2))
        try await until("it asks again") { reader.departureLooks.count == before + 2 }
        #expect(reader.departureLooks.last == "3")
        watch.stop()
      }
    }
  }
}

/// What happened, in its order.
private final class Story: Sendable {
  private let state = Mutex<[String]>([])

  var words: [String] { state.withLock { $0 } }

  func note(_ word: String) { state.withLock { $0.append(word) } }
}
