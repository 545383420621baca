import NIOCore
import SocketIO
import Synchronization
import Testing

/// What a server tells an adapter of its rooms.
@Suite("The rooms of a node", .serialized, .timeLimit(.minutes(2)))
struct RoomCensusTests {
  final class Listener: LonelyAdapter {
    private struct State {
      var rooms: Set<String> = []
      var log: [String] = []
    }

    let roomInterest: RoomInterest
    private let state = Mutex(State())

    init(_ interest: RoomInterest = .joined) { self.roomInterest = interest }

    var rooms: Set<String> { self.state.withLock { $0.rooms } }
    /// What was told, in order: `+room`, `-room`.
    var log: [String] { self.state.withLock { $0.log } }

    func roomCreated(_ room: String, in namespace: String) {
      self.state.withLock { state in
        state.log.append("+\(room)")
        if !state.rooms.insert(namespace + room).inserted { Issue.record("\(room) was created twice") }
      }
    }

    func roomDeleted(_ room: String, in namespace: String) {
      self.state.withLock { state in
        state.log.append("-\(room)")
        if state.rooms.remove(namespace + room) == nil { Issue.record("\(room) was none") }
      }
    }
  }

  /// Waits until all loops have carried out what was called before.
  private func settle(_ server: TestServer) async {
    _ = await server.socketIO.local.fetchSockets(.everyone())
  }

  private func until(
    _ what: Comment, sourceLocation: SourceLocation = #_sourceLocation, _ condition: () async -> Bool
  ) async throws {
    let deadline = ContinuousClock.now + .seconds(30)
    while await !condition() {
      try #require(ContinuousClock.now < deadline, what, sourceLocation: sourceLocation)
      await Task.yield()
    }
  }

  @Test("a room is told once, when the first socket of any loop is in it, and once when the last has left")
  func firstAndLast() async throws {
    try await TestServer.run { server, application in
      var clients: [TestClient] = []
      for _ in 0..<6 { clients.append(try await TestClient.connected(server)) }
      let sockets = application.sockets
      server.socketIO.join(sockets[0], room: "early")
      let listener = Listener()
      server.socketIO.use(listener)
      for socket in sockets {
        server.socketIO.join(socket, room: "r")
        server.socketIO.join(socket, room: "r")
      }
      await self.settle(server)
      #expect(listener.log.sorted() == ["+early", "+r"])
      for socket in sockets.dropLast() { server.socketIO.leave(socket, room: "r") }
      await self.settle(server)
      #expect(listener.rooms == ["/early", "/r"])
      server.socketIO.leaveAll(sockets[5])
      server.socketIO.disconnect(sockets[0])
      await self.settle(server)
      #expect(listener.log.suffix(2).sorted() == ["-early", "-r"])

      // Another one begins with what there is, and the first hears of its end.
      server.socketIO.join(sockets[1], room: "x")
      await self.settle(server)
      let next = Listener(.all)
      server.socketIO.use(next)
      await self.settle(server)
      #expect(listener.rooms.isEmpty)
      let sids = await server.socketIO.local.fetchSockets(.everyone()).map(\.sid)
      #expect(sids.count == 5)
      #expect(next.rooms == Set((sids + ["x"]).map { "/" + $0 }))
      server.socketIO.disconnect(.everyone())
      for client in clients.dropFirst() { #expect(await client.next() == .text("41")) }
      try await self.until("all are gone") { next.rooms.isEmpty }

      server.socketIO.use(nil)
      #expect(next.log.count == 12)
    }
  }

  @Test("what is told agrees with the rooms through joins and leaves of many threads")
  func manyThreads() async throws {
    try await TestServer.run { server, application in
      var clients: [TestClient] = []
      for _ in 0..<6 { clients.append(try await TestClient.connected(server)) }
      let sockets = application.sockets
      let listener = Listener()
      let socketIO = server.socketIO
      socketIO.use(listener)
      await withTaskGroup { group in
        for _ in 0..<4 {
          group.addTask {
            for _ in 0..<5_000 {
              let socket = sockets[Int.random(in: 0..<6)]
              let room = "r\(Int.random(in: 0..<5))"
              switch Int.random(in: 0..<20) {
              case 0..<8: socketIO.join(socket, room: room)
              case 8..<19: socketIO.leave(socket, room: room)
              default: socketIO.leaveAll(socket)
              }
            }
          }
        }
        group.addTask {
          // Off and on again, with the same one.
          for round in 0..<50 { socketIO.use(round % 2 == 0 ? nil : listener) }
        }
      }
      await self.settle(server)
      let rooms = await socketIO.local.fetchSockets(.everyone()).flatMap(\.rooms)
      #expect(listener.rooms == Set(rooms.map { "/" + $0 }))
      withExtendedLifetime(clients) {}
    }
  }

  @Test("a socket that moves to another loop does not leave its rooms for a moment")
  func moves() async throws {
    let application = TestApplication(onConnect: { _ in .accept(rooms: ["r", "s"]) })
    try await TestServer.run(.init(), { _ in application }) { server, _ in
      let listener = Listener(.all)
      server.socketIO.use(listener)
      // From polling to WebSocket: with two loops, about half of them move.
      for round in 1...12 {
        let webSocket = try await TestClient.probing(server)
        webSocket.send("5")
        webSocket.send(#"421["there"]"#)
        #expect(await webSocket.next() == .text(#"431["there"]"#))
        #expect(listener.rooms.count == 3)
        #expect(listener.log.count == 6 * round - 3)

        server.socketIO.disconnect(try #require(application.sockets.last))
        try await self.until("it is gone") { listener.rooms.isEmpty }
        #expect(listener.log.count == 6 * round)
      }
    }
  }

  @Test("a socket that waits for its client is in its rooms until it has waited too long")
  func suspended() async throws {
    var configuration = SocketIOServer.Configuration()
    var recovery = SocketIOServer.Recovery()
    recovery.maxDisconnection = .milliseconds(300)
    configuration.recovery = recovery
    let application = TestApplication(onConnect: { _ in .accept(rooms: ["r"], recoverable: true) })
    try await TestServer.run(configuration, { _ in application }) { server, _ in
      let listener = Listener()
      server.socketIO.use(listener)
      let client = try await TestClient.connected(server)
      try await client.channel.close()
      // Nobody is connected any more, and the room is still told to be there.
      try await self.until("it waits") {
        let isConnected = await !server.socketIO.local.fetchSockets(.everyone()).isEmpty
        return !isConnected
      }
      #expect(listener.log.first == "+r")
      var log = application.log.makeAsyncIterator()
      #expect(await log.next() == "connected")
      #expect(await log.next()?.hasPrefix("disconnected") == true)
      #expect(listener.log == ["+r", "-r"])
    }
  }
}
