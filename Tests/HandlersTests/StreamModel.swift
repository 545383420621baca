import Foundation
import Generated
import NIOCore
import ProtocolRuntime
import Synchronization

@testable import Handlers

/// SplitMix64: what it gives depends on the seed alone.
struct SeededGenerator: RandomNumberGenerator {
  private var state: UInt64

  init(seed: Int) {
    state = UInt64(bitPattern: Int64(seed))
  }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }
}

/// Runs jobs when the test says so, one at a time, in any order.
final class ManualExecutor: TaskExecutor {
  private let jobs = Mutex<[UnownedJob]>([])

  func enqueue(_ job: consuming ExecutorJob) {
    let job = UnownedJob(job)
    jobs.withLock { $0.append(job) }
  }

  var count: Int { jobs.withLock { $0.count } }

  func run(_ index: Int) {
    let job = jobs.withLock { $0.remove(at: index) }
    job.runSynchronously(on: asUnownedTaskExecutor())
  }
}

/// What PostgreSQL would have, and reads of it that begin, look and come back when the test says so.
final class StreamModel: ChatReader {
  struct Member {
    var joinedRev: Int
    var rev: Int
    var seqBefore: Int
    var isIn = true
    var remover = ID.v7()
  }

  struct Stream {
    var rev = 1
    /// By seq: when each message was made and changed last.
    var messages: [(created: Int, rev: Int)] = []
    var members: [ID: Member] = [:]
  }

  private struct State {
    var streams: [StreamKey: Stream] = [:]
    /// Looks and gives what brings the answer back.
    var begun: [@Sendable () -> @Sendable (Bool) -> Void] = []
    /// Brings the answer back, or a failure.
    var seen: [@Sendable (Bool) -> Void] = []
  }

  private let state = Mutex(State())

  subscript(key: StreamKey) -> Stream { state.withLock { $0.streams[key] ?? Stream() } }
  var keys: [StreamKey] { state.withLock { $0.streams.keys.sorted { $0.id < $1.id } } }
  var begun: Int { state.withLock { $0.begun.count } }
  var seen: Int { state.withLock { $0.seen.count } }

  func change<Result: Sendable>(_ key: StreamKey, _ body: (inout Stream) -> Result) -> Result {
    state.withLock { body(&$0.streams[key, default: Stream()]) }
  }

  // MARK: What is told

  /// Some change, and the event that tells of it.
  func act(
    on key: StreamKey, users: [ID], using generator: inout SeededGenerator
  ) -> (place: StreamEvent.Place, encoded: EncodedEvent) {
    let user = users.randomElement(using: &generator) ?? .v7()
    let choice = Int.random(in: 0..<10, using: &generator)
    let pick = generator.next()
    return change(key) { stream in
      stream.rev += 1
      let rev = stream.rev
      let lastSeq = stream.messages.count
      func place(_ kind: StreamEvent.Kind, lastSeq: Int = 0) -> StreamEvent.Place {
        StreamEvent.Place(key: key, rev: rev, lastSeq: lastSeq, kind: kind)
      }
      if case .chat = key, choice < 3 {
        if stream.members[user]?.isIn == true {
          let remover = ID.v7()
          stream.members[user]?.isIn = false
          stream.members[user]?.rev = rev
          stream.members[user]?.remover = remover
          let payload = MemberRemovedEvent(chatID: key.id, rev: rev, prevRev: rev - 1, userID: user, by: remover)
          return (place(.memberRemoved(user)), ServerEvents.memberRemoved(payload))
        }
        stream.members[user] = Member(joinedRev: rev, rev: rev, seqBefore: lastSeq)
        let payload = MemberAddedEvent(
          chatID: key.id, rev: rev, prevRev: rev - 1, member: Self.member(user), chat: Self.chat(key.id, rev))
        return (place(.memberAdded(user), lastSeq: lastSeq), ServerEvents.memberAdded(payload))
      }
      if choice < 6, !stream.messages.isEmpty {
        let index = Int(pick % UInt64(stream.messages.count))
        stream.messages[index].rev = rev
        let message = Self.message(key.id, seq: index + 1, rev: rev).told(after: rev - 1)
        return (place(.change), ServerEvents.messageUpdated(message))
      }
      stream.messages.append((rev, rev))
      let message = Self.message(key.id, seq: lastSeq + 1, rev: rev).told(after: rev - 1)
      return (place(.message, lastSeq: lastSeq + 1), ServerEvents.newMessage(message))
    }
  }

  static func message(_ chat: ID, seq: Int, rev: Int) -> MessageEvent {
    MessageEvent(
      id: chat, chatID: chat, seq: seq, rev: rev, senderID: chat, type: .text, content: "", createdAt: moment)
  }

  static func member(_ user: ID) -> ChatMember {
    ChatMember(
      user: User(id: user, username: "ada", displayName: "Ada", status: "", bio: "", createdAt: moment), role: .member,
      joinedAt: moment, lastReadSeq: 0, lastDeliveredSeq: 0)
  }

  static func chat(_ id: ID, _ rev: Int) -> ChatEvent {
    ChatEvent(
      id: id, type: .group, createdBy: id, createdAt: moment, updatedAt: moment, memberCount: 1, lastSeq: 0, rev: rev)
  }

  private static let moment = Timestamp(millisecondsSinceEpoch: 1_700_000_000_000)

  // MARK: Reads

  /// Lets the look of a read that has begun happen.
  func look(_ index: Int) {
    let body = state.withLock { $0.begun.remove(at: index) }
    let answer = body()
    state.withLock { $0.seen.append(answer) }
  }

  /// Brings back what a read has seen.
  func answer(_ index: Int, fails: Bool) {
    let body = state.withLock { $0.seen.remove(at: index) }
    body(fails)
  }

  private func read<Result: Sendable>(_ body: @escaping @Sendable ([StreamKey: Stream]) -> Result) async throws
    -> Result
  {
    try await withCheckedThrowingContinuation { continuation in
      state.withLock { state in
        state.begun.append { [self] in
          let result = body(self.state.withLock { $0.streams })
          return { fails in
            if fails { continuation.resume(throwing: Unexpected()) } else { continuation.resume(returning: result) }
          }
        }
      }
    }
  }

  func memberships(of user: ID, chats: [ID]?) async throws -> [Membership] {
    try await read { streams in
      streams.sorted { $0.key.id < $1.key.id }.compactMap { key, stream in
        guard chats?.contains(key.id) ?? true else { return nil }
        if case .user(let owner) = key {
          guard owner == user else { return nil }
          return Membership(key: key, rev: stream.rev, lastSeq: stream.messages.count, joinedRev: 1)
        }
        guard let member = stream.members[user], member.isIn else { return nil }
        return Membership(key: key, rev: stream.rev, lastSeq: stream.messages.count, joinedRev: member.joinedRev)
      }
    }
  }

  func revs(of keys: [StreamKey]) async throws -> [StreamKey: Int] {
    try await read { streams in
      streams.filter { keys.contains($0.key) }.mapValues(\.rev)
    }
  }

  func snapshot() async throws -> String { "" }

  func newMemberships(of users: [ID], since snapshot: String) async throws -> [NewMembership] {
    try await read { streams in
      streams.sorted { $0.key.id < $1.key.id }.flatMap { key, stream in
        stream.members.filter { users.contains($0.key) && $0.value.isIn }.sorted { $0.key < $1.key }.map {
          user, member in
          NewMembership(
            chatID: key.id, userID: user, joinedRev: member.joinedRev, rev: member.rev, lastSeq: member.seqBefore)
        }
      }
    }
  }

  func chatsLeft(since snapshot: String, limit: Int) async throws -> [ID] { [] }

  func readMarks(of chats: [ID], since snapshot: String) async throws -> [MessageReadEvent] { [] }

  /// Short stretches, so that many holes take several.
  func changes(of key: StreamKey, after rev: Int, limit: Int) async throws -> ChatChanges? {
    try await read { streams in
      guard let stream = streams[key] else { return nil }
      var entries = stream.messages.enumerated().map { index, message in
        ChatChanges.Entry(
          rev: message.rev, what: .message(Self.message(key.id, seq: index + 1, rev: message.rev)))
      }
      entries += stream.members.map { user, member in
        ChatChanges.Entry(
          rev: member.rev,
          what: member.isIn
            ? .member(Self.member(user), joinedRev: member.joinedRev, chat: Self.chat(key.id, stream.rev))
            : .memberRemoved(user, by: member.remover))
      }
      entries = entries.filter { $0.rev > rev }.sorted { $0.rev < $1.rev }
      let page = Array(entries.prefix(4))
      let hasMore = page.count < entries.count
      return ChatChanges(entries: page, upToRev: hasMore ? page[3].rev : stream.rev, hasMore: hasMore)
    }
  }
}
