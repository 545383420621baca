import NIOCore

// A client that lost its connection to another node, and comes to this one.
extension Connection {
  /// - Returns: nil if its client asks for nothing, or there is no other node that could have it.
  func handover(for request: ConnectRequest) -> Handover? {
    guard self.loop.configuration.recovery != nil, let switchboard = self.loop.switchboard,
      self.loop.registry.clusterAdapter != nil, let query = RecoveryQuery(auth: request.auth),
      let privateID = PrivateID(query.pid), let node = PacketLog.parts(of: query.offset)?.tag,
      node != switchboard.logTag
    else { return nil }
    let claim = HandoverClaim(node: node, namespace: request.namespace, privateID: query.pid, offset: query.offset)
    return Handover(claim, privateID, registry: self.loop.registry, switchboard: switchboard)
  }

  /// Accepts a client that the other node has given away. What it gets is kept here for it first, so that it may lose its
  /// connection again.
  ///
  /// - Parameters:
  ///   - rooms: Those that it may be in; nil: all that it was in.
  ///   - known: What the client knows, beside what the other node says.
  func takeOver(_ request: ConnectRequest, _ taken: Handover.Taken, rooms: Set<String>?, known: [StreamPosition]) {
    guard let socket = self.socket(request.socket) else { return self.accept(request, rooms: [], isRecoverable: true) }
    let sid = taken.socket.sid
    let isWelcome = { (room: String) in rooms?.contains(room) ?? true || room == sid }
    let rooms = taken.socket.rooms.filter(isWelcome)
    let missed = taken.socket.missed.filter { $0.rooms.isEmpty || $0.rooms.contains(where: isWelcome) }
    var positions = taken.socket.known
    for position in known { positions.insert(position) }
    let stays = socket.stays(from: taken.number, rooms: rooms + [sid])
    let changes = socket.earlyChanges.count
    let id = socket.id
    let connection = NIOLoopBound(self, eventLoop: self.loop.eventLoop)
    let home = self.loop.index
    // With a number for each packet that it may have missed.
    self.loop.switchboard?.everywhere(taking: 1 + Handover.maxPackets) { [positions] numbers in
      let takenOver = TakenOver(sid: sid, known: positions, offset: taken.offset, number: numbers.lowerBound)
      let question = PacketLog.Question(
        socket: id, namespace: request.namespace, after: taken.number, through: takenOver.number, stays: stays,
        known: positions)
      return { loop in
        guard loop.index == home else { return }
        let carried = loop.carry(missed, and: question, numbers)
        let isComplete = connection.value.socket(id)?.earlyChanges.count == changes
        connection.value.accept(
          request, rooms: rooms, isRecoverable: true,
          // What has just changed its rooms is not looked at: then it begins anew.
          isComplete ? carried.map { Arrival(privateID: taken.privateID, takenOver: takenOver, carried: $0) } : nil)
      }
    }
  }

  /// How a client arrives from another node.
  struct Arrival {
    let privateID: PrivateID
    let takenOver: TakenOver
    /// What it has missed.
    let carried: CarriedPackets
  }
}

extension Socket {
  /// Its times in rooms before it is accepted: in these, and in those that the application put it into.
  fileprivate func stays(from number: UInt64, rooms: [String]) -> [RoomStay] {
    var stays = Dictionary(rooms.map { ($0, RoomStay(room: $0, joinedAt: number)) }) { first, _ in first }
    var past: [RoomStay] = []
    for (change, processed) in self.earlyChanges {
      let now = max(processed, number)
      switch change {
      case .join(let room): stays[room] = stays[room] ?? RoomStay(room: room, joinedAt: now)
      case .leave(let room):
        if let stay = stays.removeValue(forKey: room) { past.append(stay.ending(at: now)) }
      case .leaveAll:
        past += stays.values.map { $0.ending(at: now) }
        stays = [:]
      }
    }
    return past + stays.values
  }
}

extension RoomStay {
  fileprivate func ending(at number: UInt64) -> RoomStay {
    RoomStay(room: self.room, joinedAt: self.joinedAt, leftAt: number)
  }
}

extension ConnectionLoop {
  /// Whether there may be a socket here that must not get what it knows from another node: then each packet is looked at.
  var isFiltering: Bool {
    guard let end = self.filteringEnd else { return false }
    if end < .now() { self.filteringEnd = nil }
    return self.filteringEnd != nil
  }

  func takeOver(_ socket: Socket, _ takenOver: TakenOver) {
    socket.takenOver = takenOver
    self.takenOverSlots[takenOver.sid] = socket.slot
    self.filteringEnd = .now() + TakenOver.lag
  }
}
