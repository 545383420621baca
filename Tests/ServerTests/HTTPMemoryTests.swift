import Glibc
import NIOCore
import Testing

@testable import letschat

/// What clients that send without reading, or begin without ending, may cost.
@Suite(.serialized, .timeLimit(.minutes(1)))
struct HTTPMemoryTests {
  /// One connection without a token had the server answer into its own memory: 2.7 GB in 10 s.
  @Test func `requests are not read while their answers are not`() async throws {
    try await withServer { port, _ in
      let client = try RawClient(port: port, receiveBuffer: 65_536)
      let request = "GET /nothing?\(String(repeating: "x", count: 200)) HTTP/1.1\r\nHost: x\r\n\r\n"
      // What the buffers of both kernels take comes to less.
      let cap = 8 << 20
      let sent = try client.sendUntilBlocked(String(repeating: request, count: 50), atMost: cap, patience: 500)
      #expect(sent < cap)
      // And it goes on where it stopped.
      for _ in 0..<1000 { #expect(try client.answer().status == 404) }
    }
  }

  /// The requests of one read were all answered before a byte of the answers had left.
  @Test func `large answers are made one after the other as they leave`() async throws {
    try await withServer { port, _ in
      let client = try RawClient(port: port, receiveBuffer: 65_536)
      let before = EchoApplication.largeAnswers.load(ordering: .relaxed)
      try client.send(String(repeating: "GET /large HTTP/1.1\r\nHost: x\r\n\r\n", count: 400))
      let other = try RawClient(port: port)
      for _ in 0..<20 {
        try other.send("GET /echo HTTP/1.1\r\nHost: x\r\n\r\n")
        #expect(try other.answer().status == 200)
      }
      #expect(EchoApplication.largeAnswers.load(ordering: .relaxed) - before < 100)
      for _ in 0..<400 { #expect(try client.answer().body.utf8.count == 300_000) }
    }
  }

  /// Enough turns of the loop for it to have read what others sent before.
  private func settle(_ port: Int) throws {
    let other = try RawClient(port: port)
    for _ in 0..<20 {
      try other.send("GET /echo HTTP/1.1\r\nHost: x\r\n\r\n")
      #expect(try other.answer().status == 200)
    }
  }

  /// 1,500 bodies that lacked a byte held 1.5 GB.
  @Test func `unfinished bodies have a bound, and the newest is turned away`() async throws {
    var configuration = HTTPConfiguration()
    configuration.heldLimit = 400_000
    try await withServer(configuration) { port, _ in
      let head = "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 90000\r\n\r\n"
      let part = String(repeating: "x", count: 80_000)
      let rest = String(repeating: "y", count: 10_000)
      let first = try RawClient(port: port)
      try first.send(head + part)
      try settle(port)
      let second = try RawClient(port: port)
      try second.send(head + part)
      let refusal = try second.answer()
      #expect(refusal.status == 503)
      #expect(refusal.fields["retry-after"] == "2")
      #expect(refusal.fields["connection"] == "close")
      // What is small and comes at once is served, and what has begun can end.
      try settle(port)
      try first.send(rest)
      #expect(try first.answer().body == part + rest)
      // One that goes away gives its share back, too.
      do {
        let third = try RawClient(port: port)
        try third.send(head + part)
        try settle(port)
      }
      // When its end arrives is the kernel's affair: what it sent before may wait for the receiver's window.
      let deadline = ContinuousClock.now + .seconds(20)
      var status = 503
      while status == 503, ContinuousClock.now < deadline {
        let fourth = try RawClient(port: port)
        try fourth.send(head)
        try settle(port)
        // One that is turned away is also cut.
        try? fourth.send(part + rest)
        status = try fourth.answer().status
      }
      #expect(status == 200)
    }
  }

  @Test(arguments: [false, true], [false, true])
  func `answers that are not read have a bound over all connections`(isProxy: Bool, reads: Bool) async throws {
    // More than twice what the buffers of both kernels take of it.
    let size = 20 << 20
    var configuration = HTTPConfiguration()
    configuration.sweepInterval = .milliseconds(5)
    // Two of them: all that may be held, or a network's quarter of it.
    configuration.heldLimit = (isProxy ? 2 : 8) * size
    if isProxy { _ = configuration.trustedProxies.insert("127.0.0.1") }
    try await withServer(configuration) { port, _ in
      let request = "GET /large?\(size) HTTP/1.1\r\nHost: x\r\n\r\n"
      var first: RawClient? = try RawClient(port: port, receiveBuffer: 65_536)
      let second = try RawClient(port: port, receiveBuffer: 65_536)
      try first?.send(request)
      try settle(port)
      try second.send(request)
      try settle(port)
      let third = try RawClient(port: port)
      try third.send(request)
      let refusal = try third.answer()
      #expect(refusal.status == 503)
      #expect(refusal.fields["retry-after"] == "2")
      // What is small is served, to the same client as to others.
      try settle(port)
      try third.send("GET /echo HTTP/1.1\r\nHost: x\r\n\r\n")
      #expect(try third.answer().status == 200)
      // One that reads gives its share back, and so does one that goes away.
      if reads { #expect(try first?.answer().body.utf8.count == size) }
      first = nil
      let deadline = ContinuousClock.now + .seconds(20)
      var status = 503
      while status == 503, ContinuousClock.now < deadline {
        try third.send(request)
        status = try third.answer().status
      }
      #expect(status == 200)
      // What has begun can end.
      #expect(try second.answer().body.utf8.count == size)
    }
  }

  @Test func `an answer of up to 16 KiB needs no room`() async throws {
    var configuration = HTTPConfiguration()
    configuration.heldLimit = 0
    try await withServer(configuration) { port, _ in
      let client = try RawClient(port: port)
      for (size, status) in [(16_384, 200), (16_385, 503)] {
        try client.send("GET /large?\(size) HTTP/1.1\r\nHost: x\r\n\r\n")
        #expect(try client.answer().status == status)
      }
    }
  }

  /// A client could take every place with connections on which it says nothing.
  @Test(arguments: [false, true])
  func `a network has a part of the places for connections that say nothing`(isProxy: Bool) async throws {
    var configuration = HTTPConfiguration()
    configuration.maxConnections = 200
    if isProxy { _ = configuration.trustedProxies.insert("127.0.0.1") }
    try await withServer(configuration) { port, _ in
      let clients = try (0..<70).map { _ in try RawClient(port: port) }
      try settle(port)
      for client in [clients[10], clients[69]] {
        try client.send("GET /echo HTTP/1.1\r\nHost: x\r\n\r\n")
        #expect(try client.answer().status == 200)
      }
      // A proxy comes for many.
      if isProxy {
        try clients[0].send("GET /echo HTTP/1.1\r\nHost: x\r\n\r\n")
        #expect(try clients[0].answer().status == 200)
      } else {
        #expect(try clients[0].isClosed())
      }
    }
  }
}
