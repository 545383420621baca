import DequeModule
import NIOCore

/// What was sent within the last minutes, for clients that lost their connection: each packet once, whatever the number
/// of its receivers.
///
/// Packets are numbered without holes, so a number is a place in the queue. Beside it there is, for each audience, the
/// list of its numbers: a client's missed packets are found without looking at those of others.
struct PacketLog {
  /// Whom a packet was for.
  enum Audience: Hashable {
    case everyone(namespace: String)
    case room(String, namespace: String)
    case socket(SocketID)
  }

  private struct Packet {
    let frames: ByteBuffer
    let audiences: [Audience]
    let exceptRooms: [String]
    let exceptSocket: SocketID?
    let position: StreamPosition?
    /// See ``SocketIOServer/Recovery/restate``.
    let subject: String?
    let sentAt: NIODeadline

    var rooms: [String] {
      self.audiences.compactMap { if case .room(let room, _) = $0 { room } else { nil } }
    }

    var isForOneSocket: Bool {
      if case .socket = self.audiences.first { true } else { false }
    }
  }

  private let recovery: SocketIOServer.Recovery
  /// Tells this log's numbers from those of another process, or of another node.
  let tag: String
  /// When the newest packet was sent that is no longer kept, though others of its time may be.
  private(set) var forgottenThrough: NIODeadline?
  private var packets: Deque<Packet> = []
  /// The number of the first packet that is kept. Numbers begin with 1.
  private var first: UInt64 = 1
  private var numbers: [Audience: Deque<UInt64>] = [:]
  private var bytes = 0

  private static let tagLength = 8

  /// Not to be guessed, for it is also this node's name in the questions of others.
  static func makeTag() -> String { String(String.randomSessionID().prefix(Self.tagLength)) }

  init(recovery: SocketIOServer.Recovery, tag: String = Self.makeTag()) {
    self.recovery = recovery
    self.tag = tag
  }

  /// The number of the newest packet; 0 before there was one.
  var last: UInt64 { self.first + UInt64(self.packets.count) - 1 }

  // MARK: - Writing

  /// Keeps an event, after numbering it.
  ///
  /// - Returns: The frames of the event with its offset as the last argument.
  mutating func append(
    _ arguments: Arguments, to target: BroadcastTarget, at position: StreamPosition? = nil,
    about subject: String? = nil, now: NIODeadline
  ) -> ByteBuffer {
    let audiences: [Audience] =
      target.rooms.isEmpty
      ? [.everyone(namespace: target.namespace)]
      : target.rooms.map { .room($0, namespace: target.namespace) }
    return self.append(
      arguments, namespace: target.namespace, audiences, exceptRooms: target.exceptRooms,
      exceptSocket: target.exceptSocket, position: position, subject: subject, now: now)
  }

  mutating func append(
    _ arguments: Arguments, to socket: SocketID, namespace: String, about subject: String? = nil, now: NIODeadline
  ) -> ByteBuffer {
    self.append(
      arguments, namespace: namespace, [.socket(socket)], exceptRooms: [], exceptSocket: nil, position: nil,
      subject: subject, now: now)
  }

  private mutating func append(
    _ arguments: Arguments, namespace: String, _ audiences: [Audience], exceptRooms: [String], exceptSocket: SocketID?,
    position: StreamPosition?, subject: String?, now: NIODeadline
  ) -> ByteBuffer {
    let number = self.last + 1
    let frames = ServerFrame.event(arguments.appending(offset: self.offset(of: number)), namespace: namespace)
    self.packets.append(
      Packet(
        frames: frames, audiences: audiences, exceptRooms: exceptRooms, exceptSocket: exceptSocket, position: position,
        subject: subject, sentAt: now))
    for audience in audiences { self.numbers[audience, default: []].append(number) }
    self.bytes += Self.size(frames)
    self.forget(now: now)
    return frames
  }

  /// Forgets all packets, and that there were any: no offset until now names a place in this log any more.
  mutating func forget() {
    // A number that no packet has lies between what was and what comes.
    self.first = self.last + 2
    self.packets = []
    self.numbers = [:]
    self.bytes = 0
    self.forgottenThrough = .now()
  }

  private mutating func forget(now: NIODeadline) {
    while let packet = self.packets.first,
      self.bytes > self.recovery.maxPacketBytes || packet.sentAt + self.recovery.maxDisconnection < now
    {
      self.packets.removeFirst()
      self.first += 1
      self.forgottenThrough = packet.sentAt
      self.bytes -= Self.size(packet.frames)
      for audience in packet.audiences {
        self.numbers[audience]?.removeFirst()
        if self.numbers[audience]?.isEmpty == true { self.numbers[audience] = nil }
      }
    }
  }

  /// With what the packet costs beside its bytes.
  private static func size(_ frames: ByteBuffer) -> Int { frames.readableBytes + 256 }

  // MARK: - Reading

  private func offset(of number: UInt64) -> String { "\(self.tag).\(String(number, radix: 36))" }

  /// The number that an offset of this log names, if what came after it is still there.
  func number(of offset: String) -> UInt64? {
    // The number is the client's, up to 2⁶⁴ − 1: nothing may be added to it. `first` is never 0.
    guard let (tag, number) = Self.parts(of: offset), tag == self.tag, number >= self.first - 1, number <= self.last
    else { return nil }
    return number
  }

  /// An offset's log, and the number there.
  static func parts(of offset: String) -> (tag: String, number: UInt64)? {
    let parts = offset.split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count == 2, parts[0].utf8.count == Self.tagLength, let number = UInt64(parts[1], radix: 36) else {
      return nil
    }
    return (String(parts[0]), number)
  }

  /// What a socket missed.
  struct Question {
    let socket: SocketID
    let namespace: String
    /// The number of the last packet that its client has.
    let after: UInt64
    /// The number of the last packet to look at.
    let through: UInt64
    /// Its times in rooms.
    let stays: [RoomStay]
    /// What its client knows from another node.
    var known = KnownPositions()
  }

  /// The answer, in order, as it goes out; nil if a part of it is no longer there.
  func missed(_ question: Question) -> [ByteBuffer]? {
    guard let packets = self.packets(question) else { return nil }
    let latest = Self.latest(about: packets.map(\.packet.subject))
    guard let restate = self.recovery.restate, !latest.isEmpty else { return packets.map(\.packet.frames) }
    return packets.enumerated().compactMap { index, entry in
      guard let place = latest[index] else { return entry.packet.frames }
      guard let earlier = self.arguments(of: entry.packet, entry.number),
        let later = self.arguments(of: packets[place].packet, packets[place].number),
        let restated = restate(earlier, later)
      else { return nil }
      return ServerFrame.event(
        restated.appending(offset: self.offset(of: entry.number)), namespace: question.namespace)
    }
  }

  /// The same for packets of which some are another node's: see ``SocketIOServer/Recovery/restate``.
  func restated(_ packets: [MissedPacket]) -> [MissedPacket] {
    let latest = Self.latest(about: packets.map(\.subject))
    guard let restate = self.recovery.restate, !latest.isEmpty else { return packets }
    return packets.enumerated().compactMap { index, packet in
      guard let place = latest[index] else { return packet }
      guard let restated = restate(packet.arguments, packets[place].arguments) else { return nil }
      return MissedPacket(rooms: packet.rooms, arguments: restated, subject: packet.subject)
    }
  }

  /// For each packet that is followed by others about the same, the place of the last one.
  private static func latest(about subjects: [String?]) -> [Int: Int] {
    var last: [String: Int] = [:]
    var latest: [Int: Int] = [:]
    for index in subjects.indices.reversed() {
      guard let subject = subjects[index] else { continue }
      if let place = last[subject] { latest[index] = place } else { last[subject] = index }
    }
    return latest
  }

  /// The answer, in order, as the application said it.
  func missedPackets(_ question: Question) -> [MissedPacket]? {
    self.packets(question).flatMap(self.missedPackets)
  }

  /// The same for a client that another node has told its part. nil also if there is something that the other node might
  /// have told as well: what has no position.
  func untold(_ question: Question) -> [MissedPacket]? {
    guard let packets = self.packets(question),
      packets.allSatisfy({ $0.packet.isForOneSocket || $0.packet.position != nil })
    else { return nil }
    return self.missedPackets(packets)
  }

  private func missedPackets(_ packets: [(number: UInt64, packet: Packet)]) -> [MissedPacket]? {
    var missed: [MissedPacket] = []
    for (number, packet) in packets {
      guard let arguments = self.arguments(of: packet, number) else { return nil }
      missed.append(MissedPacket(rooms: packet.rooms, arguments: arguments, subject: packet.subject))
    }
    return missed
  }

  /// Reads back what goes out; nil if it has more attachments than clients take.
  private func arguments(of packet: Packet, _ number: UInt64) -> Arguments? {
    var frames = packet.frames
    guard var message = ServerFrame.nextPart(&frames)?.payload else { return nil }
    // Engine.IO's packet type.
    message.moveReaderIndex(forwardBy: 1)
    guard var json = (try? SocketIOPacket(decoding: message))?.payload else { return nil }
    json.moveWriterIndex(to: json.writerIndex - Arguments.ending(offset: self.offset(of: number)).utf8.count)
    json.writeString("]")
    var attachments: [ByteBuffer] = []
    while let part = ServerFrame.nextPart(&frames) { attachments.append(part.payload) }
    return Arguments(json, attachments: attachments)
  }

  private func packets(_ question: Question) -> [(number: UInt64, packet: Packet)]? {
    guard question.after >= self.first - 1 else { return nil }
    var missed: Set<UInt64> = []
    func collect(_ audience: Audience, after number: UInt64, through end: UInt64) {
      guard let numbers = self.numbers[audience] else { return }
      for candidate in numbers.reversed() where candidate <= end {
        guard candidate > number else { break }
        missed.insert(candidate)
      }
    }
    let namespace = question.namespace
    collect(.socket(question.socket), after: question.after, through: question.through)
    collect(.everyone(namespace: namespace), after: question.after, through: question.through)
    for stay in question.stays {
      collect(
        .room(stay.room, namespace: namespace), after: max(question.after, stay.joinedAt),
        through: min(question.through, stay.leftAt))
    }
    let names = Set(question.stays.filter { $0.leftAt == .max }.map(\.room))
    return missed.sorted().compactMap { number in
      let packet = self.packets[Int(number - self.first)]
      guard packet.exceptSocket != question.socket, packet.exceptRooms.allSatisfy({ !names.contains($0) }) else {
        return nil
      }
      return question.known.has(packet.position) ? nil : (number, packet)
    }
  }

  /// How far the streams were, up to a packet, that told these rooms anything.
  func positions(namespace: String, rooms: [String], through end: UInt64) -> KnownPositions {
    var positions = KnownPositions()
    for audience in [.everyone(namespace: namespace)] + rooms.map({ Audience.room($0, namespace: namespace) }) {
      for number in self.numbers[audience] ?? [] where number <= end {
        if let position = self.packets[Int(number - self.first)].position { positions.insert(position) }
      }
    }
    return positions
  }
}

extension Arguments {
  fileprivate static func ending(offset: String) -> String { ",\"\(offset)\"]" }

  /// The offset as one argument more. Source: socketio/socket.io, packages/socket.io-adapter, `SessionAwareAdapter`.
  fileprivate func appending(offset: String) -> Arguments {
    var json = self.json.getSlice(at: self.json.readerIndex, length: self.json.readableBytes) ?? ByteBuffer()
    // The application's array ends with its bracket, whatever white space it put behind it.
    let view = json.readableBytesView
    let end = view.lastIndex(of: UInt8(ascii: "]")) ?? view.endIndex
    json.moveWriterIndex(to: end)
    json.writeString(Self.ending(offset: offset))
    return Arguments(json, attachments: self.attachments)
  }
}
