import Testing

@testable import letschat

@Suite(.serialized, .timeLimit(.minutes(1)))
struct CrossOriginTests {
  private static func configuration() -> HTTPConfiguration {
    var configuration = HTTPConfiguration()
    configuration.allowedOrigins = ["https://chat.example"]
    return configuration
  }

  @Test func `a known origin may call with credentials, another may not`() async throws {
    try await withServer(Self.configuration()) { port, _ in
      let client = try RawClient(port: port)
      try client.send("GET /echo HTTP/1.1\r\nHost: x\r\nOrigin: https://chat.example\r\n\r\n")
      let known = try client.answer()
      #expect(known.fields["access-control-allow-origin"] == "https://chat.example")
      #expect(known.fields["access-control-allow-credentials"] == "true")
      #expect(known.fields["vary"] == "Origin")
      let exposed = known.fields["access-control-expose-headers"]?.split(separator: ", ") ?? []
      #expect(exposed.contains("RateLimit") && exposed.contains("RateLimit-Policy") && exposed.contains("Retry-After"))
      try client.send("GET /echo HTTP/1.1\r\nHost: x\r\nOrigin: https://other.example\r\n\r\n")
      let other = try client.answer()
      #expect(other.fields["access-control-allow-origin"] == nil)
      #expect(other.fields["vary"] == "Origin")
    }
  }

  @Test func `OPTIONS says what a path can do, and what a page may`() async throws {
    try await withServer(Self.configuration()) { port, _ in
      let client = try RawClient(port: port)
      try client.send(
        "OPTIONS /echo HTTP/1.1\r\nHost: x\r\nOrigin: https://chat.example\r\nAccess-Control-Request-Method: POST\r\n\r\n"
      )
      let preflight = try client.answer()
      #expect(preflight.status == 204)
      #expect(preflight.fields["access-control-allow-methods"]?.contains("POST") == true)
      #expect(preflight.fields["access-control-allow-headers"]?.contains("Authorization") == true)
      #expect(preflight.fields["content-length"] == nil)
      try client.send("OPTIONS /echo HTTP/1.1\r\nHost: x\r\n\r\nOPTIONS * HTTP/1.1\r\nHost: x\r\n\r\n")
      #expect(try client.answer().fields["allow"] == "GET, HEAD, POST, OPTIONS")
      #expect(try client.answer().status == 204)
      try client.send("OPTIONS /nothing HTTP/1.1\r\nHost: x\r\n\r\n")
      #expect(try client.answer().status == 404)
    }
  }

  @Test func `proxies that are trusted say who the client is`() throws {
    var ranges = AddressRanges()
    let known = ["10.0.0.0/8", "fd00::/8", "192.0.2.7"].map { ranges.insert($0) }
    #expect(known == [true, true, true])
    let unknown = ["10.0.0.0/33", "10.0.0", "", "x", "10.0.0.0/", "::/129"].filter { ranges.insert($0) }
    #expect(unknown.isEmpty)
    #expect(ranges.client(peer: "10.1.2.3", forwardedFor: "203.0.113.9, 192.0.2.7") == "203.0.113.9")
    #expect(ranges.client(peer: "10.1.2.3", forwardedFor: "forged, 203.0.113.9") == "203.0.113.9")
    #expect(ranges.client(peer: "203.0.113.1", forwardedFor: "10.0.0.1") == "203.0.113.1")
    #expect(ranges.client(peer: "::ffff:10.0.0.1", forwardedFor: "fd12::1,nonsense") == "::ffff:10.0.0.1")
    #expect(ranges.client(peer: "10.0.0.1", forwardedFor: nil) == "10.0.0.1")
  }

  /// A page could not read why its request had failed.
  @Test func `what is refused below the operations may be read by pages too`() async throws {
    var configuration = Self.configuration()
    configuration.allowedOrigins.append("https://other.example")
    configuration.bodyTimeout = .milliseconds(50)
    configuration.sweepInterval = .milliseconds(5)
    try await withServer(configuration) { port, _ in
      let origin = "Origin: https://chat.example\r\n"
      let fields = "A: " + String(repeating: "x", count: 20_000) + "\r\n"
      for (request, status) in [
        ("GET /echo HTTP/1.1\r\nHost: x\r\n\(fields)\(origin)\r\n", 431),
        ("POST /echo HTTP/1.1\r\nHost: x\r\n\(origin)Content-Length: 4\r\n\r\n", 408),
        ("POST /nothing HTTP/1.1\r\nHost: x\r\n\(origin)Content-Length: 4\r\n\r\n", 404),
        ("GET /echo HTTP/1.1\r\nHost: x\r\nHost: y\r\n\(origin)\r\n", 400),
      ] {
        let client = try RawClient(port: port)
        try client.send(request)
        let answer = try client.answer()
        #expect(answer.status == status)
        #expect(answer.fields["access-control-allow-origin"] == "https://chat.example", "\(status)")
      }
    }
    try await withServer(Self.configuration()) { port, _ in
      // So large that it is not looked at: but there is one origin only that it can be told to.
      let client = try RawClient(port: port)
      try client.send("GET /echo HTTP/1.1\r\nHost: x\r\nA: \(String(repeating: "x", count: 200_000))\r\n\r\n")
      let answer = try client.answer()
      #expect(answer.status == 431)
      #expect(answer.fields["access-control-allow-origin"] == "https://chat.example")
    }
  }
}
