import NIOCore
import RedisTestServer
import Testing

@testable import Redis

@Suite struct CommandTests {
  @Test func repliesReachTheirCallers() async throws {
    let server = try RedisServer()
    try await withClient(server.url) { client, _ in
      try await withThrowingTaskGroup(of: Bool.self) { group in
        for number in 0..<1_000 {
          group.addTask { try await client.command("ECHO", "\(number)").string == "\(number)" }
        }
        for try await isRight in group { #expect(isRight) }
      }
      #expect(client.statistics.waiting == 0)
    }
    withExtendedLifetime(server) {}
  }

  @Test func allKindsOfReplies() async throws {
    let server = try RedisServer()
    try await withClient(server.url) { client, _ in
      #expect(try await client.command("SET", "a", "1") == .status("OK"))
      #expect(try await client.command("INCRBY", "a", "41") == .integer(42))
      #expect(try await client.command("GET", "a").integer == 42)
      #expect(try await client.command("GET", "nothing") == .null)
      #expect(
        try await client.command("MGET", "a", "nothing")
          == .array([.bytes(ByteBuffer(string: "42")), .null]))
      let script = "return {1, {'two', {redis.error_reply('ERR three')}}, redis.status_reply('four')}"
      #expect(
        try await client.command("EVAL", script, "0")
          == .array([
            .integer(1),
            .array([.bytes(ByteBuffer(string: "two")), .array([.error(RedisError(.command, "ERR three"))])]),
            .status("four"),
          ]))
      let error = try await failure { _ = try await client.command("INCR", "no", "such", "arguments") }
      #expect(error.code == .command)
      #expect(error.description == "Redis: command: ERR", "what Redis says may quote a value")
      // The connection is as good as before.
      #expect(try await client.command("GET", "a").integer == 42)
    }
    withExtendedLifetime(server) {}
  }

  @Test func anyBytesAndLargeOnes() async throws {
    let server = try RedisServer()
    try await withClient(server.url) { client, _ in
      let key = ByteBuffer(bytes: [0, 13, 10, 255])
      let value = ByteBuffer(bytes: (0..<3_000_000).map { UInt8(truncatingIfNeeded: $0 &* 31) })
      _ = try await client.command([ByteBuffer(string: "SET"), key, value])
      #expect(try await client.command([ByteBuffer(string: "GET"), key]) == .bytes(value))
      #expect(try await client.command([ByteBuffer(string: "SET"), key, ByteBuffer()]) == .status("OK"))
      #expect(try await client.command([ByteBuffer(string: "GET"), key]) == .bytes(ByteBuffer()))
    }
    withExtendedLifetime(server) {}
  }

  @Test func whatASharedConnectionCannotHave() async throws {
    let server = try RedisServer()
    try await withClient(server.url) { client, _ in
      for arguments in [["subscribe", "a"], ["MONITOR"], ["MULTI"], ["client", "reply", "off"], [""], []] {
        let error = try await failure { _ = try await client.command(arguments.map { ByteBuffer(string: $0) }) }
        #expect(error.code == .badCommand)
      }
      #expect(try await client.command("PING") == .status("PONG"))
    }
    withExtendedLifetime(server) {}
  }

  @Test func databaseAndPassword() async throws {
    let server = try RedisServer("--requirepass", "pass word")
    try await withClient(server.url.replacing("unix://", with: "unix://:pass%20word@") + "?db=3") { client, _ in
      _ = try await client.command("SET", "where", "three")
      #expect(try await client.command("INFO", "keyspace").string?.contains("db3:keys=1") == true)
    }
    try await withClient(server.url.replacing("unix://", with: "unix://:wrong@")) { _, recorder in
      try await until("both connections say why") { recorder.losses.count >= 2 }
      #expect(recorder.losses.allSatisfy { $0.code == .badConfiguration && !$0.description.contains("wrong@") })
    }
    try await withClient(server.url) { _, recorder in
      try await until("both connections say why") { recorder.losses.count >= 2 }
      #expect(recorder.losses.allSatisfy { $0.code == .badConfiguration })
    }
    withExtendedLifetime(server) {}
  }

  @Test func commandsDoNotWaitForever() async throws {
    try await withClient("unix:///tmp/letschat-no-redis-here.sock") {
      $0.waitLimit = .milliseconds(100)
    } _: { client, _ in
      let error = try await failure { _ = try await client.command("PING") }
      #expect(error.code == .unavailable)
      #expect(error.isUnavailable)
    }
  }

  @Test func closingFinishesWhatWasAccepted() async throws {
    let server = try RedisServer()
    try await withClient(server.url) { client, _ in
      _ = try await client.command("PING")
      try await withClient(server.url) { other, recorder in
        _ = try await other.command("PING")
        for number in 0..<5_000 { #expect(other.publish(ByteBuffer(string: "\(number)"), on: "c")) }
        async let reply = other.command("INCR", "counter")
        try await until("the command is on its way") {
          other.statistics.waiting > 0 || other.statistics.publishBytes == 0
        }
        await other.close()
        // What was accepted before closing is done; the command may have come after it.
        if let reply = try? await reply { #expect(reply == .integer(1)) }
        #expect(recorder.lostPublishes == 0)
        let error = try await failure { _ = try await other.command("PING") }
        #expect(error.code == .closed)
        #expect(other.publish(ByteBuffer(), on: "c") == false)
        let late = try await failure { try await other.settleSubscriptions() }
        #expect(late.code == .closed)
      }
    }
    withExtendedLifetime(server) {}
  }
}
