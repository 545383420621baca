import NIOConcurrencyHelpers
import NIOCore
import SocketIO
import Testing

@Suite("Limits on a real network", .serialized, .timeLimit(.minutes(1)))
struct LimitTests {
  @Test("fragments make a message, and a WebSocket ping between them is answered")
  func fragments() async throws {
    try await TestServer.run { server, _ in
      let client = try await TestClient.connected(server)
      client.write(WebSocketTests.frame(0x01, Array(#"420["fr"#.utf8)))
      client.write(WebSocketTests.frame(0x89, Array("hi".utf8)))
      client.write(WebSocketTests.frame(0x00, Array(#"agm"#.utf8)))
      client.write(WebSocketTests.frame(0x80, Array(#"ents"]"#.utf8)))
      #expect(await client.next(2) == ["pong hi", #"430["fragments"]"#])
    }
  }

  @Test("a message of maxPayload bytes passes, there and back")
  func largeMessage() async throws {
    try await TestServer.run { server, _ in
      let client = try await TestClient.connected(server)
      let message = #"["large",""# + String(repeating: "x", count: 1_000_000 - 15) + #""]"#
      client.send("420" + message)
      #expect(await client.next() == .text("430" + message))
    }
  }

  @Test(
    "violations close with their code, and TCP after it",
    arguments: [
      (WebSocketTests.frame(0x81, Array(repeating: 0x41, count: 1_000_001)), 1009, DisconnectReason.transportError),
      (WebSocketTests.frame(0x81, [0x34, 0x32, 0xFF]), 1007, .transportError),
      (WebSocketTests.frame(0x81, [0x33], masked: false), 1002, .transportError),
      (WebSocketTests.frame(0x82, [0x34]), 1008, .parseError),
      (WebSocketTests.frame(0x81, Array("42[{}]".utf8)), 1008, .parseError),
      (WebSocketTests.frame(0x81, Array("452-[]".utf8)), 1008, .parseError),
      (WebSocketTests.frame(0x81, Array("40".utf8)), 1008, .parseError),
      (WebSocketTests.frame(0x81, Array("1".utf8)), 1000, .transportClose),
      (WebSocketTests.frame(0x88, [0x0F, 0xA0]), 4000, .transportClose),
    ])
  func violations(_ bytes: ByteBuffer, _ code: Int, _ reason: DisconnectReason) async throws {
    try await TestServer.run { server, application in
      let client = try await TestClient.connected(server)
      client.write(bytes)
      #expect(await client.next() == .close(code))
      client.write(WebSocketTests.frame(0x88, [0x03, 0xE8]))
      #expect(await client.next() == .end)
      var log = application.log.makeAsyncIterator()
      #expect(await log.next() == "connected")
      #expect(await log.next() == "disconnected \(reason.rawValue)")
    }
  }

  @Test("a client that answers pings lives; one that doesn't is closed after the timeout, and cut")
  func heartbeat() async throws {
    var configuration = SocketIOServer.Configuration()
    configuration.pingInterval = .milliseconds(200)
    configuration.pingTimeout = .milliseconds(1000)
    configuration.closeTimeout = .milliseconds(50)
    try await TestServer.run(configuration) { server, application in
      let start = NIODeadline.now()
      let client = try await TestClient(server, answersPings: false)
      try await client.upgrade()
      client.send("40")
      // The first ping and the CONNECT packet come in either order on a busy machine.
      var pings = 0
      while pings < 3 {
        let message = await client.next()
        guard message == .text("2") else {
          try #require(message.description.hasPrefix("40{"))
          continue
        }
        pings += 1
        client.send("3")
      }
      #expect(await client.next(2) == ["2", "close 1000"])
      // Four intervals and the timeout, none of them shorter than it should be.
      #expect(NIODeadline.now() - start >= .milliseconds(1800))
      // No answer: the closing handshake has a deadline, too.
      #expect(await client.next() == .end)
      var log = application.log.makeAsyncIterator()
      #expect(await log.next() == "connected")
      #expect(await log.next() == "disconnected ping timeout")
    }
  }

  @Test("a client that doesn't CONNECT in time is closed, also after a DISCONNECT")
  func connectTimeout() async throws {
    var configuration = SocketIOServer.Configuration()
    configuration.connectTimeout = .milliseconds(500)
    try await TestServer.run(configuration) { server, _ in
      let silent = try await TestClient(server)
      try await silent.upgrade()
      #expect(await silent.next() == .close(1000))
      let leaving = try await TestClient.connected(server)
      leaving.send("41")
      #expect(await leaving.next() == .close(1000))
    }
  }

  @Test("while the application is slow the client is not read, and nothing is lost or reordered")
  func backpressure() async throws {
    let (started, start) = AsyncStream.makeStream(of: Void.self)
    let (released, release) = AsyncStream.makeStream(of: Void.self)
    let handled = NIOLockedValueBox(0)
    let application = TestApplication(onEvent: { event, _ in
      if event.name == "block" {
        start.yield()
        for await _ in released { break }
      } else if event.name == "big" {
        handled.withLockedValue { $0 += 1 }
      }
      return Arguments(ByteBuffer(string: "[\(handled.withLockedValue { $0 })]"))
    })
    var configuration = SocketIOServer.Configuration()
    // Shorter than the block lasts: a client that the server doesn't read can't be blamed for a missing pong.
    configuration.pingInterval = .milliseconds(100)
    configuration.pingTimeout = .seconds(3)
    try await TestServer.run(configuration, { _ in application }) { server, _ in
      let client = try await TestClient.connected(server)
      let other = try await TestClient.connected(server)
      client.send(#"420["block"]"#)
      for await _ in started { break }
      let filler = String(repeating: "x", count: 100_000)
      let big = WebSocketTests.frame(0x81, Array(#"42["big","\#(filler)"]"#.utf8))
      for _ in 0..<300 { client.write(big) }
      client.send(#"421["last"]"#)
      // Whoever answers no ping, and came when this one was not read any more, is given up after it would have been.
      let deaf = try await TestClient(server, answersPings: false)
      try await deaf.upgrade()
      #expect(await deaf.next(2) == ["2", "close 1000"])
      for _ in 0..<100 {
        other.send(#"427["other"]"#)
        #expect(await other.next() == .text("437[0]"))
      }
      // Of 30 MB the kernel's buffers hold a part, the server little; the rest has not left the client.
      let waiting = try await client.channel.getOption(.bufferedWritableBytes).get()
      #expect(waiting > 10_000_000)
      #expect(handled.withLockedValue { $0 } == 0)
      release.yield()
      #expect(await client.next(2) == ["430[0]", "431[300]"])
    }
  }

  /// Longer than all that may wait for a client, as the first page of a sync can be.
  private static let longAnswer = Arguments(
    ByteBuffer(string: "[\"" + String(repeating: "x", count: 1_200_000) + "\"]"))

  /// Answers `sync` at length, and counts how often.
  private static func answeringAtLength(_ handled: NIOLockedValueBox<Int>) -> TestApplication {
    TestApplication(
      onConnect: { _ in .accept(rooms: ["room"]) },
      onEvent: { event, _ in
        guard event.name == "sync" else { return event.arguments }
        handled.withLockedValue { $0 += 1 }
        return Self.longAnswer
      })
  }

  /// Several such answers at once, or a broadcast behind one, cut the client.
  @Test("events of a client that doesn't read its answers wait, and none is lost")
  func unreadAnswers() async throws {
    let handled = NIOLockedValueBox(0)
    let application = Self.answeringAtLength(handled)
    try await TestServer.run(.init(), { _ in application }) { server, _ in
      let slow = try await TestClient.connected(server)
      let other = try await TestClient.connected(server)
      try await slow.channel.setOption(.autoRead, value: false).get()
      for number in 0..<30 { slow.send(#"42\#(number)["sync"]"#) }
      for _ in 0..<500 {
        other.send(#"427["other"]"#)
        #expect(await other.next() == .text(#"437["other"]"#))
      }
      server.socketIO.broadcast(Arguments(ByteBuffer(string: #"["told"]"#)), to: .room("room"))
      #expect(await other.next() == .text(#"42["told"]"#))
      // The kernel's buffers take some.
      #expect((1...12).contains(handled.withLockedValue { $0 }))
      try await slow.channel.setOption(.autoRead, value: true).get()
      slow.channel.read()
      var answers: [String] = []
      var told = 0
      while answers.count < 30 {
        let message = await slow.next()
        if message == .text(#"42["told"]"#) { told += 1 } else { answers.append(message.description) }
        guard message != .end else { break }
      }
      #expect(told == 1)
      #expect(answers == (0..<30).map { "43\($0)\(String(buffer: Self.longAnswer.json))" })
    }
  }

  @Test("a client that never reads its answers is cut by the heartbeat, though its events wait")
  func neverReadAnswers() async throws {
    let handled = NIOLockedValueBox(0)
    let application = Self.answeringAtLength(handled)
    var configuration = SocketIOServer.Configuration()
    configuration.pingInterval = .milliseconds(200)
    configuration.pingTimeout = .milliseconds(500)
    configuration.closeTimeout = .milliseconds(50)
    try await TestServer.run(configuration, { _ in application }) { server, application in
      let silent = try await TestClient.connected(server)
      try await silent.channel.setOption(.autoRead, value: false).get()
      for number in 0..<200 { silent.send(#"42\#(number)["sync"]"#) }
      var log = application.log.makeAsyncIterator()
      #expect(await log.next() == "connected")
      #expect(await log.next() == "disconnected ping timeout")
    }
  }

  @Test("a client that doesn't read misses volatile events, then is cut off; the others get everything")
  func slowConsumer() async throws {
    let application = TestApplication(onConnect: { _ in .accept(rooms: ["room"]) })
    try await TestServer.run(.init(), { _ in application }) { server, application in
      var log = application.log.makeAsyncIterator()
      let good = try await TestClient.connected(server)
      let slow = try await TestClient.connected(server)
      #expect(await log.next() == "connected")
      #expect(await log.next() == "connected")
      try await slow.channel.setOption(.autoRead, value: false).get()
      let filler = String(repeating: "x", count: 50_000)
      func roundTrip(_ number: Int, volatile: Bool) async -> ServerMessage {
        let arguments = Arguments(ByteBuffer(string: #"["e",\#(number),"\#(filler)"]"#))
        server.socketIO.broadcast(arguments, to: .room("room"), volatile: volatile)
        return await good.next()
      }
      for number in 0..<1000 {
        #expect(await roundTrip(number, volatile: true) == .text(#"42["e",\#(number),"\#(filler)"]"#))
      }
      #expect(server.socketIO.connectionCount == 2)
      for number in 0..<100 {
        #expect(await roundTrip(number, volatile: false) == .text(#"42["e",\#(number),"\#(filler)"]"#))
      }
      #expect(await log.next() == "disconnected transport close")
      #expect(server.socketIO.connectionCount == 1)
    }
  }
}
