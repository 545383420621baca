import NIOCore

extension LocalSockets {
  /// This node's name in claims of others (``HandoverClaim/node``), 8 characters that can't be guessed; nil without
  /// ``SocketIOServer/Configuration/recovery``.
  public var recoveryName: String? { self.server.recoveryName }

  /// Gives a socket to another node, and ends it here. One that still has its connection, for its loss was not noticed, is
  /// cut.
  ///
  /// - Returns: nil if there is none that fits, or a part of what it missed is no longer there.
  public func handOver(_ claim: HandoverClaim) async -> HandedOverSocket? {
    let switchboard = self.server.switchboard
    guard let privateID = PrivateID(claim.privateID),
      let (socket, number) = switchboard.place(of: privateID, offset: claim.offset)
    else { return nil }
    let promise = switchboard.eventLoops[0].makePromise(of: RecoverableSocket?.self)
    switchboard.at(socket) { loop in
      loop.claim(socket, privateID, after: number, in: claim.namespace).cascade(to: promise)
    }
    guard await recoverableSocket(promise.futureResult) != nil else { return nil }
    // Before what it missed is read: what happens meanwhile is told rather than left out.
    let state = await withCheckedContinuation { continuation in
      switchboard.at(socket) { loop in
        continuation.resume(returning: loop.socket(socket)?.application.handOver(socket) ?? ByteBuffer())
      }
    }
    return await withCheckedContinuation { continuation in
      // Of this node's own broadcasts, what others were told is kept here as well.
      self.server.registry.ownBroadcasts.whileNone {
        switchboard.at(socket) { loop in continuation.resume(returning: loop.handOver(socket, after: number, state)) }
      }
    }
  }
}

extension ConnectionLoop {
  fileprivate func handOver(
    _ id: SocketID, after number: UInt64, _ state: ByteBuffer
  ) -> HandedOverSocket? {
    guard let socket = self.socket(id), socket.isClaimed else { return nil }
    defer { self.endClaimed(id) }
    let rooms = socket.namespace.rooms.rooms(of: socket.slot)
    let end = self.processed
    let question = socket.question(after: number, through: end, pastStays: socket.pastStays)
    guard let log = self.log,
      // Else the other node might be about to tell what is no longer known to be told.
      log.forgottenThrough.map({ $0 < .now() - TakenOver.lag }) ?? true, let missed = log.missedPackets(question),
      missed.count <= Handover.maxPackets,
      missed.reduce(0, { $0 + $1.bytes }) <= self.configuration.sendQueueBytes
    else { return nil }
    var known = log.positions(namespace: question.namespace, rooms: question.stays.map(\.room), through: end)
    for position in socket.takenOver?.known.all ?? [] { known.insert(position) }
    return HandedOverSocket(sid: socket.sid, rooms: rooms.map(\.name), missed: missed, known: known, state: state)
  }
}

extension Socket {
  /// - Parameter pastStays: Its times in rooms that it has left.
  func question(after number: UInt64, through end: UInt64, pastStays: [RoomStay]) -> PacketLog.Question {
    let now = self.namespace.rooms.rooms(of: self.slot).map { RoomStay(room: $0.name, joinedAt: $0.joinedAt) }
    let own = [RoomStay(room: self.sid, joinedAt: 0)]
    return PacketLog.Question(
      socket: self.id, namespace: self.namespace.name, after: number, through: end, stays: pastStays + now + own,
      known: self.takenOver?.known ?? KnownPositions(), carried: self.carried)
  }
}
