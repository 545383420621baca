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
    let sentAt: NIODeadline
  }

  private let recovery: SocketIOServer.Recovery
  /// Tells this log's numbers from those of another process, or of another node.
  private let tag: String
  private var packets: Deque<Packet> = []
  /// The number of the first packet that is kept. Numbers begin with 1.
  private var first: UInt64 = 1
  private var numbers: [Audience: Deque<UInt64>] = [:]
  private var bytes = 0

  init(recovery: SocketIOServer.Recovery, tag: String) {
    self.recovery = recovery
    self.tag = tag
  }

  /// The number of the newest packet; 0 before there was one.
  var last: UInt64 { self.first + UInt64(self.packets.count) - 1 }

  // MARK: - Writing

  /// Keeps an event, after numbering it.
  ///
  /// - Returns: The frames of the event with its offset as the last argument.
  mutating func append(_ arguments: Arguments, to target: BroadcastTarget, now: NIODeadline) -> ByteBuffer {
    let audiences: [Audience] =
      target.rooms.isEmpty
      ? [.everyone(namespace: target.namespace)]
      : target.rooms.map { .room($0, namespace: target.namespace) }
    return self.append(
      arguments, namespace: target.namespace, audiences, exceptRooms: target.exceptRooms,
      exceptSocket: target.exceptSocket, now: now)
  }

  mutating func append(_ arguments: Arguments, to socket: SocketID, namespace: String, now: NIODeadline) -> ByteBuffer {
    self.append(arguments, namespace: namespace, [.socket(socket)], exceptRooms: [], exceptSocket: nil, now: now)
  }

  private mutating func append(
    _ arguments: Arguments, namespace: String, _ audiences: [Audience], exceptRooms: [String], exceptSocket: SocketID?,
    now: NIODeadline
  ) -> ByteBuffer {
    let number = self.last + 1
    let frames = ServerFrame.event(arguments.appending(offset: self.offset(of: number)), namespace: namespace)
    self.packets.append(
      Packet(
        frames: frames, audiences: audiences, exceptRooms: exceptRooms, exceptSocket: exceptSocket, sentAt: now))
    for audience in audiences { self.numbers[audience, default: []].append(number) }
    self.bytes += Self.size(frames)
    self.forget(now: now)
    return frames
  }

  private mutating func forget(now: NIODeadline) {
    while let packet = self.packets.first,
      self.bytes > self.recovery.maxPacketBytes || packet.sentAt + self.recovery.maxDisconnection < now
    {
      self.packets.removeFirst()
      self.first += 1
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
    let parts = offset.split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count == 2, parts[0] == self.tag[...], let number = UInt64(parts[1], radix: 36),
      number + 1 >= self.first, number <= self.last
    else { return nil }
    return number
  }

  /// What a socket missed, in order.
  ///
  /// - Parameters:
  ///   - number: The last that its client has.
  ///   - end: The last that is to be looked at.
  ///   - stays: Its times in rooms.
  /// - Returns: nil if a part of it is no longer there.
  func missed(
    by socket: SocketID, namespace: String, after number: UInt64, through end: UInt64,
    stays: [RoomStay]
  ) -> [ByteBuffer]? {
    guard number + 1 >= self.first else { return nil }
    var missed: Set<UInt64> = []
    func collect(_ audience: Audience, after number: UInt64, through end: UInt64) {
      guard let numbers = self.numbers[audience] else { return }
      for candidate in numbers.reversed() where candidate <= end {
        guard candidate > number else { break }
        missed.insert(candidate)
      }
    }
    collect(.socket(socket), after: number, through: end)
    collect(.everyone(namespace: namespace), after: number, through: end)
    for stay in stays {
      let audience = Audience.room(stay.room, namespace: namespace)
      collect(audience, after: max(number, stay.joinedAt), through: min(end, stay.leftAt))
    }
    let names = Set(stays.filter { $0.leftAt == .max }.map(\.room))
    return missed.sorted().compactMap { number in
      let packet = self.packets[Int(number - self.first)]
      guard packet.exceptSocket != socket, packet.exceptRooms.allSatisfy({ !names.contains($0) }) else { return nil }
      return packet.frames
    }
  }
}

extension Arguments {
  /// The offset as one argument more. Source: socketio/socket.io, packages/socket.io-adapter, `SessionAwareAdapter`.
  fileprivate func appending(offset: String) -> Arguments {
    var json = self.json.getSlice(at: self.json.readerIndex, length: self.json.readableBytes) ?? ByteBuffer()
    // The application's array ends with its bracket, whatever white space it put behind it.
    let view = json.readableBytesView
    let end = view.lastIndex(of: UInt8(ascii: "]")) ?? view.endIndex
    json.moveWriterIndex(to: end)
    json.writeString(",\"\(offset)\"]")
    return Arguments(json, attachments: self.attachments)
  }
}
