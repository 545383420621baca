import NIOCore
import Testing

@testable import SocketIO

@Suite("Sessions, as transcripts")
struct SessionTests {
  @Test("a client connects with auth, sends events and leaves")
  func conversation() {
    Transcript.play(
      """
      > 40{"token":"x"}
      ! connect {"token":"x"}
      @ accept
      < 40{"sid":"SID"}
      > 42["hello"]
      ! event hello 
      > 4212["send",{"text":"[\\"}"},2]
      ! event send #12 {"text":"[\\"}"}
      > 42[ "spaced" , [1, 2] , 3 ]
      ! event spaced [1, 2]
      > 41
      ! disconnected
      > 40
      ! connect 
      @ refuse No
      < 44{"message":"No"}
      """)
  }

  @Test("a refusal carries data, and the client may try again")
  func refusal() {
    Transcript.play(
      """
      > 40{}
      ! connect {}
      @ refuse No\u{7}"way" {"code":"unauthorized"}
      < 44{"message":"No\\u0007\\"way\\"","data":{"code":"unauthorized"}}
      > 40{"token":"y"}
      ! connect {"token":"y"}
      @ accept
      < 40{"sid":"SID"}
      """)
  }

  @Test("other namespaces are refused, and nothing may be sent to them")
  func namespaces() {
    Transcript.play(
      """
      > 40/admin,{"token":"x"}
      < 44/admin,{"message":"Invalid namespace"}
      > 40/admin
      < 44/admin,{"message":"Invalid namespace"}
      > 40/,
      ! connect 
      @ accept
      < 40{"sid":"SID"}
      > 42/admin,["hello"]
      ! error outOfOrder
      """)
  }

  @Test(
    "packets out of their turn are errors",
    arguments: [#"42["early"]"#, "43[]", "41", "44{}", "430[]", "2", "2probe"])
  func early(_ packet: String) {
    Transcript.play("> \(packet)\n! error outOfOrder")
  }

  @Test(
    "a second CONNECT is an error, while the first is decided and after",
    arguments: ["", "\n@ accept\n< 40{\"sid\":\"SID\"}"])
  func connectTwice(_ between: String) {
    Transcript.play("> 40\n! connect \(between)\n> 40\n! error outOfOrder\n> 40")
  }

  @Test(
    "what is no packet is an error",
    arguments: [
      "", "7", "x", "4", "47", "4x", #"42{"a":1}"#, "42", "42[]", "42[1]", "42[null]", #"42["a""#, #"42["a",]"#,
      #"42["a",{]}]"#, #"42["a"]x"#, #"42["a" 1]"#, #"42["\x"]"#, "42[\"a\tb\"]", #"42["a",01]"#, #"42["a",-]"#,
      #"42["a",1.]"#, #"42["a",1e]"#, #"42["a",nul]"#, #"42["a",tru"#, #"42["a",{"b"}]"#, #"42["a",{"b":1,}]"#,
      #"42["a",{1:2}]"#, #"42["a",[1,,2]]"#, #"42["a",+1]"#, #"42["a",.5]"#, #"42["a",'b']"#, #"42["\ud8"]"#,
      "4299999999999999999999[\"a\"]", "43", "43{}", "430", "41x", #"42["connect"]"#, #"42["connect_error"]"#,
      #"42["disconnect"]"#, #"42["disconnecting"]"#, #"42["newListener"]"#, #"42["removeListener"]"#,
      #"42["\u0063onnect"]"#,
    ])
  func malformed(_ packet: String) {
    Transcript.play("> 40\n! connect \n@ accept\n< 40{\"sid\":\"SID\"}\n> \(packet)\n! error malformed")
  }

  @Test("the payload of CONNECT is an object", arguments: ["[]", "-1", "{", "{}x", #""token""#, "{}{}"])
  func connectPayload(_ payload: String) {
    Transcript.play("> 40\(payload)\n! error malformed")
  }

  @Test("binary packets are not served yet", arguments: [#"451-["a",{"_placeholder":true,"num":0}]"#, "461-0[]"])
  func binary(_ packet: String) {
    Transcript.play("> 40\n! connect \n@ accept\n< 40{\"sid\":\"SID\"}\n> \(packet)\n! error unsupported")
  }

  @Test("an acknowledgement that nobody asked for is ignored")
  func strayAcknowledgement() {
    Transcript.play("> 40\n! connect \n@ accept\n< 40{\"sid\":\"SID\"}\n> 4399[1,{}]\n> 43[]")
  }

  @Test("a decision that comes after the socket's end is told so")
  func lateDecision() {
    Transcript.play("> 40\n! connect \n@ end\n@ accept\n! too late\n@ refuse No\n! too late")
  }

  @Test("the heartbeat")
  func heartbeat() {
    Transcript.play(
      """
      @ ping
      < 2
      > 3
      ! alive
      > 3
      > 6
      @ pong
      @ ping
      < 2
      @ ping
      @ pong heard
      ! wait again
      @ pong
      ! close ping timeout
      @ pong
      @ ping
      > 40
      """)
  }

  @Test("an Engine.IO close ends the session")
  func engineClose() {
    Transcript.play("> 1\n! close transport close\n> 40\n> 1")
  }

  @Test("escapes in an event's name are decoded")
  func escapedName() throws {
    let name = #"["a\u00e9\ud83d\ude00\n\"\ud800z"]"#
    #expect(try EventArguments(decoding: ByteBuffer(string: name)).name == "aé😀\n\"\u{FFFD}z")
  }

  @Test("nesting costs no stack, and has a bound")
  func nesting() throws {
    func event(_ depth: Int) -> ByteBuffer {
      ByteBuffer(string: #"["a","# + String(repeating: "[", count: depth) + String(repeating: "]", count: depth) + "]")
    }
    // The innermost array is empty: it is passed without being entered.
    _ = try EventArguments(decoding: event(JSONScan.maxDepth + 1))
    #expect(throws: PacketError.self) { try EventArguments(decoding: event(JSONScan.maxDepth + 2)) }
    #expect(throws: PacketError.self) {
      try EventArguments(decoding: ByteBuffer(string: #"["a","# + String(repeating: #"{"":["#, count: 250_000)))
    }
  }

  @Test("the handshake tells the client the limits")
  func handshake() {
    let packet = EngineIOPacket.open(sid: "SID", configuration: SocketIOServer.Configuration())
    #expect(
      String(buffer: packet.encode())
        == #"0{"sid":"SID","upgrades":[],"pingInterval":25000,"pingTimeout":20000,"maxPayload":1000000}"#)
  }

  @Test("no mutation of a packet crashes the sessions")
  func mutations() {
    let seeds = [#"40{"token":"x"}"#, #"4212["send",{"a":[1,2.5e-3,"\u00e9",null,true]},[]]"#, "40/n,{}", "430[1]"]
    var generator = SystemRandomNumberGenerator()
    for _ in 0..<5_000 {
      var bytes = Array((seeds.randomElement() ?? "").utf8)
      for _ in 0..<Int.random(in: 1...4, using: &generator) {
        let index = Int.random(in: 0..<bytes.count, using: &generator)
        switch Int.random(in: 0..<3, using: &generator) {
        case 0: bytes[index] = UInt8.random(in: 0x20...0x7E, using: &generator)
        case 1: bytes.remove(at: index)
        default: bytes.insert(bytes[index], at: index)
        }
        if bytes.isEmpty { break }
      }
      var session = SocketIOSession()
      if Bool.random() {
        _ = try? session.receive(SocketIOPacket(kind: .connect)) { SocketID(rawValue: 1) }
        _ = session.accept(SocketID(rawValue: 1), sid: "SID")
      }
      guard let packet = try? EngineIOPacket(decoding: ByteBuffer(bytes: bytes)) else { continue }
      guard let packet = try? SocketIOPacket(decoding: packet.data) else { continue }
      _ = try? session.receive(packet) { SocketID(rawValue: 2) }
    }
  }
}
