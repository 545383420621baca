import Generated
import ProtocolRuntime
import Synchronization

@testable import Handlers

/// A database that is scripted: memberships and changes are what the test says, and reads wait until it lets them go.
final class ScriptedReader: ChatReader {
  private struct State {
    var memberships: [ID: [Membership]] = [:]
    var changes: [ID: ChatChanges] = [:]
    var revs: [ID: Int] = [:]
    var marks: [MessageReadEvent] = []
    var newMemberships: [NewMembership] = []
    var left: [ID] = []
    var departureLooks: [String] = []
    var reads = 0
    var onMembershipRead: (@Sendable (Int) -> Void)?
    var membershipsFail: (@Sendable () -> Bool)?
    var snapshots = 0
    var onLook: (@Sendable (String) async -> Void)?
    var onChanges: (@Sendable (Int) async -> Void)?
  }

  private let state = Mutex(State())

  func set(_ user: ID, _ memberships: [Membership]) { state.withLock { $0.memberships[user] = memberships } }
  func set(_ chat: ID, _ changes: ChatChanges) { state.withLock { $0.changes[chat] = changes } }
  func set(_ chat: ID, rev: Int) { state.withLock { $0.revs[chat] = rev } }
  func set(_ memberships: [NewMembership]) { state.withLock { $0.newMemberships = memberships } }
  func set(left chats: [ID]) { state.withLock { $0.left = chats } }
  func set(_ marks: [MessageReadEvent]) { state.withLock { $0.marks = marks } }
  var reads: Int { state.withLock { $0.reads } }
  var snapshots: Int { state.withLock { $0.snapshots } }
  /// The snapshots since which somebody asked where memberships have ended.
  var departureLooks: [String] { state.withLock { $0.departureLooks } }

  /// Called after the memberships were read, before they are handed out; with the number of the read.
  func afterMembershipRead(_ body: @escaping @Sendable (Int) -> Void) {
    state.withLock { $0.onMembershipRead = body }
  }

  func failMemberships(_ body: @escaping @Sendable () -> Bool) { state.withLock { $0.membershipsFail = body } }

  func memberships(of user: ID, chats: [ID]?) async throws -> [Membership] {
    if state.withLock({ $0.membershipsFail })?() == true { throw Unexpected() }
    let (found, hook, number) = state.withLock { state in
      state.reads += 1
      return (state.memberships[user] ?? [], state.onMembershipRead, state.reads)
    }
    hook?(number)
    return found.filter { chats?.contains($0.key.id) ?? true }
  }

  func revs(of keys: [StreamKey]) async throws -> [StreamKey: Int] {
    state.withLock { state in
      Dictionary(uniqueKeysWithValues: keys.compactMap { key in state.revs[key.id].map { (key, $0) } })
    }
  }

  /// They are numbered from 1.
  func snapshot() async throws -> String {
    state.withLock { state in
      state.snapshots += 1
      return "\(state.snapshots)"
    }
  }

  /// Awaited by each who asks for new memberships, with the snapshot since which it does.
  func onLook(_ body: @escaping @Sendable (String) async -> Void) { state.withLock { $0.onLook = body } }

  func newMemberships(of users: [ID], since snapshot: String) async throws -> [NewMembership] {
    await state.withLock({ $0.onLook })?(snapshot)
    return state.withLock { state in state.newMemberships.filter { users.contains($0.userID) } }
  }

  func chatsLeft(since snapshot: String, limit: Int) async throws -> [ID] {
    state.withLock { state in
      state.departureLooks.append(snapshot)
      return state.left
    }
  }

  func readMarks(of chats: [ID], since snapshot: String) async throws -> [MessageReadEvent] {
    state.withLock { state in state.marks.filter { chats.contains($0.chatID) } }
  }

  /// Awaited by each who asks for changes, before it looks; with the rev behind which it does.
  func onChanges(_ body: @escaping @Sendable (Int) async -> Void) { state.withLock { $0.onChanges = body } }

  func changes(of key: StreamKey, after rev: Int, limit: Int) async throws -> ChatChanges? {
    await state.withLock({ $0.onChanges })?(rev)
    return state.withLock { state in
      state.changes[key.id].map {
        ChatChanges(entries: $0.entries.filter { $0.rev > rev }, upToRev: $0.upToRev, hasMore: false)
      }
    }
  }
}

/// Streams on a scripted database, with a clock that stands still and connections that only remember; and a chat of two.
struct StreamScene {
  let sink = RecordingSink()
  let reader = ScriptedReader()
  let scheduler = ManualScheduler()
  let streams: ChatStreams
  let chat = ID.v7()
  let ada = Caller(userID: .v7(), sessionID: .v7())
  let grace = Caller(userID: .v7(), sessionID: .v7())

  init(nodes: (any OtherNodes)? = nil, executor: (any TaskExecutor)? = nil) {
    streams = ChatStreams(
      sink: sink, reader: reader, loops: [DeliveryLoop(scheduler: scheduler, executor: executor)], nodes: nodes,
      logger: quiet)
    reader.set(chat, rev: 1)
  }
}

/// A suite whose tests play in such a scene.
protocol StreamSuite {
  var scene: StreamScene { get }
}

extension StreamSuite {
  var sink: RecordingSink { scene.sink }
  var reader: ScriptedReader { scene.reader }
  var scheduler: ManualScheduler { scene.scheduler }
  var streams: ChatStreams { scene.streams }
  var chat: ID { scene.chat }
  var ada: Caller { scene.ada }
  var grace: Caller { scene.grace }
}
