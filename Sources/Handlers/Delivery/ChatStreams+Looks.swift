import Generated
import ProtocolRuntime

// What a look at PostgreSQL finds that nobody told here.
extension ChatStreams {
  /// Takes the memberships that began since a snapshot as if they were told now: those that were not are told, the
  /// others are late.
  func tellMissedMemberships(since snapshot: String) async throws {
    try await inBatches(registry.connectedUsers) { users in
      for new in try await reader.newMemberships(of: users, since: snapshot) {
        guard !knows(new), let event = try await addition(new) else { continue }
        accept(
          StreamEvent.Place(
            key: .chat(new.chatID), rev: new.joinedRev, lastSeq: new.lastSeq, kind: .memberAdded(new.userID))
        ) { event }
      }
    }
  }

  /// Whether all of a member's connections know of the membership: it is the old one then, of which the role has changed,
  /// or was told.
  private func knows(_ new: NewMembership) -> Bool {
    shard(of: .chat(new.chatID)).streams.withLock { streams in
      streams.look(.chat(new.chatID)) { stream in
        guard let number = registry.number(of: new.userID), stream.users.contains(number) else { return false }
        return registry.connections(of: new.userID).allSatisfy { stream.joinedRev(ofUnaware: $0) == nil }
      } ?? false
    }
  }

  /// The event of a membership, with its latest state; nil if that has changed since, which the next look sees.
  private func addition(_ new: NewMembership) async throws -> EncodedEvent? {
    // By the rev of the member's last change: the chat may have moved far since the member joined.
    let changes = try await reader.changes(of: .chat(new.chatID), after: new.rev - 1, limit: 1)
    for entry in changes?.entries ?? [] {
      guard case .member(let member, new.joinedRev, let around) = entry.what, member.user.id == new.userID,
        var chat = around
      else { continue }
      chat.rev = new.joinedRev
      return ServerEvents.memberAdded(
        MemberAddedEvent(
          chatID: new.chatID, rev: new.joinedRev, prevRev: new.joinedRev - 1, member: member, chat: chat))
    }
    return nil
  }

  /// Compares the heads of those streams of which members have gone since a snapshot.
  ///
  /// - Parameter limit: how many memberships are looked at; a look at all heads finds the rest.
  func tellMissedDepartures(since snapshot: String, limit: Int) async throws {
    let left = try await reader.chatsLeft(since: snapshot, limit: limit).map { StreamKey.chat($0) }
    try await inBatches(left.filter(hasListeners)) { try await compareHeads(of: $0) }
  }

  /// Tells the marks of a chat that somebody here was just told of. Its event says that nobody has read anything, and a
  /// mark that rose before went to a room where they were not, or which was not there.
  func tellEarlyMarks(of chat: UUID) {
    let loop = shard(of: .chat(chat)).loop
    Task(executorPreference: loop.executor) {
      do {
        for mark in try await self.reader.readMarks(of: [chat], since: DeliveryStatements.Snapshot.ofNothing) {
          self.goOut(mark, ServerEvents.messageRead(mark))
        }
      } catch {
        self.logger.warning("Marks could not be read yet", metadata: ["error": "\(error)"])
        loop.scheduler.schedule(after: Self.pause) {
          if self.hasListeners(.chat(chat)) { self.tellEarlyMarks(of: chat) }
        }
      }
    }
  }

  /// Tells the marks that rose since a snapshot and that nobody told here.
  func tellMissedMarks(since snapshot: String) async throws {
    let chats = keys.compactMap { key in if case .chat(let id) = key { id } else { nil } }
    try await inBatches(chats) { chats in
      for mark in try await reader.readMarks(of: chats, since: snapshot) {
        guard marks?.isTold(mark) == false else { continue }
        goOut(mark, ServerEvents.messageRead(mark))
      }
    }
  }
}
