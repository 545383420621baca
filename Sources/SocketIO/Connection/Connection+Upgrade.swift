import Logging
import NIOCore
import NIOWebSocket

/// The polling session that a WebSocket is to take over.
struct PendingUpgrade {
  let sid: String
  /// nil: there is none, or another WebSocket is taking it over.
  let session: ServerRegistry.PollingSession?
}

/// What a session that changes its transport takes along.
struct SessionLuggage: Sendable {
  let sockets: [SocketLuggage]
  let outbox: [Outbox.Entry]
  let work: [Work]
  let assembly: SocketIOPacket?
  let deadlines: [(deadline: ConnectionLoop.Deadline, time: NIODeadline)]
  let engine: EngineIOSession
  let place: Places.Place?
}

// From polling to WebSocket: the client probes the WebSocket, finishes its poll, and says UPGRADE; then the session moves
// to the connection, and the loop, of the WebSocket. Nothing is lost or doubled meanwhile: what is sent to the sockets
// waits, in order, on one side or the other (`Switchboard.move`).
//
// Source: docs/engine.io-protocol/v4-current.md, "Upgrade"; packages/engine.io/lib/socket.ts, `_maybeUpgrade`.
extension Connection {
  // MARK: - The WebSocket's side

  func beginProbing(_ slot: UInt32) {
    self.phase = .probing
    self.loop.arm(.upgrade, slot)
    // The reference opens the WebSocket, too, before it finds that there is nothing to take over.
    if self.upgrade?.session == nil { self.abandon(code: .policyViolation) }
  }

  func receivedProbe(_ text: ByteBuffer) {
    guard let upgrade = self.upgrade, let session = upgrade.session else { return }
    switch String(buffer: text) {
    case "2probe":
      self.sendRegardless(ServerFrame.probeAnswer)
      self.loop.switchboard?.at(session.loop) { loop in
        loop.connection(slot: session.slot, sid: upgrade.sid)?.probed()
      }
    case "5":
      self.phase = .adopting
      // From now on, requests of polling are refused: they must not overtake this on the way to the session's loop.
      self.loop.registry.endUpgrade(upgrade.sid, .upgraded)
      if let slot = self.slot { self.loop.cancel(.upgrade, slot) }
      let target = NIOLoopBound(self, eventLoop: self.loop.eventLoop)
      let index = self.loop.index
      self.loop.switchboard?.at(session.loop) { loop in
        if let connection = loop.connection(slot: session.slot, sid: upgrade.sid) {
          connection.leave(for: target, on: index)
        } else {
          target.eventLoop.execute { target.value.abandon(code: .policyViolation) }
        }
      }
    default: self.abandon(code: .policyViolation)
    }
  }

  /// There is nothing to take over, or the client did not do as it should. The session stays with polling.
  func abandon(code: WebSocketErrorCode) {
    guard self.phase == .probing || self.phase == .adopting else { return }
    guard !self.isShuttingDown else {
      self.leaveOpen(.goingAway)
      return self.endIfSent()
    }
    self.finish(code)
  }

  /// Lets another WebSocket try.
  func abandonUpgrade() {
    guard let upgrade = self.upgrade.take(), let session = upgrade.session, self.phase != .adopting else { return }
    self.loop.registry.endUpgrade(upgrade.sid, .polling)
    self.loop.switchboard?.at(session.loop) { loop in
      loop.connection(slot: session.slot, sid: upgrade.sid)?.polling?.isProbed = false
    }
  }

  /// The session is here, or has ended on its way.
  private func arrived(_ luggage: SessionLuggage?, _ sockets: [SocketID]) {
    if let luggage { self.adopt(luggage) } else { self.abandon(code: .policyViolation) }
    self.loop.expectNoMore(sockets)
  }

  private func adopt(_ luggage: SessionLuggage) {
    self.pollingSID = self.upgrade.take()?.sid
    self.place = luggage.place
    let wasClosed = self.phase != .adopting
    for socket in luggage.sockets {
      guard let socket = self.loop.unpack(socket, connection: self) else { continue }
      self.sockets.append(socket)
      self.session.adopt(socket.id, namespace: socket.namespace.name)
    }
    guard !wasClosed, let slot = self.slot, let context = self.context else {
      // The WebSocket was closed while the session was on its way.
      self.releasePlace()
      self.forgetPolling()
      self.resume(luggage.work)
      let sockets = self.sockets
      self.endSockets(.transportClose)
      for socket in sockets { self.loop.catchUp(socket) }
      return
    }
    self.phase = .open
    guard self.beginWaiting() else { return self.cut() }
    self.engine = luggage.engine
    self.session.resume(luggage.assembly)
    for (deadline, time) in luggage.deadlines { self.loop.arm(deadline, slot, at: time) }
    for entry in luggage.outbox { self.outbox.append(entry) }
    self.resume(luggage.work)
    self.writeOutbox(context)
    for socket in self.sockets { self.loop.catchUp(socket) }
    self.processReceived()
    self.resumeReading()
    if self.isShuttingDown { self.shutDown() }
  }

  // MARK: - The polling side

  func probed() {
    guard let polling = self.polling, self.phase == .open else { return }
    polling.isProbed = true
    self.answerPoll()
  }

  /// Moves the session to the WebSocket, after what the application is working on.
  func leave(for target: NIOLoopBound<Connection>, on index: Int) {
    guard self.phase == .open, let polling = self.polling else {
      return target.eventLoop.execute { target.value.abandon(code: .policyViolation) }
    }
    self.phase = .leaving
    polling.refuseCrossingPoll()
    if polling.canSend { self.answerPoll() }
    self.resumeWork()
    self.whenAtRest {
      // It may have ended while the application was at work.
      guard self.phase == .leaving else {
        return target.eventLoop.execute { target.value.abandon(code: .policyViolation) }
      }
      self.isDeparting = true
      let connection = NIOLoopBound(self, eventLoop: self.loop.eventLoop)
      let sockets = self.sockets.map(\.id)
      self.loop.switchboard?.move(sockets, from: self.loop.index, to: index) { loop in
        // The application may have ended it by a call that came before.
        let luggage = connection.value.phase == .leaving ? connection.value.pack() : nil
        loop.switchboard?.at(index) { _ in target.value.arrived(luggage, sockets) }
      }
    }
  }

  private func takePlace() -> Places.Place? {
    guard let place = self.place.take() else { return nil }
    self.loop.newcomers[place.number] = nil
    return place
  }

  private func pack() -> SessionLuggage {
    var deadlines: [(deadline: ConnectionLoop.Deadline, time: NIODeadline)] = []
    if let slot = self.slot {
      for deadline in [ConnectionLoop.Deadline.ping, .pong, .connect] {
        if let time = self.loop.deadline(deadline, of: slot) { deadlines.append((deadline, time)) }
      }
    }
    let luggage = SessionLuggage(
      sockets: self.sockets.map { self.loop.pack($0) }, outbox: self.outbox.all, work: self.takeWork(),
      assembly: self.session.takeAssembly(), deadlines: deadlines, engine: self.engine, place: self.takePlace())
    self.sockets = []
    // The name lives on with the WebSocket.
    self.pollingSID = nil
    self.ended(.transportClose)
    if !self.isWorking { self.becameIdle() }
    return luggage
  }
}
