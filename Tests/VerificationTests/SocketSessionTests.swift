import JSONSchema
import Testing

@testable import Verification

private func session() throws -> SocketSession {
  SocketSession(auth: try JSONValue(parsing: #"{"token": "t"}"#.utf8))
}

@Test func aSocketFromItsBeginningToItsEnd() throws {
  var socket = try session()
  #expect(socket.receive(#"0{"sid":"a","pingInterval":25000}"#) == [.send(#"40{"token":"t"}"#)])
  #expect(socket.receive("2") == [.send("3")])
  #expect(socket.receive(#"40{"sid":"b"}"#) == [.connected])
  #expect(socket.receive(#"42["told",{"n":1}]"#) == [.event(Array(#"["told",{"n":1}]"#.utf8))])
  let asked = socket.emit("ask", try JSONValue(parsing: #"{"n":1.50}"#.utf8), wantsAcknowledgement: true)
  #expect(asked.message == #"420["ask",{"n":1.5}]"#)
  #expect(asked.id == 0)
  #expect(socket.emit("say", .null, wantsAcknowledgement: false).message == #"42["say",null]"#)
  #expect(socket.receive(#"430[{"ok":true}]"#) == [.acknowledged(0, Array(#"[{"ok":true}]"#.utf8))])
  #expect(socket.receive("2probe") == [.send("3probe")])
  #expect(socket.receive("41") == [.ended("the server disconnected")])
}

@Test func aSocketThatIsRefused() throws {
  var socket = try session()
  _ = socket.receive("0{}")
  let refused = socket.receive(#"44{"message":"no","data":{"code":"unauthorized"}}"#)
  #expect(refused == [.refused(Array(#"{"code":"unauthorized"}"#.utf8))])
}

@Test(arguments: ["", "9", "42[]", "4", "430", "40", "0"]) func whatIsNotExpectedEndsASocket(message: String) throws {
  var socket = try session()
  if message == "0" || message == "430" { _ = socket.receive("0{}") }
  guard case .ended = socket.receive(message).first else {
    Issue.record("\(message) is taken")
    return
  }
}

@Test(arguments: [
  ("http://127.0.0.1:3000", "http://127.0.0.1:3000"), ("http://localhost/", "http://localhost:80"),
  ("http://[::1]:3000", "http://[::1]:3000"), ("https://localhost", nil), ("http://", nil), ("http://a:0", nil),
  ("http://a:99999", nil), ("http://a/b", nil), ("a:3000", nil),
])
func addresses(url: String, address: String?) {
  #expect(ServerAddress(url)?.description == address)
}
