import Generated
import ProtocolRuntime

// What was not published in time is read from PostgreSQL.
extension ChatStreams {
  /// How many changes are read at once.
  private static let stretch = 200
  /// How many chats, or users, PostgreSQL is asked about at once.
  private static let batch = 1_000
  /// How long a read that failed waits for the next attempt.
  private static let pause = Duration.seconds(1)

  /// Compares the heads of streams that have just begun with PostgreSQL, and fills what they lack.
  func verify(_ chats: [UUID]) {
    Task(executorPreference: executor) {
      do {
        try await self.compareHeads(of: chats)
      } catch {
        self.logger.warning("Heads could not be compared", metadata: ["error": "\(error)"])
        self.scheduler.schedule(after: Self.pause) { self.verify(chats) }
      }
    }
  }

  /// Compares the heads of all streams with PostgreSQL, and fills what they lack.
  func compareAllHeads() async throws {
    try await inBatches(chats) { try await compareHeads(of: $0) }
  }

  /// Takes the memberships that began since a snapshot as if they were told now: those that were not are told, the
  /// others are late.
  func tellMissedMemberships(since snapshot: String) async throws {
    try await inBatches(registry.connectedUsers) { users in
      for new in try await reader.newMemberships(of: users, since: snapshot) {
        guard let event = try await addition(new) else { continue }
        accept(chat: new.chatID, rev: new.joinedRev, lastSeq: new.lastSeq, .memberAdded(new.userID)) { event }
      }
    }
  }

  /// The event of a membership, if it still stands, with its latest state.
  private func addition(_ new: NewMembership) async throws -> EncodedEvent? {
    var behind = new.joinedRev - 1
    while let changes = try await reader.changes(in: new.chatID, after: behind, limit: Self.stretch) {
      for entry in changes.entries {
        guard case .member(let member, new.joinedRev, let around) = entry.what, member.user.id == new.userID,
          var chat = around
        else { continue }
        chat.rev = new.joinedRev
        return ServerEvents.memberAdded(
          MemberAddedEvent(chatID: new.chatID, rev: new.joinedRev, member: member, chat: chat))
      }
      guard changes.hasMore else { return nil }
      behind = changes.upToRev
    }
    return nil
  }

  /// Tells the marks that rose since a snapshot and that nobody told here.
  ///
  /// - Parameter seconds: how long ago that was, at most.
  func tellMissedMarks(since snapshot: String, within seconds: Int) async throws {
    try await inBatches(chats) { chats in
      for mark in try await reader.readMarks(of: chats, since: snapshot, within: seconds) {
        guard marks?.isTold(mark) == false else { continue }
        sink.broadcast(
          ServerEvents.messageRead(mark), toRoom: Room.chat(mark.chatID), at: EventPosition(mark))
      }
    }
  }

  private func inBatches(_ all: [UUID], _ body: ([UUID]) async throws -> Void) async throws {
    for start in stride(from: 0, to: all.count, by: Self.batch) {
      try await body(Array(all[start..<min(start + Self.batch, all.count)]))
    }
  }

  private func compareHeads(of chats: [UUID]) async throws {
    for (chat, rev) in try await reader.revs(of: chats) {
      let isBehind = shard(of: chat).streams.withLock { streams in
        guard let stream = streams[chat], stream.head < rev, !stream.isAttended else { return false }
        streams[chat]?.isAttended = true
        return true
      }
      if isBehind { fill(chat, isBehind: true) }
    }
  }

  /// Fills a chat's hole, if there is one still. The stream is marked as attended until it has none.
  ///
  /// - Parameter isBehind: whether something is known to be missing though nothing waits behind it.
  func fill(_ chat: UUID, isBehind: Bool = false) {
    let hole = shard(of: chat).streams.withLock { streams -> Hole? in
      guard let stream = streams[chat] else { return nil }
      guard isBehind || stream.hasHole else {
        streams[chat]?.isAttended = false
        return nil
      }
      return Hole(head: stream.head, waiting: stream.waitingRevs)
    }
    guard let hole else { return }
    Task(executorPreference: executor) { await self.read(chat, hole) }
  }

  private struct Hole {
    let head: Int
    /// What waits behind it. These were published before PostgreSQL is read, hence after they were durable.
    let waiting: [Int]
  }

  private func read(_ chat: UUID, _ hole: Hole) async {
    do {
      guard let changes = try await reader.changes(in: chat, after: hole.head, limit: Self.stretch) else {
        logger.error("A chat with a stream is not in the database", metadata: ["chat": "\(chat)"])
        return
      }
      apply(changes, to: chat, hole)
    } catch {
      logger.warning("A hole could not be filled yet", metadata: ["chat": "\(chat)", "error": "\(error)"])
      scheduler.schedule(after: Self.pause) { self.fill(chat, isBehind: true) }
    }
  }

  private func apply(_ changes: ChatChanges, to chat: UUID, _ hole: Hole) {
    enum Next { case nothing, wait, goOn }
    let next = shard(of: chat).streams.withLock { streams -> Next in
      guard var stream = streams.takeOut(chat) else { return .nothing }
      stream.beginFilling()
      // Some may have been published while the others were read.
      for entry in changes.entries where entry.rev > stream.head {
        guard let event = ChatReplay(stream: stream, chatID: chat).event(of: entry) else { continue }
        // Of a membership the chat is read as it is now, with messages that the stream has not told yet.
        let lastSeq = if case .newMessage(let message) = event { message.seq } else { 0 }
        let told = StreamEvent(rev: entry.rev, lastSeq: lastSeq, kind: .init(event), encoded: event.encoded)
        stream.advance(past: told)
        goOut(told, of: chat, &stream)
      }
      for event in stream.advance(to: changes.upToRev) { goOut(event, of: chat, &stream) }
      guard !stream.users.isEmpty else {
        streams[chat] = nil
        return .nothing
      }
      if !changes.hasMore {
        stream.endFilling()
        if stream.drop(hole.waiting, beyond: changes.upToRev) {
          logger.warning("An event is of a rev that its chat does not have", metadata: ["chat": "\(chat)"])
        }
      }
      stream.isAttended = changes.hasMore || stream.hasHole
      streams[chat] = stream
      return changes.hasMore ? .goOn : stream.hasHole ? .wait : .nothing
    }
    switch next {
    case .nothing: break
    case .wait: scheduler.schedule(after: Self.patience) { self.fill(chat) }
    case .goOn: fill(chat, isBehind: true)
    }
  }
}
