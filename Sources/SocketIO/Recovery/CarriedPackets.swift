import NIOCore

/// What a client that came from another node had missed, for its next loss. It stays with the socket: in the log it would
/// push out what others may need, again and again for a client that goes to and fro.
final class CarriedPackets: Sendable {
  /// The packets' numbers are the first of these but one, and those that follow.
  let numbers: ClosedRange<UInt64>
  let packets: [PacketLog.Packet]
  private let switchboard: Switchboard
  private let bytes: Int

  /// - Parameters:
  ///   - numbers: More than there are packets.
  ///   - limit: In bytes, for all sockets together.
  /// - Returns: nil if others carry so much already.
  init?(
    _ missed: [MissedPacket], to socket: SocketID, namespace: String, _ numbers: ClosedRange<UInt64>, tag: String,
    limit: Int, _ switchboard: Switchboard
  ) {
    let now = NIODeadline.now()
    self.packets = zip(numbers.dropFirst(), missed).map { number, missed in
      PacketLog.Packet(
        missed.arguments, to: socket, namespace: namespace, about: missed.subject, number: number, tag: tag, now: now)
    }
    self.numbers = numbers
    self.switchboard = switchboard
    self.bytes = self.packets.reduce(0) { $0 + $1.frames.readableBytes + 256 }
    guard switchboard.carry(self.bytes, limit: limit) else { return nil }
  }

  deinit { self.switchboard.carryNoMore(self.bytes) }
}

extension ConnectionLoop {
  /// Puts what the other node has not told a client before what this one has to add.
  ///
  /// - Parameter numbers: More than there may be packets.
  /// - Returns: What the client gets; nil if a part is missing, or it is more than may wait for a client, or be carried.
  func carry(
    _ missed: [MissedPacket], and question: PacketLog.Question, _ numbers: ClosedRange<UInt64>
  ) -> CarriedPackets? {
    self.dropCarried()
    guard let log = self.log, let switchboard = self.switchboard, let recovery = self.configuration.recovery,
      let packets = log.untold(question).map({ log.restated(missed + $0) }), packets.count < numbers.count,
      packets.reduce(0, { $0 + $1.bytes }) <= self.configuration.sendQueueBytes
    else { return nil }
    return CarriedPackets(
      packets, to: question.socket, namespace: question.namespace, numbers, tag: log.tag,
      limit: recovery.maxPacketBytes, switchboard)
  }

  /// A client that has lost its connection since is back within this time, or not at all.
  func keep(_ carried: CarriedPackets, for socket: Socket) {
    // Else a client that goes from loop to loop would be remembered each time.
    self.dropCarried()
    socket.carried = carried
    let patience = self.configuration.recovery?.maxDisconnection ?? .zero
    self.carriers.append((until: .now() + patience, socket: socket.id))
  }

  private func dropCarried() {
    let now = NIODeadline.now()
    while let carrier = self.carriers.first, carrier.until < now {
      self.carriers.removeFirst()
      self.socket(carrier.socket)?.dropCarried()
    }
  }
}

extension Socket {
  func dropCarried() {
    guard let carried = self.carried else { return }
    self.keptFrom = max(self.keptFrom, carried.numbers.upperBound)
    self.carried = nil
  }
}
