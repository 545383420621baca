import NIOCore
import Testing

@testable import Cluster

/// @socket.io/redis-adapter's classic format, and the emitter's, as the original programs write it.
@Suite struct ClassicCaptureTests {
  private let format = ClassicFormat(namespace: "/")
  private let node = "hd7Wmc"

  private func read(_ capture: Capture) throws -> ClusterMessage {
    try #require(try format.message(capture.payload, on: capture.channel))
  }

  // The message that the capture must be read as, and that must be written as the capture, byte for byte.
  private func check(
    _ name: String, _ expected: ClusterMessage, writes: Bool = true, format: ClassicFormat? = nil,
    to requester: String? = nil, sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let format = format ?? self.format
    let capture = try Capture.one(name)
    #expect(try format.message(capture.payload, on: capture.channel) == expected, sourceLocation: sourceLocation)
    guard writes else { return }
    let publication = try format.publication(of: expected, to: requester)
    #expect(publication.channel == capture.channel, sourceLocation: sourceLocation)
    #expect(publication.payload.hex == capture.payload.hex, sourceLocation: sourceLocation)
  }

  @Test func broadcasts() throws {
    try check("classic broadcast everyone", .broadcast(from: node, #"["hello","world"]"#))
    try check(
      "classic broadcast room",
      .broadcast(
        from: node,
        #"["message:new",{"id":7,"text":"naïve ☃ 😀 \"q\" \\ \n","nested":{"a":[1,[2,[3]]],"ok":true,"none":null}}]"#,
        to: BroadcastOptions(rooms: ["chat:42"])))
    try check(
      "classic broadcast private room",
      .broadcast(from: node, #"["x"]"#, to: BroadcastOptions(rooms: ["AbCdEfGhIjKlMnOpQrSt"])))
    // The zero was 1.797…e308: see below.
    try check(
      "classic broadcast numbers",
      .broadcast(
        from: node,
        "[\"numbers\",[0,1,127,128,255,256,65535,65536,4294967295,4294967296,9007199254740991,-1,-32,-33,-128,-129,"
          + "-32768,-32769,-2147483648,-2147483649,-9007199254740991,0.5,-0.25,1e-07,0,"
          + "3.141592653589793]]"), writes: false)
  }

  @Test func numbersAreWrittenAsTheOriginalWritesThem() throws {
    // 1.797…e308 is whole, so notepack.io makes an integer of it, which cannot hold it: 0. Here 7 stands for it.
    let capture = try Capture.one("classic broadcast numbers").payload.hex
    let arguments =
      "[\"numbers\",[0,1.0,127,128,2.55e2,256,65535,65536,4294967295,4294967296,9007199254740991,-1,-32,-33,-128,-129,"
      + "-32768,-32769,-2147483648,-2147483649,-9007199254740991,5e-1,-0.25,0.0000001,7,3.141592653589793]]"
    let written = try format.publication(of: .broadcast(from: node, arguments)).payload.hex
    #expect(written == capture.replacing("cf0000000000000000", with: "07"))
  }

  @Test func lengths() throws {
    let sixteen = (0..<16).map { "\"k\($0)\":\($0)" }.joined(separator: ",")
    let parts = [
      "\"lengths\"", "\"\(String(repeating: "a", count: 31))\"", "\"\(String(repeating: "b", count: 32))\"",
      "\"\(String(repeating: "c", count: 255))\"", "\"\(String(repeating: "d", count: 256))\"",
      "\"\(String(repeating: "é", count: 200))\"", "[\((0..<15).map(String.init).joined(separator: ","))]",
      "[\((0..<16).map(String.init).joined(separator: ","))]", "{\(sixteen)}",
    ]
    try check("classic broadcast lengths", .broadcast(from: node, "[\(parts.joined(separator: ","))]"))
  }

  @Test func binaries() throws {
    try check(
      "classic broadcast binary",
      .broadcast(
        from: node,
        #"["file",{"name":"a.bin","body":{"_placeholder":true,"num":0}},{"_placeholder":true,"num":1},"#
          + #"[{"_placeholder":true,"num":2}]]"#,
        attachments: [
          ByteBuffer(bytes: [0, 1, 2, 253, 254, 255]), ByteBuffer(repeating: 7, count: 300), ByteBuffer(),
        ], to: BroadcastOptions(rooms: ["chat:42"])))
    try check(
      "classic broadcast typed arrays",
      .broadcast(
        from: node, #"["arrays",{"_placeholder":true,"num":0},{"_placeholder":true,"num":1}]"#,
        attachments: [ByteBuffer(bytes: [1, 2, 3]), ByteBuffer(bytes: [9, 8])]))
  }

  @Test func datesAndUndefinedAreWhatJSONMakesOfThem() throws {
    try check(
      "classic broadcast dates",
      .broadcast(
        from: node,
        #"["dates","1970-01-01T00:00:00.000Z","2023-11-14T22:13:20.000Z","2023-11-14T22:13:20.123Z","#
          + #""1969-12-31T23:59:59.999Z","9999-12-31T23:59:59.999Z"]"#), writes: false)
    try check(
      "classic broadcast undefined", .broadcast(from: node, #"["undefined",null,{"kept":1},[null]]"#), writes: false)
  }

  @Test func options() throws {
    var options = BroadcastOptions(rooms: ["r1", "r2"], except: ["r3", "AbCdEfGhIjKlMnOpQrSt"])
    options.isVolatile = true
    options.compress = false
    // The capture has a flag more that means nothing to who receives it.
    try check("classic broadcast options", .broadcast(from: node, #"["n",1]"#, to: options), writes: false)
    try check(
      "classic broadcast numeric room", .broadcast(from: node, #"["n"]"#, to: BroadcastOptions(rooms: ["42"])),
      writes: false)
    #expect(format.room(of: "socket.io#/#42#") == "42")
  }

  @Test func namespaces() throws {
    let chat = ClassicFormat(namespace: "/chat")
    try check(
      "classic broadcast namespace",
      .broadcast(
        from: "QwErTy", namespace: "/chat", #"["hi"]"#, packetNamespace: "/chat",
        to: BroadcastOptions(rooms: ["room"])), format: chat)
    let capture = try Capture.one("classic broadcast namespace")
    #expect(try format.message(capture.payload, on: capture.channel) == nil)
    #expect(try chat.message(capture.payload, on: "socket.io#/other#") == nil)
    // On the right channel, but for another namespace: the original looks at both.
    #expect(try chat.message(Capture.one("classic broadcast everyone").payload, on: capture.channel) == nil)
  }

  @Test func requests() throws {
    func message(_ body: ClusterMessage.Body) -> ClusterMessage {
      ClusterMessage(sender: node, namespace: "/", body: body)
    }
    let r1 = BroadcastOptions(rooms: ["r1"])
    try check(
      "classic join",
      message(.join(BroadcastOptions(rooms: ["r1"], except: ["r2"]), rooms: ["new", "rooms"], requestID: nil)))
    try check("classic leave", message(.leave(r1, rooms: ["old"], requestID: nil)))
    try check(
      "classic disconnect",
      message(.disconnect(BroadcastOptions(rooms: ["AbCdEfGhIjKlMnOpQrSt"]), close: true, requestID: nil)))
    try check(
      "classic server side emit",
      message(.serverSideEmit(ClusterValue(json: #"["ping",{"a":1},"x"]"#), requestID: nil)))
    // These have random ids, which are read first.
    for name in ["classic fetch", "classic all rooms", "classic server side emit with ack"] {
      let capture = try Capture.one(name)
      let read = try read(capture)
      #expect(read.sender == node)
      let written = try format.publication(of: read)
      #expect(written == ClusterPublication(channel: capture.channel, payload: capture.payload))
      switch (name, read.body) {
      case ("classic fetch", .fetchSockets(let options, let id)): #expect(options == r1 && id.count == 6)
      case ("classic all rooms", .allRooms(let id)): #expect(id.count == 6)
      case ("classic server side emit with ack", .serverSideEmit(let event, let id?)):
        #expect(event.json.text == #"["ping",2]"# && id.count == 6)
      default: Issue.record("\(name) was read as \(read.body)")
      }
    }
  }

  @Test func broadcastWithAcknowledgement() throws {
    let capture = try Capture.one("classic broadcast with ack")
    let read = try read(capture)
    guard case .broadcast(let packet, let options, let id?) = read.body else {
      Issue.record("read as \(read)")
      return
    }
    var expected = BroadcastOptions(rooms: ["r1"])
    expected.timeout = 1_000
    expected.expectsSingleResponse = true
    #expect(options == expected)
    #expect(id.count == 6)
    #expect(packet.arguments.json.text == #"["question",{"n":1}]"#)
    let written = try format.publication(of: read)
    #expect(written == ClusterPublication(channel: capture.channel, payload: capture.payload))
  }

  @Test func responses() throws {
    let id = "abcdef"
    func message(_ body: ClusterMessage.Body) -> ClusterMessage {
      ClusterMessage(sender: nil, namespace: "/", body: body)
    }
    try check("classic answer sockets", message(.socketIDsResponse(["AbCdEfGhIjKlMnOpQrSt"], requestID: id)))
    try check(
      "classic answer all rooms", message(.allRoomsResponse(["AbCdEfGhIjKlMnOpQrSt", "r1"], requestID: id)))
    try check(
      "classic answer on specific channel",
      message(.allRoomsResponse(["AbCdEfGhIjKlMnOpQrSt", "r1"], requestID: id)), to: "other1")
    try check("classic answer join", message(.done(requestID: id)))
    try check(
      "classic answer server side emit",
      message(.serverSideEmitResponse(ClusterValue(json: #"{"pong":[1,"two"]}"#), requestID: id)))
    let socket = RemoteSocket(
      id: "AbCdEfGhIjKlMnOpQrSt", rooms: ["AbCdEfGhIjKlMnOpQrSt", "r1"],
      handshake: ClusterValue(
        json: #"{"headers":{"host":"localhost"},"time":"now","address":"127.0.0.1","xdomain":false,"secure":false,"#
          + #""issued":1700000000000,"url":"/socket.io/","query":{"EIO":"4"},"auth":{"token":"t"}}"#),
      data: ClusterValue(json: #"{"user":5}"#))
    try check("classic answer fetch", message(.fetchSocketsResponse([socket], requestID: id)))
  }

  @Test func responsesToBroadcasts() throws {
    let id = "abcdef"
    let expected: [ClusterMessage.Body] = [
      .broadcastClientCount(2, requestID: id),
      .broadcastAck(ClusterValue(json: #"["fine",{"n":1}]"#), requestID: id),
      .broadcastAck(
        ClusterValue(json: #"{"bin":{"_placeholder":true,"num":0}}"#, attachments: [ByteBuffer(string: "abc")]),
        requestID: id),
    ]
    for (capture, body) in zip(try Capture.named("classic answer broadcast"), expected) {
      let message = ClusterMessage(sender: nil, namespace: "/", body: body)
      #expect(try read(capture) == message)
      #expect(try format.publication(of: message).payload.hex == capture.payload.hex)
    }
  }

  @Test func emitter() throws {
    try check(
      "emitter broadcast",
      .broadcast(from: "emitter", #"["time",{"now":1700000000,"list":[1.5,"x"]}]"#), writes: false)
    var options = BroadcastOptions(rooms: ["chat:42"], except: ["chat:43"])
    options.isVolatile = true
    options.compress = false
    try check(
      "emitter room",
      .broadcast(
        from: "emitter", #"["message","hi",{"_placeholder":true,"num":0}]"#,
        attachments: [ByteBuffer(bytes: [1, 2, 3])], to: options), writes: false)
    try check(
      "emitter namespace",
      .broadcast(
        from: "emitter", namespace: "/admin", #"["n"]"#, packetNamespace: "/admin",
        to: BroadcastOptions(rooms: ["a", "b"])), writes: false, format: ClassicFormat(namespace: "/admin"))
    func message(_ sender: String?, _ body: ClusterMessage.Body) -> ClusterMessage {
      ClusterMessage(sender: sender, namespace: "/", body: body)
    }
    let r1 = BroadcastOptions(rooms: ["r1"])
    try check("emitter join", message(nil, .join(r1, rooms: ["r2", "r3"], requestID: nil)))
    try check(
      "emitter leave",
      message(nil, .leave(BroadcastOptions(rooms: ["r1"], except: ["x"]), rooms: ["r2"], requestID: nil)))
    try check("emitter disconnect", message(nil, .disconnect(r1, close: true, requestID: nil)))
    try check(
      "emitter server side emit",
      message("emitter", .serverSideEmit(ClusterValue(json: #"["ping",1,{"a":"b"}]"#), requestID: nil)))
  }

  @Test func oldAdaptersNameOneClient() throws {
    let request = ByteBuffer(string: #"{"requestId":"abcdef","type":2,"sid":"AbCdEfGhIjKlMnOpQrSt","room":"r1"}"#)
    let expected = ClusterMessage.Body.join(
      BroadcastOptions(rooms: ["AbCdEfGhIjKlMnOpQrSt"]), rooms: ["r1"], requestID: "abcdef")
    #expect(try format.message(request, on: format.requestChannel)?.body == expected)
  }

  @Test func channels() {
    #expect(format.broadcastPattern == "socket.io#/#*")
    #expect(ClassicFormat(namespace: "/a[b]*?").broadcastPattern == ##"socket.io#/a\[b\]\*\?#*"##)
    #expect(format.responseChannel(of: "other1") == "socket.io-response#/#other1#")
    #expect(format.room(of: "socket.io#/#") == nil)
    #expect(format.room(of: "socket.io#/#a#b#") == "a#b")
    #expect(format.room(of: "socket.io#/chat#a#") == nil)
  }
}
