import NIOCore
import SocketIO
import Testing

@Suite("Rates on a real network", .serialized, .timeLimit(.minutes(1)))
struct RateTests {
  private static let polling = "/socket.io/?EIO=4&transport=polling"

  /// An hour for the next one: none comes back while a test runs.
  private static func rate(burst: Int) -> SocketIOServer.Rate {
    SocketIOServer.Rate(1, per: .hours(1), burst: burst)
  }

  @Test("handshakes of an address beyond the rate are refused, whatever they are for; others come in")
  func handshakes() async throws {
    var configuration = SocketIOServer.Configuration()
    configuration.handshakeRate = Self.rate(burst: 3)
    configuration.address = { headers, _ in headers.first(name: "x-from") }
    try await TestServer.run(configuration) { server, _ in
      // Nobody in particular.
      for _ in 0..<4 { _ = try await TestClient.connected(server) }
      let client = try await TestClient(server)
      try await client.upgrade(headers: "X-From: a\r\n")
      let other = try await TestClient(server)
      for _ in 0..<2 {
        other.request("GET", Self.polling, headers: "X-From: a\r\n")
        #expect(await other.next().description.hasPrefix("200 "))
      }
      other.request("GET", Self.polling, headers: "X-From: a\r\n")
      #expect(await other.next() == .http(status: 429, body: #"{"message":"Too many handshakes"}"#))
      other.request("GET", TestClient.handshake, headers: TestClient.upgradeHeaders + "X-From: a\r\n")
      #expect(await other.next() == .http(status: 429, body: #"{"message":"Too many handshakes"}"#))
      let stranger = try await TestClient(server)
      stranger.request("GET", Self.polling, headers: "X-From: b\r\n")
      #expect(await stranger.next().description.hasPrefix("200 "))
      client.send("40")
      #expect(await client.next().description.hasPrefix("40{"))
    }
  }

  @Test("the upgrade of a session is no handshake of its own")
  func upgrades() async throws {
    var configuration = SocketIOServer.Configuration()
    configuration.handshakeRate = Self.rate(burst: 1)
    try await TestServer.run(configuration) { server, _ in
      let client = try await TestClient.probing(server)
      client.send("5")
      client.send(#"420["hello"]"#)
      #expect(await client.next() == .text(#"430["hello"]"#))
    }
  }

  @Test(
    "a client that sends more frames than the rate is cut off, whatever they are",
    arguments: [
      WebSocketTests.frame(0x81, Array(#"42["event"]"#.utf8)), WebSocketTests.frame(0x89, Array("ping".utf8)),
      WebSocketTests.frame(0x81, Array("3".utf8)), WebSocketTests.frame(0x00, Array("fragment".utf8)),
    ])
  func frames(_ frame: ByteBuffer) async throws {
    var configuration = SocketIOServer.Configuration()
    configuration.packetRate = Self.rate(burst: 12)
    try await TestServer.run(configuration) { server, application in
      let client = try await TestClient.connected(server)
      // With the CONNECT packet, and the beginning of what the fragments go on with.
      for number in 0..<10 { client.send(#"42\#(number)["event"]"#) }
      for number in 0..<10 { #expect(await client.next() == .text(#"43\#(number)["event"]"#)) }
      client.write(WebSocketTests.frame(0x01, Array("begin".utf8)))
      client.write(frame)
      #expect(await client.next() == .close(1008))
      var log = application.log.makeAsyncIterator()
      #expect(await log.next() == "connected")
      #expect(await log.next() == "disconnected transport error")
    }
  }

  @Test("so is one that posts more packets, and each connection counts by itself")
  func packets() async throws {
    var configuration = SocketIOServer.Configuration()
    configuration.packetRate = Self.rate(burst: 3)
    try await TestServer.run(configuration) { server, application in
      for _ in 0..<3 { _ = try await TestClient.connected(server) }
      let client = try await TestClient(server)
      client.request("GET", Self.polling)
      let words = await client.next().description.split(separator: "\"")
      let session = "\(Self.polling)&sid=\(try #require(words.count > 3 ? words[3] : nil))"
      client.request("POST", session, headers: "Content-Length: 2\r\n", body: "40")
      #expect(await client.next() == .http(status: 200, body: "ok"))
      let three = ["a", "b", "c"].map { "42[\"\($0)\"]" }.joined(separator: "\u{1E}")
      client.request("POST", session, headers: "Content-Length: \(three.utf8.count)\r\n", body: three)
      #expect(await client.next() == .http(status: 400, body: #"{"code":3,"message":"Bad request"}"#))
      client.request("GET", session)
      #expect(await client.next() == .http(status: 400, body: #"{"code":1,"message":"Session ID unknown"}"#))
      var log = application.log.makeAsyncIterator()
      for _ in 0..<4 { #expect(await log.next() == "connected") }
      #expect(await log.next() == "disconnected transport error")
    }
  }
}
