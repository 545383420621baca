import Logging
import NIOCore

/// What waits for the application, in order.
enum Work {
  case connect(ConnectRequest)
  case event(IncomingEvent, SocketID, acknowledgement: UInt64?)
  case disconnected(SocketID, DisconnectReason)

  /// What it counts for in the bound of the queue.
  fileprivate var bytes: Int {
    switch self {
    case .connect(let request): request.auth.readableBytes
    case .event(let event, _, _): event.arguments.readableBytes
    case .disconnected: 0
    }
  }
}

/// From packets to the application and back: one task at a time, and none while there is nothing to do.
extension Connection {
  /// Carries out what the Socket.IO session says.
  func perform(_ output: SocketIOSession.Output) {
    switch output {
    case .nothing: break
    case .connect(let socket, let auth):
      self.enqueue(
        .connect(
          ConnectRequest(
            socket: socket, namespace: "/", auth: auth, headers: self.headers, remoteAddress: self.remoteAddress)))
    case .event(let event, let socket, let acknowledgement):
      self.enqueue(.event(event, socket, acknowledgement: acknowledgement))
    case .send(let packet): self.send(ServerFrame.packet(packet))
    case .disconnected:
      self.endSocket(.clientNamespaceDisconnect)
      if let slot = self.slot { self.loop.arm(.connect, slot) }
    }
  }

  /// Whether the client must wait for the application.
  var isPaused: Bool {
    guard self.phase == .open else { return false }
    return self.isShuttingDown || self.work.count >= self.loop.configuration.eventQueueCount
      || self.workBytes >= self.loop.configuration.eventQueueBytes
  }

  func enqueue(_ work: Work) {
    self.work.append(work)
    self.workBytes += work.bytes
    guard !self.isWorking else { return }
    self.isWorking = true
    let connection = NIOLoopBound(self, eventLoop: self.loop.eventLoop)
    let application = self.application
    Task(executorPreference: self.loop.executor) {
      while let work = connection.value.nextWork() {
        switch work {
        case .connect(let request):
          let decision = await application.connect(request)
          connection.value.afterCalls { $0.decided(request.socket, decision) }
        case .event(let event, let socket, let acknowledgement):
          let answer = await application.receive(event, from: socket)
          if let acknowledgement, let answer {
            connection.value.afterCalls { $0.acknowledge(socket, acknowledgement, answer) }
          }
        case .disconnected(let socket, let reason):
          application.disconnected(socket, reason: reason)
        }
      }
    }
  }

  /// What the application called the server for before it answered is already on its way to the loop: the answer takes
  /// its place behind it.
  private func afterCalls(_ body: @escaping (Connection) -> Void) {
    self.loop.eventLoop.assumeIsolated().execute { body(self) }
  }

  private func nextWork() -> Work? {
    if let work = self.work.popFirst() {
      self.workBytes -= work.bytes
      // Reading goes on at half, not at each event, so that it does so for many at once.
      if self.work.count <= self.loop.configuration.eventQueueCount / 2 { self.catchUp() }
      return work
    }
    self.work = []
    self.isWorking = false
    if self.isShuttingDown {
      self.afterCalls { $0.close(.serverShuttingDown, code: .goingAway) }
    }
    return nil
  }

  /// Takes up what the pause left: the bytes that were received, then the channel's wish to read.
  private func catchUp() {
    guard !self.isPaused else { return }
    if self.received.readableBytes > 0 { self.processReceived() }
    self.resumeReading()
  }

  func resumeReading() {
    guard self.isReadHeld, !self.isPaused else { return }
    self.isReadHeld = false
    self.context?.read()
  }

  /// The server has turned the socket away: what it sent before doesn't count.
  func dropEvents() {
    self.work.removeAll { work in
      if case .event = work { true } else { false }
    }
    self.workBytes = self.work.reduce(0) { $0 + $1.bytes }
  }

  // MARK: - The application's answers

  private func decided(_ socket: SocketID, _ decision: ConnectDecision) {
    switch decision {
    case .refuse(let message, let data):
      self.earlyChanges = []
      if let packet = self.session.refuse(socket, message: message, data: data) {
        self.send(ServerFrame.packet(packet))
      }
    case .accept(let rooms):
      guard let slot = self.slot, let packet = self.session.accept(socket, sid: .randomSessionID()) else {
        self.enqueue(.disconnected(socket, self.lastReason))
        return
      }
      self.loop.cancel(.connect, slot)
      self.send(ServerFrame.packet(packet))
      for room in rooms { self.loop.rooms.join(slot, room) }
      let changes = self.earlyChanges
      self.earlyChanges = []
      for change in changes { self.change(change) }
      self.application.connected(socket)
    }
  }

  private func acknowledge(_ socket: SocketID, _ id: UInt64, _ arguments: ByteBuffer) {
    guard self.isConnected, self.socket == socket else { return }
    self.send(ServerFrame.packet(SocketIOPacket(kind: .acknowledgement, id: id, payload: arguments)))
  }
}
