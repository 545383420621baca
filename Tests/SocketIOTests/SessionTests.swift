import Bytes
import Foundation
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
    arguments: [
      #"42["early"]"#, "43[]", "41", "44{}", "430[]", "2", "2probe", #"451-["early",{"_placeholder":true,"num":0}]"#,
      #"461-1[{"_placeholder":true,"num":0}]"#,
    ])
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
      "", "7", "x", "4", "47", "4x", #"42{"a":1}"#, "42", "42[]", "42[null]", #"42["a""#, #"42["a",]"#,
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

  @Test("a client may be in several namespaces, and leave one of them")
  func severalNamespaces() {
    Transcript.play(
      """
      > 40
      ! connect 
      @ accept
      < 40{"sid":"SID"}
      > 40/custom,{"a":1}
      ! connect /custom {"a":1}
      > 42/custom,["early"]
      ! error outOfOrder
      """)
    Transcript.play(
      """
      > 40
      ! connect 
      @ accept
      < 40{"sid":"SID"}
      > 40/custom,{"a":1}
      ! connect /custom {"a":1}
      @ accept
      < 40/custom,{"sid":"SID"}
      > 42/custom,7["there",1]
      ! event there #7 1
      > 42/custom
      ! error malformed
      """)
    Transcript.play(
      """
      > 40/custom
      ! connect /custom 
      @ accept
      < 40/custom,{"sid":"SID"}
      > 42/custom,["there",1]
      ! event there 1
      > 41/custom
      ! disconnected
      > 42/custom,["gone"]
      ! error outOfOrder
      """)
  }

  @Test("attachments are put together with their packet")
  func binary() {
    Transcript.play(
      """
      > 40
      ! connect 
      @ accept
      < 40{"sid":"SID"}
      > 452-7["a",{"_placeholder":true,"num":0},{"x":[{"num":1,"_placeholder":true}]}]
      > b one
      > b two
      ! event a #7 {"_placeholder":true,"num":0} [one] [two]
      > 461-3[{"_placeholder":true,"num":0}]
      > b ack
      ! acknowledged #3 [{"_placeholder":true,"num":0}]
      > 450-["none"]
      ! event none 
      """)
  }

  @Test(
    "what does not belong together is an error",
    arguments: [
      "b nothing", #"452-["a",{"_placeholder":true,"num":0}]\n> b one\n> 2"#,
      #"451-["a",{"_placeholder":true,"num":0}]\n> 42["b"]"#, #"451-["a",{"_placeholder":true,"num":1}]\n> b one"#,
      #"451-["a",{"_placeholder":true,"num":-1}]\n> b one"#, #"451-["a",{"_placeholder":true,"num":"0"}]\n> b one"#,
      #"451-["a",[{"_placeholder":true}]]\n> b one"#, #"4511-["a"]"#, #"45["a"]"#, #"45x-["a"]"#, "461-{}",
      #"451-["a",{"_placeholder":true,"num":0}]\n> b \#(String(repeating: "x", count: 101))"#,
    ])
  func badAttachments(_ packets: String) {
    let packets = packets.replacingOccurrences(of: "\\n", with: "\n")
    let error = packets.hasSuffix("> 2") ? "outOfOrder" : "malformed"
    Transcript.play("> 40\n! connect \n@ accept\n< 40{\"sid\":\"SID\"}\n> \(packets)\n! error \(error)")
  }

  @Test("placeholders are looked for in one pass, however deep")
  func placeholders() {
    func fits(_ json: String) -> Bool {
      SocketIOPacket(kind: .binaryEvent, payload: ByteBuffer(string: json), attachments: [ByteBuffer()]).placeholdersFit
    }
    #expect(fits(#"["a",{"num":0,"x":{"y":"_placeholder"},"_placeholder":true}]"#))
    #expect(fits(#"["a",{"num":5,"_placeholder":false},{"num":5},"{\"_placeholder\":true}"]"#))
    #expect(!fits(#"["a",{"num":0.5,"_placeholder":true}]"#))
    #expect(!fits(#"["a",{"_placeholder":true,"deeper":{"num":0}}]"#))
    #expect(!fits(#"["a",{"num":0,"num":[0],"_placeholder":true}]"#))
    #expect(fits(#"["a",{"num":7,"_placeholder":true,"_placeholder":{}}]"#))
    #expect(fits(#"["a",{"num":0e0,"_placeholder":true,"more":[1,{}]}]"#))
    let deep = String(repeating: #"{"a":"#, count: 1000) + "1" + String(repeating: "}", count: 1000)
    #expect(fits("[\"a\",\(deep)]"))
  }

  @Test("an acknowledgement that nobody asked for is the application's to ignore")
  func strayAcknowledgement() {
    Transcript.play(
      "> 40\n! connect \n@ accept\n< 40{\"sid\":\"SID\"}\n> 4399[1,{}]\n! acknowledged #99 [1,{}]\n> 43[]")
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
    #expect(try ParsedEvent(decoding: ByteBuffer(string: name)).name == "aé😀\n\"\u{FFFD}z")
  }

  @Test("nesting costs no stack, and has a bound")
  func nesting() throws {
    func event(_ depth: Int) -> ByteBuffer {
      ByteBuffer(string: #"["a","# + String(repeating: "[", count: depth) + String(repeating: "]", count: depth) + "]")
    }
    // The innermost array is empty: it is passed without being entered.
    _ = try ParsedEvent(decoding: event(JSONScan.maxDepth + 1))
    #expect(throws: PacketError.self) { try ParsedEvent(decoding: event(JSONScan.maxDepth + 2)) }
    #expect(throws: PacketError.self) {
      try ParsedEvent(decoding: ByteBuffer(string: #"["a","# + String(repeating: #"{"":["#, count: 250_000)))
    }
  }

  @Test("the handshake tells the client the limits")
  func handshake() {
    let packet = EngineIOPacket.open(sid: "SID", upgrades: [], configuration: SocketIOServer.Configuration())
    #expect(
      String(buffer: packet)
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
      var session = SocketIOSession(maxAttachmentBytes: 100)
      func receive(_ message: ByteBuffer, _ socket: UInt64) {
        _ = try? session.receive(.text(message)) { _ in
          true
        } makeSocket: {
          SocketID(rawValue: socket)
        }
      }
      if Bool.random() {
        receive(ByteBuffer(string: "0"), 1)
        _ = session.accept(SocketID(rawValue: 1))
      }
      guard let packet = try? EngineIOPacket(decoding: ByteBuffer(bytes: bytes)), packet.data.isUTF8 else { continue }
      receive(packet.data, 2)
    }
  }
}
