import ProtocolRuntime
import Synchronization

/// Who is connected to this node, and what each connection looks at.
///
/// Its lock is taken inside that of a shard of `ChatStreams`, never the other way round.
final class ConnectionRegistry: Sendable {
  private struct Connection {
    let userID: UUID
    let sessionID: UUID
    /// The chats that this connection has open.
    var opened: [UUID] = []
  }

  private struct User {
    var connections: [ConnectionID]
    /// The chats whose streams count this user among their local members.
    var chats: [UUID] = []
  }

  private struct State {
    var connections: [ConnectionID: Connection] = [:]
    var users: [UUID: User] = [:]
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
      state.connections[connection] = Connection(userID: caller.userID, sessionID: caller.sessionID)
      state.users[caller.userID, default: User(connections: [])].connections.append(connection)
    }
  }

  /// What a connection leaves behind.
  struct Departure {
    let userID: UUID
    /// The chats of a user whose last connection this was.
    let orphaned: [UUID]
  }

  /// Forgets a connection; nil if it is not known.
  func remove(_ connection: ConnectionID) -> Departure? {
    state.withLock { state in
      guard let gone = state.connections.removeValue(forKey: connection) else { return nil }
      for chat in gone.opened { state.removeViewer(connection, of: chat) }
      state.users[gone.userID]?.connections.removeAll { $0 == connection }
      guard let user = state.users[gone.userID], user.connections.isEmpty else {
        return Departure(userID: gone.userID, orphaned: [])
      }
      state.users[gone.userID] = nil
      return Departure(userID: gone.userID, orphaned: user.chats)
    }
  }

  func connections(of user: UUID) -> [ConnectionID] {
    state.withLock { $0.users[user]?.connections ?? [] }
  }

  var connectedUsers: [UUID] { state.withLock { Array($0.users.keys) } }

  func isConnected(_ connection: ConnectionID) -> Bool {
    state.withLock { $0.connections[connection] != nil }
  }

  func connections(ofSession session: UUID) -> [ConnectionID] {
    state.withLock { state in
      state.connections.filter { $0.value.sessionID == session }.map(\.key)
    }
  }

  // MARK: Membership

  /// Notes that a chat's stream counts the user as a local member.
  ///
  /// - Returns: the user's connections; empty, with nothing noted, if there are none.
  func attach(_ user: UUID, to chat: UUID) -> [ConnectionID] {
    state.withLock { state in
      guard var entry = state.users.removeValue(forKey: user) else { return [] }
      if !entry.chats.contains(chat) { entry.chats.append(chat) }
      state.users[user] = entry
      return entry.connections
    }
  }

  /// Notes that it does so no more, and that none of the user's connections has the chat open.
  ///
  /// - Returns: the user's connections.
  func detach(_ user: UUID, from chat: UUID) -> [ConnectionID] {
    state.withLock { state in
      guard var entry = state.users.removeValue(forKey: user) else { return [] }
      entry.chats.removeAll { $0 == chat }
      state.users[user] = entry
      for connection in entry.connections { state.close(chat, on: connection) }
      return entry.connections
    }
  }

  func isAttached(_ user: UUID, to chat: UUID) -> Bool {
    state.withLock { $0.users[user]?.chats.contains(chat) ?? false }
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
      let own = all.filter { state.connections[$0]?.userID == user }
      return (own, own.isEmpty ? all : all.filter { !own.contains($0) })
    }
  }
}
