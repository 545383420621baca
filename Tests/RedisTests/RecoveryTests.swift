import Glibc
import NIOCore
import RedisTestServer
import Testing

@testable import Redis

@Suite struct RecoveryTests {
  @Test func subscriptionsComeBackAfterKill9() async throws {
    let server = try RedisServer()
    try await withClient(server.url) { client, recorder in
      client.subscribe(to: (0..<2_000).map { "room:\($0)" })
      client.subscribe(to: ["pattern:*"], as: .pattern)
      client.subscribe(to: ["shard"], as: .shard)
      try await client.settleSubscriptions()
      try await until("they are in force") { recorder.restored == 1 }
      // The other connection stands, too: one that does not is not lost.
      _ = try await client.command("PING")
      // Messages are under way when it dies.
      for _ in 0..<1_000 { client.publish(ByteBuffer(string: "before"), on: "room:7") }
      // Connecting may have failed while the server was starting.
      let losses = recorder.losses.count
      server.kill()
      try await until("both losses are told") { recorder.losses.count == losses + 2 }
      // What is asked for meanwhile is kept.
      client.subscribe(to: ["new"])
      client.unsubscribe(from: ["room:8"])
      let before = recorder.pushes.count
      try server.start()
      try await until("they are in force again") { recorder.restored == 2 }
      #expect(try await client.command("PUBSUB", "CHANNELS").array?.count == 2_000)
      #expect(try await client.command("PUBSUB", "NUMSUB", "room:8", "new").array?.compactMap(\.integer) == [0, 1])
      client.publish(ByteBuffer(string: "after"), on: "pattern:1")
      client.publish(ByteBuffer(string: "after"), on: "shard", isSharded: true)
      client.publish(ByteBuffer(string: "after"), on: "new")
      try await until("messages come again") {
        recorder.pushes.count(where: { $0.payload == ByteBuffer(string: "after") }) == 3
      }
      // Each message that was published arrived, or is told as lost, or was published when nobody listened yet.
      #expect(before + recorder.lostPublishes <= 1_000)
      try await until("no message waits") { client.statistics.publishBytes == 0 }
      let kinds = recorder.events.compactMap { event -> String? in
        switch event {
        case .connected(.subscriptions, let version):
          #expect(version?.isEmpty == false)
          return "connected"
        case .disconnected(.subscriptions, _): return "disconnected"
        case .subscriptionsRestored: return "restored"
        default: return nil
        }
      }
      // On a slow machine the first attempt may come before the server listens.
      #expect(kinds.suffix(5) == ["connected", "restored", "disconnected", "connected", "restored"])
    }
  }

  @Test func commandsUnderWayFailWithTheConnection() async throws {
    let server = try RedisServer()
    try await withClient(server.url) {
      // Its end is to be noticed, not its silence.
      $0.healthLimit = .seconds(60)
    } _: { client, recorder in
      _ = try await client.command("PING")
      server.signal(SIGSTOP)
      async let error = failure { _ = try await client.command("INCR", "a") }
      client.publish(ByteBuffer(), on: "c")
      try await until("both are sent") {
        let statistics = client.statistics
        return statistics.waiting == 0 && statistics.commandBytes > 0 && statistics.publishBytes > 0
      }
      server.kill()
      #expect(try await error.code == .connectionLost)
      try await until("the publish is told as lost") { recorder.lostPublishes == 1 }
      try server.start()
      // What comes later waits for the next connection.
      #expect(try await client.command("INCR", "a") == .integer(1))
    }
  }

  @Test func aSilentServerIsNoticed() async throws {
    let server = try RedisServer()
    try await withClient(server.url) {
      $0.healthInterval = .milliseconds(300)
      $0.healthLimit = .milliseconds(500)
      $0.connectTimeout = .milliseconds(300)
    } _: { client, recorder in
      client.subscribe(to: ["c"])
      try await client.settleSubscriptions()
      _ = try await client.command("PING")
      // Longer than the interval: quiet is not silent. There is nothing to wait for that would tell.
      try await Task.sleep(for: .milliseconds(1_200))
      let early = recorder.losses.count
      server.signal(SIGSTOP)
      try await until("both connections are given up") { recorder.losses.count == early + 2 }
      #expect(recorder.losses.suffix(2).allSatisfy { $0.code == .timeout })
      // Connecting to what does not answer fails in time too, and a command says so.
      let restored = recorder.restored
      server.signal(SIGCONT)
      try await until("it is back") { recorder.restored > restored }
      #expect(try await client.command("PING") == .status("PONG"))
      client.publish(ByteBuffer(string: "x"), on: "c")
      try await until("messages come again") { recorder.pushes.count == 1 }
      #expect(early == 0 || recorder.restored > 1)
    }
    withExtendedLifetime(server) {}
  }

  @Test func theQueueOfPublishesIsBounded() async throws {
    let server = try RedisServer()
    server.kill()
    try await withClient(server.url) {
      $0.queueLimit = 1 << 20
      $0.waitLimit = .seconds(60)
    } _: { client, recorder in
      let payload = ByteBuffer(repeating: 1, count: 10_000)
      var accepted = 0
      for _ in 0..<1_000 where client.publish(payload, on: "c") { accepted += 1 }
      #expect((100...105).contains(accepted))
      #expect(client.statistics.publishBytes <= 1 << 20)
      try await until("the loss is told") { recorder.lostPublishes == 1_000 - accepted }
      // The first is told at once, the others together: not a thousand events.
      #expect(recorder.count { if case .publishesLost = $0 { true } else { false } } < 10)
      // Commands have room of their own, and their own bound.
      let error = try await failure {
        _ = try await client.command([ByteBuffer(string: "ECHO"), ByteBuffer(repeating: 1, count: 2 << 20)])
      }
      #expect(error.code == .unavailable)
      // What was accepted is published when Redis comes.
      try server.start()
      try await until("all are answered") { client.statistics.publishBytes == 0 }
      #expect(recorder.lostPublishes == 1_000 - accepted)
    }
  }

  @Test func whatWaitsTooLongIsLost() async throws {
    try await withClient("unix:///tmp/letschat-no-redis-here.sock") {
      $0.waitLimit = .milliseconds(50)
    } _: { client, recorder in
      for _ in 0..<10 { #expect(client.publish(ByteBuffer(), on: "c")) }
      try await until("the loss is told") { recorder.lostPublishes == 10 }
      #expect(client.statistics.publishBytes == 0)
      client.subscribe(to: ["c"])
      let error = try await failure { try await client.settleSubscriptions() }
      #expect(error.code == .unavailable)
      // However often connecting fails, an outage is told once for each connection.
      #expect(recorder.losses.count == 2)
    }
  }

  @Test func aServerThatNeverAnswers() async throws {
    // It listens, and so the kernel connects; but nobody is there.
    let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
    defer { close(listener) }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = in_addr_t(INADDR_LOOPBACK).bigEndian
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        #expect(bind(listener, $0, length) == 0)
        #expect(listen(listener, 16) == 0)
        #expect(getsockname(listener, $0, &length) == 0)
      }
    }
    try await withClient("redis://127.0.0.1:\(UInt16(bigEndian: address.sin_port))") {
      $0.connectTimeout = .milliseconds(200)
      $0.waitLimit = .milliseconds(300)
    } _: { client, recorder in
      let error = try await failure { _ = try await client.command("PING") }
      #expect(error.code == .unavailable)
      try await until("both say so") { recorder.losses.count == 2 }
    }
  }

  @Test func closingWaitsForNothingWithoutRedis() async throws {
    var configuration = RedisClient.Configuration(url: "redis://127.0.0.1:1")
    configuration.connectTimeout = .seconds(600)
    configuration.waitLimit = .seconds(600)
    configuration.closeTimeout = .seconds(600)
    configuration.reconnectAfter = .seconds(600)
    configuration.reconnectLimit = .seconds(600)
    let client = try RedisClient(configuration: configuration, logger: quiet)
    async let error = failure { _ = try await client.command("PING") }
    try await until("the command waits") { client.statistics.waiting == 1 }
    let start = ContinuousClock.now
    await client.close()
    #expect(ContinuousClock.now - start < .seconds(120))
    #expect(try await error.code == .closed)
  }
}
