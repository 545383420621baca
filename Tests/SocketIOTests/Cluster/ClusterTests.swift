import Cluster
import Foundation
import Logging
import NIOCore
import Redis
import RedisTestServer
import SocketIO
import SocketIORedis
import Synchronization
import Testing

/// Two servers, and one Redis between them.
@Suite("Two nodes and Redis", .serialized, .timeLimit(.minutes(2)))
struct ClusterTests {
  func withNodes(
    _ format: RedisAdapter.Format = .classic, timeout: Duration = .seconds(5),
    _ body: (TestNode, TestNode, RedisServer) async throws -> Void
  ) async throws {
    let redis = try RedisServer()
    try await TestNode.run(redis, format, timeout: timeout) { first in
      try await TestNode.run(redis, format, timeout: timeout) { second in try await body(first, second, redis) }
    }
  }

  func event(_ json: String) -> Arguments { Arguments(ByteBuffer(string: json)) }

  @Test(
    "each socket gets each event once, in order; rooms, exceptions and ends work across nodes",
    arguments: [RedisAdapter.Format.classic, .sharded, .sharded(.fixed), .sharded(.dynamicPrivate)])
  func exchange(_ format: RedisAdapter.Format) async throws {
    try await withNodes(format) { a, b, _ in
      let here = try await TestClient.connected(a.server)
      let there = try await TestClient.connected(b.server)
      // Rooms with channels of their own are heard when Redis knows of them.
      for node in [a, b] { try await node.adapter.settle() }
      for number in 0..<200 { a.socketIO.broadcast(event("[\(number)]"), to: .everyone()) }
      #expect(await here.next(200) == (0..<200).map { "42[\($0)]" })
      #expect(await there.next(200) == (0..<200).map { "42[\($0)]" })

      // By socket, on the node that has it.
      let socket = try #require(a.application.sockets.first)
      a.socketIO.broadcast(event(#"["two"]"#), to: BroadcastTarget(rooms: [], exceptSocket: socket))
      b.socketIO.join(.everyone(), room: "r")
      #expect(await there.next() == .text(#"42["two"]"#))

      // The join went ahead of the question, on the same way.
      let all = try await b.socketIO.fetchSockets(.room("r"))
      #expect(all.map(\.rooms) == [["r"], ["r"]])
      #expect(all.filter { $0.socket == nil }.count == 1)
      for node in [a, b] { try await node.adapter.settle() }
      let sidHere = try #require(all.first { $0.socket == nil }).sid
      let sidThere = try #require(all.first { $0.socket != nil }).sid
      #expect(Set(try await a.socketIO.fetchSockets(.everyone()).map(\.sid)) == [sidHere, sidThere])
      #expect(try await a.socketIO.fetchSockets(.room("none")).isEmpty)

      // By sid, from the other node.
      b.socketIO.broadcast(event(#"["three"]"#), to: BroadcastTarget(rooms: ["r"], exceptRooms: [sidHere]))
      b.socketIO.broadcast(event(#"["for one"]"#), to: .room(sidHere), volatile: true)
      #expect(await there.next() == .text(#"42["three"]"#))
      #expect(await here.next() == .text(#"42["for one"]"#))

      a.socketIO.leave(.room(sidThere), room: "r")
      a.socketIO.broadcast(event(#"["four"]"#), to: .room("r"))
      a.socketIO.broadcast(
        Arguments(
          ByteBuffer(string: #"["five",{"_placeholder":true,"num":0}]"#), attachments: [ByteBuffer(bytes: [1, 2, 3])]),
        to: .everyone())
      #expect(await here.next(2) == [#"42["four"]"#, #"451-["five",{"_placeholder":true,"num":0}]"#])
      #expect(await there.next() == .text(#"451-["five",{"_placeholder":true,"num":0}]"#))
      for client in [here, there] { #expect(await client.next().description.hasPrefix("unexpected frame 130")) }

      a.socketIO.serverSideEmit(event(#"["reload",1]"#))
      var told = b.told.makeAsyncIterator()
      while let word = await told.next(), word != #"["reload",1]"# { #expect(word == "restored") }

      a.socketIO.disconnect(.room(sidThere), close: false)
      #expect(await there.next() == .text("41"))
      #expect(try await a.socketIO.fetchSockets(.everyone()).map(\.sid) == [sidHere])
      #expect(try await b.socketIO.fetchSockets(.everyone()).map(\.sid) == [sidHere])
    }
  }

  @Test("what is called on the local sockets stays on the node")
  func local() async throws {
    try await withNodes { a, b, _ in
      let here = try await TestClient.connected(a.server)
      let there = try await TestClient.connected(b.server)
      a.socketIO.local.broadcast(event(#"["here"]"#), to: .everyone())
      a.socketIO.broadcast(event(#"["all"]"#), to: .everyone())
      #expect(await here.next(2) == [#"42["here"]"#, #"42["all"]"#])
      #expect(await there.next() == .text(#"42["all"]"#))
    }
  }

  @Test("Redis is killed: each node serves its own, and they are together again when it is back")
  func killed() async throws {
    try await withNodes { a, b, redis in
      let here = try await TestClient.connected(a.server)
      let there = try await TestClient.connected(b.server)
      var told = b.told.makeAsyncIterator()
      #expect(await told.next() == "restored")
      redis.kill()
      a.socketIO.broadcast(event(#"["alone"]"#), to: .everyone(), volatile: true)
      #expect(await here.next() == .text(#"42["alone"]"#))
      try redis.start()
      #expect(await told.next() == "restored")
      // The publish waited for its connection, or was under way and is lost; what comes now arrives.
      a.socketIO.broadcast(event(#"["together"]"#), to: .everyone())
      var last = await there.next()
      if last == .text(#"42["alone"]"#) { last = await there.next() }
      #expect(last == .text(#"42["together"]"#))
    }
  }

  @Test("a node that does not answer is waited for no longer than configured")
  func silentNode() async throws {
    try await withNodes(timeout: .milliseconds(300)) { a, b, redis in
      // Counted as a node, but it answers nothing.
      let silent = try RedisClient(configuration: .init(url: redis.url), logger: Logger(label: "test"))
      silent.subscribe(to: ["socket.io-request#/#"])
      try await silent.settleSubscriptions()
      let error = await #expect(throws: RedisAdapterError.self) { try await a.socketIO.fetchSockets(.everyone()) }
      #expect(error?.code == .timeout)
      await silent.close()
      _ = b
    }
  }

  // MARK: - The original programs

  /// What @socket.io/redis-emitter published: see Tests/ClusterTests/Captures.
  private func capture(_ name: String) throws -> (channel: String, payload: ByteBuffer) {
    let tests = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    let text = try String(
      contentsOf: tests.appendingPathComponent("ClusterTests/Captures/captures.tsv"), encoding: .utf8)
    let line = try #require(text.split(separator: "\n").first { $0.hasPrefix(name + "\t") })
    let fields = line.split(separator: "\t", omittingEmptySubsequences: false)
    let digits = Array(fields[2].utf8)
    let bytes = try stride(from: 0, to: digits.count, by: 2).map {
      try #require(UInt8(String(decoding: digits[$0..<$0 + 2], as: UTF8.self), radix: 16))
    }
    return (String(fields[1]), ByteBuffer(bytes: bytes))
  }

  @Test("the original emitter reaches clients, also in rooms that it put them into")
  func emitter() async throws {
    try await withNodes { a, b, redis in
      let here = try await TestClient.connected(a.server)
      let there = try await TestClient.connected(b.server)
      a.socketIO.join(.everyone(), room: "r1")
      let emitter = try RedisClient(configuration: .init(url: redis.url), logger: Logger(label: "test"))
      func publish(_ name: String) throws {
        let (channel, payload) = try capture(name)
        emitter.publish(payload, on: channel)
      }
      // Asked by the node that let them join: the others hear of that first.
      #expect(try await a.socketIO.fetchSockets(.room("r1")).count == 2)
      try publish("emitter broadcast")
      try publish("emitter join")
      for client in [here, there] {
        #expect(await client.next() == .text(#"42["time",{"now":1700000000,"list":[1.5,"x"]}]"#))
      }
      // The emitter's word goes another way than the question.
      let deadline = ContinuousClock.now + .seconds(10)
      while try await b.socketIO.fetchSockets(.room("r3")).count < 2 { try #require(ContinuousClock.now < deadline) }
      b.socketIO.join(.room("r3"), room: "chat:42")
      #expect(try await b.socketIO.fetchSockets(.room("chat:42")).count == 2)
      try publish("emitter room")
      for client in [here, there] {
        #expect(
          await client.next(2) == [
            #"451-["message","hi",{"_placeholder":true,"num":0}]"#, "unexpected frame 130",
          ])
      }
      try publish("emitter disconnect")
      for client in [here, there] { #expect(await client.next() == .text("41")) }
      await emitter.close()
    }
  }

  @Test("a broadcast that another node wants acknowledged is answered with a count and each client's answer")
  func acknowledgedBroadcast() async throws {
    try await withNodes { a, _, redis in
      let client = try await TestClient.connected(a.server)
      let format = ClassicFormat(namespace: "/")
      let answers = AsyncStream.makeStream(of: ClusterMessage.Body.self)
      let node = try RedisClient(
        configuration: .init(url: redis.url), logger: Logger(label: "test"),
        onPush: { push in
          if let message = try? format.message(push.payload, on: push.channel) {
            answers.continuation.yield(message.body)
          }
        })
      node.subscribe(to: [format.responseChannel])
      try await node.settleSubscriptions()
      let publication = try format.publication(
        of: ClusterMessage(
          sender: "abcdef", namespace: "/",
          body: .broadcast(
            ClusterPacket(namespace: "/", arguments: ClusterValue(json: #"["how",1]"#)), BroadcastOptions(),
            requestID: "q")))
      node.publish(publication.payload, on: publication.channel)
      #expect(await client.next() == .text(#"420["how",1]"#))
      client.send(#"430["fine",2]"#)
      var received: [ClusterMessage.Body] = []
      for await answer in answers.stream {
        received.append(answer)
        if received.count == 3 { break }
      }
      // One client here, none on the other node.
      #expect(received.contains(.broadcastClientCount(1, requestID: "q")))
      #expect(received.contains(.broadcastClientCount(0, requestID: "q")))
      #expect(received.contains(.broadcastAck(ClusterValue(json: #""fine""#), requestID: "q")))
      await node.close()
    }
  }
}
