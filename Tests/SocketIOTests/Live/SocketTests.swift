import NIOConcurrencyHelpers
import NIOCore
import SocketIO
import Testing

@Suite("Sockets on a real network", .serialized, .timeLimit(.minutes(1)))
struct SocketTests {
  @Test("events are handled one after another, in order, and acknowledged in order")
  func order() async throws {
    let running = NIOLockedValueBox((now: 0, most: 0))
    let application = TestApplication(onEvent: { event, _ in
      running.withLockedValue {
        $0.now += 1
        $0.most = max($0.most, $0.now)
      }
      for _ in 0..<Int.random(in: 0..<3) { await Task.yield() }
      running.withLockedValue { $0.now -= 1 }
      return Arguments(ByteBuffer(string: "[\(String(buffer: event.payload))]"))
    })
    try await TestServer.run(.init(), { _ in application }) { server, _ in
      let client = try await TestClient.connected(server)
      for number in 0..<500 { client.send(#"42\#(number)["count",\#(number)]"#) }
      #expect(await client.next(500) == (0..<500).map { "43\($0)[\($0)]" })
      client.send(#"42["count",1]"#)
      client.send(#"42500["count",2]"#)
      #expect(await client.next(1) == ["43500[2]"])
    }
    #expect(running.withLockedValue { $0.most } == 1)
  }

  @Test("the application sees the CONNECT and where it comes from, and may refuse it")
  func refusal() async throws {
    let application = TestApplication(onConnect: { request in
      let auth = String(buffer: request.auth)
      guard auth != #"{"token":"good"}"# else { return .accept() }
      let agent = request.headers.first(name: "user-agent") ?? ""
      return .refuse(
        message: "unauthorized",
        data: ByteBuffer(
          string:
            #"{"agent":"\#(agent)","headers":\#(request.headers.count),"ip":"\#(request.remoteAddress?.ipAddress ?? "")"}"#
        )
      )
    })
    try await TestServer.run(.init(), { _ in application }) { server, _ in
      let client = try await TestClient(server)
      try await client.upgrade(headers: "User-Agent: test\r\nCookie: secret\r\nX-Forwarded-For: 1.2.3.4\r\n")
      client.send(#"40{"token":"bad"}"#)
      #expect(
        await client.next(1) == [
          #"44{"message":"unauthorized","data":{"agent":"test","headers":2,"ip":"127.0.0.1"}}"#
        ])
      client.send(#"40{"token":"good"}"#)
      #expect(await client.next().description.hasPrefix("40{"))
    }
  }

  /// To tell it, an application reads the whole event again: each message had to.
  @Test("what a broadcast is about is asked for only while somebody could be told of it again")
  func subject() async throws {
    var configuration = SocketIOServer.Configuration()
    configuration.recovery = SocketIOServer.Recovery()
    let application = TestApplication(onConnect: { .accept(recoverable: $0.auth.readableBytes > 0) })
    try await TestServer.run(configuration, { _ in application }) { server, _ in
      let asked = NIOLockedValueBox(0)
      func broadcast() {
        server.socketIO.local.broadcast(
          Arguments(ByteBuffer(string: #"["a"]"#)), to: .everyone(),
          about: {
            asked.withLockedValue { $0 += 1 }
            return nil
          }())
      }
      _ = try await TestClient.connected(server)
      broadcast()
      #expect(asked.withLockedValue { $0 } == 0)
      _ = try await TestClient.connected(server, auth: "{}")
      broadcast()
      #expect(asked.withLockedValue { $0 } == 1)
    }
  }

  @Test("a broadcast reaches the room on all loops, except one socket, each member once and in order")
  func broadcast() async throws {
    let application = TestApplication(onConnect: { request in
      .accept(rooms: request.auth.readableBytes > 0 ? ["other"] : ["all", "all"])
    })
    try await TestServer.run(.init(), { _ in application }) { server, _ in
      var clients: [TestClient] = []
      for _ in 0..<6 { clients.append(try await TestClient.connected(server)) }
      let outsider = try await TestClient.connected(server, auth: "{}")
      let sockets = application.sockets
      server.socketIO.broadcast(Arguments(ByteBuffer(string: #"["a",1]"#)), to: .room("all", except: sockets[0]))
      for number in 2..<50 {
        server.socketIO.broadcast(Arguments(ByteBuffer(string: #"["a",\#(number)]"#)), to: .room("all"))
      }
      server.socketIO.leave(sockets[1], room: "all")
      server.socketIO.broadcast(Arguments(ByteBuffer(string: #"["b"]"#)), to: .room("all"), volatile: true)
      for socket in sockets { server.socketIO.emit(Arguments(ByteBuffer(string: #"["end"]"#)), to: socket) }
      let numbers = (2..<50).map { #"42["a",\#($0)]"# }
      for (index, client) in clients.enumerated() {
        let first = index == 0 ? [] : [#"42["a",1]"#]
        let last = index == 1 ? [] : [#"42["b"]"#]
        let expected = first + numbers + last + [#"42["end"]"#]
        #expect(await client.next(expected.count) == expected)
      }
      #expect(await outsider.next(1) == [#"42["end"]"#])
    }
  }

  @Test("what is asked for a socket before its acceptance is merged with the acceptance's rooms, in order")
  func earlyChanges() async throws {
    let server = NIOLockedValueBox<SocketIOServer?>(nil)
    let application = TestApplication(onConnect: { request in
      let server = server.withLockedValue { $0 }
      server?.join(request.socket, room: "joined early")
      server?.leave(request.socket, room: "left early")
      server?.join(request.socket, room: "left again")
      server?.leave(request.socket, room: "left again")
      server?.broadcast(Arguments(ByteBuffer(string: #"["too early"]"#)), to: .room("joined early"))
      server?.emit(Arguments(ByteBuffer(string: #"["too early"]"#)), to: request.socket)
      return .accept(rooms: ["accepted", "left early"])
    })
    try await TestServer.run(
      .init(),
      { socketIO in
        server.withLockedValue { $0 = socketIO }
        return application
      }
    ) { server, _ in
      let client = try await TestClient.connected(server)
      for room in ["left early", "left again", "joined early", "accepted"] {
        server.socketIO.broadcast(Arguments(ByteBuffer(string: #"["\#(room)"]"#)), to: .room(room))
      }
      #expect(await client.next(2) == [#"42["joined early"]"#, #"42["accepted"]"#])
    }
    server.withLockedValue { $0 = nil }
  }

  @Test("what an event's handler sends goes out before its acknowledgement")
  func programOrder() async throws {
    let server = NIOLockedValueBox<SocketIOServer?>(nil)
    let application = TestApplication(onEvent: { _, socket in
      server.withLockedValue { $0 }?.emit(Arguments(ByteBuffer(string: #"["first"]"#)), to: socket)
      return Arguments(ByteBuffer(string: "[2]"))
    })
    try await TestServer.run(
      .init(),
      { socketIO in
        server.withLockedValue { $0 = socketIO }
        return application
      }
    ) { server, _ in
      let client = try await TestClient.connected(server)
      client.send(#"420["go"]"#)
      #expect(await client.next(2) == [#"42["first"]"#, "430[2]"])
    }
    server.withLockedValue { $0 = nil }
  }

  @Test("a server's disconnect: with the connection, or only the socket")
  func disconnect() async throws {
    try await TestServer.run { server, application in
      var log = application.log.makeAsyncIterator()
      let client = try await TestClient.connected(server)
      server.socketIO.disconnect(application.sockets[0], close: false)
      #expect(await client.next(1) == ["41"])
      client.send("40")
      #expect(await client.next().description.hasPrefix("40{"))
      #expect(application.sockets[0] != application.sockets[1])
      // The old name is nobody's any more.
      server.socketIO.disconnect(application.sockets[0])
      server.socketIO.join(application.sockets[1], room: "room")
      server.socketIO.disconnect(.room("room"))
      #expect(await client.next(2) == ["41", "close 1000"])
      client.write(WebSocketTests.frame(0x88, [0x03, 0xE8]))
      #expect(await client.next() == .end)
      for expected in ["connected", "disconnected server namespace disconnect"] + ["connected"]
        + ["disconnected server namespace disconnect"]
      {
        #expect(await log.next() == expected)
      }
    }
  }

  @Test("a client's DISCONNECT comes after its events, and it may connect again")
  func clientDisconnects() async throws {
    try await TestServer.run { server, application in
      var log = application.log.makeAsyncIterator()
      let client = try await TestClient.connected(server)
      client.send(#"42["last"]"#)
      client.send("41")
      client.send("40")
      #expect(await client.next().description.hasPrefix("40{"))
      for expected in ["connected", "disconnected client namespace disconnect", "connected"] {
        #expect(await log.next() == expected)
      }
      client.write(WebSocketTests.frame(0x88, [0x03, 0xE8]))
      #expect(await client.next(2) == ["close 1000", "end"])
      #expect(await log.next() == "disconnected transport close")
    }
  }

  @Test("a connection that is lost while the application decides: accepted too late")
  func lostWhileConnecting() async throws {
    let (started, start) = AsyncStream.makeStream(of: Void.self)
    let (released, release) = AsyncStream.makeStream(of: Void.self)
    let application = TestApplication(onConnect: { _ in
      start.yield()
      for await _ in released { break }
      return .accept(rooms: ["room"])
    })
    try await TestServer.run(.init(), { _ in application }) { server, application in
      let client = try await TestClient(server)
      try await client.upgrade()
      client.send("40")
      for await _ in started { break }
      client.send("1")
      #expect(await client.next() == .close(1000))
      release.yield()
      var log = application.log.makeAsyncIterator()
      #expect(await log.next() == "disconnected transport close")
      #expect(application.sockets.isEmpty)
    }
  }

  /// A close frame keeps okhttp away for 44 s, a DISCONNECT packet all clients for good.
  @Test("shutdown: events that were read are answered, then the connection ends without a word")
  func shutdown() async throws {
    let (started, start) = AsyncStream.makeStream(of: Void.self)
    let (released, release) = AsyncStream.makeStream(of: Void.self)
    let application = TestApplication(onEvent: { _, _ in
      start.yield()
      for await _ in released { break }
      return Arguments(ByteBuffer(string: "[]"))
    })
    try await TestServer.run(.init(), { _ in application }) { server, application in
      let busy = try await TestClient.connected(server)
      let idle = try await TestClient.connected(server)
      busy.send(#"420["slow"]"#)
      for await _ in started { break }
      async let shutdown: Void = server.socketIO.shutdown(grace: .seconds(30))
      #expect(await idle.next() == .end)
      let late = try await TestClient(server)
      late.request("GET", TestClient.handshake, headers: TestClient.upgradeHeaders)
      #expect(await late.next(2) == [#"503 {"message":"Service unavailable"}"#, "end"])
      release.yield()
      #expect(await busy.next(2) == ["430[]", "end"])
      await shutdown
    }
  }
}
