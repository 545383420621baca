import Cluster
import Logging
import NIOCore
import Redis
import RedisTestServer
import SocketIO
import SocketIORedis
import Testing

/// What a node asks the others, and what it learns of silent ones.
extension ClusterTests {
  static let formats: [RedisAdapter.Format] = [.classic, .sharded, .sharded(.fixed), .sharded(.dynamicPrivate)]

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
    try await withNodes(format, timeout: .seconds(1)) { a, b, redis in
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
}
