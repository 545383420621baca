import NIOCore

// Sockets that wait for their clients.
extension ConnectionLoop {
  /// Whether a socket may wait for its client, and a place for it if so.
  func canSuspend(_ socket: Socket, _ reason: DisconnectReason) -> Bool {
    guard socket.privateID != nil, reason.isRecoverable, !self.isShuttingDown, let switchboard = self.switchboard,
      let recovery = self.configuration.recovery
    else { return false }
    return switchboard.reserveSuspension(limit: recovery.maxSuspendedSockets)
  }

  func suspend(_ socket: Socket, _ reason: DisconnectReason, from connection: Connection) {
    socket.phase = .suspended(reason)
    socket.connection = nil
    socket.requests?.failAll(.noConnection)
    if connection.isWorking {
      socket.finishing = connection
      connection.whenIdle { [weak socket] in socket?.finishing = nil }
    }
    self.suspensions.arm(socket.slot, now: .now())
    self.scheduleWake()
  }

  /// Its client did not come back in time.
  func suspensionExpired(_ slot: UInt32) {
    guard let socket = self.sockets[Int(slot)], case .suspended(let reason) = socket.phase else { return }
    self.endSuspended(socket, reason)
  }

  func endSuspended(_ socket: Socket, _ reason: DisconnectReason) {
    let application = socket.application
    let id = socket.id
    let finishing = socket.finishing
    self.remove(socket)
    if let finishing, finishing.isWorking {
      finishing.whenIdle { application.disconnected(id, reason: reason) }
    } else {
      application.disconnected(id, reason: reason)
    }
  }

  func endSuspended() {
    for case .some(let socket) in self.sockets {
      if case .suspended = socket.phase { self.endSuspended(socket, .serverShuttingDown) }
    }
  }

  // MARK: - Claims

  /// Keeps a socket for the client that names its private id. A connection that it still has, for the server has not
  /// noticed its loss, is cut: the client has left it.
  ///
  /// - Parameter number: The last kept packet that the client has.
  /// - Returns: The socket with its rooms, when what had come over its old connection is worked off; nil if there is
  ///   none, or somebody else has claimed it.
  func claim(
    _ id: SocketID, _ privateID: PrivateID, after number: UInt64, in namespace: String
  ) -> EventLoopFuture<RecoverableSocket?> {
    let nothing = self.eventLoop.makeSucceededFuture(RecoverableSocket?.none)
    guard let socket = self.socket(id), socket.privateID == privateID, !socket.isClaimed,
      socket.namespace.name == namespace, socket.keptFrom <= number,
      self.log?.isWhole(after: number, beside: socket.carried) == true
    else { return nothing }
    if let carried = socket.carried, carried.numbers.upperBound <= number { socket.dropCarried() }
    if let connection = socket.connection { connection.cut(.transportClose) }
    guard case .suspended = socket.phase else { return nothing }
    socket.isClaimed = true
    self.suspensions.cancel(socket.slot)
    let promise = self.eventLoop.makePromise(of: RecoverableSocket?.self)
    let answer = {
      promise.succeed(
        RecoverableSocket(
          socket: socket.id, rooms: socket.namespace.rooms.rooms(of: socket.slot).map(\.name), after: number))
    }
    if let finishing = socket.finishing, finishing.isWorking { finishing.whenIdle(answer) } else { answer() }
    return promise.futureResult
  }

  /// Lets it wait on.
  func unclaim(_ id: SocketID) {
    guard let socket = self.socket(id), socket.isClaimed else { return }
    socket.isClaimed = false
    self.suspensions.arm(socket.slot, now: .now())
    self.scheduleWake()
  }

  /// Takes a claimed socket off this loop; nil if it has ended.
  func packClaimed(_ id: SocketID) -> SocketLuggage? {
    guard let socket = self.socket(id), socket.isClaimed else { return nil }
    return self.pack(socket)
  }

  /// Its client begins anew.
  func endClaimed(_ id: SocketID) {
    guard let socket = self.socket(id), case .suspended(let reason) = socket.phase else { return }
    self.endSuspended(socket, reason)
  }
}
