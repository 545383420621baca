import NIOCore

@testable import SocketIO

enum WebSocketTarget {
  static let maxPayload = 1000

  static func play(_ bytes: ByteBuffer) throws {
    var rest = bytes
    let parser = ClientFrameParser(maxPayload: self.maxPayload)
    var assembler = MessageAssembler(maxPayload: self.maxPayload)
    do {
      while let frame = try parser.next(&rest) {
        try check(frame.payload.readableBytes <= self.maxPayload)
        guard let message = try assembler.add(frame) else { continue }
        switch message {
        case .text(let text): try check(text.isUTF8 && text.readableBytes <= self.maxPayload)
        case .binary(let data): try check(data.readableBytes <= self.maxPayload)
        case .ping(let data): try check(data.readableBytes <= 125)
        case .pong, .close: break
        }
      }
    } catch is WebSocketViolation {
      // It closes the connection.
    }
  }
}

enum PayloadTarget {
  static func play(_ bytes: ByteBuffer) throws {
    guard bytes.isUTF8 else { return }
    var payload = bytes
    do {
      while payload.readableBytes > 0 {
        let before = payload.readableBytes
        let packet = try EngineIOPayload.next(&payload)
        try check(payload.readableBytes < before, "each packet takes something")
        // What is read can be written again, and is then read as the same.
        let data = packet.isBinary ? packet.data : ByteBuffer(bytes: [packet.kind.rawValue]) + packet.data
        var again = ByteBuffer()
        EngineIOPayload.append(ServerFrame.Part(isBinary: packet.isBinary, payload: data), to: &again)
        let read = try EngineIOPayload.next(&again)
        try check(read == packet)
      }
    } catch is PacketError {
      // It ends the session.
    }
  }
}

enum SessionTarget {
  /// Lines: `>` a text packet, `b` a binary one; `a` the application accepts, `r` it refuses, `p` a ping is due, `t` a
  /// pong is.
  static func play(_ bytes: ByteBuffer) throws {
    var engine = EngineIOSession()
    var session = SocketIOSession(maxAttachmentBytes: 500)
    var made: UInt64 = 0
    var isOver = false
    func perform(_ output: EngineIOSession.Output) throws {
      if case .close = output { isOver = true }
      guard case .message(let message) = output else { return }
      let result = try session.receive(message) {
        $0.utf8.count < 9
      } makeSocket: {
        made += 1
        return SocketID(rawValue: made)
      }
      switch result {
      case .event(let event, let socket, _):
        try check(session.sockets.contains(socket))
        try check(event.arguments.json.isJSON(beginningWith: UInt8(ascii: "[")))
        try check(event.arguments.attachments.count <= SocketIOPacket.maxAttachments)
      case .send(let packet): try check(ServerFrame.packet(packet).readableBytes > 0)
      case .disconnected(let socket): session.end(socket)
      case .nothing, .connect, .acknowledged: break
      }
      try check(session.sockets.count <= SocketIOSession.maxNamespaces)
    }
    for line in bytes.readableBytesView.split(separator: UInt8(ascii: "\n")) where !isOver {
      let data = ByteBuffer(bytes: line.dropFirst())
      do {
        switch line.first {
        case UInt8(ascii: ">"):
          guard data.isUTF8 else { continue }
          try perform(try engine.receive(EngineIOPacket(decoding: data)))
        case UInt8(ascii: "b"): try perform(try engine.receive(EngineIOPacket(binary: data)))
        case UInt8(ascii: "a"): for socket in session.sockets { _ = session.accept(socket) }
        case UInt8(ascii: "r"): for socket in session.sockets { _ = session.refuse(socket) }
        case UInt8(ascii: "p"): try perform(engine.pingIsDue())
        case UInt8(ascii: "t"): try perform(engine.pongIsDue(mayLive: data.readableBytes > 0))
        default: continue
        }
      } catch is PacketError {
        session.close()
        isOver = true
      }
    }
  }
}

enum RecoveryTarget {
  /// As long as any log's, or no offset would ever be this log's; known to the seeds.
  private static let tag = "tag00000"
  private static let socket = SocketID(loop: 0, slot: 1, count: 1)

  private static let last: UInt64 = 40

  /// A log whose first packets are forgotten.
  private static let log: PacketLog = {
    precondition(PacketLog.makeTag().utf8.count == Self.tag.utf8.count, "offsets of the seeds are none of this log")
    var recovery = SocketIOServer.Recovery()
    recovery.maxPacketBytes = 10_000
    var log = PacketLog(recovery: recovery, tag: Self.tag)
    let event = Arguments(ByteBuffer(string: #"["e"]"#))
    for number in 1...Self.last {
      let now = NIODeadline.uptimeNanoseconds(number)
      if number.isMultiple(of: 2) {
        log.keep(PacketLog.Packet(event, to: Self.socket, namespace: "/", number: number, tag: Self.tag, now: now))
      } else {
        let target: BroadcastTarget = number % 4 == 1 ? .room("room") : .everyone()
        log.keep(PacketLog.Packet(event, to: target, number: number, tag: Self.tag, now: now))
      }
    }
    precondition(!log.isWhole(after: 1) && log.isWhole(after: Self.last))
    return log
  }()

  static func play(_ bytes: ByteBuffer) throws {
    let text = String(buffer: bytes)
    if let id = PrivateID(text) { try check(id.text == text, "one text for one id") }
    try self.ask(offset: text)
    guard bytes.isUTF8, bytes.isJSON(beginningWith: UInt8(ascii: "{")), let query = RecoveryQuery(auth: bytes) else {
      return
    }
    if let (id, offset) = query.parts { try check(id.text == query.pid && offset == query.offset) }
    try self.ask(offset: query.offset)
  }

  /// What a client gets that comes with this offset.
  private static func ask(offset: String) throws {
    guard let (tag, number) = PacketLog.parts(of: offset), tag == Self.tag, self.log.isWhole(after: number) else {
      return
    }
    let stays = [
      RoomStay(room: "room", joinedAt: 0, leftAt: Self.last - 4), RoomStay(room: "room", joinedAt: number),
    ]
    let missed = self.log.missed(
      PacketLog.Question(socket: self.socket, namespace: "/", after: number, through: Self.last, stays: stays))
    let count = number < Self.last ? Int(Self.last - number) : 0
    try check(missed.map { $0.count == count } == true, "all that came after it, each once")
  }
}

private func + (left: ByteBuffer, right: ByteBuffer) -> ByteBuffer {
  var left = left
  left.writeImmutableBuffer(right)
  return left
}
