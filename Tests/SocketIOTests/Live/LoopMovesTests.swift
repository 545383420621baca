import NIOCore
import SocketIO
import Testing

/// Clients that lose their connection, and come back to another event loop.
@Suite("From one event loop to another", .serialized, .timeLimit(.minutes(2)))
struct LoopMovesTests {
  /// Sends events of one name, numbered from 0, each in another way, when it is let.
  private struct Sender {
    let name: String
    private let credits: AsyncStream<Void>
    private let credit: AsyncStream<Void>.Continuation

    init(name: String) {
      self.name = name
      (credits, credit) = AsyncStream.makeStream()
    }

    func send(_ count: Int) {
      for _ in 0..<count { credit.yield() }
    }

    func finish() { credit.finish() }

    func run(_ server: SocketIOServer, to socket: SocketID, sid: String) async {
      var number = 0
      for await _ in credits {
        let event = Arguments(ByteBuffer(string: "[\"\(name)\",\(number)]"))
        switch number % 4 {
        case 0: server.broadcast(event, to: .room("r"))
        case 1: server.emit(event, to: socket)
        case 2: server.broadcast(event, to: .room(sid))
        default: server.broadcast(event, to: .everyone())
        }
        number += 1
      }
    }
  }

  @Test("a client that comes and goes while many send gets all of it, once, and what each sends in order")
  func moves() async throws {
    var configuration = SocketIOServer.Configuration()
    configuration.recovery = SocketIOServer.Recovery()
    let senders = (0..<3).map { Sender(name: "sender \($0)") }
    let burst = 30
    let application = TestApplication(onConnect: { request in
      guard request.recovery != nil else { return .accept(rooms: ["r"], recoverable: true) }
      // So that they are at it while the socket moves.
      for sender in senders { sender.send(burst) }
      return .recover()
    })
    try await TestServer.run(configuration, { _ in application }) { server, _ in
      var traveller = try await Traveller(server)
      let socket = try #require(application.sockets.first)
      let sid = traveller.sid
      let running = Task {
        await withDiscardingTaskGroup { group in
          for sender in senders { group.addTask { await sender.run(server.socketIO, to: socket, sid: sid) } }
        }
      }
      var got: [String: Int] = [:]
      func read(_ count: Int) async throws {
        for _ in 0..<count {
          let (name, number) = try await traveller.nextEvent()
          try #require(number == got[name, default: 0])
          got[name] = number + 1
        }
      }
      for sender in senders { sender.send(burst) }
      var waiting = senders.count * burst
      for round in 1...300 {
        let count = min(waiting, 1 + round * 7 % 180)
        try await read(count)
        waiting -= count
        try await traveller.cut()
        // Channels get loops in turn, maybe two turns each.
        if round.isMultiple(of: 3) { _ = TestServer.group.next() }
        try await traveller.go(to: server)
        waiting += senders.count * burst
        try #require(traveller.isRecovered)
      }
      try await read(waiting)
      #expect(got == Dictionary(uniqueKeysWithValues: senders.map { ($0.name, 301 * burst) }))
      for sender in senders { sender.finish() }
      await running.value
    }
  }

  /// What was sent while the first of them came in may not have been kept.
  @Test("a client goes on from no place before it came in")
  func places() async throws {
    var configuration = SocketIOServer.Configuration()
    configuration.recovery = SocketIOServer.Recovery()
    let application = TestApplication(onConnect: { request in
      request.recovery == nil ? .accept(rooms: ["r"], recoverable: true) : .recover()
    })
    try await TestServer.run(configuration, { _ in application }) { server, _ in
      var first = try await Traveller(server)
      func say(_ number: Int) {
        server.socketIO.broadcast(Arguments(ByteBuffer(string: "[\"e\",\(number)]")), to: .room("r"))
      }
      say(1)
      #expect(try await first.next() == "e 1")
      let before = try #require(first.offset)
      say(2)
      #expect(try await first.next() == "e 2")
      var second = try await Traveller(server)
      say(3)
      #expect(try await second.next() == "e 3")
      try await second.cut()
      try await second.go(to: server, offset: before)
      #expect(!second.isRecovered)
      try await first.cut()
      try await first.go(to: server, offset: before)
      #expect(first.isRecovered)
      #expect(try await first.next(2) == ["e 2", "e 3"])
    }
  }
}
