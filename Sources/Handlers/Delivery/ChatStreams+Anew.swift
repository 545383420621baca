import ProtocolRuntime

// The database is another one: what was told is of no use.
extension ChatStreams {
  /// How many users are read at once.
  private static let usersAtOnce = 16

  /// Ends all streams, and lets all connections come in as if they had just connected: what was read for the old ones
  /// reaches none of the new. Returns when each connection gets what comes.
  ///
  /// What happens between the two goes to nobody: whoever is connected is to be told to sync afterwards.
  ///
  /// - Throws: if memberships cannot be read; then it is to be called again.
  func beginAnew() async throws {
    marks?.forget()
    for shard in allShards {
      shard.streams.withLock { streams in
        for key in streams.keys {
          streams.change(key) { stream, _ in
            for user in stream.users { part(user, from: key, &stream) }
          }
        }
        streams.forget()
      }
    }
    var users = registry.connectedUsers[...]
    while !users.isEmpty {
      try await withThrowingTaskGroup(of: Void.self) { group in
        for user in users.prefix(Self.usersAtOnce) {
          group.addTask(executorPreference: shard(of: .user(user)).loop.executor) {
            for connection in self.registry.connections(of: user) { try await self.install(connection, of: user) }
          }
        }
        try await group.waitForAll()
      }
      users = users.dropFirst(Self.usersAtOnce)
    }
  }
}
