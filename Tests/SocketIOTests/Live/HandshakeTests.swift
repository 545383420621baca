import NIOCore
import SocketIO
import Testing

@Suite("The HTTP side", .serialized, .timeLimit(.minutes(1)))
struct HandshakeTests {
  @Test("bad requests get the reference's errors, others pass, and any request of a connection may upgrade")
  func requests() async throws {
    try await TestServer.run { server, _ in
      let client = try await TestClient(server)
      func answer(_ method: String, _ uri: String, headers: String = "", body: String = "") async -> String {
        client.request(method, uri, headers: headers, body: body)
        return await client.next().description
      }
      #expect(await answer("GET", "/api/health?x=1") == "200 /api/health?x=1")
      #expect(await answer("GET", "/socket.iox") == "200 /socket.iox")
      #expect(await answer("GET", "/socket.io/") == #"400 {"code":0,"message":"Transport unknown"}"#)
      #expect(
        await answer("GET", TestClient.handshake + "&sid=x") == #"400 {"code":1,"message":"Session ID unknown"}"#)
      #expect(
        await answer("POST", TestClient.handshake, headers: "Content-Length: 3\r\n", body: "abc")
          == #"400 {"code":2,"message":"Bad handshake method"}"#)
      #expect(await answer("GET", TestClient.handshake) == #"400 {"code":3,"message":"Bad request"}"#)
      #expect(await answer("GET", "/api") == "200 /api")
      // A proxy's kept-alive connection: NIO's own upgrade handler would refuse this one.
      try await client.upgrade()
      client.send("40")
      #expect(await client.next().description.hasPrefix("40{"))
      #expect(server.socketIO.connectionCount == 1)
    }
  }

  @Test(
    "a bad upgrade is answered and the connection closed",
    arguments: [
      ("/socket.io/?EIO=3&transport=websocket", "", #"400 {"code":5,"message":"Unsupported protocol version"}"#),
      ("/socket.io/?transport=websocket", "", #"400 {"code":5,"message":"Unsupported protocol version"}"#),
      ("/socket.io/?EIO=4&transport=websocket", "Sec-WebSocket-Key: x\r\n", #"400 {"code":3,"message":"Bad request"}"#),
      (
        "/socket.io/?EIO=4&transport=websocket", "Origin: https://evil.example\r\n",
        #"403 {"code":4,"message":"Forbidden"}"#
      ),
    ])
  func badUpgrades(_ uri: String, _ headers: String, _ answer: String) async throws {
    var configuration = SocketIOServer.Configuration()
    configuration.allowedOrigins = ["https://good.example"]
    try await TestServer.run(configuration) { server, _ in
      let client = try await TestClient(server)
      client.request("GET", uri, headers: TestClient.upgradeHeaders + headers)
      #expect(await client.next(2) == [answer, "end"])
      let good = try await TestClient(server)
      try await good.upgrade(headers: "Origin: https://good.example\r\n")
    }
  }

  @Test("beyond the limit of connections handshakes get 503, until one is free again")
  func limit() async throws {
    var configuration = SocketIOServer.Configuration()
    configuration.maxConnections = 1
    try await TestServer.run(configuration) { server, application in
      let first = try await TestClient.connected(server)
      let second = try await TestClient(server)
      second.request("GET", TestClient.handshake, headers: TestClient.upgradeHeaders)
      #expect(await second.next(2) == [#"503 {"message":"Service unavailable"}"#, "end"])
      try await first.channel.close()
      var log = application.log.makeAsyncIterator()
      #expect(await log.next() == "connected")
      #expect(await log.next() == "disconnected transport close")
      let third = try await TestClient(server)
      try await third.upgrade()
    }
  }

  @Test("frames that come with the upgrade request, against the RFC, do no harm")
  func eagerClient() async throws {
    try await TestServer.run { server, _ in
      let client = try await TestClient(server)
      var bytes = ByteBuffer(
        string: "GET \(TestClient.handshake) HTTP/1.1\r\nHost: localhost\r\n\(TestClient.upgradeHeaders)\r\n")
      bytes.writeImmutableBuffer(WebSocketTests.frame(0x81, Array("40".utf8)))
      client.write(bytes)
      #expect(await client.next() == .http(status: 101, body: ""))
      #expect(await client.next().description.hasPrefix("0{"))
    }
  }
}
