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
}
