import Foundation
import Logging
import NIOCore
import RedisTestServer
import SocketIO
import SocketIORedis
import Synchronization
import Testing

/// Clients that lose their connection to one node, and come back to another.
@Suite("From one node to another", .serialized, .timeLimit(.minutes(2)))
struct HandoverTests {
  private func withNodes(
    onConnect: @escaping TestApplication.OnConnect = HandoverTests.lettingOn,
    recovery: SocketIOServer.Recovery = SocketIOServer.Recovery(),
    _ body: (TestNode, TestNode) async throws -> Void
  ) async throws {
    let redis = try RedisServer()
    var configuration = SocketIOServer.Configuration()
    configuration.recovery = recovery
    try await TestNode.run(redis, server: configuration, onConnect: onConnect) { first in
      try await TestNode.run(redis, server: configuration, onConnect: onConnect) { second in
        try await body(first, second)
      }
    }
  }

  /// Lets everybody into the room `r`, or go on.
  private static let lettingOn: TestApplication.OnConnect = { request in
    if request.recovery != nil { return .recover() }
    return await request.handover?.take() == nil ? .accept(rooms: ["r"], recoverable: true) : .recover()
  }

  private func event(_ name: String, _ number: Int) -> Arguments {
    Arguments(ByteBuffer(string: "[\"\(name)\",\(number)]"))
  }

  @Test("a client gets on the other node what it missed on both, once and in order, and can go back")
  func exchange() async throws {
    try await withNodes { a, b in
      var traveller = try await Traveller(a.server)
      a.socketIO.broadcast(event("a", 1), to: .room("r"))
      #expect(try await traveller.next() == "a 1")
      let pid = traveller.pid
      for (round, node) in [b, a, b].enumerated() {
        try await traveller.cut()
        a.socketIO.broadcast(event("a", round), to: .room("r"))
        a.socketIO.broadcast(event("another room", round), to: .room("other"))
        a.socketIO.broadcast(event("by name, away", round), to: .room(traveller.sid))
        a.socketIO.broadcast(event("a, all", round), to: .everyone())
        // Behind what a said, for it is the same way; b's own goes to a the same way, too.
        _ = try await a.socketIO.fetchSockets(.everyone())
        b.socketIO.broadcast(event("b", round), to: .room("r"))
        _ = try await b.socketIO.fetchSockets(.everyone())
        try await traveller.go(to: node.server)
        #expect(traveller.isRecovered)
        #expect(traveller.pid == pid)
        b.socketIO.broadcast(event("live", round), to: .room("r"))
        #expect(
          try await traveller.next(5) == [
            "a \(round)", "by name, away \(round)", "a, all \(round)", "b \(round)", "live \(round)",
          ])
        let rooms = try await a.socketIO.fetchSockets(.room("r"))
        #expect(rooms.map(\.sid) == [traveller.sid], "the socket is where its client is, and nowhere else")
        a.socketIO.broadcast(event("by name", round), to: .room(traveller.sid))
        #expect(try await traveller.next() == "by name \(round)")
      }
    }
  }

  /// Each time what it had missed was kept once more, until the nodes had forgotten all else.
  @Test("a client that goes to and fro takes nobody's place")
  func toAndFro() async throws {
    var recovery = SocketIOServer.Recovery()
    recovery.maxPacketBytes = 400_000
    try await withNodes(recovery: recovery) { a, b in
      var traveller = try await Traveller(a.server)
      var patient = try await Traveller(b.server)
      a.socketIO.broadcast(event("first", 1), to: .room("r"))
      for client in [traveller, patient] {
        var client = client
        #expect(try await client.next() == "first 1")
        if client.sid == traveller.sid { traveller = client } else { patient = client }
        try await client.cut()
      }
      let long = String(repeating: "x", count: 1_000)
      for number in 0..<100 { a.socketIO.broadcast(event(long, number), to: .room("r")) }
      _ = try await a.socketIO.fetchSockets(.everyone())
      for journey in 0..<20 {
        try await traveller.go(to: (journey.isMultiple(of: 2) ? b : a).server)
        try #require(traveller.isRecovered)
        #expect(try await traveller.next() == "\(long) \(journey)")
        try await traveller.cut()
      }
      try await patient.go(to: b.server)
      #expect(patient.isRecovered)
      #expect(try await patient.next(100) == (0..<100).map { "\(long) \($0)" })
      // What has got to it is carried no longer.
      try await traveller.go(to: b.server)
      #expect(try await traveller.next(80) == (20..<100).map { "\(long) \($0)" })
      for _ in 0..<2 {
        try await traveller.cut()
        try await traveller.go(to: b.server)
        #expect(traveller.isRecovered)
      }
      b.socketIO.broadcast(event("last", 1), to: .room("r"))
      #expect(try await traveller.next() == "last 1")
    }
  }

  @Test("who has no right to a socket, or asks for one that is not there, begins anew")
  func refusals() async throws {
    try await withNodes { a, b in
      var traveller = try await Traveller(a.server)
      a.socketIO.broadcast(event("a", 1), to: .room("r"))
      #expect(try await traveller.next() == "a 1")
      try await traveller.cut()
      let pid = traveller.pid
      // One other bit of the secret.
      try await traveller.go(to: b.server, pid: String(pid.dropLast()) + (pid.hasSuffix("A") ? "B" : "A"))
      #expect(!traveller.isRecovered)
      let stranger = try await TestClient(b.server)
      try await stranger.upgrade()
      stranger.send(#"40{"pid":"\#(pid)","offset":"nobody00.1"}"#)
      #expect(await stranger.next().description.hasPrefix("40{"))
      // It waits for its client still.
      try await traveller.cut()
      try await traveller.go(to: b.server, pid: pid)
      a.socketIO.broadcast(event("a", 2), to: .room("r"))
      #expect(try await traveller.next() == "a 2")
    }
  }

  @Test("the application may leave rooms out")
  func rooms() async throws {
    let lettingOn: TestApplication.OnConnect = { request in
      guard let contents = await request.handover?.take() else {
        return .accept(rooms: ["r", "s"], recoverable: true)
      }
      #expect(Set(contents.rooms) == ["r", "s"])
      return .recover(rooms: ["r"])
    }
    try await withNodes(onConnect: lettingOn) { a, b in
      var traveller = try await Traveller(a.server)
      a.socketIO.broadcast(event("a", 1), to: .room("s"))
      #expect(try await traveller.next() == "a 1")
      try await traveller.cut()
      a.socketIO.broadcast(event("a", 2), to: .room("s"))
      a.socketIO.broadcast(event("a", 3), to: .room("r"))
      try await traveller.go(to: b.server)
      #expect(traveller.isRecovered)
      b.socketIO.broadcast(event("b", 1), to: .room("s"))
      b.socketIO.broadcast(event("b", 2), to: .room("r"))
      #expect(try await traveller.next(2) == ["a 3", "b 2"])
    }
  }

  /// Tells of a broadcast as slowly as a thread that is held up.
  private final class SlowAdapter: LonelyAdapter {
    private let log = Mutex<[String]>([])
    private let isAsked = DispatchSemaphore(value: 0)
    private let isTelling = DispatchSemaphore(value: 0)

    /// What happened, in order.
    var happened: [String] { log.withLock { $0 } }

    func waitUntilTelling() { isTelling.wait() }

    func broadcast(
      _ arguments: Arguments, to target: BroadcastTarget, volatile: Bool, at position: StreamPosition?
    ) {
      isTelling.signal()
      // Whoever does not wait for this broadcast asks now.
      _ = isAsked.wait(timeout: .now() + .milliseconds(500))
      log.withLock { $0.append("told") }
    }

    func handOver(_ claim: HandoverClaim) async -> HandedOverSocket? {
      log.withLock { $0.append("asked") }
      isAsked.signal()
      return nil
    }
  }

  @Test("the other node is asked after it was told what this one has carried out already")
  func order() async throws {
    var configuration = SocketIOServer.Configuration()
    configuration.recovery = SocketIOServer.Recovery()
    let adapter = SlowAdapter()
    let makeApplication = { (_: SocketIOServer) in
      TestApplication(onConnect: { request in
        adapter.waitUntilTelling()
        _ = await request.handover?.take()
        return .accept()
      })
    }
    try await TestServer.run(configuration, makeApplication) { server, _ in
      server.socketIO.use(adapter)
      let client = try await TestClient(server)
      try await client.upgrade()
      let pid = String(repeating: "A", count: 32)
      client.send(#"40{"pid":"\#(pid)","offset":"othernod.1"}"#)
      Thread.detachNewThread { [event = self.event("word", 1)] in server.socketIO.broadcast(event, to: .everyone()) }
      #expect(await client.next().description.hasPrefix("40{"))
      #expect(adapter.happened == ["told", "asked"])
    }
  }

  @Test("clients that travel while all nodes speak get everything once, each node's words in order")
  func travelling() async throws {
    try await withNodes { a, b in
      let words = 2_000
      func speak(_ name: String, on node: TestNode) async throws {
        for number in 1...words {
          node.socketIO.broadcast(event(name, number), to: .room("r"))
          // Lets the others have their turn: no time is waited for.
          if number.isMultiple(of: 10) { _ = try await node.socketIO.fetchSockets(.room("none")) }
        }
      }
      func travel(_ first: Int) async throws -> (heard: [String: [Int]], journeys: Int) {
        let nodes = [a, b]
        var at = first
        var traveller = try await Traveller(nodes[at].server)
        var heard: [String: [Int]] = [:]
        var journeys = 0
        while heard["a"]?.last != words || heard["b"]?.last != words {
          for _ in 0..<Int.random(in: 1...100) where heard["a"]?.last != words || heard["b"]?.last != words {
            let parts = try await traveller.next().split(separator: " ")
            heard[String(parts[0]), default: []].append(Int(parts[1]) ?? 0)
          }
          try await traveller.cut()
          at = Int.random(in: 0...1)
          try await traveller.go(to: nodes[at].server)
          guard traveller.isRecovered else { throw TestClient.Unexpected(message: "not recovered at \(heard)") }
          journeys += 1
        }
        return (heard, journeys)
      }
      try await withThrowingTaskGroup(of: (heard: [String: [Int]], journeys: Int).self) { group in
        for first in [0, 1, 0, 1] { group.addTask { try await travel(first) } }
        // They hear the first words because they are there when those are said.
        while try await a.socketIO.fetchSockets(.room("r")).count < 4 {}
        async let speaking: Void = speak("a", on: a)
        try await speak("b", on: b)
        try await speaking
        for try await (heard, journeys) in group {
          #expect(heard == ["a": Array(1...words), "b": Array(1...words)])
          #expect(journeys > 10)
        }
      }
    }
  }
}
