import Generated
import ProtocolRuntime

// Connections that come and go.
extension ChatStreams {
  /// Takes a connection in: see the type's comment for the steps and their races.
  ///
  /// - Returns: the streams that the connection gets, each with the rev that it gets what comes after.
  /// - Throws: if the memberships cannot be read; then nothing is left of the connection.
  @discardableResult
  func connectionOpened(_ connection: ConnectionID, caller: Caller) async throws -> [StreamKey: Int] {
    registry.register(connection, caller: caller)
    do {
      return try await install(connection, of: caller.userID)
    } catch {
      connectionClosed(connection)
      throw error
    }
  }

  /// Lets a connection join its user's streams, as they are read now.
  @discardableResult
  func install(_ connection: ConnectionID, of user: UUID) async throws -> [StreamKey: Int] {
    var begun: [StreamKey] = []
    // However this ends: others may get what this connection began.
    defer { if !begun.isEmpty { verify(begun) } }
    var heads: [StreamKey: Int] = [:]
    var asked: [UUID]?
    var reads = StaleReads(on: shard(of: .user(user)).loop.scheduler)
    repeat {
      var stale: [UUID] = []
      let memberships = try await reader.memberships(of: user, chats: asked)
      if asked == nil { registry.expect(memberships.count, chatsOf: user) }
      for membership in memberships {
        switch install(connection, of: user, membership) {
        case .joined(let head): heads[membership.key] = head
        case .begun(let head):
          heads[membership.key] = head
          begun.append(membership.key)
        case .stale: stale.append(membership.key.id)
        case .gone: return heads
        }
      }
      asked = stale
      if !stale.isEmpty { try await reads.next() }
    } while asked?.isEmpty == false
    return heads
  }

  func connectionClosed(_ connection: ConnectionID) {
    guard let departure = registry.remove(connection) else { return }
    for key in departure.orphaned {
      let orphans = shard(of: key).streams.withLock { streams in
        // The user may be back with another connection, but not by the same number.
        streams.change(key) { stream, streams -> [StreamEvent] in
          stream.users.remove(departure.user)
          stream.forgetApart(unless: registry.isConnected)
          // Somebody's membership may have been read before it ended here, and come back after the stream is gone.
          if stream.isOver, stream.hasSettled { streams.noteEnd(of: key, at: stream.settledRev) }
          return stream.orphans
        }
      }
      bringIn(orphans ?? [])
    }
    if departure.isLast { registry.release(departure.user) }
  }

  private enum Installation {
    case joined(head: Int)
    /// So has the stream.
    case begun(head: Int)
    /// The membership may have ended since it was read.
    case stale
    case gone
  }

  /// Lets a connection join a stream's room on the strength of a membership that was read.
  private func install(_ connection: ConnectionID, of user: UUID, _ membership: Membership) -> Installation {
    let key = membership.key
    return shard(of: key).streams.withLock { streams in
      let settled = streams.look(key) { $0.settledRev } ?? streams.end(of: key)
      guard settled <= membership.rev else { return .stale }
      if let installation = streams.change(
        key,
        { stream, _ -> Installation in
          guard join(connection, of: user, membership, &stream) else { return .gone }
          return .joined(head: (stream.order(ofLatecomer: connection) ?? stream.order).head)
        })
      {
        return installation
      }
      streams.begin(key, head: membership.rev, headSeq: membership.lastSeq) { stream, _ in
        _ = join(connection, of: user, membership, &stream)
      }
      return streams.contains(key) ? .begun(head: membership.rev) : .gone
    }
  }

  /// - Returns: false if the connection is gone.
  private func join(
    _ connection: ConnectionID, of user: UUID, _ membership: Membership, _ stream: inout ChatStream
  ) -> Bool {
    guard registry.isConnected(connection),
      let attached = registry.attach(user, to: membership.key, unlessIn: stream.users)
    else { return false }
    if stream.users.insert(attached.user) {
      // A latecomer's own order tells it.
      for other in attached.connections where other != connection && stream.order(ofLatecomer: other) == nil {
        stream.markUnaware(other, joinedRev: membership.joinedRev)
      }
    }
    stream.markAware(connection)
    // One that was told while it was coming in is let in when it has the rest.
    if stream.order(ofLatecomer: connection) == nil { sink.join(connection, room: membership.key.room) }
    return true
  }

  /// The streams that a connection gets, each with the rev of the last event that went out to it.
  func heads(of connection: ConnectionID) -> [StreamKey: Int] {
    var heads: [StreamKey: Int] = [:]
    for key in registry.streams(of: connection) {
      heads[key] = shard(of: key).streams.withLock { streams in
        streams.look(key) { stream in
          // Nil: it was not told of it.
          if stream.joinedRev(ofUnaware: connection) != nil { return nil }
          return (stream.order(ofLatecomer: connection) ?? stream.order).head
        }
      }
    }
    return heads
  }

  /// Lets a connection see what is fleeting in a chat, on the strength of a membership that was read at a rev.
  ///
  /// - Returns: false if the membership may have ended since.
  func open(_ chat: UUID, on connection: ConnectionID, readAt rev: Int) -> Bool {
    shard(of: .chat(chat)).streams.withLock { streams in
      let settled = streams.look(.chat(chat)) { $0.settledRev } ?? streams.end(of: .chat(chat))
      guard settled <= rev else { return false }
      if registry.open(chat, on: connection) { sink.join(connection, room: Room.open(chat)) }
      return true
    }
  }

  func close(_ chat: UUID, on connection: ConnectionID) {
    shard(of: .chat(chat)).streams.withLock { _ in
      registry.close(chat, on: connection)
      sink.leave(connection, room: Room.open(chat))
    }
  }
}
