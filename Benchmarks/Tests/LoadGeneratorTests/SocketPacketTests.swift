import NIOCore
import Testing

@testable import LoadGenerator

@Suite struct SocketPacketTests {
  @Test(arguments: [
    ("0{\"sid\":\"x\"}", SocketPacket.open),
    ("1", .close),
    ("2", .ping),
    ("6", .nothing),
    ("40{\"sid\":\"y\"}", .connected),
    ("41", .close),
    ("42[\"new_message\",{}]", .event(ByteBuffer(string: "[\"new_message\",{}]"))),
    ("4317[{\"ok\":true}]", .acknowledgement(17, ByteBuffer(string: "[{\"ok\":true}]"))),
    ("44{\"message\":\"no\"}", .refused(ByteBuffer(string: "{\"message\":\"no\"}"))),
  ])
  func packets(text: String, packet: SocketPacket) {
    #expect(SocketPacket(ByteBuffer(string: text)) == packet)
  }

  @Test(arguments: ["", "4", "3", "9", "43[]", "43x[]", "45"])
  func whatIsNone(text: String) {
    #expect(SocketPacket(ByteBuffer(string: text)) == nil)
  }

  @Test func anIntegerIsFoundByItsName() {
    let event = ByteBuffer(
      string: #"["new_message",{"content":"\"seq\": 3","last_seq":4,"seq":512,"rev":1}]"#)
    #expect(event.integer(named: "seq") == 512)
    #expect(event.integer(named: "revision") == nil)
    #expect(ByteBuffer(string: "{\"seq\":\"1\"}").integer(named: "seq") == nil)
    #expect(ByteBuffer().integer(named: "seq") == nil)
  }
}

@Suite struct BoundsTests {
  @Test(arguments: ["127.0.0.1:3000", "127.8.9.10:1", "[::1]:65535"])
  func loopbackIsTaken(text: String) {
    #expect(LoopbackAddress(text) != nil)
  }

  @Test(arguments: [
    "localhost:3000", "10.0.0.1:80", "127.0.0.1", "127.0.0.1:0", "127.0.0.1:70000", "::1:80", "127.evil.example:80",
  ])
  func anythingElseIsNot(text: String) {
    #expect(LoopbackAddress(text) == nil)
  }

  @Test func windowsAreBounded() {
    #expect(Window(seconds: 0) == nil)
    #expect(Window(seconds: .infinity) == nil)
    #expect(Window(seconds: 1, maximumRequests: 0) == nil)
    #expect(Window(seconds: 1, rate: 0) == nil)
    #expect(Window(seconds: 600)?.maximumRequests == 50_000_000)
  }
}
