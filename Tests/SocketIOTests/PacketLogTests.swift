import Logging
import NIOCore
import NIOPosix
import Testing

@testable import SocketIO

/// A log of one loop.
private struct NumberedLog {
  private(set) var log: PacketLog
  private(set) var last: UInt64 = 0

  init(_ log: PacketLog) { self.log = log }

  mutating func append(
    _ arguments: Arguments, to target: BroadcastTarget, at position: StreamPosition? = nil,
    about subject: String? = nil, now: NIODeadline
  ) {
    self.last += 1
    self.log.keep(
      PacketLog.Packet(
        arguments, to: target, at: position, about: subject, number: self.last, tag: self.log.tag, now: now))
  }

  mutating func append(
    _ arguments: Arguments, to socket: SocketID, namespace: String, about subject: String? = nil, now: NIODeadline
  ) {
    self.last += 1
    self.log.keep(
      PacketLog.Packet(
        arguments, to: socket, namespace: namespace, about: subject, number: self.last, tag: self.log.tag, now: now))
  }

  /// A call that keeps nothing.
  mutating func skip() { self.last += 1 }

  mutating func forget() {
    self.skip()
    self.log.forget(through: self.last)
  }
}

@Suite("What is kept for clients that are away")
struct PacketLogTests {
  private let now = NIODeadline.uptimeNanoseconds(1_000_000_000)
  private let socket = SocketID(rawValue: 7)

  private func event(_ number: Int) -> Arguments { Arguments(ByteBuffer(string: #"["e",\#(number)]"#)) }

  private func log(bytes: Int = 1 << 20) -> NumberedLog {
    var recovery = SocketIOServer.Recovery()
    recovery.maxPacketBytes = bytes
    recovery.maxDisconnection = .seconds(10)
    return NumberedLog(PacketLog(recovery: recovery, tag: "tag00000"))
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
    log.append(self.event(1), to: .room("a"), now: self.now)
    log.append(self.event(2), to: BroadcastTarget(rooms: ["a", "b"]), now: self.now)
    log.append(self.event(3), to: .room("other"), now: self.now)
    log.append(self.event(4), to: self.socket, namespace: "/", now: self.now)
    log.append(self.event(5), to: .everyone(), now: self.now)
    log.append(self.event(6), to: .everyone(in: "/custom"), now: self.now)
    log.append(self.event(7), to: .room("b", except: self.socket), now: self.now)
    log.append(self.event(8), to: BroadcastTarget(rooms: ["b"], exceptRooms: ["a"]), now: self.now)
    log.append(self.event(9), to: .room("b"), now: self.now)
    let stays = [RoomStay(room: "a", joinedAt: 0), RoomStay(room: "b", joinedAt: 0)]
    let all = log.log.missed(self.question(after: 1, through: 9, stays: stays))
    #expect(
      self.texts(all) == [
        #"42["e",2,"tag00000.2"]"#, #"42["e",4,"tag00000.4"]"#, #"42["e",5,"tag00000.5"]"#, #"42["e",9,"tag00000.9"]"#,
      ])
    let some = log.log.missed(self.question(after: 2, through: 8, stays: stays))
    #expect(self.texts(some)?.count == 2)
  }

  /// Who had missed nothing went on in a past that was no longer true.
  @Test("what is forgotten leaves no place behind, and what comes then is kept")
  func forgotten() {
    var log = self.log()
    for number in 1...3 { log.append(self.event(number), to: .everyone(), now: self.now) }
    log.forget()
    for number: UInt64 in [0, 2, 3] { #expect(!log.log.isWhole(after: number)) }
    #expect(log.log.missed(self.question(after: 3, through: log.last, stays: [])) == nil)
    for number in 5...6 { log.append(self.event(number), to: .everyone(), now: self.now) }
    #expect(!log.log.isWhole(after: 3))
    #expect(log.log.isWhole(after: 5))
    let missed = log.log.missed(self.question(after: 5, through: log.last, stays: []))
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
    var log = NumberedLog(PacketLog(recovery: recovery, tag: "tag00000"))
    for (number, subject) in [(1, "m"), (2, "n"), (3, nil), (4, "m"), (9, "n"), (6, "m"), (7, "n")] {
      log.append(self.event(number), to: .room("a"), about: subject, now: self.now)
    }
    // Not of this client's room.
    log.append(self.event(8), to: .room("b"), about: "m", now: self.now)
    log.append(self.event(5), to: self.socket, namespace: "/", about: "o", now: self.now)
    let question = self.question(after: 0, through: 9, stays: [RoomStay(room: "a", joinedAt: 0)])
    #expect(
      self.texts(log.log.missed(question)) == [
        #"42["again","6","tag00000.1"]"#, #"42["again","7","tag00000.2"]"#, #"42["e",3,"tag00000.3"]"#,
        #"42["again","6","tag00000.4"]"#, #"42["e",6,"tag00000.6"]"#, #"42["e",7,"tag00000.7"]"#,
        #"42["e",5,"tag00000.9"]"#,
      ])
    // On its way to another node all is there, with what it is about; there it is put before what that one adds.
    let missed = log.log.missedPackets(question) ?? []
    #expect(missed.map(\.subject) == ["m", "n", nil, "m", "n", "m", "n", "o"])
    let last = MissedPacket(rooms: ["a"], arguments: self.event(10), subject: "o")
    #expect(self.texts(log.log.restated(missed + [last]))?.suffix(2) == [#"["again","10"]"#, #"["e",10]"#])
  }

  @Test("of a room only what was sent while the socket was in it")
  func stays() {
    var log = self.log()
    for number in 1...9 { log.append(self.event(number), to: .room("a"), now: self.now) }
    let stays = [RoomStay(room: "a", joinedAt: 2, leftAt: 4), RoomStay(room: "a", joinedAt: 7)]
    let missed = log.log.missed(self.question(after: 0, through: 8, stays: stays))
    #expect(self.texts(missed) == [3, 4, 8].map { #"42["e",\#($0),"tag00000.\#($0)"]"# })
  }

  @Test("offsets are read back, and what is none is not")
  func offsets() {
    let offsets: [(String, UInt64?)] = [
      ("tag00000.14", 40), ("tag00000.0", 0), ("tag00000.3w5e11264sgsf", .max), ("tag00000.3w5e11264sgsg", nil),
      ("gat.1", nil), ("tag", nil), ("tag.", nil), (".1", nil), ("tag00000.1.1", nil), ("tag00000.-1", nil),
      ("tag00000.", nil), ("", nil), ("tag00000.zzzzzzzzzzzzzzzzzzzz", nil),
    ]
    for (offset, number) in offsets { #expect(PacketLog.parts(of: offset)?.number == number, "\(offset)") }
  }

  @Test("what is older than sockets wait goes when something new comes, and who had not got it begins anew")
  func age() {
    var log = self.log()
    for number in 1...40 { log.append(self.event(number), to: .room("a"), now: self.now) }
    for number: UInt64 in [0, 39, 40, .max] { #expect(log.log.isWhole(after: number)) }
    log.append(self.event(41), to: .room("a"), now: self.now + .seconds(11))
    #expect(!log.log.isWhole(after: 39))
    #expect(log.log.isWhole(after: 40))
    let stays = [RoomStay(room: "a", joinedAt: 0)]
    #expect(log.log.missed(self.question(after: 39, through: 41, stays: stays)) == nil)
    #expect(log.log.missed(self.question(after: .max, through: 41, stays: stays)) == [])
  }

  @Test("most calls keep nothing, and their numbers are places as well")
  func gaps() {
    var log = self.log(bytes: 3_000)
    for number in 1...20 {
      log.append(self.event(number), to: .room("a"), now: self.now)
      log.skip()
      log.skip()
    }
    let stays = [RoomStay(room: "a", joinedAt: 0, leftAt: 54), RoomStay(room: "a", joinedAt: 57)]
    // The packets 46, 49, 52, 55 and 58.
    let missed = log.log.missed(self.question(after: 45, through: 60, stays: stays))
    let expected = [(16, "1a"), (17, "1d"), (18, "1g"), (20, "1m")]
    #expect(self.texts(missed) == expected.map { #"42["e",\#($0),"tag00000.\#($1)"]"# })
    #expect(self.texts(log.log.missed(self.question(after: 46, through: 51, stays: stays)))?.count == 1)
    #expect(!log.log.isWhole(after: 20))
    #expect(log.log.forgotten % 3 == 1)
    #expect(log.log.isWhole(after: log.log.forgotten))
  }

  @Test("what another node has told is not told again, and what it may have told is not guessed at")
  func positions() {
    var log = self.log()
    func append(_ number: Int, to target: BroadcastTarget, at position: UInt64?, of stream: String = "s") {
      log.append(
        self.event(number), to: target, at: position.map { StreamPosition(stream: stream, number: $0) }, now: self.now)
    }
    append(1, to: .room("a"), at: 7)
    append(2, to: .room("a"), at: 3, of: "t")
    append(3, to: .everyone(), at: 8)
    append(4, to: .room("b"), at: 9)
    log.append(self.event(5), to: self.socket, namespace: "/", now: self.now)
    append(6, to: .room("a"), at: 4, of: "t")
    let stays = [RoomStay(room: "a", joinedAt: 0)]
    #expect(
      Set(log.log.positions(namespace: "/", rooms: ["a"], through: 5).all) == [
        StreamPosition(stream: "s", number: 8), StreamPosition(stream: "t", number: 3),
      ])
    let known = KnownPositions([StreamPosition(stream: "s", number: 7), StreamPosition(stream: "t", number: 3)])
    let question = self.question(after: 0, through: 6, stays: stays, known: known)
    #expect(self.texts(log.log.untold(question)) == [3, 5, 6].map { #"["e",\#($0)]"# })
    #expect(self.texts(log.log.missed(question)) == [3, 5, 6].map { #"42["e",\#($0),"tag00000.\#($0)"]"# })
    append(7, to: .room("other"), at: nil)
    #expect(log.log.untold(self.question(after: 0, through: 7, stays: stays)) != nil)
    append(8, to: .room("a"), at: nil)
    #expect(log.log.untold(self.question(after: 0, through: 8, stays: stays)) == nil)
  }

  @Test("bytes are bounded, with what an entry costs beside them")
  func bytes() {
    var log = self.log(bytes: 10_000)
    for number in 1...1000 { log.append(self.event(number), to: .room("a"), now: self.now) }
    let kept = log.log.missed(self.question(after: 1000 - 30, through: 1000, stays: [RoomStay(room: "a", joinedAt: 0)]))
    #expect(kept?.count == 30)
    #expect(!log.log.isWhole(after: 1))
  }

  /// Each move of a socket was remembered until another client came from another node.
  @Test("what is carried goes when its client can't come back, and moves leave nothing behind")
  func carried() throws {
    let eventLoop = MultiThreadedEventLoopGroup.singleton.next()
    var configuration = SocketIOServer.Configuration()
    configuration.recovery = SocketIOServer.Recovery()
    // At once.
    configuration.recovery?.maxDisconnection = .nanoseconds(-1)
    func makeLoop(_ index: Int, _ eventLoop: any EventLoop) -> ConnectionLoop {
      ConnectionLoop(
        index: index, eventLoop: eventLoop, configuration: configuration, registry: ServerRegistry(node: nil),
        logger: Logger(label: "test"))
    }
    let switchboard = Switchboard(eventLoops: [eventLoop], logTag: "tag00000", makeLoop: makeLoop)
    let loop = makeLoop(0, eventLoop)
    let socket = Socket(
      id: SocketID(loop: 0, slot: 0, count: 1), nonce: 0, namespace: LoopNamespace(name: "/"),
      application: TestApplication(), slot: 0, connection: nil)
    loop.sockets.append(socket)
    func carry(limit: Int) -> CarriedPackets? {
      CarriedPackets(
        [MissedPacket(rooms: [], arguments: self.event(1))], to: socket.id, namespace: "/", 10...20, tag: "tag00000",
        limit: limit, switchboard)
    }
    #expect(carry(limit: 200) == nil)
    loop.keep(try #require(carry(limit: 400)), for: socket)
    #expect(carry(limit: 400) == nil, "there is place for one")
    for _ in 0..<1_000 {
      let carried = try #require(socket.carried)
      loop.keep(carried, for: socket)
    }
    #expect(loop.carriers.count == 1)
    #expect(socket.keptFrom == 20)
    socket.dropCarried()
    #expect(carry(limit: 400) != nil, "what was carried is no longer counted")
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
