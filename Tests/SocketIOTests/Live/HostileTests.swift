import NIOConcurrencyHelpers
import NIOCore
import Testing

@testable import SocketIO

/// What clients do that mean harm. Nobody else may notice.
@Suite("Hostile clients", .serialized, .timeLimit(.minutes(1)))
struct HostileTests {
  private var shortly: SocketIOServer.Configuration {
    var configuration = SocketIOServer.Configuration()
    configuration.connectTimeout = .seconds(2)
    return configuration
  }

  // MARK: - Numbers

  /// The number is the largest of 64 bits. One more ended the process, before the application was asked.
  @Test("an offset without a successor is none, from a client and from another node")
  func offset() async throws {
    var configuration = SocketIOServer.Configuration()
    configuration.recovery = SocketIOServer.Recovery()
    let application = TestApplication(onConnect: { _ in .accept(recoverable: true) })
    try await TestServer.run(configuration, { _ in application }) { server, _ in
      let tag = try #require(server.socketIO.local.recoveryName)
      let pid = String(repeating: "A", count: 32)
      let offset = "\(tag).3w5e11264sgsf"
      let client = try await TestClient(server)
      try await client.connect(auth: #"{"pid":"\#(pid)","offset":"\#(offset)"}"#)
      let claim = HandoverClaim(node: tag, namespace: "/", privateID: pid, offset: offset)
      #expect(await server.socketIO.local.handOver(claim) == nil)
    }
  }

  // MARK: - Before CONNECT

  @Test("before CONNECT nothing else is taken: a binary packet ends the connection at its head")
  func binaryBeforeConnect() async throws {
    try await TestServer.run(self.shortly) { server, _ in
      let client = try await TestClient(server)
      try await client.upgrade()
      client.send(#"451-["x",{"_placeholder":true,"num":0}]"#)
      #expect(await client.next() == .close(1008))
    }
  }

  @Test("before CONNECT a frame that announces too much ends the connection at its header, and fragments at the limit")
  func longBeforeConnect() async throws {
    try await TestServer.run(self.shortly) { server, _ in
      let client = try await TestClient(server)
      try await client.upgrade()
      client.write(ByteBuffer(bytes: [0x81, 0xFE, 0x20, 0x01, 1, 2, 3, 4]))
      #expect(await client.next() == .close(1009))
      let other = try await TestClient(server)
      try await other.upgrade()
      other.write(WebSocketTests.frame(0x01, Array("40".utf8)))
      for _ in 0..<3 { other.write(WebSocketTests.frame(0x00, Array(repeating: 0x20, count: 3000))) }
      #expect(await other.next() == .close(1009))
      // What a CONNECT may be long, it may be.
      let good = try await TestClient(server)
      try await good.connect(auth: #"{"x":""# + String(repeating: "x", count: 8192 - 2 - 8) + #""}"#)
    }
  }

  @Test("a body that nobody wants is refused by its head; of a newcomer, a POST that is longer than a CONNECT")
  func unwantedBodies() async throws {
    try await TestServer.run { server, _ in
      let stranger = try await TestClient(server)
      stranger.request("POST", Polling.path + "&sid=nobody", headers: "Content-Length: 900000\r\n")
      #expect(await stranger.next(2) == [#"400 {"code":1,"message":"Session ID unknown"}"#, "end"])
      let newcomer = try await Polling(server)
      newcomer.client.request("POST", newcomer.uri, headers: "Content-Length: 8193\r\n")
      #expect(await newcomer.client.next(2) == [#"413 {"message":"Payload too large"}"#, "end"])
      let chunked = try await Polling(server)
      chunked.client.request(
        "POST", chunked.uri, headers: "Transfer-Encoding: chunked\r\n",
        body: "2001\r\n" + String(repeating: "x", count: 8193) + "\r\n")
      #expect(await chunked.client.next(2) == [#"413 {"message":"Payload too large"}"#, "end"])
    }
  }

  @Test("what is unfinished has a bound for all together: who comes last is turned away, and it is given back")
  func unfinished() async throws {
    var configuration = SocketIOServer.Configuration()
    configuration.maxUnfinishedBytes = 100_000
    try await TestServer.run(configuration) { server, _ in
      let beginning = WebSocketTests.frame(0x01, Array(#"420["x",""#.utf8) + Array(repeating: 0x78, count: 60_000))
      func hold(_ client: TestClient) async -> ServerMessage {
        client.write(beginning)
        client.write(WebSocketTests.frame(0x89, Array("held".utf8)))
        return await client.next()
      }
      let first = try await TestClient.connected(server)
      #expect(await hold(first) == .pong("held"))
      let second = try await TestClient.connected(server)
      #expect(await hold(second) == .close(1013))
      let polling = try await Polling(server)
      try await polling.connect()
      polling.client.request(
        "POST", polling.uri, headers: "Content-Length: 70000\r\n", body: String(repeating: "x", count: 60_000))
      #expect(await polling.client.next() == .http(status: 503, body: #"{"message":"Service unavailable"}"#))
      // Whoever came first is not disturbed.
      first.write(WebSocketTests.frame(0x80, Array(#""]"#.utf8)))
      #expect(await first.next().description.hasPrefix("430"))
      let third = try await TestClient.connected(server)
      #expect(await hold(third) == .pong("held"))
    }
  }

  // MARK: - Places

  @Test("sessions that never CONNECT lock nobody out: the oldest makes place; one that is in stays")
  func places() async throws {
    var configuration = SocketIOServer.Configuration()
    configuration.maxConnections = 3
    try await TestServer.run(configuration) { server, _ in
      let user = try await TestClient.connected(server)
      let first = try await Polling(server)
      let second = try await Polling(server)
      let late = try await TestClient.connected(server)
      #expect(await first.answer("GET") == #"400 {"code":1,"message":"Session ID unknown"}"#)
      try await second.connect()
      #expect(server.socketIO.connectionCount == 3)
      for client in [user, late] {
        client.send(#"420["x"]"#)
        #expect(await client.next() == .text(#"430["x"]"#))
      }
      let refused = try await TestClient(server)
      refused.request("GET", Polling.path)
      #expect(await refused.next() == .http(status: 503, body: #"{"message":"Service unavailable"}"#))
    }
  }

  @Test("of one address only so many sessions are without CONNECT, also where there are places")
  func newcomersOfAddress() async throws {
    var configuration = SocketIOServer.Configuration()
    configuration.maxNewcomersPerAddress = 2
    try await TestServer.run(configuration) { server, _ in
      var sessions: [Polling] = []
      for _ in 0..<3 { sessions.append(try await Polling(server)) }
      #expect(await sessions[0].answer("GET") == #"400 {"code":1,"message":"Session ID unknown"}"#)
      #expect(server.socketIO.connectionCount == 2)
      for session in sessions[1...] { try await session.connect() }
      _ = try await Polling(server)
      #expect(server.socketIO.connectionCount == 3)
    }
  }

  @Test("to be refused again and again does not prolong the time to come in")
  func refusals() async throws {
    let application = TestApplication(onConnect: { _ in .refuse(message: "no") })
    try await TestServer.run(self.shortly, { _ in application }) { server, _ in
      let client = try await TestClient(server)
      try await client.upgrade()
      let end = NIODeadline.now() + .seconds(10)
      var last = ServerMessage.end
      repeat {
        client.send("40")
        last = await client.next()
      } while last.description.hasPrefix("44") && NIODeadline.now() < end
      #expect(last == .close(1000))
    }
  }

  // MARK: - Heartbeat

  @Test("a client that owes a pong does not live on by a byte now and then, nor by control frames")
  func trickle() async throws {
    var configuration = SocketIOServer.Configuration()
    configuration.pingInterval = .milliseconds(100)
    configuration.pingTimeout = .milliseconds(500)
    try await TestServer.run(configuration) { server, _ in
      let client = try await TestClient(server, answersPings: false)
      try await client.upgrade()
      client.send("40")
      client.write(WebSocketTests.frame(0x01, Array("42[".utf8)))
      let channel = client.channel
      let sending = channel.eventLoop.scheduleRepeatedTask(initialDelay: .zero, delay: .milliseconds(20)) { _ in
        channel.writeAndFlush(WebSocketTests.frame(0x00, [0x20]), promise: nil)
        channel.writeAndFlush(WebSocketTests.frame(0x8A, Array(repeating: 0x20, count: 125)), promise: nil)
      }
      let end = NIODeadline.now() + .seconds(10)
      var last = await client.next()
      while last != .close(1000), last != .end, NIODeadline.now() < end { last = await client.next() }
      sending.cancel()
      #expect(last == .close(1000))
    }
  }

  @Test("an honest upload over a slow line outlives the ping's timeout many times")
  func slowUpload() async throws {
    var configuration = SocketIOServer.Configuration()
    configuration.pingInterval = .milliseconds(200)
    configuration.pingTimeout = .milliseconds(1000)
    try await TestServer.run(configuration) { server, _ in
      let client = try await TestClient(server, answersPings: false)
      try await client.upgrade()
      client.send("40")
      let text = #"420["x",""# + String(repeating: "x", count: 60_000) + #""]"#
      var frame = WebSocketTests.frame(0x81, Array(text.utf8))
      // The pong is behind it: so the client's writes are in order.
      frame.writeImmutableBuffer(WebSocketTests.frame(0x81, [0x33]))
      let piece = frame.readableBytes / 40
      let rest = NIOLockedValueBox(frame)
      let channel = client.channel
      let sending = channel.eventLoop.scheduleRepeatedTask(initialDelay: .zero, delay: .milliseconds(100)) { _ in
        let next = rest.withLockedValue { $0.readSlice(length: min(piece, $0.readableBytes)) }
        if let next, next.readableBytes > 0 { channel.writeAndFlush(next, promise: nil) }
      }
      var last = await client.next()
      while !last.description.hasPrefix("43"), last != .end, last != .close(1000) { last = await client.next() }
      sending.cancel()
      #expect(last.description.hasPrefix("430[\"x\""))
    }
  }

  // MARK: - The loop's share

  @Test("a client that sends more than its share of a turn leaves others theirs, and its own order stays")
  func turns() async throws {
    let flood = 20_000
    let handled = NIOLockedValueBox((count: 0, isOrdered: true))
    let application = TestApplication(onEvent: { event, _ in
      guard event.name == "flood" else {
        return Arguments(ByteBuffer(string: "[\(handled.withLockedValue { $0.count })]"))
      }
      handled.withLockedValue {
        $0.isOrdered = $0.isOrdered && String(buffer: event.payload) == String($0.count)
        $0.count += 1
      }
      return nil
    })
    try await TestServer.run(.init(), { _ in application }) { server, _ in
      let polling = try await Polling(server)
      try await polling.connect()
      // On both loops.
      var others: [TestClient] = []
      for _ in 0..<4 { others.append(try await TestClient.connected(server)) }
      let payload = (0..<flood).map { "42[\"flood\",\($0)]" }.joined(separator: "\u{1E}")
      polling.client.request(
        "POST", polling.uri, headers: "Content-Length: \(payload.utf8.count)\r\n", body: payload)
      var seen = [Set<Int>](repeating: [], count: others.count)
      while handled.withLockedValue({ $0.count }) < flood {
        for (index, other) in others.enumerated() {
          other.send(#"420["other"]"#)
          let answer = await other.next().description
          guard let count = Int(answer.dropFirst(4).dropLast()) else { throw TestClient.Unexpected(message: answer) }
          if count > 0, count < flood { seen[index].insert(count) }
        }
      }
      // Each had several turns of it: in how many the test saw it is the machine's business.
      #expect(seen.allSatisfy { $0.count > 2 })
      #expect(await polling.client.next() == .http(status: 200, body: "ok"))
      #expect(handled.withLockedValue { $0.isOrdered })
    }
  }
}

/// A session by long-polling, all requests over one connection.
private struct Polling {
  static let path = "/socket.io/?EIO=4&transport=polling"

  let client: TestClient
  let uri: String

  init(_ server: TestServer) async throws {
    self.client = try await TestClient(server)
    self.client.request("GET", Self.path)
    let words = await self.client.next().description.split(separator: "\"")
    guard words.count > 3 else { throw TestClient.Unexpected(message: "no handshake: \(words)") }
    self.uri = Self.path + "&sid=\(words[3])"
  }

  func answer(_ method: String, body: String = "") async -> String {
    self.client.request(
      method, self.uri, headers: body.isEmpty ? "" : "Content-Length: \(body.utf8.count)\r\n", body: body)
    return await self.client.next().description
  }

  func connect() async throws {
    let posted = await self.answer("POST", body: "40")
    let polled = await self.answer("GET")
    guard posted == "200 ok", polled.hasPrefix("200 40{") else {
      throw TestClient.Unexpected(message: "\(posted), \(polled)")
    }
  }
}
