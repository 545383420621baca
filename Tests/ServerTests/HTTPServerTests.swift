import Glibc
import NIOCore
import Testing

@testable import letschat

@Suite(.serialized, .timeLimit(.minutes(1)))
struct HTTPServerTests {
  @Test func `an answer has what every answer has`() async throws {
    try await withServer { port, _ in
      let client = try RawClient(port: port)
      try client.send("GET /echo?a=1 HTTP/1.1\r\nHost: x\r\nX-Request-Id: abc.1\r\n\r\n")
      let answer = try client.answer()
      #expect(answer.status == 200)
      #expect(answer.body == "a=1 127.0.0.1")
      #expect(answer.fields["content-length"] == "13")
      #expect(answer.fields["x-request-id"] == "abc.1")
      #expect(answer.fields["date"]?.hasSuffix(" GMT") == true)
      #expect(answer.fields["x-content-type-options"] == "nosniff")
      #expect(answer.fields["content-security-policy"] == "default-src 'none';frame-ancestors 'none'")
      #expect(answer.fields["connection"] == nil)
      try client.send("GET /echo HTTP/1.1\r\nHost: x\r\nX-Request-Id: bad id\r\n\r\n")
      let second = try client.answer()
      #expect(second.body == "- 127.0.0.1")
      #expect(second.fields["x-request-id"]?.count == 13)
    }
  }

  @Test func `pipelined requests are answered in order`() async throws {
    try await withServer { port, _ in
      let client = try RawClient(port: port)
      let requests = (0..<200).map { index -> String in
        let path = index % 3 == 0 ? "/slow" : index % 3 == 1 ? "/echo" : "/nothing"
        return "GET \(path)?\(index) HTTP/1.1\r\nHost: x\r\n\r\n"
      }
      try client.send(requests.joined())
      for index in 0..<200 {
        let answer = try client.answer()
        if index % 3 == 2 { #expect(answer.status == 404) } else { #expect(answer.body == "\(index) 127.0.0.1") }
      }
    }
  }

  @Test func `a body may come in pieces, chunked, and with 100-continue`() async throws {
    try await withServer { port, _ in
      let client = try RawClient(port: port)
      for piece in ["POST /echo HT", "TP/1.1\r\nHost: x\r\nContent-", "Length: 5\r\n\r\nhe", "llo"] {
        try client.send(piece)
      }
      #expect(try client.answer().body == "hello")
      try client.send("POST /echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n")
      try client.send("3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n")
      #expect(try client.answer().body == "abcde")
      try client.send("POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n")
      #expect(try client.answer().status == 100)
      try client.send("ok")
      #expect(try client.answer().body == "ok")
      try client.send("POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nExpect: the-unexpected\r\n\r\n")
      #expect(try client.answer().status == 417)
      client.finishSending()
      #expect(try client.isClosed())
    }
  }

  @Test func `a large body goes and comes whole`() async throws {
    try await withServer { port, _ in
      let client = try RawClient(port: port)
      let body = String(repeating: "0123456789abcdef", count: 65_536)
      try client.send("POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: \(body.utf8.count)\r\n\r\n" + body)
      #expect(try client.answer().body == body)
      try client.send("GET /large HTTP/1.1\r\nHost: x\r\n\r\n")
      #expect(try client.answer().body.utf8.count == 300_000)
    }
  }

  @Test func `HEAD has the length and no body`() async throws {
    try await withServer { port, _ in
      let client = try RawClient(port: port)
      try client.send("HEAD /echo?a HTTP/1.1\r\nHost: x\r\n\r\nGET /echo?b HTTP/1.1\r\nHost: x\r\n\r\n")
      let answer = try client.answer(hasBody: false)
      #expect(answer.status == 200)
      #expect(answer.fields["content-length"] == "11")
      #expect(try client.answer().body == "b 127.0.0.1")
    }
  }

  @Test func `what is too long is refused before it has come`() async throws {
    try await withServer { port, _ in
      let client = try RawClient(port: port)
      try client.send("POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 1048577\r\n\r\n")
      let answer = try client.answer()
      #expect(answer.status == 413)
      #expect(answer.fields["connection"] == "close")
      #expect(answer.body.contains("\"code\":\"payload_too_large\""))
      #expect(try client.isClosed())

      let chunked = try RawClient(port: port)
      try chunked.send("POST /echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n")
      let chunk = "10000\r\n" + String(repeating: "x", count: 65_536) + "\r\n"
      for _ in 0..<17 { try chunked.send(chunk) }
      #expect(try chunked.answer().status == 413)
      // It reads on for a while, so that the answer is not lost in a reset, and reads what follows as nothing.
      for _ in 0..<17 { try chunked.send(chunk) }
      #expect(try chunked.isClosed())
    }
  }

  @Test func `unknown paths and methods are answered at the head`() async throws {
    try await withServer { port, _ in
      let client = try RawClient(port: port)
      try client.send("POST /nothing HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\n\r\n")
      #expect(try client.answer().status == 404)
      // The rest of that request is skipped, and the connection goes on.
      try client.send("bodyDELETE /echo HTTP/1.1\r\nHost: x\r\n\r\n")
      let answer = try client.answer()
      #expect(answer.status == 405)
      #expect(answer.fields["allow"] == "GET, HEAD, POST, OPTIONS")
      try client.send("POST /nothing HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\nExpect: 100-continue\r\n\r\n")
      let held = try client.answer()
      #expect(held.status == 404)
      #expect(held.fields["connection"] == "close")
    }
  }

  @Test(arguments: [
    "NONSENSE\r\n\r\n", "GET /echo HTTP/1.1\r\n\r\n", "GET /echo HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
    "GET /echo HTTP/1.1\r\nHost : x\r\n\r\n", "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n",
    "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n",
    "GET /echo HTTP/9.9\r\nHost: x\r\n\r\n", "\u{16}\u{3}\u{1}\u{2}\u{0}\u{1}\r\n\r\n",
    "GET /e\u{0}cho HTTP/1.1\r\nHost: x\r\n\r\n",
  ])
  func `what is no request gets 400 and the end`(bytes: String) async throws {
    try await withServer { port, _ in
      let client = try RawClient(port: port)
      try client.send(bytes)
      let answer = try client.answer()
      #expect(answer.status == 400)
      #expect(answer.fields["content-type"] == "application/problem+json")
      #expect(answer.fields["connection"] == "close")
      client.finishSending()
      #expect(try client.isClosed())
    }
  }

  @Test func `too many and too long header fields get 431`() async throws {
    try await withServer { port, _ in
      for fields in [
        "A: " + String(repeating: "x", count: 20_000) + "\r\n",
        String(repeating: "A: \(String(repeating: "x", count: 1000))\r\n", count: 40),
        String(repeating: "A: b\r\n", count: 101),
      ] {
        let client = try RawClient(port: port)
        try client.send("GET /echo HTTP/1.1\r\nHost: x\r\n" + fields + "\r\n")
        #expect(try client.answer().status == 431)
      }
    }
  }

  @Test(arguments: [
    ("http://other.example/echo?q", 200), ("HTTPS://other.example:80/echo", 200), ("http://other.example", 404),
    ("*", 404), ("/%65cho", 404), ("/./echo", 404), ("/../echo", 404), ("//echo", 404), ("/echo#x", 200),
    ("/echo?", 200), ("ftp://x/echo", 400),
  ])
  func `targets of every form have an answer`(target: String, status: Int) async throws {
    try await withServer { port, _ in
      let client = try RawClient(port: port)
      try client.send("GET \(target) HTTP/1.1\r\nHost: x\r\n\r\n")
      #expect(try client.answer().status == status)
    }
  }

  @Test func `the client may end its side and still gets its answers`() async throws {
    try await withServer { port, _ in
      let client = try RawClient(port: port)
      try client.send("GET /slow?1 HTTP/1.1\r\nHost: x\r\n\r\nGET /echo?2 HTTP/1.1\r\nHost: x\r\n\r\n")
      client.finishSending()
      #expect(try client.answer().body == "1 127.0.0.1")
      #expect(try client.answer().body == "2 127.0.0.1")
      #expect(try client.isClosed())

      let spoilt = try RawClient(port: port)
      try spoilt.send("GET /slow?1 HTTP/1.1\r\nHost: x\r\n\r\n")
      try spoilt.send("GET /slow?2 HTTP/1.1\r\nHost: x\r\n\r\nNONSENSE\r\n\r\n")
      #expect(try spoilt.answer().body == "1 127.0.0.1")
      #expect(try spoilt.answer().body == "2 127.0.0.1")
      #expect(try spoilt.answer().status == 400)

      let half = try RawClient(port: port)
      try half.send("POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nhalf")
      half.finishSending()
      _ = try? half.answer()
      #expect(try half.isClosed())
    }
  }

  @Test func `connections end as HTTP 1.0, close and upgrades ask for`() async throws {
    try await withServer { port, _ in
      for request in [
        "GET /echo HTTP/1.0\r\n\r\n", "GET /echo HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
        "GET /echo HTTP/1.1\r\nHost: x\r\nConnection: upgrade\r\nUpgrade: h2c\r\n\r\n",
      ] {
        let client = try RawClient(port: port)
        try client.send(request)
        let answer = try client.answer()
        #expect(answer.status == 200)
        #expect(answer.fields["connection"] == "close")
        #expect(try client.isClosed())
      }
      let old = try RawClient(port: port)
      for _ in 0..<2 {
        try old.send("GET /echo HTTP/1.0\r\nConnection: keep-alive\r\n\r\n")
        #expect(try old.answer().fields["connection"] == "keep-alive")
      }
      let tunnel = try RawClient(port: port)
      try tunnel.send("CONNECT x:80 HTTP/1.1\r\nHost: x\r\n\r\n")
      #expect(try tunnel.answer().status == 400)
    }
  }

  /// RFC 9110 §5.5: blanks around a field's value are no part of it.
  @Test func `blanks behind a field's value are none of it`() async throws {
    try await withServer { port, _ in
      let client = try RawClient(port: port)
      try client.send(
        "GET /authorization HTTP/1.1\r\nHost: x \r\nAuthorization: Bearer x \t\r\nX-Request-Id: a.1 \r\n\r\n")
      let answer = try client.answer()
      #expect(answer.body == "[Bearer x]")
      #expect(answer.fields["x-request-id"] == "a.1")
      try client.send("POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 2  \r\nExpect: 100-continue \r\n\r\n")
      #expect(try client.answer().status == 100)
      try client.send("ok")
      #expect(try client.answer().body == "ok")
    }
  }

  /// RFC 9110 §15.5.16: what is coded in a way that nobody undoes is refused, with what is taken.
  @Test func `a coded body is refused`() async throws {
    try await withServer { port, _ in
      for coding in ["gzip", "identity, br", "deflate"] {
        let client = try RawClient(port: port)
        try client.send("POST /echo HTTP/1.1\r\nHost: x\r\nContent-Encoding: \(coding)\r\nContent-Length: 2\r\n\r\n{}")
        let answer = try client.answer()
        #expect(answer.status == 415)
        #expect(answer.fields["accept-encoding"] == "identity")
        #expect(answer.body.contains("\"code\":\"unsupported_media_type\""))
      }
      for coding in ["identity", "IDENTITY ", "", "identity,identity"] {
        let client = try RawClient(port: port)
        try client.send("POST /echo HTTP/1.1\r\nHost: x\r\nContent-Encoding: \(coding)\r\nContent-Length: 2\r\n\r\n{}")
        #expect(try client.answer().body == "{}")
      }
    }
  }

  /// With `upgrade-insecure-requests` Chromium loads no script from an http origin that is not loopback; a browser that
  /// was told Strict-Transport-Security never comes back over http.
  @Test func `what is about https is said over https only`() async throws {
    var configuration = HTTPConfiguration()
    for (proxies, proto, isSecure) in [
      ([], "https", false), (["127.0.0.1"], "https", true), (["127.0.0.1"], "http", false), (["127.0.0.1"], nil, false),
      (["127.0.0.1"], "https, http", true), (["10.0.0.0/8"], "https", false),
    ] as [([String], String?, Bool)] {
      configuration.trustedProxies = AddressRanges()
      for proxy in proxies { _ = configuration.trustedProxies.insert(proxy) }
      try await withServer(configuration) { port, _ in
        let client = try RawClient(port: port)
        let field = proto.map { "X-Forwarded-Proto: \($0)\r\n" } ?? ""
        try client.send("GET /echo HTTP/1.1\r\nHost: x\r\n\(field)\r\n")
        let answer = try client.answer()
        #expect((answer.fields["strict-transport-security"] != nil) == isSecure)
        #expect(answer.fields["content-security-policy"]?.contains("upgrade-insecure-requests") == false)
        #expect(answer.fields["cache-control"] == "no-store")
      }
    }
  }
}
