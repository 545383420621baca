import Generated
import ProtocolRuntime

// Connections that come and go.
extension ChatStreams {
  /// Takes a connection in: see the type's comment for the steps and their races.
  ///
  /// - Returns: the user's chats, each with the rev that the connection gets what comes after.
  /// - Throws: if the memberships cannot be read; then nothing is left of the connection.
  @discardableResult
  func connectionOpened(_ connection: ConnectionID, caller: Caller) async throws -> [UUID: Int] {
    registry.register(connection, caller: caller)
    do {
      var heads: [UUID: Int] = [:]
      var begun: [UUID] = []
      var asked: [UUID]?
      repeat {
        var stale: [UUID] = []
        let memberships = try await reader.memberships(of: caller.userID, chats: asked)
        if asked == nil { registry.expect(memberships.count, chatsOf: caller.userID) }
        for membership in memberships {
          switch install([connection], of: caller.userID, membership, telling: nil) {
          case .joined(let head): heads[membership.chatID] = head
          case .begun(let head):
            heads[membership.chatID] = head
            begun.append(membership.chatID)
          case .stale: stale.append(membership.chatID)
          case .gone: return heads
          }
        }
        asked = stale
      } while asked?.isEmpty == false
      if !begun.isEmpty { verify(begun) }
      return heads
    } catch {
      connectionClosed(connection)
      throw error
    }
  }

  func connectionClosed(_ connection: ConnectionID) {
    guard let departure = registry.remove(connection) else { return }
    for chat in departure.orphaned {
      shard(of: chat).streams.withLock { streams in
        // The user may be back with another connection, but not by the same number.
        guard var stream = streams.takeOut(chat) else { return }
        stream.users.remove(departure.user)
        streams[chat] = stream.users.isEmpty ? nil : stream
      }
    }
    if departure.isLast { registry.release(departure.user) }
  }

  /// Reads the membership of a user whose connections were not told of a chat, and lets them join it.
  func bringIn(_ user: UUID, to chat: UUID, telling event: EncodedEvent) async {
    do {
      while let membership = try await reader.memberships(of: user, chats: [chat]).first {
        switch install(registry.connections(of: user), of: user, membership, telling: event) {
        case .joined, .gone: return
        case .begun: return verify([chat])
        case .stale: continue
        }
      }
    } catch {
      // The user's connections see the chat when they sync.
      logger.warning("A new member's connections could not join the chat", metadata: ["error": "\(error)"])
    }
  }

  private enum Installation {
    case joined(head: Int)
    /// So has the stream.
    case begun(head: Int)
    /// The membership may have ended since it was read.
    case stale
    case gone
  }

  /// Lets connections join a chat's room on the strength of a membership that was read.
  private func install(
    _ connections: [ConnectionID], of user: UUID, _ membership: Membership, telling event: EncodedEvent?
  ) -> Installation {
    let chat = membership.chatID
    return shard(of: chat).streams.withLock { streams in
      if let stream = streams[chat], stream.settledRev > membership.rev { return .stale }
      let connections = connections.filter(registry.isConnected)
      guard !connections.isEmpty else { return .gone }
      guard let attached = registry.attach(user, to: chat) else { return .gone }
      let isNew = streams[chat] == nil
      var stream = streams.takeOut(chat) ?? ChatStream(head: membership.rev, headSeq: membership.lastSeq)
      if stream.users.insert(attached.user) {
        for other in attached.connections where !connections.contains(other) { stream.unaware.insert(other) }
      }
      for connection in connections {
        stream.unaware.remove(connection)
        sink.join(connection, room: Room.chat(chat))
        if let event { sink.send(event, to: connection, isVolatile: false) }
      }
      streams[chat] = stream
      return isNew ? .begun(head: stream.head) : .joined(head: stream.head)
    }
  }

  /// The chats that a connection gets the events of, each with the rev of the last that went out.
  func heads(of connection: ConnectionID) -> [UUID: Int] {
    var heads: [UUID: Int] = [:]
    for chat in registry.chats(of: connection) {
      heads[chat] = shard(of: chat).streams.withLock { $0[chat]?.head }
    }
    return heads
  }

  /// Lets a connection see what is fleeting in a chat, on the strength of a membership that was read at a rev.
  ///
  /// - Returns: false if the membership may have ended since.
  func open(_ chat: UUID, on connection: ConnectionID, readAt rev: Int) -> Bool {
    shard(of: chat).streams.withLock { streams in
      if let stream = streams[chat], stream.settledRev > rev { return false }
      if registry.open(chat, on: connection) { sink.join(connection, room: Room.open(chat)) }
      return true
    }
  }

  func close(_ chat: UUID, on connection: ConnectionID) {
    shard(of: chat).streams.withLock { _ in
      registry.close(chat, on: connection)
      sink.leave(connection, room: Room.open(chat))
    }
  }
}
