import ProtocolRuntime
import Synchronization

/// Who is connected to this node, and what each connection looks at.
///
/// Each user with a connection has a number, which others may note in place of the UUID. It is another user's only when
/// the one who saw the last connection go has released it.
///
/// Its lock is taken inside that of a shard of `ChatStreams`, never the other way round.
final class ConnectionRegistry: Sendable {
  private struct Connection {
    let user: UInt32
    let sessionID: UUID
    /// The chats that this connection has open.
    var opened: [UUID] = []
  }

  private struct User {
    var connections: [ConnectionID] = []
    /// The chats whose streams count this user among their local members.
    var chats: [UUID] = []
  }

  private struct State {
    var connections: [ConnectionID: Connection] = [:]
    var numbers = UUIDNumbers()
    /// By number.
    var users: [User] = []
    /// The connections that have a chat open.
    var viewers: [UUID: [ConnectionID]] = [:]

    mutating func close(_ chat: UUID, on connection: ConnectionID) {
      guard let index = connections[connection]?.opened.firstIndex(of: chat) else { return }
      connections[connection]?.opened.remove(at: index)
      removeViewer(connection, of: chat)
    }

    mutating func removeViewer(_ connection: ConnectionID, of chat: UUID) {
      viewers[chat]?.removeAll { $0 == connection }
      if viewers[chat]?.isEmpty == true { viewers[chat] = nil }
    }
  }

  private let state = Mutex(State())

  func register(_ connection: ConnectionID, caller: Caller) {
    state.withLock { state in
      let user = state.numbers.number(of: caller.userID) ?? state.numbers.add(caller.userID)
      if Int(user) == state.users.count { state.users.append(User()) }
      state.users[Int(user)].connections.append(connection)
      state.connections[connection] = Connection(user: user, sessionID: caller.sessionID)
    }
  }

  /// What a connection leaves behind.
  struct Departure {
    let user: UInt32
    /// Whether this was the user's last connection. Then the number is nobody's, until it is released.
    let isLast: Bool
    /// The chats of a user whose last connection this was.
    let orphaned: [UUID]
  }

  /// Forgets a connection; nil if it is not known.
  func remove(_ connection: ConnectionID) -> Departure? {
    state.withLock { state in
      guard let gone = state.connections.removeValue(forKey: connection) else { return nil }
      for chat in gone.opened { state.removeViewer(connection, of: chat) }
      let index = Int(gone.user)
      state.users[index].connections.removeAll { $0 == connection }
      guard state.users[index].connections.isEmpty else {
        return Departure(user: gone.user, isLast: false, orphaned: [])
      }
      state.numbers.remove(gone.user)
      let orphaned = state.users[index].chats
      state.users[index] = User()
      return Departure(user: gone.user, isLast: true, orphaned: orphaned)
    }
  }

  /// Nobody notes this number any more: it may be another user's.
  func release(_ user: UInt32) {
    state.withLock { $0.numbers.release(user) }
  }

  /// The number of a user with connections.
  func number(of user: UUID) -> UInt32? {
    state.withLock { $0.numbers.number(of: user) }
  }

  func connections(of user: UUID) -> [ConnectionID] {
    state.withLock { state in state.numbers.number(of: user).map { state.users[Int($0)].connections } ?? [] }
  }

  var connectedUsers: [UUID] { state.withLock { $0.numbers.all } }

  func isConnected(_ connection: ConnectionID) -> Bool {
    state.withLock { $0.connections[connection] != nil }
  }

  /// Whose connection it is; nil if it is not known.
  func owner(of connection: ConnectionID) -> Caller? {
    state.withLock { state in
      state.connections[connection].map { Caller(userID: state.numbers.key(of: $0.user), sessionID: $0.sessionID) }
    }
  }

  /// The chats of its user.
  func chats(of connection: ConnectionID) -> [UUID] {
    state.withLock { state in state.connections[connection].map { state.users[Int($0.user)].chats } ?? [] }
  }

  func connections(ofSession session: UUID) -> [ConnectionID] {
    state.withLock { state in
      state.connections.filter { $0.value.sessionID == session }.map(\.key)
    }
  }

  // MARK: Membership

  /// Makes place for the chats of a user who has just come: noted one by one, they take up to twice the place.
  func expect(_ count: Int, chatsOf user: UUID) {
    state.withLock { state in
      guard let number = state.numbers.number(of: user), state.users[Int(number)].chats.isEmpty else { return }
      state.users[Int(number)].chats.reserveCapacity(count)
    }
  }

  /// Notes that a chat's stream counts the user as a local member.
  ///
  /// - Returns: the user's number and connections; nil, with nothing noted, if there are none.
  func attach(_ user: UUID, to chat: UUID) -> (user: UInt32, connections: [ConnectionID])? {
    state.withLock { state in
      guard let number = state.numbers.number(of: user) else { return nil }
      let index = Int(number)
      if !state.users[index].chats.contains(chat) { state.users[index].chats.append(chat) }
      return (number, state.users[index].connections)
    }
  }

  /// Notes that it does so no more, and that none of the user's connections has the chat open.
  ///
  /// - Returns: the user's connections.
  func detach(_ user: UInt32, from chat: UUID) -> [ConnectionID] {
    state.withLock { state in
      let index = Int(user)
      state.users[index].chats.removeAll { $0 == chat }
      for connection in state.users[index].connections { state.close(chat, on: connection) }
      return state.users[index].connections
    }
  }

  // MARK: Open chats

  /// Notes that a connection looks at a chat; false if the connection is gone.
  func open(_ chat: UUID, on connection: ConnectionID) -> Bool {
    state.withLock { state in
      guard state.connections[connection] != nil else { return false }
      if state.connections[connection]?.opened.contains(chat) == false {
        state.connections[connection]?.opened.append(chat)
        state.viewers[chat, default: []].append(connection)
      }
      return true
    }
  }

  func close(_ chat: UUID, on connection: ConnectionID) {
    state.withLock { $0.close(chat, on: connection) }
  }

  /// The connections that have a chat open: those of a user, and all others.
  func viewers(of chat: UUID, by user: UUID) -> (own: [ConnectionID], others: [ConnectionID]) {
    state.withLock { state in
      let all = state.viewers[chat] ?? []
      guard !all.isEmpty, let number = state.numbers.number(of: user) else { return ([], all) }
      let own = all.filter { state.connections[$0]?.user == number }
      return (own, own.isEmpty ? all : all.filter { !own.contains($0) })
    }
  }
}
