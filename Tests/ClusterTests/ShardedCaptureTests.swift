import NIOCore
import Testing

@testable import Cluster

/// @socket.io/redis-adapter's sharded format, as the original program writes it.
@Suite struct ShardedCaptureTests {
  private let format = ShardedFormat(namespace: "/")
  private let node = "e6f2d1a09b8c7d65"

  private func check(
    _ name: String, _ expected: ClusterMessage, writes: Bool = true, format: ShardedFormat? = nil,
    to requester: String? = nil, sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let format = format ?? self.format
    let capture = try Capture.one(name)
    #expect(try format.message(capture.payload) == expected, sourceLocation: sourceLocation)
    guard writes else { return }
    let publication = try format.publication(of: expected, to: requester)
    #expect(publication.channel == capture.channel, sourceLocation: sourceLocation)
    #expect(publication.payload.hex == capture.payload.hex, sourceLocation: sourceLocation)
  }

  private func broadcast(
    _ arguments: String, attachments: [ByteBuffer] = [], to options: BroadcastOptions = BroadcastOptions()
  ) -> ClusterMessage {
    .broadcast(from: node, arguments, attachments: attachments, packetNamespace: nil, to: options)
  }

  private func message(_ body: ClusterMessage.Body) -> ClusterMessage {
    ClusterMessage(sender: node, namespace: "/", body: body)
  }

  @Test func broadcasts() throws {
    try check("sharded broadcast everyone", broadcast(#"["hello","world"]"#))
    try check(
      "sharded broadcast room",
      broadcast(
        #"["message:new",{"id":7,"text":"naïve ☃ 😀 \"q\" \\ \n","nested":{"a":[1,[2,[3]]],"ok":true,"none":null}}]"#,
        to: BroadcastOptions(rooms: ["chat:42"])))
    try check(
      "sharded broadcast private room",
      broadcast(#"["x"]"#, to: BroadcastOptions(rooms: ["AbCdEfGhIjKlMnOpQrSt"])))
    try check("sharded broadcast undefined", broadcast(#"["undefined",null,{"kept":1},[null]]"#))
    var options = BroadcastOptions(rooms: ["r1", "r2"], except: ["r3", "AbCdEfGhIjKlMnOpQrSt"])
    options.isVolatile = true
    options.compress = false
    try check("sharded broadcast options", broadcast(#"["n",1]"#, to: options), writes: false)
    try check(
      "sharded broadcast numeric room", broadcast(#"["n"]"#, to: BroadcastOptions(rooms: ["42"])), writes: false)
    try check(
      "sharded broadcast namespace",
      .broadcast(
        from: "0011223344556677", namespace: "/chat", #"["hi"]"#, packetNamespace: nil,
        to: BroadcastOptions(rooms: ["room"])), format: ShardedFormat(namespace: "/chat"))
    #expect(try format.message(Capture.one("sharded broadcast namespace").payload) == nil)
  }

  @Test func binariesMakeItMessagePack() throws {
    try check(
      "sharded broadcast binary",
      broadcast(
        #"["file",{"name":"a.bin","body":{"_placeholder":true,"num":0}},{"_placeholder":true,"num":1},"#
          + #"[{"_placeholder":true,"num":2}]]"#,
        attachments: [
          ByteBuffer(bytes: [0, 1, 2, 253, 254, 255]), ByteBuffer(repeating: 7, count: 300), ByteBuffer(),
        ], to: BroadcastOptions(rooms: ["chat:42"])))
  }

  @Test func requests() throws {
    let r1 = BroadcastOptions(rooms: ["r1"])
    try check(
      "sharded join",
      message(.join(BroadcastOptions(rooms: ["r1"], except: ["r2"]), rooms: ["new", "rooms"], requestID: nil)))
    try check("sharded leave", message(.leave(r1, rooms: ["old"], requestID: nil)))
    try check(
      "sharded disconnect",
      message(.disconnect(BroadcastOptions(rooms: ["AbCdEfGhIjKlMnOpQrSt"]), close: true, requestID: nil)))
    try check(
      "sharded server side emit", message(.serverSideEmit(ClusterValue(json: #"["ping",{"a":1},"x"]"#), requestID: nil))
    )
    try check("sharded initial heartbeat", message(.initialHeartbeat))
    try check("sharded heartbeat", message(.heartbeat))
    try check("sharded adapter close", message(.adapterClose))
    for name in ["sharded fetch", "sharded server side emit with ack", "sharded broadcast with ack"] {
      let capture = try Capture.one(name)
      let read = try #require(try format.message(capture.payload))
      #expect(read.sender == node)
      #expect(
        try format.publication(of: read) == ClusterPublication(channel: capture.channel, payload: capture.payload))
      switch (name, read.body) {
      case ("sharded fetch", .fetchSockets(let options, let id)): #expect(options == r1 && id.count == 16)
      case ("sharded server side emit with ack", .serverSideEmit(let event, let id?)):
        #expect(event.json.text == #"["ping",2]"# && id.count == 16)
      case ("sharded broadcast with ack", .broadcast(let packet, let options, let id?)):
        #expect(packet.arguments.json.text == #"["question",{"n":1}]"# && id.count == 16)
        #expect(options.rooms == ["r1"] && options.timeout == 1_000 && options.expectsSingleResponse)
      default: Issue.record("\(name) was read as \(read.body)")
      }
    }
  }

  @Test func responses() throws {
    let id = "0123456789abcdef"
    let asker = "aaaaaaaaaaaaaaaa"
    var socket = RemoteSocket(
      id: "AbCdEfGhIjKlMnOpQrSt", rooms: ["AbCdEfGhIjKlMnOpQrSt", "r1"],
      handshake: ClusterValue(
        json: #"{"headers":{"host":"localhost"},"time":"now","address":"127.0.0.1","xdomain":false,"secure":false,"#
          + #""issued":1700000000000,"url":"/socket.io/","query":{"EIO":"4"},"auth":{"token":"t"}}"#),
      data: ClusterValue(json: #"{"user":5}"#))
    try check("sharded answer fetch", message(.fetchSocketsResponse([socket], requestID: id)), to: asker)
    let picture = [ByteBuffer(string: "png")]
    socket.data = ClusterValue(json: #"{"avatar":{"_placeholder":true,"num":0}}"#, attachments: picture)
    socket.handshake.attachments = picture
    try check("sharded answer fetch binary", message(.fetchSocketsResponse([socket], requestID: id)), to: asker)
    try check(
      "sharded answer server side emit",
      message(.serverSideEmitResponse(ClusterValue(json: #"{"pong":[1,"two"]}"#), requestID: id)), to: asker)
    let bodies: [ClusterMessage.Body] = [
      .broadcastClientCount(2, requestID: id),
      .broadcastAck(ClusterValue(json: #"["fine",{"n":1}]"#), requestID: id),
      .broadcastAck(
        ClusterValue(json: #"{"bin":{"_placeholder":true,"num":0}}"#, attachments: [ByteBuffer(string: "abc")]),
        requestID: id),
    ]
    for (capture, body) in zip(try Capture.named("sharded answer broadcast"), bodies) {
      #expect(try format.message(capture.payload) == message(body))
      let publication = try format.publication(of: message(body), to: asker)
      #expect(publication == ClusterPublication(channel: capture.channel, payload: capture.payload))
    }
  }

  @Test func channels() throws {
    #expect(format.roomChannel("chat:42") == "socket.io#/#chat:42#")
    #expect(format.roomChannel("AbCdEfGhIjKlMnOpQrSt") == nil)
    #expect(ShardedFormat(namespace: "/", subscriptions: .fixed).roomChannel("chat:42") == nil)
    let all = ShardedFormat(namespace: "/", subscriptions: .dynamicPrivate)
    #expect(all.roomChannel("AbCdEfGhIjKlMnOpQrSt") == "socket.io#/#AbCdEfGhIjKlMnOpQrSt#")
    // Ids of SocketIO's sockets: see publicationChannel.
    let id = "AbCdEfGhIjKlMnOpQr-_09"
    #expect(format.publicationChannel(id) == format.channel)
    #expect(format.roomChannel(id) == "socket.io#/#\(id)#")
    #expect(format.publicationChannel("AbCdEfGhIjKlMnOpQr:_09") == "socket.io#/#AbCdEfGhIjKlMnOpQr:_09#")
    #expect(all.publicationChannel(id) == "socket.io#/#\(id)#")
    #expect(ShardedFormat(namespace: "/", subscriptions: .fixed).publicationChannel("chat:42") == format.channel)
    #expect(format.responseChannel(of: "aaaaaaaaaaaaaaaa") == "socket.io#/#aaaaaaaaaaaaaaaa#")
  }

  @Test func whatTheFormatDoesNotHave() throws {
    for body: ClusterMessage.Body in [.allRooms(requestID: "1"), .done(requestID: "1"), .heartbeat] {
      let isSharded = body == .heartbeat
      let error = #expect(throws: ClusterError.self) {
        if isSharded {
          _ = try ClassicFormat(namespace: "/").publication(of: message(body))
        } else {
          _ = try format.publication(of: message(body))
        }
      }
      #expect(error?.code == .notInFormat)
    }
    let unaddressed = #expect(throws: ClusterError.self) {
      try format.publication(of: message(.broadcastClientCount(1, requestID: "1")))
    }
    #expect(unaddressed?.code == .notInFormat)
  }
}
