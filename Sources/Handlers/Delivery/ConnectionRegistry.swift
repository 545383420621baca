import ProtocolRuntime

/// Who is connected to this node, and what each connection looks at.
///
/// Each user with a connection has a number, which others may note in place of the UUID. It is another user's only when
/// the one who saw the last connection go has released it.
///
/// What is kept is sharded, so that no event waits for a lock of the whole node. These locks are taken inside that of a
/// shard of `ChatStreams`, never the other way round; in here one at a time, but that of viewers inside of that of
/// connections.
final class ConnectionRegistry: Sendable {
  struct Member {
    let caller: Caller
    /// The chats that this connection has open.
    var opened: Set<UUID> = []
  }

  struct User {
    var connections: [ConnectionID] = []
    /// The chats whose streams count this user among their local members.
    var chats: [UUID] = []
  }

  struct Users {
    var numbers = UUIDNumbers()
    /// By the number within the shard.
    var all: [User] = []
  }

  struct Viewer {
    let connection: ConnectionID
    let userID: UUID
  }

  /// A session has mostly one connection, which needs no array.
  enum SessionConnections {
    case one(ConnectionID)
    case many([ConnectionID])

    var all: [ConnectionID] {
      switch self {
      case .one(let connection): [connection]
      case .many(let connections): connections
      }
    }
  }

  /// By the connection.
  let connections = Sharded<[ConnectionID: Member]>([:])
  /// By the user.
  let users = Sharded(Users())
  /// By the chat: the connections that have it open.
  let viewers = Sharded<[UUID: [Viewer]]>([:])
  /// By the session.
  let sessions = Sharded<[UUID: SessionConnections]>([:])

  func register(_ connection: ConnectionID, caller: Caller) {
    connections.withLock(index(of: connection)) { $0[connection] = Member(caller: caller) }
    sessions.withLock(of: caller.sessionID) { sessions in
      let others = sessions[caller.sessionID]?.all ?? []
      sessions[caller.sessionID] = others.isEmpty ? .one(connection) : .many(others + [connection])
    }
    users.withLock(of: caller.userID) { users in
      let number = users.numbers.number(of: caller.userID) ?? users.numbers.add(caller.userID)
      if Int(number) == users.all.count { users.all.append(User()) }
      users.all[Int(number)].connections.append(connection)
    }
  }

  /// What a connection leaves behind.
  struct Departure {
    let user: UInt32
    /// Whether this was the user's last connection. Then the number is nobody's, until it is released.
    let isLast: Bool
    /// The streams of a user whose last connection this was.
    let orphaned: [StreamKey]
  }

  /// Forgets a connection; nil if it is not known.
  func remove(_ connection: ConnectionID) -> Departure? {
    let gone = connections.withLock(index(of: connection)) { connections in
      let gone = connections.removeValue(forKey: connection)
      for chat in gone?.opened ?? [] { removeViewer(connection, of: chat) }
      return gone
    }
    guard let caller = gone?.caller else { return nil }
    sessions.withLock(of: caller.sessionID) { sessions in
      let others = (sessions[caller.sessionID]?.all ?? []).filter { $0 != connection }
      sessions[caller.sessionID] = others.isEmpty ? nil : others.count == 1 ? .one(others[0]) : .many(others)
    }
    let shard = users.index(of: caller.userID.low)
    return users.withLock(shard) { users in
      guard let local = users.numbers.number(of: caller.userID) else { return nil }
      let index = Int(local)
      let number = self.number(local, in: shard)
      users.all[index].connections.removeAll { $0 == connection }
      guard users.all[index].connections.isEmpty else {
        return Departure(user: number, isLast: false, orphaned: [])
      }
      users.numbers.remove(local)
      let orphaned = users.all[index].chats.map { StreamKey.chat($0) } + [.user(caller.userID)]
      users.all[index] = User()
      return Departure(user: number, isLast: true, orphaned: orphaned)
    }
  }

  // A user's number says its shard, too.

  private func number(_ local: UInt32, in shard: Int) -> UInt32 { local * UInt32(users.count) + UInt32(shard) }

  private func withUser<Result>(_ number: UInt32, _ body: (inout User) -> sending Result) -> sending Result {
    users.withLock(Int(number) % users.count) { body(&$0.all[Int(number) / users.count]) }
  }

  private func index(of connection: ConnectionID) -> Int { connections.index(of: connection.rawValue) }

  /// Nobody notes this number any more: it may be another user's.
  func release(_ user: UInt32) {
    users.withLock(Int(user) % users.count) { $0.numbers.release(user / UInt32(users.count)) }
  }

  /// The number of a user with connections.
  func number(of user: UUID) -> UInt32? {
    let shard = users.index(of: user.low)
    return users.withLock(shard) { $0.numbers.number(of: user) }.map { number($0, in: shard) }
  }

  func connections(of user: UUID) -> [ConnectionID] {
    users.withLock(of: user) { users in users.numbers.number(of: user).map { users.all[Int($0)].connections } ?? [] }
  }

  var connectedUsers: [UUID] { (0..<users.count).flatMap { users.withLock($0) { $0.numbers.all } } }

  var connectedSessions: [UUID] { (0..<sessions.count).flatMap { sessions.withLock($0) { Array($0.keys) } } }

  func isConnected(_ connection: ConnectionID) -> Bool { owner(of: connection) != nil }

  /// Whose connection it is; nil if it is not known.
  func owner(of connection: ConnectionID) -> Caller? {
    connections.withLock(index(of: connection)) { $0[connection]?.caller }
  }

  /// The chats of its user, and what is that user's own.
  func streams(of connection: ConnectionID) -> [StreamKey] {
    guard let user = owner(of: connection)?.userID else { return [] }
    return users.withLock(of: user) { users in
      guard let number = users.numbers.number(of: user) else { return [] }
      return users.all[Int(number)].chats.map { .chat($0) } + [.user(user)]
    }
  }

  func connections(ofSession session: UUID) -> [ConnectionID] {
    sessions.withLock(of: session) { $0[session]?.all ?? [] }
  }

  // MARK: Membership

  /// Makes place for the chats of a user who has just come: noted one by one, they take up to twice the place.
  func expect(_ count: Int, chatsOf user: UUID) {
    users.withLock(of: user) { users in
      guard let number = users.numbers.number(of: user), users.all[Int(number)].chats.isEmpty else { return }
      users.all[Int(number)].chats.reserveCapacity(count)
    }
  }

  /// Notes that a stream counts the user as a local member; what is a user's own needs no note.
  ///
  /// - Parameter members: those that it counts already. To look for it among the user's chats would take as long as
  ///   there are many.
  /// - Returns: the user's number and connections; nil, with nothing noted, if there are none.
  func attach(
    _ user: UUID, to key: StreamKey, unlessIn members: LocalUsers
  ) -> (user: UInt32, connections: [ConnectionID])? {
    let shard = users.index(of: user.low)
    return users.withLock(shard) { users in
      guard let local = users.numbers.number(of: user) else { return nil }
      let number = self.number(local, in: shard)
      if case .chat(let chat) = key, !members.contains(number) { users.all[Int(local)].chats.append(chat) }
      return (number, users.all[Int(local)].connections)
    }
  }

  /// Notes that it does so no more, and that none of the user's connections has the chat open.
  ///
  /// - Returns: the user's connections.
  func detach(_ user: UInt32, from key: StreamKey) -> [ConnectionID] {
    let connections = withUser(user) { user in
      if let index = user.chats.firstIndex(of: key.id) {
        user.chats.swapAt(index, user.chats.count - 1)
        user.chats.removeLast()
      }
      return user.connections
    }
    for connection in connections { close(key.id, on: connection) }
    return connections
  }

  // MARK: Open chats

  /// Notes that a connection looks at a chat; false if the connection is gone.
  func open(_ chat: UUID, on connection: ConnectionID) -> Bool {
    connections.withLock(index(of: connection)) { connections in
      guard let caller = connections[connection]?.caller else { return false }
      if connections[connection]?.opened.insert(chat).inserted == true {
        viewers.withLock(of: chat) {
          $0[chat, default: []].append(Viewer(connection: connection, userID: caller.userID))
        }
      }
      return true
    }
  }

  func close(_ chat: UUID, on connection: ConnectionID) {
    connections.withLock(index(of: connection)) { connections in
      if connections[connection]?.opened.remove(chat) != nil { removeViewer(connection, of: chat) }
    }
  }

  private func removeViewer(_ connection: ConnectionID, of chat: UUID) {
    viewers.withLock(of: chat) { viewers in
      viewers[chat]?.removeAll { $0.connection == connection }
      if viewers[chat]?.isEmpty == true { viewers[chat] = nil }
    }
  }

  /// The connections that have a chat open: those of a user, and all others.
  func viewers(of chat: UUID, by user: UUID) -> (own: [ConnectionID], others: [ConnectionID]) {
    let all = viewers.withLock(of: chat) { $0[chat] ?? [] }
    return (
      all.filter { $0.userID == user }.map(\.connection), all.filter { $0.userID != user }.map(\.connection)
    )
  }
}
