import DequeModule
import Logging
import NIOCore

/// What waits for the application, in order.
enum Work: Sendable {
  case connect(ConnectRequest, ServerRegistry.Service)
  case event(IncomingEvent, SocketID, acknowledgement: UInt64?, any SocketIOApplication)
  case suspended(SocketID, DisconnectReason, any SocketIOApplication)
  case recovered(SocketID, any SocketIOApplication)
  case disconnected(SocketID, DisconnectReason, any SocketIOApplication)

  /// What it counts for in the bound of the queue.
  var bytes: Int {
    switch self {
    case .connect(let request, _): request.auth.readableBytes
    case .event(let event, _, _, _): event.arguments.bytes
    case .suspended, .recovered, .disconnected: 0
    }
  }
}

/// From packets to the application and back: one task at a time, and none while there is nothing to do.
extension Connection {
  /// Takes a message of Engine.IO.
  func received(_ message: EngineIOMessage, _ slot: UInt32) {
    if let answer = self.loop.configuration.engineMessage {
      if let message = answer(message) { self.send(ServerFrame.message(message)) }
      return
    }
    do {
      var service: ServerRegistry.Service?
      var socket: Socket?
      let output = try self.session.receive(message) { namespace in
        service = self.loop.registry.service(of: namespace)
        if let service {
          socket = self.loop.makeSocket(namespace: namespace, application: service.application, connection: self)
        }
        return socket != nil
      } makeSocket: {
        socket?.id ?? SocketID(rawValue: 0)
      }
      self.perform(output, socket, service)
    } catch {
      self.failed(error)
    }
  }

  /// Carries out what the Socket.IO session says.
  private func perform(_ output: SocketIOSession.Output, _ new: Socket?, _ service: ServerRegistry.Service?) {
    switch output {
    case .nothing: break
    case .connect(let id, let namespace, let auth):
      guard let new, let service else { return }
      self.sockets.append(new)
      self.enqueue(
        .connect(
          ConnectRequest(
            socket: id, sid: new.sid, namespace: namespace, auth: auth, headers: self.headers,
            remoteAddress: self.remoteAddress), service))
    case .event(let event, let id, let acknowledgement):
      guard let socket = self.socket(id) else { return }
      self.enqueue(.event(event, id, acknowledgement: acknowledgement, socket.application))
    case .acknowledged(let id, let request, let arguments):
      self.socket(id)?.requests?.finish(request, .success(arguments))
    case .send(let packet): self.send(ServerFrame.packet(packet))
    case .disconnected(let id):
      if let socket = self.socket(id) { self.end(socket, .clientNamespaceDisconnect) }
      self.awaitConnect()
    }
  }

  /// Whether the client must wait for the application.
  var isPaused: Bool {
    switch self.phase {
    case .open:
      self.isShuttingDown || self.isTurnOver || self.work.count >= self.loop.configuration.eventQueueCount
        || self.workBytes >= self.loop.configuration.eventQueueBytes
    case .adopting: true
    default: false
    }
  }

  func enqueue(_ work: Work) {
    self.work.append(work)
    self.workBytes += work.bytes
    if self.isWorking { self.resumeWork() } else { self.beginWork() }
  }

  /// Gives the application what waits for it.
  func beginWork() {
    self.isWorking = true
    let connection = NIOLoopBound(self, eventLoop: self.loop.eventLoop)
    Task(executorPreference: self.loop.executor) {
      var share = TurnShare()
      while true {
        if share.isUsedUp, !connection.value.work.isEmpty {
          await connection.value.loop.nextTurn()
          share = TurnShare()
        }
        guard let work = connection.value.nextWork() else { break }
        share.use(work.bytes)
        switch work {
        case .connect(var request, let service):
          request.recovery = await recoverableSocket(connection.value.claim(request))
          if request.recovery == nil { request.handover = connection.value.handover(for: request) }
          let decision = await service.decide(request)
          connection.value.afterCalls { [request] in $0.decided(request, decision) }
        case .event(let event, let socket, let acknowledgement, let application):
          let answer = await application.receive(event, from: socket)
          if let acknowledgement, let answer {
            connection.value.answersUnderway += answer.bytes
            connection.value.afterCalls { connection in
              connection.answersUnderway -= answer.bytes
              connection.acknowledge(socket, acknowledgement, answer)
              connection.resumeWork()
            }
          }
        case .suspended(let socket, let reason, let application): application.suspended(socket, reason: reason)
        case .recovered(let socket, let application): application.recovered(socket)
        case .disconnected(let socket, let reason, let application):
          application.disconnected(socket, reason: reason)
        }
      }
    }
  }

  /// What the application called the server for before it answered is already on its way to the loop: the answer takes
  /// its place behind it.
  private func afterCalls(_ body: @escaping (Connection) -> Void) {
    self.loop.afterCalls { body(self) }
  }

  private func nextWork() -> Work? {
    guard !self.mustWait else {
      self.isStalled = true
      self.afterCalls { $0.cameToRest() }
      return nil
    }
    if let work = self.work.popFirst() {
      self.workBytes -= work.bytes
      // Reading goes on at half, not at each event, so that it does so for many at once.
      if self.work.count <= self.loop.configuration.eventQueueCount / 2 { self.catchUp() }
      return work
    }
    self.work = []
    self.isWorking = false
    self.afterCalls { connection in
      guard !connection.isWorking else { return }
      if connection.isShuttingDown { connection.goAway() }
      connection.becameIdle()
    }
    return nil
  }

  /// Whether the client must take answers before the application gets more to answer. So the client bounds by itself what
  /// waits for it: one that reads none is not read.
  private var mustWait: Bool {
    switch self.work.first {
    case .connect, .event: break
    case .suspended, .recovered, .disconnected, nil: return false
    }
    switch self.phase {
    case .open: break
    // They go along to the connection that the client takes answers from. A socket that is being connected can't.
    case .leaving: if !self.canMoveWork { return false }
    default: return false
    }
    let bytes = self.outbox.answerBytes + self.answersUnderway
    return self.isDeparting || (bytes > 0 && bytes >= self.loop.configuration.sendQueueBytes)
  }

  private var canMoveWork: Bool {
    !self.work.contains { work in
      if case .connect = work { true } else { false }
    }
  }

  /// Goes on where the client has taken answers, or will take none any more.
  func resumeWork() {
    guard self.isStalled, !self.mustWait else { return }
    self.isStalled = false
    self.beginWork()
  }

  /// Gives away what waits for the application, which works on nothing.
  func takeWork() -> [Work] {
    guard self.isStalled else { return [] }
    defer {
      self.work = []
      self.workBytes = 0
      self.isStalled = false
      self.isWorking = false
    }
    return Array(self.work)
  }

  /// Takes up what waits for the application: see ``takeWork()``.
  func resume(_ work: [Work]) {
    guard !work.isEmpty else { return }
    self.work = Deque(work)
    self.workBytes = work.reduce(0) { $0 + $1.bytes }
    self.beginWork()
  }

  /// Takes up what the pause left: the bytes that were received, then the channel's wish to read.
  func catchUp() {
    guard !self.isPaused else { return }
    if self.polling != nil { return self.processPost() }
    if self.received.readableBytes > 0 { self.processReceived() }
    self.resumeReading()
  }

  func resumeReading() {
    guard self.isReadHeld, !self.isPaused else { return }
    self.isReadHeld = false
    self.context?.read()
  }

  /// The server has turned the socket away: what it sent before doesn't count.
  func dropEvents(of socket: SocketID) {
    self.work.removeAll { work in
      if case .event(_, socket, _, _) = work { true } else { false }
    }
    self.workBytes = self.work.reduce(0) { $0 + $1.bytes }
  }

  // MARK: - The application's answers

  private func decided(_ request: ConnectRequest, _ decision: ConnectDecision) {
    switch decision {
    case .refuse(let message, let data):
      self.unclaim(request)
      guard let socket = self.socket(request.socket), self.session.refuse(socket.id) else { return }
      self.sockets.removeAll { $0 === socket }
      self.loop.remove(socket)
      self.send(
        ServerFrame.packet(.connectError(namespace: request.namespace, message: message, data: data)))
      self.awaitConnect()
    case .accept(let rooms, let isRecoverable):
      if let recovery = request.recovery { self.endClaimed(recovery.socket) }
      self.accept(request, rooms: rooms, isRecoverable: isRecoverable)
    case .recover(let rooms, let known):
      if request.recovery != nil {
        self.recover(request, rooms: rooms)
      } else if let taken = request.handover?.taken {
        self.takeOver(request, taken, rooms: rooms, known: known)
      } else {
        self.accept(request, rooms: rooms?.sorted() ?? [], isRecoverable: true)
      }
    }
  }

  func accept(_ request: ConnectRequest, rooms: [String], isRecoverable: Bool, _ arrival: Arrival? = nil) {
    guard let slot = self.slot, let socket = self.socket(request.socket), self.comeIn(),
      self.session.accept(socket.id)
    else {
      if let application = self.loop.registry.service(of: request.namespace)?.application {
        self.enqueue(.disconnected(request.socket, self.lastReason, application))
      }
      return
    }
    self.loop.cancel(.connect, slot)
    if isRecoverable, self.loop.configuration.recovery != nil {
      socket.privateID = arrival?.privateID ?? PrivateID(socket: socket.id)
      let number = self.loop.switchboard?.countRecoverable(1) ?? 0
      socket.keptFrom = arrival?.takenOver.number ?? number
    }
    if let arrival {
      self.loop.switchboard?.takeOver(arrival.privateID, as: socket.id, arrival.takenOver)
      // Its name changes, and with it its own room.
      self.loop.closeOwnRoom(socket)
      self.loop.takeOver(socket, arrival.takenOver)
      self.loop.openOwnRoom(socket)
      self.loop.keep(arrival.carried, for: socket)
    }
    self.connected(socket)
    for packet in arrival?.carried.packets ?? [] { self.answer(packet.frames) }
    socket.namespace.rooms.reserve(rooms.count + socket.earlyChanges.count, for: socket.slot)
    for room in rooms { socket.change(.join(room), loop: self.loop) }
    self.applyEarlyChanges(of: socket)
    if arrival == nil { socket.application.connected(socket.id) } else { socket.application.recovered(socket.id) }
  }

  func connected(_ socket: Socket) {
    socket.phase = .connected
    self.answer(
      ServerFrame.packet(
        .connected(namespace: socket.namespace.name, sid: socket.sid, pid: socket.privateID?.text)))
  }

  func applyEarlyChanges(of socket: Socket) {
    let changes = socket.earlyChanges
    socket.earlyChanges = []
    for (change, _) in changes { socket.change(change, loop: self.loop) }
  }

  private func acknowledge(_ socket: SocketID, _ id: UInt64, _ arguments: Arguments) {
    guard let socket = self.socket(socket), socket.isConnected else { return }
    self.answer(ServerFrame.packet(.acknowledgement(arguments, namespace: socket.namespace.name, id: id)))
  }
}

extension ServerRegistry.Service {
  /// Asks the middleware, in order, then the application.
  fileprivate func decide(_ request: ConnectRequest) async -> ConnectDecision {
    for middleware in self.middleware {
      if let refusal = await middleware(request) { return .refuse(message: refusal.message, data: refusal.data) }
    }
    return await self.application.connect(request)
  }
}
