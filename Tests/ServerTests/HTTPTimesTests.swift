import NIOCore
import Testing

@testable import letschat

@Suite(.serialized, .timeLimit(.minutes(1)))
struct HTTPTimesTests {
  private static func configuration() -> HTTPConfiguration {
    var configuration = HTTPConfiguration()
    configuration.sweepInterval = .milliseconds(5)
    configuration.headerTimeout = .milliseconds(50)
    configuration.bodyTimeout = .milliseconds(50)
    configuration.idleTimeout = .milliseconds(50)
    configuration.lingerTimeout = .milliseconds(50)
    return configuration
  }

  @Test func `a head that does not come ends the connection`() async throws {
    try await withServer(Self.configuration()) { port, server in
      let silent = try RawClient(port: port)
      #expect(try silent.isClosed())
      let slow = try RawClient(port: port)
      try slow.send("GET /echo HTTP/1.1\r\nHos")
      #expect(try slow.isClosed())
      #expect(try await server.connectionCount() == 0)
    }
  }

  @Test func `a body that does not come gets 408`() async throws {
    try await withServer(Self.configuration()) { port, _ in
      let client = try RawClient(port: port)
      try client.send("POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\n\r\nab")
      #expect(try client.answer().status == 408)
      #expect(try client.isClosed())
    }
  }

  @Test func `an idle connection ends`() async throws {
    try await withServer(Self.configuration()) { port, _ in
      let client = try RawClient(port: port)
      try client.send("GET /echo HTTP/1.1\r\nHost: x\r\n\r\n")
      #expect(try client.answer().status == 200)
      #expect(try client.isClosed())
    }
  }

  @Test func `a client that never stops sending is cut after an answer that ends the connection`() async throws {
    try await withServer(Self.configuration()) { port, server in
      let client = try RawClient(port: port)
      try client.send("POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999\r\n\r\n")
      #expect(try client.answer().status == 413)
      var sent = 0
      while (try? client.send(String(repeating: "x", count: 10_000))) != nil { sent += 1 }
      #expect(sent > 0)
      #expect(try await server.connectionCount() == 0)
    }
  }

  @Test func `shutdown ends idle connections and lets answers out`() async throws {
    try await withServer { port, server in
      let idle = try RawClient(port: port)
      try idle.send("GET /echo HTTP/1.1\r\nHost: x\r\n\r\n")
      #expect(try idle.answer().status == 200)
      let busy = try RawClient(port: port)
      try busy.send("POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\nExpect: 100-continue\r\n\r\n")
      // Only then it is known that the server has begun with it: a connection that is merely accepted is idle.
      #expect(try busy.answer().status == 100)
      async let shutdown: Void = server.shutdown(grace: .seconds(5))
      #expect(try idle.isClosed())
      try busy.send("abcd")
      let answer = try busy.answer()
      #expect(answer.body == "abcd")
      #expect(answer.fields["connection"] == "close")
      #expect(try busy.isClosed())
      await shutdown
      #expect(throws: RawClient.Failure.self) { _ = try RawClient(port: port) }
    }
  }

  @Test func `connections beyond the limit wait for one to end`() async throws {
    var configuration = HTTPConfiguration()
    configuration.maxConnections = 2
    try await withServer(configuration) { port, _ in
      var first: RawClient? = try RawClient(port: port)
      var others: [Int] = []
      for _ in 0..<3 { others.append(port) }
      try first?.send("GET /echo HTTP/1.1\r\nHost: x\r\n\r\n")
      #expect(try first?.answer().status == 200)
      first = nil
      for port in others {
        let client = try RawClient(port: port)
        try client.send("GET /echo HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        #expect(try client.answer().status == 200)
      }
    }
  }

  /// A download over a slow line was cut 60 s after the answer was queued, whatever the client had read by then.
  @Test(arguments: ["", "Connection: close\r\n"])
  func `a slow but steady reader gets the whole answer`(field: String) async throws {
    try await withServer(Self.configuration()) { port, _ in
      let client = try RawClient(port: port, receiveBuffer: 65_536)
      try client.send("GET /large?16000000 HTTP/1.1\r\nHost: x\r\n\(field)\r\n")
      #expect(try client.readSlowly(rate: 131_072, pause: 5) > 16_000_000)
    }
  }

  @Test func `a client that ends its side reads the whole answer as slowly as it likes`() async throws {
    try await withServer(Self.configuration()) { port, _ in
      let client = try RawClient(port: port, receiveBuffer: 65_536)
      try client.send("GET /large?16000000 HTTP/1.1\r\nHost: x\r\n\r\n")
      // Now the answer is on its way, and the end of the client's side comes to a connection that waits for requests.
      _ = try client.head()
      client.finishSending()
      #expect(try client.readSlowly(rate: 131_072, pause: 5) >= 16_000_000)
    }
  }

  @Test(arguments: ["", "Connection: close\r\n"])
  func `a reader that makes no progress is ended`(field: String) async throws {
    try await withServer(Self.configuration()) { port, server in
      let client = try RawClient(port: port, receiveBuffer: 65_536)
      try client.send("GET /large?16000000 HTTP/1.1\r\nHost: x\r\n\(field)\r\n")
      _ = try client.head()
      let deadline = ContinuousClock.now + .seconds(5)
      while try await server.connectionCount() > 0, ContinuousClock.now < deadline { await Task.yield() }
      #expect(try await server.connectionCount() == 0)
    }
  }

  /// With 1,024 descriptors nobody else connected for 28 s.
  @Test(arguments: ["", "GET /echo HTTP/1.1\r\nHost: x\r\n\r\n", "GET /echo HTTP/1.1\r\nHos"])
  func `connections that do nothing make room for others`(sent: String) async throws {
    var configuration = HTTPConfiguration()
    configuration.maxConnections = 4
    try await withServer(configuration) { port, _ in
      let others = try (0..<4).map { _ in try RawClient(port: port) }
      for other in others { try other.send(sent) }
      for _ in 0..<3 {
        let client = try RawClient(port: port)
        try client.send("GET /echo HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        #expect(try client.answer().status == 200)
      }
      withExtendedLifetime(others) {}
    }
  }
}
