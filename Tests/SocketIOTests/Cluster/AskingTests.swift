import Cluster
import Logging
import NIOCore
import Redis
import RedisTestServer
import SocketIO
import Testing

@testable import SocketIORedis

/// What a node asks the others, and what it learns of silent ones.
extension ClusterTests {
  static let formats: [RedisAdapter.Format] = [.classic, .sharded, .sharded(.fixed), .sharded(.dynamicPrivate)]

  /// Takes the next event, and acknowledges it.
  ///
  /// - Parameter attachment: Sent behind it.
  private func acknowledge(
    _ client: TestClient, _ event: String, with answer: String, attachment: [UInt8]? = nil
  ) async throws {
    let message = await client.next().description
    let id = try #require(message.dropFirst(2).split(separator: "[").first)
    #expect(message == "42\(id)\(event)")
    guard let attachment else { return client.send("43\(id)\(answer)") }
    client.send("461-\(id)\(answer)")
    client.write(WebSocketTests.frame(0x82, attachment))
  }

  /// A node that is counted, and answers nothing.
  private func withSilentNode(_ redis: RedisServer, _ body: () async throws -> Void) async throws {
    let silent = try RedisClient(configuration: .init(url: redis.url), logger: Logger(label: "test"))
    silent.subscribe(to: ["socket.io-request#/#"])
    silent.subscribe(to: ["socket.io#/#"], as: .shard)
    try await silent.settleSubscriptions()
    do {
      try await body()
    } catch {
      await silent.close()
      throw error
    }
    await silent.close()
  }

  @Test("the rooms of all nodes, and the sockets' own among them", arguments: Self.formats)
  func rooms(_ format: RedisAdapter.Format) async throws {
    try await withNodes(format, timeout: .seconds(2)) { a, b, redis in
      #expect(try await a.socketIO.rooms() == [])
      let here = try await TestClient.connected(a.server)
      let there = try await TestClient.connected(b.server)
      a.socketIO.join(try #require(a.application.sockets.first), room: "here")
      b.socketIO.join(try #require(b.application.sockets.first), room: "there")
      a.socketIO.join(.everyone(), room: "both")
      let sids = Set(try await a.socketIO.fetchSockets(.everyone()).map(\.sid))
      #expect(sids.count == 2)
      for node in [a, b] { #expect(try await node.socketIO.rooms() == sids.union(["here", "there", "both"])) }
      #expect(await a.socketIO.local.rooms().isDisjoint(with: ["there"]))
      let unknown = await #expect(throws: RedisAdapterError.self) { try await a.socketIO.rooms(in: "/other") }
      #expect(unknown?.code == .unknownNamespace)
      try await withSilentNode(redis) {
        let error = await #expect(throws: RedisAdapterError.self) { try await a.socketIO.rooms() }
        #expect(error?.code == .timeout)
      }
      withExtendedLifetime((here, there)) {}
    }
  }

  @Test("a broadcast is acknowledged by the clients of all nodes", arguments: Self.formats)
  func acknowledged(_ format: RedisAdapter.Format) async throws {
    try await withNodes(format) { a, b, _ in
      let here = [try await TestClient.connected(a.server), try await TestClient.connected(a.server)]
      let there = [try await TestClient.connected(b.server), try await TestClient.connected(b.server)]
      for socket in a.application.sockets { a.socketIO.join(socket, room: "r") }
      for socket in b.application.sockets.prefix(1) { b.socketIO.join(socket, room: "r") }
      async let result = a.socketIO.request(event(#"["how",{"n":1}]"#), of: .room("r"), timeout: .seconds(30))
      try await acknowledge(here[0], #"["how",{"n":1}]"#, with: #"["fine",2]"#)
      try await acknowledge(here[1], #"["how",{"n":1}]"#, with: "[]")
      try await acknowledge(
        there[0], #"["how",{"n":1}]"#, with: #"[{"b":{"_placeholder":true,"num":0}}]"#, attachment: [1, 2, 255])
      let acknowledgements = try await result
      #expect(acknowledgements.isComplete)
      #expect(
        Set(acknowledgements.answers.map { String(buffer: $0.json) })
          == [#"["fine"]"#, "[]", #"[{"b":{"_placeholder":true,"num":0}}]"#])
      #expect(acknowledgements.answers.flatMap(\.attachments) == [ByteBuffer(bytes: [1, 2, 255])])

      // The one outside the room has got nothing; and now it is the only one.
      async let other = b.socketIO.request(
        event(#"["you"]"#), of: BroadcastTarget(rooms: [], exceptRooms: ["r"]), timeout: .seconds(30))
      try await acknowledge(there[1], #"["you"]"#, with: "[null]")
      #expect(try await other.answers.map { String(buffer: $0.json) } == ["[null]"])

      let nobody = try await a.socketIO.request(event(#"["x"]"#), of: .room("none"), timeout: .seconds(30))
      #expect(nobody.answers.isEmpty && nobody.isComplete)
    }
  }

  @Test("clients that do not acknowledge in time are counted", arguments: [RedisAdapter.Format.classic, .sharded])
  func unacknowledged(_ format: RedisAdapter.Format) async throws {
    try await withNodes(format) { a, b, redis in
      let here = [try await TestClient.connected(a.server), try await TestClient.connected(a.server)]
      let there = [try await TestClient.connected(b.server), try await TestClient.connected(b.server)]
      async let result = a.socketIO.request(event(#"["how"]"#), of: .everyone(), timeout: .seconds(3))
      try await acknowledge(here[0], #"["how"]"#, with: "[1]")
      try await acknowledge(there[0], #"["how"]"#, with: "[2]")
      let acknowledgements = try await result
      #expect(Set(acknowledgements.answers.map { String(buffer: $0.json) }) == ["[1]", "[2]"])
      #expect(acknowledgements.missing == 2 && acknowledgements.silentNodes == 0 && !acknowledgements.isComplete)
      // Too late: nobody waits for it any more.
      for client in [here[1], there[1]] { try await acknowledge(client, #"["how"]"#, with: "[3]") }

      try await withSilentNode(redis) {
        async let result = a.socketIO.request(event(#"["and"]"#), of: .everyone(), timeout: .seconds(3))
        for client in here + there { try await acknowledge(client, #"["and"]"#, with: "[4]") }
        let acknowledgements = try await result
        #expect(acknowledgements.answers.map { String(buffer: $0.json) } == Array(repeating: "[4]", count: 4))
        #expect(acknowledgements.missing == 0 && acknowledgements.silentNodes == 1)
        // Without any time it is over before it has begun: with nothing, or the number of nodes not known yet.
        let late = try? await a.socketIO.request(event(#"["late"]"#), of: .room("none"), timeout: .zero)
        #expect(late?.isComplete != true)
      }

      redis.kill()
      let error = await #expect(throws: (any Error).self) {
        try await a.socketIO.request(event(#"["gone"]"#), of: .room("none"), timeout: .milliseconds(200))
      }
      // Lost with the connection, if the node has not noticed that Redis is gone. A command that had waited for Redis as
      // long as it may would be `unavailable`.
      #expect((error as? RedisAdapterError)?.code == .timeout || (error as? RedisError)?.code == .connectionLost)
    }
  }

  @Test("without other nodes: a client that goes is missing at once")
  func gone() async throws {
    try await TestServer.run { server, application in
      let stays = try await TestClient.connected(server)
      let goes = try await TestClient.connected(server)
      async let result = server.socketIO.request(event(#"["how"]"#), of: .everyone(), timeout: .seconds(600))
      try await acknowledge(stays, #"["how"]"#, with: "[1]")
      #expect(await goes.next().description.hasPrefix("42"))
      try await goes.channel.close()
      let acknowledgements = try await result
      #expect(acknowledgements.answers.count == 1 && acknowledgements.missing == 1)
      #expect(acknowledgements.silentNodes == 0)
      #expect(try await server.socketIO.rooms().count == 1)
      let none = try await server.socketIO.request(event(#"["x"]"#), of: .room("none"), timeout: .seconds(600))
      #expect(none.isComplete)
    }
  }

  @Test("a client that changes its transport in this moment is asked as well, once")
  func askedWhileMoving() async throws {
    try await TestServer.run { server, application in
      for _ in 0..<40 {
        let webSocket = try await TestClient.probing(server)
        webSocket.send("5")
        for _ in 0..<Int.random(in: 0..<200) { await Task.yield() }
        async let result = server.socketIO.request(event(#"["how"]"#), of: .everyone(), timeout: .seconds(30))
        try await acknowledge(webSocket, #"["how"]"#, with: "[1]")
        let acknowledgements = try await result
        #expect(acknowledgements.answers.count == 1 && acknowledgements.isComplete)
        server.socketIO.disconnect(.everyone())
        #expect(await webSocket.next() == .text("41"))
        while !(try await server.socketIO.rooms().isEmpty) { await Task.yield() }
      }
    }
  }

  /// Redis may be whatever answers at its address: one subtracted from the least of 64 bits ended the process.
  @Test("the other nodes are counted from any number", arguments: [(Int64.min, 0), (-1, 0), (0, 0), (1, 0), (3, 2)])
  func others(_ subscribers: Int64, _ others: Int) {
    #expect(RedisAdapter.others(.array([.status("channel"), .integer(subscribers)])) == others)
    #expect(RedisAdapter.others(.array([.status("channel"), .status("\(subscribers)")])) == others)
    #expect(RedisAdapter.others(.null) == 0)
  }
}
