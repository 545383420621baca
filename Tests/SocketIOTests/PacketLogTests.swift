import NIOCore
import Testing

@testable import SocketIO

@Suite("What is kept for clients that are away")
struct PacketLogTests {
  private let now = NIODeadline.uptimeNanoseconds(1_000_000_000)
  private let socket = SocketID(rawValue: 7)

  private func event(_ number: Int) -> Arguments { Arguments(ByteBuffer(string: #"["e",\#(number)]"#)) }

  private func log(bytes: Int = 1 << 20) -> PacketLog {
    var recovery = SocketIOServer.Recovery()
    recovery.maxPacketBytes = bytes
    recovery.maxDisconnection = .seconds(10)
    return PacketLog(recovery: recovery, tag: "tag00000")
  }

  private func question(
    after number: UInt64, through end: UInt64, stays: [RoomStay], known: KnownPositions = KnownPositions()
  ) -> PacketLog.Question {
    PacketLog.Question(
      socket: self.socket, namespace: "/", after: number, through: end, stays: stays, known: known)
  }

  private func texts(_ packets: [MissedPacket]?) -> [String]? {
    packets?.map { String(buffer: $0.arguments.json) }
  }

  private func texts(_ frames: [ByteBuffer]?) -> [String]? {
    frames?.map { frame in
      var frame = frame
      return ServerFrame.nextPart(&frame).map { String(buffer: $0.payload) } ?? ""
    }
  }

  @Test("a client gets what its rooms, its namespace and itself were sent, in order, each once")
  func missed() {
    var log = self.log()
    _ = log.append(self.event(1), to: .room("a"), now: self.now)
    _ = log.append(self.event(2), to: BroadcastTarget(rooms: ["a", "b"]), now: self.now)
    _ = log.append(self.event(3), to: .room("other"), now: self.now)
    _ = log.append(self.event(4), to: self.socket, namespace: "/", now: self.now)
    _ = log.append(self.event(5), to: .everyone(), now: self.now)
    _ = log.append(self.event(6), to: .everyone(in: "/custom"), now: self.now)
    _ = log.append(self.event(7), to: .room("b", except: self.socket), now: self.now)
    _ = log.append(self.event(8), to: BroadcastTarget(rooms: ["b"], exceptRooms: ["a"]), now: self.now)
    _ = log.append(self.event(9), to: .room("b"), now: self.now)
    let stays = [RoomStay(room: "a", joinedAt: 0), RoomStay(room: "b", joinedAt: 0)]
    let all = log.missed(self.question(after: 1, through: 9, stays: stays))
    #expect(
      self.texts(all) == [
        #"42["e",2,"tag00000.2"]"#, #"42["e",4,"tag00000.4"]"#, #"42["e",5,"tag00000.5"]"#, #"42["e",9,"tag00000.9"]"#,
      ])
    let some = log.missed(self.question(after: 2, through: 8, stays: stays))
    #expect(self.texts(some)?.count == 2)
  }

  /// Who had missed nothing went on in a past that was no longer true.
  @Test("what is forgotten leaves no place behind, and what comes then is kept")
  func forgotten() {
    var log = self.log()
    for number in 1...3 { _ = log.append(self.event(number), to: .everyone(), now: self.now) }
    log.forget()
    for offset in ["tag00000.0", "tag00000.2", "tag00000.3"] { #expect(log.number(of: offset) == nil) }
    #expect(log.missed(self.question(after: 3, through: log.last, stays: [])) == nil)
    for number in 5...6 { _ = log.append(self.event(number), to: .everyone(), now: self.now) }
    #expect(log.number(of: "tag00000.3") == nil)
    #expect(log.number(of: "tag00000.5") == 5)
    let missed = log.missed(self.question(after: 5, through: log.last, stays: []))
    #expect(self.texts(missed) == [#"42["e",6,"tag00000.6"]"#])
  }

  /// A message that was deleted meanwhile was told again with its text.
  @Test("what was said again later is not told as it was, and comes in its own place")
  func restated() {
    var recovery = SocketIOServer.Recovery()
    recovery.restate = { earlier, latest in
      let texts = [earlier, latest].map { String(buffer: $0.json) }
      return texts[0] == #"["e",9]"#
        ? nil : Arguments(ByteBuffer(string: #"["again","\#(texts[1].dropFirst(5).dropLast())"]"#))
    }
    var log = PacketLog(recovery: recovery, tag: "tag00000")
    for (number, subject) in [(1, "m"), (2, "n"), (3, nil), (4, "m"), (9, "n"), (6, "m"), (7, "n")] {
      _ = log.append(self.event(number), to: .room("a"), about: subject, now: self.now)
    }
    // Not of this client's room.
    _ = log.append(self.event(8), to: .room("b"), about: "m", now: self.now)
    _ = log.append(self.event(5), to: self.socket, namespace: "/", about: "o", now: self.now)
    let question = self.question(after: 0, through: 9, stays: [RoomStay(room: "a", joinedAt: 0)])
    #expect(
      self.texts(log.missed(question)) == [
        #"42["again","6","tag00000.1"]"#, #"42["again","7","tag00000.2"]"#, #"42["e",3,"tag00000.3"]"#,
        #"42["again","6","tag00000.4"]"#, #"42["e",6,"tag00000.6"]"#, #"42["e",7,"tag00000.7"]"#,
        #"42["e",5,"tag00000.9"]"#,
      ])
    // On its way to another node all is there, with what it is about; there it is put before what that one adds.
    let missed = log.missedPackets(question) ?? []
    #expect(missed.map(\.subject) == ["m", "n", nil, "m", "n", "m", "n", "o"])
    let last = MissedPacket(rooms: ["a"], arguments: self.event(10), subject: "o")
    #expect(self.texts(log.restated(missed + [last]))?.suffix(2) == [#"["again","10"]"#, #"["e",10]"#])
  }

  @Test("of a room only what was sent while the socket was in it")
  func stays() {
    var log = self.log()
    for number in 1...9 { _ = log.append(self.event(number), to: .room("a"), now: self.now) }
    let stays = [RoomStay(room: "a", joinedAt: 2, leftAt: 4), RoomStay(room: "a", joinedAt: 7)]
    let missed = log.missed(self.question(after: 0, through: 8, stays: stays))
    #expect(self.texts(missed) == [3, 4, 8].map { #"42["e",\#($0),"tag00000.\#($0)"]"# })
  }

  @Test("offsets are read back while what follows them is whole, and those of others are not")
  func offsets() {
    var log = self.log()
    for number in 1...40 { _ = log.append(self.event(number), to: .room("a"), now: self.now) }
    #expect(log.number(of: "tag00000.14") == 40)
    #expect(log.number(of: "tag00000.0") == 0)
    for other in [
      "tag00000.15", "gat.1", "tag", "tag.", ".1", "tag00000.1.1", "tag.-1", "", "tag.zzzzzzzzzzzzzzzzzzzz",
      // 2⁶⁴ − 1 has no successor: asked for, it ended the process. Beyond it there is no number.
      "tag00000.3w5e11264sgsf", "tag00000.3w5e11264sgsg", "tag00000.-1", "tag00000.",
    ] {
      #expect(log.number(of: other) == nil)
    }
    // What is older than the time that sockets wait goes when something new comes.
    _ = log.append(self.event(41), to: .room("a"), now: self.now + .seconds(11))
    #expect(log.number(of: "tag00000.13") == nil)
    #expect(log.number(of: "tag00000.14") == 40)
    #expect(
      log.missed(self.question(after: 39, through: 41, stays: [RoomStay(room: "a", joinedAt: 0)])) == nil)
  }

  @Test("what another node has told is not told again, and what it may have told is not guessed at")
  func positions() {
    var log = self.log()
    func append(_ number: Int, to target: BroadcastTarget, at position: UInt64?, of stream: String = "s") {
      _ = log.append(
        self.event(number), to: target, at: position.map { StreamPosition(stream: stream, number: $0) }, now: self.now)
    }
    append(1, to: .room("a"), at: 7)
    append(2, to: .room("a"), at: 3, of: "t")
    append(3, to: .everyone(), at: 8)
    append(4, to: .room("b"), at: 9)
    _ = log.append(self.event(5), to: self.socket, namespace: "/", now: self.now)
    append(6, to: .room("a"), at: 4, of: "t")
    let stays = [RoomStay(room: "a", joinedAt: 0)]
    #expect(
      Set(log.positions(namespace: "/", rooms: ["a"], through: 5).all) == [
        StreamPosition(stream: "s", number: 8), StreamPosition(stream: "t", number: 3),
      ])
    let known = KnownPositions([StreamPosition(stream: "s", number: 7), StreamPosition(stream: "t", number: 3)])
    let question = self.question(after: 0, through: 6, stays: stays, known: known)
    #expect(self.texts(log.untold(question)) == [3, 5, 6].map { #"["e",\#($0)]"# })
    #expect(self.texts(log.missed(question)) == [3, 5, 6].map { #"42["e",\#($0),"tag00000.\#($0)"]"# })
    append(7, to: .room("other"), at: nil)
    #expect(log.untold(self.question(after: 0, through: 7, stays: stays)) != nil)
    append(8, to: .room("a"), at: nil)
    #expect(log.untold(self.question(after: 0, through: 8, stays: stays)) == nil)
  }

  @Test("bytes are bounded, with what an entry costs beside them")
  func bytes() {
    var log = self.log(bytes: 10_000)
    for number in 1...1000 { _ = log.append(self.event(number), to: .room("a"), now: self.now) }
    let kept = log.missed(self.question(after: 1000 - 30, through: 1000, stays: [RoomStay(room: "a", joinedAt: 0)]))
    #expect(kept?.count == 30)
    #expect(log.number(of: "tag00000.1") == nil)
  }

  @Test("events that follow each other are joined, each variant with its own bytes")
  func batch() throws {
    var batch = BroadcastBatch()
    func packet(_ text: String, numbered: String? = nil, volatile: Bool = false) -> OutgoingPacket {
      OutgoingPacket(
        plain: ByteBuffer(string: text), numbered: numbered.map { ByteBuffer(string: $0) }, isVolatile: volatile)
    }
    let taken = [
      batch.add(packet("a"), to: .room("r")), batch.add(packet("b", numbered: "b1"), to: .room("r")),
      batch.add(packet("c"), to: .room("r")),
    ]
    #expect(taken == [true, true, true])
    let others = [
      batch.add(packet("d"), to: .room("s")), batch.add(packet("d", volatile: true), to: .room("r")),
      batch.add(packet("d"), to: .room("r", except: self.socket)),
      batch.add(packet(String(repeating: "x", count: 40_000)), to: .room("r")),
    ]
    #expect(others == [false, false, false, false])
    let (joined, target) = batch.take()
    #expect(String(buffer: joined.plain) == "abc")
    #expect(joined.numbered.map { String(buffer: $0) } == "ab1c")
    #expect(target == .room("r"))
    #expect(batch.count == 0)
  }
}
