import NIOCore
import RedisTestServer
import Testing

@testable import Redis

@Suite struct SubscriptionTests {
  @Test func threeKindsOfSubscriptions() async throws {
    let server = try RedisServer()
    try await withClient(server.url) { client, recorder in
      client.subscribe(to: ["one", "two"])
      client.subscribe(to: ["o*"], as: .pattern)
      client.subscribe(to: ["shard"], as: .shard)
      try await client.settleSubscriptions()
      client.publish(ByteBuffer(string: "1"), on: "one")
      client.publish(ByteBuffer(string: "2"), on: "other")
      client.publish(ByteBuffer(string: "3"), on: "shard", isSharded: true)
      client.publish(ByteBuffer(), on: "two")
      // PUBLISH does not reach shards, nor SPUBLISH channels.
      client.publish(ByteBuffer(string: "no"), on: "shard")
      client.publish(ByteBuffer(string: "no"), on: "one", isSharded: true)
      client.publish(ByteBuffer(string: "end"), on: "two")
      try await until("all have come") { recorder.pushes.count >= 6 }
      #expect(
        recorder.pushes == [
          RedisPush(kind: .channel, channel: "one", payload: ByteBuffer(string: "1")),
          RedisPush(kind: .pattern, channel: "one", pattern: "o*", payload: ByteBuffer(string: "1")),
          RedisPush(kind: .pattern, channel: "other", pattern: "o*", payload: ByteBuffer(string: "2")),
          RedisPush(kind: .shard, channel: "shard", payload: ByteBuffer(string: "3")),
          RedisPush(kind: .channel, channel: "two", payload: ByteBuffer()),
          RedisPush(kind: .channel, channel: "two", payload: ByteBuffer(string: "end")),
        ])
      client.unsubscribe(from: ["one", "never"])
      client.unsubscribe(from: ["o*"], as: .pattern)
      client.unsubscribe(from: ["shard"], as: .shard)
      try await client.settleSubscriptions()
      client.publish(ByteBuffer(string: "no"), on: "one")
      client.publish(ByteBuffer(string: "no"), on: "shard", isSharded: true)
      client.publish(ByteBuffer(string: "last"), on: "two")
      try await until("the last has come") { recorder.pushes.last?.payload == ByteBuffer(string: "last") }
      #expect(recorder.pushes.count == 7)
      // Without any subscription the connection is another to Redis; it works on.
      client.unsubscribe(from: ["two"])
      try await client.settleSubscriptions()
      try await client.settleSubscriptions()
      client.subscribe(to: ["two"])
      try await client.settleSubscriptions()
      #expect(client.statistics.subscriptions == 1)
    }
    withExtendedLifetime(server) {}
  }

  @Test func tenThousandMessagesInOrder() async throws {
    let server = try RedisServer()
    try await withClient(server.url) { client, recorder in
      client.subscribe(to: ["numbers"])
      try await client.settleSubscriptions()
      for number in 0..<10_000 { client.publish(ByteBuffer(string: "\(number)"), on: "numbers") }
      try await until("all have come") { recorder.pushes.count >= 10_000 }
      #expect(recorder.pushes.map { String(buffer: $0.payload) } == (0..<10_000).map(String.init))
      #expect(recorder.lostPublishes == 0)
      // Bytes are free again when Redis has answered.
      try await until("nothing is under way") { client.statistics.publishBytes == 0 }
    }
    withExtendedLifetime(server) {}
  }

  @Test func largeMessages() async throws {
    let server = try RedisServer()
    try await withClient(server.url) { client, recorder in
      client.subscribe(to: ["large"])
      try await client.settleSubscriptions()
      let payload = ByteBuffer(bytes: (0..<2_500_000).map { UInt8(truncatingIfNeeded: $0 &* 7) })
      for _ in 0..<3 { #expect(client.publish(payload, on: "large")) }
      try await until("all have come") { recorder.pushes.count >= 3 }
      #expect(recorder.pushes.allSatisfy { $0.payload == payload })
    }
    withExtendedLifetime(server) {}
  }

  @Test func thousandsOfChannels() async throws {
    let server = try RedisServer()
    try await withClient(server.url) { client, recorder in
      let names = (0..<5_000).map { "room:\($0)" }
      client.subscribe(to: names)
      client.subscribe(to: names, as: .shard)
      try await client.settleSubscriptions()
      #expect(client.statistics.subscriptions == 10_000)
      #expect(try await client.command("PUBSUB", "NUMSUB", "room:4999").array?.last?.integer == 1)
      #expect(try await client.command("PUBSUB", "CHANNELS").array?.count == 5_000)
      #expect(try await client.command("PUBSUB", "SHARDCHANNELS").array?.count == 5_000)
      client.publish(ByteBuffer(string: "x"), on: "room:4999")
      client.publish(ByteBuffer(string: "x"), on: "room:0", isSharded: true)
      try await until("both have come") { recorder.pushes.count >= 2 }
      client.unsubscribe(from: names.prefix(4_000))
      try await client.settleSubscriptions()
      #expect(try await client.command("PUBSUB", "CHANNELS").array?.count == 1_000)
    }
    withExtendedLifetime(server) {}
  }

  /// Redis confirms the end of a shard's subscription when the next one is on its way already: that is no slot that a
  /// cluster moves.
  @Test func shardsThatAreLeftAndSubscribedAgain() async throws {
    let server = try RedisServer()
    try await withClient(server.url) { client, recorder in
      client.subscribe(to: ["stays", "goes"], as: .shard)
      try await client.settleSubscriptions()
      for _ in 0..<5_000 {
        client.unsubscribe(from: ["stays", "goes"], as: .shard)
        client.subscribe(to: ["stays", "goes"], as: .shard)
      }
      client.unsubscribe(from: ["goes"], as: .shard)
      try await client.settleSubscriptions()
      // Redis may have been still on its way up.
      #expect(recorder.losses.filter { $0.code != .unavailable } == [])
      #expect(try await client.command("PUBSUB", "SHARDCHANNELS").array?.count == 1)
      client.publish(ByteBuffer(string: "no"), on: "goes", isSharded: true)
      client.publish(ByteBuffer(string: "yes"), on: "stays", isSharded: true)
      try await until("it is heard") { !recorder.pushes.isEmpty }
      #expect(recorder.pushes.map(\.channel) == ["stays"])
    }
    withExtendedLifetime(server) {}
  }

  @Test func whatRedisRefusesIsSaid() async throws {
    let server = try RedisServer()
    try await withClient(server.url) { admin, _ in
      _ = try await admin.command(
        "ACL", "SETUSER", "limited", "on", ">secret", "-@all", "+info", "+ping", "+client|setname", "+subscribe",
        "resetchannels", "&allowed")
      let url = server.url.replacing("unix://", with: "unix://limited:secret@")
      try await withClient(url) { client, recorder in
        client.subscribe(to: ["forbidden"])
        let error = try await failure { try await client.settleSubscriptions() }
        #expect(error.code == .command && error.message.hasPrefix("NOPERM"))
        client.subscribe(to: ["allowed"])
        try await client.settleSubscriptions()
        client.publish(ByteBuffer(), on: "allowed")
        try await until("the refusal is told") { recorder.lostPublishes == 1 }
        let refusals = recorder.count { if case .refused = $0 { true } else { false } }
        #expect(refusals == 2)
      }
    }
    withExtendedLifetime(server) {}
  }

  @Test func shardsNeedRedisSeven() {
    #expect(RedisConnection.hasShardedPubSub(version: "7.0.15"))
    #expect(RedisConnection.hasShardedPubSub(version: "10.1"))
    #expect(RedisConnection.hasShardedPubSub(version: nil))
    #expect(!RedisConnection.hasShardedPubSub(version: "6.2.14"))
    #expect(RedisError.noShardedPubSub("6.2.14").message == "sharded pub/sub needs Redis 7.0, and this is 6.2.14")
  }
}
