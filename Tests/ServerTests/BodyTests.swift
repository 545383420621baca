import NIOCore
import Synchronization
import Testing

@testable import letschat

/// Bodies that come and go piece by piece.
@Suite(.serialized, .timeLimit(.minutes(1)))
struct BodyTests {
  private func post(_ path: String, _ length: Int, _ fields: String = "") -> String {
    "POST /streams/\(path) HTTP/1.1\r\nHost: x\r\nContent-Length: \(length)\r\n\(fields)\r\n"
  }

  private func get(_ path: String, _ fields: String = "", version: String = "1.1") -> String {
    "GET /streams/\(path) HTTP/\(version)\r\nHost: x\r\n\(fields)\r\n"
  }

  // MARK: - Requests

  @Test func `an operation answers while its request comes`() async throws {
    try await withServer { port, _ in
      let client = try RawClient(port: port)
      try client.send("POST /streams/echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n")
      #expect(try client.head().fields["transfer-encoding"] == "chunked")
      try client.send("6\r\n there\r\n0\r\n\r\n" + get("known"))
      // The next answer on the connection comes behind the end of this one.
      let body = try client.restOfChunks()
      #expect(body == "hello there")
      #expect(try client.answer().body.utf8.count == 3000)
    }
  }

  @Test func `what is not taken is not read`() async throws {
    try await withServer { port, server in
      let client = try RawClient(port: port)
      let size = 48 << 20
      try client.send(post("gated", size))
      let chunk = String(repeating: "x", count: 1 << 16)
      let sent = try client.sendUntilBlocked(chunk, atMost: size, patience: 500)
      #expect(sent < 24 << 20, "what the kernels' buffers take comes to less")
      StreamOperations.gate.open()
      #expect(try sent + client.sendUntilBlocked(chunk, atMost: size - sent, patience: 30_000) == size)
      #expect(try client.answer().body == "\(size)")
    }
  }

  @Test func `a body that is not needed does not keep the connection`() async throws {
    try await withServer { port, _ in
      let client = try RawClient(port: port)
      try client.send(post("early", 100_000) + String(repeating: "x", count: 100_000) + get("known"))
      #expect(try client.answer().body == "enough")
      #expect(try client.answer().body.utf8.count == 3000)
    }
  }

  @Test func `too long a body is refused as it comes`() async throws {
    try await withServer { port, _ in
      let announced = try RawClient(port: port)
      try announced.send(post("count", (64 << 20) + 1))
      #expect(try announced.answer().status == 413)
      let chunked = try RawClient(port: port)
      try chunked.send("POST /streams/count HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n")
      let chunk = "100000\r\n" + String(repeating: "x", count: 1 << 20) + "\r\n"
      for _ in 0..<64 { try chunked.send(chunk) }
      try chunked.send("1\r\nx\r\n")
      #expect(try chunked.answer().status == 413)
    }
  }

  @Test func `a body that stops coming gets 408`() async throws {
    var configuration = HTTPConfiguration()
    configuration.sweepInterval = .milliseconds(5)
    configuration.bodyTimeout = .milliseconds(200)
    try await withServer(configuration) { port, _ in
      let client = try RawClient(port: port)
      try client.send(post("count", 4) + "ab")
      #expect(try client.answer().status == 408)
      #expect(try client.isClosed())
    }
  }

  @Test func `what comes gives a body time, what is not taken costs it none`() {
    let start = NIODeadline.uptimeNanoseconds(0)
    var pace = BodyPace(timeout: .seconds(30), now: start)
    #expect(pace.deadline == start + .seconds(30))
    pace.came(BodyPace.leastRate * 2)
    #expect(pace.deadline == start + .seconds(32))
    pace.hold(now: start + .seconds(10))
    #expect(pace.deadline == nil)
    pace.hold(now: start + .seconds(11))
    pace.resume(now: start + .seconds(50))
    pace.resume(now: start + .seconds(60))
    #expect(pace.deadline == start + .seconds(72))
  }

  @Test func `what waits is counted, and given back`() async throws {
    var configuration = HTTPConfiguration()
    configuration.heldLimit = 64_000
    try await withServer(configuration) { port, _ in
      let client = try RawClient(port: port)
      // A quarter of it is for one network.
      for _ in 0..<20 {
        try client.send(post("count", 10_000) + String(repeating: "x", count: 10_000))
        #expect(try client.answer().body == "10000")
      }
    }
  }

  /// A text of a form was kept until it was whole, and counted by nobody.
  @Test func `what is kept of a form is counted, and given back`() async throws {
    var configuration = HTTPConfiguration()
    configuration.heldLimit = 64_000
    let begin = "--b\r\nContent-Disposition: form-data; name=\"text\"\r\n\r\n"
    let piece = String(repeating: "x", count: 6_000)
    func post(_ length: Int) -> String {
      "POST /streams/form HTTP/1.1\r\nHost: x\r\nContent-Type: multipart/form-data; boundary=b\r\n"
        + "Content-Length: \(length)\r\n\r\n"
    }
    try await withServer(configuration) { port, _ in
      let client = try RawClient(port: port)
      let texts = Array(repeating: begin + piece + "\r\n", count: 5)
      for _ in 0..<5 {
        try client.send(post(texts.joined().utf8.count + 5))
        for text in texts {
          try client.send(text)
          // Meanwhile it is taken. It is kept until the next one begins.
          try roundTrip(port)
        }
        try client.send("--b--")
        let answer = try client.answer()
        #expect("\(answer.status) \(answer.body)" == "200 6000 6000 6000 6000 6000")
      }
      // A quarter of it is for one network.
      try client.send(post(100_000) + begin)
      for _ in 0..<3 {
        try client.send(piece)
        try roundTrip(port)
      }
      #expect(try client.answer().status == 503)
    }
  }

  private func roundTrip(_ port: Int) throws {
    for _ in 0..<3 {
      let client = try RawClient(port: port)
      try client.send(get("known"))
      #expect(try client.answer().status == 200)
    }
  }

  @Test func `a client that goes away ends the reading of its body`() async throws {
    try await withServer { port, server in
      do {
        let client = try RawClient(port: port)
        try client.send(post("echo", 100) + "x")
        #expect(try client.head().status == 200)
      }
      while try await server.connectionCount() > 0 { await Task.yield() }
    }
  }

  // MARK: - Answers

  @Test func `a stream has its length, or chunks, or the connection's end`() async throws {
    try await withServer { port, _ in
      let client = try RawClient(port: port)
      try client.send(get("known") + get("unknown"))
      let known = try client.answer()
      #expect(known.fields["content-length"] == "3000")
      #expect(known.body.utf8.count == 3000)
      let unknown = try client.answer()
      #expect(unknown.fields["content-length"] == nil)
      #expect(unknown.body.utf8.count == 3000)
      let old = try RawClient(port: port)
      try old.send(get("unknown", "Connection: keep-alive\r\n", version: "1.0"))
      let head = try old.head()
      #expect(head.fields["transfer-encoding"] == nil)
      #expect(head.fields["connection"] == "close")
      #expect(try old.rest().utf8.count == 3000)
    }
  }

  @Test(arguments: ["short", "long", "broken"])
  func `what can't be as it was promised ends early`(path: String) async throws {
    try await withServer { port, _ in
      let client = try RawClient(port: port)
      try client.send(get(path))
      #expect(throws: RawClient.Failure.self) { try client.answer() }
    }
  }

  @Test func `no more is made than the client takes`() async throws {
    try await withServer { port, server in
      do {
        let client = try RawClient(port: port, receiveBuffer: 65_536)
        try client.send(get("endless"))
        #expect(try client.head().status == 200)
        // Until nothing more is made.
        var before = -1
        while StreamOperations.made.load(ordering: .relaxed) != before {
          before = StreamOperations.made.load(ordering: .relaxed)
          try await Task.sleep(for: .milliseconds(100))
        }
        #expect(before < 20_000, "20 MB")
      }
      while try await server.connectionCount() > 0 { await Task.yield() }
    }
  }

  @Test func `a client that takes nothing of a stream is cut`() async throws {
    var configuration = HTTPConfiguration()
    configuration.sweepInterval = .milliseconds(5)
    configuration.idleTimeout = .milliseconds(100)
    try await withServer(configuration) { port, server in
      let client = try RawClient(port: port, receiveBuffer: 65_536)
      try client.send(get("endless"))
      #expect(try client.head().status == 200)
      while try await server.connectionCount() > 0 { await Task.yield() }
    }
  }

  // MARK: - Files

  @Test func `a file, and parts of it`() async throws {
    try await withServer { port, _ in
      let client = try RawClient(port: port)
      try client.send(get("file"))
      let whole = try client.answer()
      #expect(whole.body == StreamOperations.digits)
      #expect(whole.fields["content-type"] == "text/x-digits")
      #expect(whole.fields["cache-control"] == "private, max-age=60")
      #expect(whole.fields["accept-ranges"] == "bytes")
      try client.send(get("file", "Range: bytes=3-5\r\n"))
      let part = try client.answer()
      #expect(part.status == 206)
      #expect(part.body == "345")
      #expect(part.fields["content-range"] == "bytes 3-5/10")
      try client.send(get("file", "Range: bytes=10-\r\n"))
      let behind = try client.answer()
      #expect(behind.status == 416)
      #expect(behind.fields["cache-control"] == "no-store")
      try client.send(get("file", "If-None-Match: \"digits\"\r\n"))
      #expect(try client.answer().status == 304)
      try client.send("HEAD /streams/file HTTP/1.1\r\nHost: x\r\n\r\n")
      #expect(try client.answer(hasBody: false).fields["content-length"] == "10")
    }
  }

  /// `upgrade-insecure-requests` on it would have a browser load nothing from an http origin.
  @Test func `a page may load what is its server's`() async throws {
    try await withServer { port, _ in
      let client = try RawClient(port: port)
      try client.send(get("page") + get("known"))
      let policy = try client.answer().fields["content-security-policy"] ?? ""
      #expect(policy.contains("default-src 'self'"))
      #expect(!policy.contains("upgrade-insecure-requests"))
      #expect(try client.answer().fields["content-security-policy"]?.contains("default-src 'none'") == true)
    }
  }
}
