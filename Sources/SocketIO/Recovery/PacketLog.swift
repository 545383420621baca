import DequeModule
import NIOCore

/// What was sent within the last minutes, for clients that lost their connection: each packet once, whatever the number
/// of its receivers.
///
/// Each loop has one, and keeps in it all that is sent on this node, in the order of the calls (``Switchboard``): so all
/// are the same, and what a client missed is found wherever it comes to. Only the bytes are shared. A packet's number is
/// that of its call; many calls keep nothing. For each audience there is the list of its packets: a client's missed ones
/// are found without looking at those of others.
struct PacketLog {
  /// Whom a packet was for.
  enum Audience: Hashable {
    case everyone(namespace: String)
    case room(String, namespace: String)
    case socket(SocketID)
  }

  struct Packet: Sendable {
    let number: UInt64
    /// With the offset as the event's last argument.
    let frames: ByteBuffer
    fileprivate let audiences: [Audience]
    fileprivate var exceptRooms: [String] = []
    fileprivate var exceptSocket: SocketID?
    fileprivate var position: StreamPosition?
    /// See ``SocketIOServer/Recovery/restate``.
    fileprivate var subject: String?
    fileprivate let sentAt: NIODeadline

    fileprivate var rooms: [String] {
      self.audiences.compactMap { if case .room(let room, _) = $0 { room } else { nil } }
    }

    fileprivate var isForOneSocket: Bool {
      if case .socket = self.audiences.first { true } else { false }
    }
  }

  private let recovery: SocketIOServer.Recovery
  /// Tells this node's numbers from those of another process, or of another node.
  let tag: String
  /// What a packet costs beside its bytes: what loops share, and a place in each log.
  private let packetCost: Int
  /// The number up to which not everything is kept any more.
  private(set) var forgotten: UInt64 = 0
  /// When the newest packet was sent that is no longer kept, though others of its time may be.
  private(set) var forgottenThrough: NIODeadline?
  private var packets: Deque<Packet> = []
  /// Packets have places, without holes: that of the first one which is kept.
  private var first: UInt64 = 0
  private var places: [Audience: Deque<UInt64>] = [:]
  private var bytes = 0

  private static let tagLength = 8

  /// Not to be guessed, for it is also this node's name in the questions of others.
  static func makeTag() -> String { String(String.randomSessionID().prefix(Self.tagLength)) }

  /// - Parameter loops: How many keep the same.
  init(recovery: SocketIOServer.Recovery, tag: String, loops: Int = 1) {
    self.recovery = recovery
    self.tag = tag
    self.packetCost = 128 + 128 * loops
  }

  // MARK: - Writing

  /// Keeps a packet: of the packets that were kept before, none has its number or a higher one.
  mutating func keep(_ packet: Packet) {
    let place = self.first + UInt64(self.packets.count)
    self.packets.append(packet)
    for audience in packet.audiences { self.places[audience, default: []].append(place) }
    self.bytes += self.size(packet.frames)
    // By the packet's own clock, so that all loops forget the same.
    while let oldest = self.packets.first,
      self.bytes > self.recovery.maxPacketBytes || oldest.sentAt + self.recovery.maxDisconnection < packet.sentAt
    {
      self.forget(oldest)
    }
  }

  /// Forgets the first packet.
  private mutating func forget(_ packet: Packet) {
    self.packets.removeFirst()
    self.first += 1
    self.forgotten = packet.number
    self.forgottenThrough = packet.sentAt
    self.bytes -= self.size(packet.frames)
    for audience in packet.audiences {
      self.places[audience]?.removeFirst()
      if self.places[audience]?.isEmpty == true { self.places[audience] = nil }
    }
  }

  /// Forgets all packets, and that there were any: no offset up to this number names a place in this log any more.
  ///
  /// - Parameter number: A call's that keeps nothing.
  mutating func forget(through number: UInt64) {
    self.forgotten = number
    self.first += UInt64(self.packets.count)
    self.packets = []
    self.places = [:]
    self.bytes = 0
    self.forgottenThrough = .now()
  }

  private func size(_ frames: ByteBuffer) -> Int { frames.readableBytes + self.packetCost }

  // MARK: - Reading

  fileprivate static func offset(of number: UInt64, _ tag: String) -> String { "\(tag).\(String(number, radix: 36))" }

  /// An offset's node, and the number there.
  static func parts(of offset: String) -> (tag: String, number: UInt64)? {
    let parts = offset.split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count == 2, parts[0].utf8.count == Self.tagLength, let number = UInt64(parts[1], radix: 36) else {
      return nil
    }
    return (String(parts[0]), number)
  }

  /// Whether all that came after this number is still there, here or beside it.
  func isWhole(after number: UInt64, beside carried: CarriedPackets? = nil) -> Bool {
    max(number, carried?.numbers.upperBound ?? 0) >= self.forgotten
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
    /// What it got from there.
    var carried: CarriedPackets?
  }

  /// The answer, in order, as it goes out; nil if a part of it is no longer there.
  func missed(_ question: Question) -> [ByteBuffer]? {
    guard let packets = self.packets(question) else { return nil }
    let latest = Self.latest(about: packets.map(\.subject))
    guard let restate = self.recovery.restate, !latest.isEmpty else { return packets.map(\.frames) }
    return packets.enumerated().compactMap { index, packet in
      guard let place = latest[index] else { return packet.frames }
      guard let earlier = self.arguments(of: packet), let later = self.arguments(of: packets[place]),
        let restated = restate(earlier, later)
      else { return nil }
      return ServerFrame.event(
        restated.appending(offset: Self.offset(of: packet.number, self.tag)), namespace: question.namespace)
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
      packets.allSatisfy({ $0.isForOneSocket || $0.position != nil })
    else { return nil }
    return self.missedPackets(packets)
  }

  private func missedPackets(_ packets: [Packet]) -> [MissedPacket]? {
    var missed: [MissedPacket] = []
    for packet in packets {
      guard let arguments = self.arguments(of: packet) else { return nil }
      missed.append(MissedPacket(rooms: packet.rooms, arguments: arguments, subject: packet.subject))
    }
    return missed
  }

  /// Reads back what goes out; nil if it has more attachments than clients take.
  private func arguments(of packet: Packet) -> Arguments? {
    var frames = packet.frames
    guard var message = ServerFrame.nextPart(&frames)?.payload else { return nil }
    // Engine.IO's packet type.
    message.moveReaderIndex(forwardBy: 1)
    guard var json = (try? SocketIOPacket(decoding: message))?.payload else { return nil }
    let offset = Self.offset(of: packet.number, self.tag)
    json.moveWriterIndex(to: json.writerIndex - Arguments.ending(offset: offset).utf8.count)
    json.writeString("]")
    var attachments: [ByteBuffer] = []
    while let part = ServerFrame.nextPart(&frames) { attachments.append(part.payload) }
    return Arguments(json, attachments: attachments)
  }

  private func packet(at place: UInt64) -> Packet { self.packets[Int(place - self.first)] }

  private func packets(_ question: Question) -> [Packet]? {
    guard self.isWhole(after: question.after, beside: question.carried) else { return nil }
    var missed: Set<UInt64> = []
    func collect(_ audience: Audience, after number: UInt64, through end: UInt64) {
      for place in self.places[audience]?.reversed() ?? [] {
        let candidate = self.packet(at: place).number
        guard candidate > number else { break }
        if candidate <= end { missed.insert(place) }
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
    // Its numbers are lower than all that were kept for this socket since.
    let carried = question.carried?.packets.filter { $0.number > question.after && $0.number <= question.through } ?? []
    return carried
      + missed.sorted().map(self.packet).filter { packet in
        packet.exceptSocket != question.socket && packet.exceptRooms.allSatisfy { !names.contains($0) }
          && !question.known.has(packet.position)
      }
  }

  /// How far the streams were, up to a packet, that told these rooms anything.
  func positions(namespace: String, rooms: [String], through end: UInt64) -> KnownPositions {
    var positions = KnownPositions()
    for audience in [.everyone(namespace: namespace)] + rooms.map({ Audience.room($0, namespace: namespace) }) {
      for packet in (self.places[audience] ?? []).lazy.map(self.packet) where packet.number <= end {
        if let position = packet.position { positions.insert(position) }
      }
    }
    return positions
  }
}

extension PacketLog.Packet {
  /// A broadcast.
  ///
  /// - Parameters:
  ///   - number: That of the call.
  ///   - tag: The logs'.
  init(
    _ arguments: Arguments, to target: BroadcastTarget, at position: StreamPosition? = nil,
    about subject: String? = nil, number: UInt64, tag: String, now: NIODeadline
  ) {
    self.init(
      number: number, frames: Self.frames(arguments, namespace: target.namespace, number, tag),
      audiences: target.rooms.isEmpty
        ? [.everyone(namespace: target.namespace)]
        : target.rooms.map { .room($0, namespace: target.namespace) },
      exceptRooms: target.exceptRooms, exceptSocket: target.exceptSocket, position: position, subject: subject,
      sentAt: now)
  }

  /// An event for one socket.
  init(
    _ arguments: Arguments, to socket: SocketID, namespace: String, about subject: String? = nil, number: UInt64,
    tag: String, now: NIODeadline
  ) {
    self.init(
      number: number, frames: Self.frames(arguments, namespace: namespace, number, tag), audiences: [.socket(socket)],
      subject: subject, sentAt: now)
  }

  private static func frames(
    _ arguments: Arguments, namespace: String, _ number: UInt64, _ tag: String
  ) -> ByteBuffer {
    ServerFrame.event(arguments.appending(offset: PacketLog.offset(of: number, tag)), namespace: namespace)
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
