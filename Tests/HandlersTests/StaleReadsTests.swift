import Generated
import ProtocolRuntime
import Synchronization
import Testing

@testable import Handlers

/// Between the restoring of a backup and its discovery, PostgreSQL shows less than was told: memberships were read again
/// and again then, as fast as it could be done, for a second or two.
@Suite struct StaleReadsTests: StreamSuite {
  let scene = StreamScene()

  init() {
    for user in [ada, grace] {
      reader.set(user.userID, [Membership(key: .chat(chat), rev: 1, lastSeq: 0, joinedRev: 1)])
    }
  }

  /// Ada's connection is told that Grace was removed, which the database does not know any more.
  private func goBack() async throws {
    try await streams.connectionOpened(ConnectionID(rawValue: 1), caller: ada)
    streams.publish(chat: chat, rev: 2, lastSeq: 0, .memberRemoved(grace.userID)) { prev in
      ServerEvents.memberRemoved(
        MemberRemovedEvent(chatID: chat, rev: 2, prevRev: prev, userID: grace.userID, by: ada.userID))
    }
    // So that what reads on and on ends.
    let reader = reader
    reader.failMemberships { reader.reads > 1_000 }
  }

  @Test func `who connects meanwhile comes in when it is found`() async throws {
    try await goBack()
    let before = reader.reads
    let connection = ConnectionID(rawValue: 2)
    let coming = Task { [streams, grace] in try await streams.connectionOpened(connection, caller: grace) }
    try await until("it waits") { scheduler.pending > 0 }
    #expect(reader.reads - before <= 4)
    try await streams.beginAnew()
    scheduler.advance(by: .milliseconds(250))
    #expect(try await coming.value[.chat(chat)] == 1)
    #expect(sink.members(of: Room.chat(chat)) == [ConnectionID(rawValue: 1), connection])
    #expect(scheduler.pending == 0)
  }

  @Test func `who connects meanwhile is turned away after 5 s`() async throws {
    try await goBack()
    let connection = ConnectionID(rawValue: 2)
    let refusal = Mutex<(any Error)?>(nil)
    let isOver = Mutex(false)
    Task { [streams, grace] in
      do {
        try await streams.connectionOpened(connection, caller: grace)
      } catch {
        refusal.withLock { $0 = error }
      }
      isOver.withLock { $0 = true }
    }
    try await until("it is over") {
      if scheduler.pending > 0 { scheduler.advance(by: .milliseconds(250)) }
      return isOver.withLock { $0 }
    }
    #expect(refusal.withLock { $0 } is UnavailableError)
    #expect(scheduler.now == .seconds(5))
    #expect(reader.reads < 30)
    #expect(!streams.registry.isConnected(connection))
  }
}
