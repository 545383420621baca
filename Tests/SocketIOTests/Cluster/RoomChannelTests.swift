import Cluster
import Logging
import NIOCore
import Redis
import RedisTestServer
import SocketIO
import SocketIORedis
import Testing

/// Rooms with channels of their own: the sharded format's modes `dynamic` and `dynamic-private`.
extension ClusterTests {
  /// How many nodes hear what is published on the room's own channel.
  private func listeners(_ room: String, _ client: RedisClient) async throws -> Int64? {
    try await client.command("PUBSUB", "SHARDNUMSUB", "socket.io#/#\(room)#").array?.last?.integer
  }

  /// Waits until all loops have carried out what was called, and Redis knows of it.
  private func settle(_ nodes: TestNode...) async throws {
    for node in nodes {
      _ = await node.socketIO.local.fetchSockets(.everyone())
      try await node.adapter.settle()
    }
  }

  private func observe(_ redis: RedisServer, _ body: (RedisClient) async throws -> Void) async throws {
    let client = try RedisClient(configuration: .init(url: redis.url), logger: Logger(label: "test"))
    do {
      try await body(client)
    } catch {
      await client.close()
      throw error
    }
    await client.close()
  }

  @Test("a node listens to a room's channel from its first socket there to its last, and to no other")
  func roomChannels() async throws {
    try await withNodes(.sharded) { a, b, redis in
      try await observe(redis) { client in
        let here = [try await TestClient.connected(a.server), try await TestClient.connected(a.server)]
        let there = try await TestClient.connected(b.server)
        let sockets = a.application.sockets
        for socket in sockets { a.socketIO.join(socket, room: "r") }
        try await settle(a, b)
        #expect(try await listeners("r", client) == 1)
        // A broadcast to the room goes to its channel alone; one to two rooms, or to a socket, to all nodes.
        let heard = AsyncStream.makeStream(of: String.self)
        let ear = try RedisClient(
          configuration: .init(url: redis.url), logger: Logger(label: "test"),
          onPush: { heard.continuation.yield($0.channel) })
        ear.subscribe(to: ["socket.io#/#", "socket.io#/#r#"], as: .shard)
        try await ear.settleSubscriptions()
        let sid = try #require(await b.socketIO.local.fetchSockets(.everyone()).first).sid
        b.socketIO.broadcast(event(#"["one"]"#), to: .room("r"))
        b.socketIO.broadcast(event(#"["two"]"#), to: BroadcastTarget(rooms: ["r", "s"]))
        a.socketIO.broadcast(event(#"["three"]"#), to: .room(sid))
        b.socketIO.broadcast(event(#"["four"]"#), to: BroadcastTarget(rooms: ["r"], exceptRooms: ["x"]))
        for client in here { #expect(await client.next(3) == [#"42["one"]"#, #"42["two"]"#, #"42["four"]"#]) }
        #expect(await there.next() == .text(#"42["three"]"#))
        var channels: [String] = []
        for await channel in heard.stream {
          channels.append(channel)
          if channels.count == 4 { break }
        }
        #expect(channels.filter { $0 == "socket.io#/#r#" }.count == 2)
        await ear.close()
        // As long as Redis counts it among the nodes, they wait for its answers.
        while try await client.command("PUBSUB", "SHARDNUMSUB", "socket.io#/#").array?.last?.integer != 2 {
          await Task.yield()
        }

        b.socketIO.join(.everyone(), room: "r")
        try await settle(b, a)
        _ = try await a.socketIO.fetchSockets(.room("r"))
        try await settle(b)
        #expect(try await listeners("r", client) == 2)
        a.socketIO.leave(sockets[0], room: "r")
        try await settle(a)
        #expect(try await listeners("r", client) == 2)
        a.socketIO.disconnect(sockets[1])
        try await settle(a)
        #expect(try await listeners("r", client) == 1)
        #expect(try await listeners(sid, client) == 0)
      }
    }
  }

  @Test("in the mode for private rooms each socket's own room has a channel")
  func privateChannels() async throws {
    try await withNodes(.sharded(.dynamicPrivate)) { a, b, redis in
      try await observe(redis) { client in
        let here = try await TestClient.connected(a.server)
        try await settle(a)
        let sid = try #require(await a.socketIO.local.fetchSockets(.everyone()).first).sid
        #expect(try await listeners(sid, client) == 1)
        b.socketIO.broadcast(event(#"["private"]"#), to: .room(sid))
        #expect(await here.next() == .text(#"42["private"]"#))
        a.socketIO.disconnect(.everyone())
        #expect(await here.next() == .text("41"))
        try await settle(a)
        #expect(try await listeners(sid, client) == 0)
      }
    }
  }

  @Test("a room that is left and joined again and again is listened to, or not, as it is in the end")
  func restlessRooms() async throws {
    try await withNodes(.sharded) { a, b, redis in
      try await observe(redis) { client in
        let here = try await TestClient.connected(a.server)
        let socket = try #require(a.application.sockets.first)
        for round in 0..<500 {
          for room in ["stays", "goes"] {
            a.socketIO.join(socket, room: room)
            if round < 499 || room == "goes" { a.socketIO.leave(socket, room: room) }
          }
        }
        try await settle(a)
        #expect(try await listeners("stays", client) == 1)
        #expect(try await listeners("goes", client) == 0)
        b.socketIO.broadcast(event(#"["there"]"#), to: .room("stays"))
        #expect(await here.next() == .text(#"42["there"]"#))
      }
    }
  }

  @Test("Redis is killed: the channels of the rooms of then are listened to when it is back")
  func channelsAfterLoss() async throws {
    try await withNodes(.sharded) { a, b, redis in
      let here = try await TestClient.connected(a.server)
      let socket = try #require(a.application.sockets.first)
      a.socketIO.join(socket, room: "kept")
      a.socketIO.join(socket, room: "left")
      try await settle(a)
      redis.kill()
      a.socketIO.leave(socket, room: "left")
      a.socketIO.join(socket, room: "new")
      _ = await a.socketIO.local.fetchSockets(.everyone())
      try redis.start()
      try await settle(a, b)
      try await observe(redis) { client in
        let counts = [
          try await listeners("kept", client), try await listeners("new", client), try await listeners("left", client),
        ]
        #expect(counts == [1, 1, 0])
      }
      for room in ["kept", "new"] {
        b.socketIO.broadcast(event(#"["\#(room)"]"#), to: .room(room))
        #expect(await here.next() == .text(#"42["\#(room)"]"#))
      }
    }
  }

  @Test("a room that is called like a node does not take its channel away")
  func roomOfANodesName() async throws {
    try await withNodes(.sharded) { a, b, redis in
      try await observe(redis) { client in
        let here = try await TestClient.connected(a.server)
        let socket = try #require(a.application.sockets.first)
        let channels = try await client.command("PUBSUB", "SHARDCHANNELS", "socket.io#/#?*#").array ?? []
        #expect(channels.count == 2)
        for channel in channels {
          let name = String(try #require(channel.string).dropFirst("socket.io#/#".count).dropLast())
          a.socketIO.join(socket, room: name)
          a.socketIO.leave(socket, room: name)
        }
        try await settle(a)
        #expect(try await a.socketIO.fetchSockets(.everyone()).count == 1)
        #expect(try await b.socketIO.fetchSockets(.everyone()).count == 1)
        withExtendedLifetime(here) {}
      }
    }
  }
}
