import Logging
import NIOCore

// HTTP long-polling. Source: packages/engine.io/lib/transports/polling.ts for what the documents leave open.
extension Connection {
  /// Begins a session with the request that asked for it.
  func open(polling exchange: EngineIOExchange) {
    let polling = PollingTransport(sid: .randomSessionID())
    guard let slot = self.loop.add(self) else {
      self.releasePlace()
      return exchange.respond(.error(.unavailable))
    }
    self.slot = slot
    self.polling = polling
    self.pollingSID = polling.sid
    self.loop.registry.add(
      .init(loop: self.loop.index, slot: slot, isNewcomer: self.isNewcomer), sid: polling.sid)
    let configuration = self.loop.configuration
    let upgrades = configuration.allowsUpgrades && configuration.transports.contains(.webSocket) ? ["websocket"] : []
    let open = EngineIOPacket.open(sid: polling.sid, upgrades: upgrades, configuration: configuration)
    self.phase = .open
    guard self.beginWaiting() else {
      exchange.respond(.error(.unavailable))
      return self.cut()
    }
    exchange.respond(.payload(open, cookie: configuration.cookie?.field(sid: polling.sid)))
    self.loop.arm(.ping, slot)
    if configuration.engineMessage == nil { self.loop.arm(.connect, slot) }
  }

  // MARK: - GET

  func poll(_ exchange: EngineIOExchange) {
    guard let polling = self.polling, self.phase != .closed else {
      return exchange.respond(.error(self.loop.registry.unknownSession))
    }
    // The timer may be a moment late.
    if let slot = self.slot, let due = self.loop.deadline(.pong, of: slot), due <= .now() {
      exchange.respond(.error(.unknownSession))
      return self.deadlineCame(.pong, planned: due)
    }
    guard !polling.canSend else {
      // Two at once: nobody knows which of the two the client reads first.
      exchange.respond(.error(.badRequest))
      self.loop.logger.debug("overlapping polls")
      return self.ended(.transportError)
    }
    polling.open(exchange)
    if !self.outbox.isEmpty || self.phase != .open { return self.answerPoll() }
    guard polling.isProbed else { return }
    // It may have overtaken the UPGRADE that was sent before it, by another connection: see `leave`.
    self.loop.eventLoop.assumeIsolated().scheduleTask(in: PollingTransport.upgradePause) {
      if polling.has(exchange), self.phase == .open { self.answerPoll() }
    }
  }

  /// Sends what waits, or a NOOP if there is nothing.
  func answerPoll() {
    guard let polling = self.polling, polling.canSend else { return }
    // The session goes on elsewhere, and what waits goes along.
    guard self.phase != .leaving else { return polling.answer(ByteBuffer(string: "6")) }
    // In an answer of its own: the official client takes it before the packets that it would follow.
    if self.phase == .closing, self.outbox.isEmpty { return self.ended(.transportClose) }
    if self.phase == .goingAway, self.outbox.isEmpty { return self.ended(.serverShuttingDown) }
    var payload = ByteBuffer()
    var count = 0
    while count < PollingTransport.maxPackets, var entry = self.outbox.popFirst() {
      self.hasTaken = true
      while count < PollingTransport.maxPackets, let part = ServerFrame.nextPart(&entry.frames) {
        EngineIOPayload.append(part, to: &payload)
        count += 1
      }
      if entry.frames.readableBytes > 0 { self.outbox.prepend(entry) }
    }
    polling.answer(payload.readableBytes > 0 ? payload : ByteBuffer(string: "6"))
    // The next poll is refused whether there still is a session or not.
    if self.phase == .goingAway, self.outbox.isEmpty { return self.ended(.serverShuttingDown) }
    self.resumeWork()
  }

  /// The channel of a request was closed before the answer.
  func lost(_ exchange: EngineIOExchange) {
    guard self.polling?.has(exchange) == true else { return }
    self.loop.logger.debug("a request ended before its answer")
    self.ended(.transportError)
  }

  // MARK: - POST

  /// A POST begins: its payload follows.
  func begin(post exchange: EngineIOExchange) {
    guard let polling = self.polling, self.phase == .open else {
      return exchange.respond(.error(self.loop.registry.unknownSession))
    }
    guard polling.post == nil else {
      exchange.respond(.error(.badRequest))
      self.loop.logger.debug("overlapping posts")
      return self.ended(.transportError)
    }
    polling.begin(post: exchange)
  }

  /// The payload has come.
  func post(_ payload: ByteBuffer, _ exchange: EngineIOExchange) {
    guard let polling = self.polling, polling.post?.id == exchange.id else { return }
    guard payload.readableBytes > 0, payload.isUTF8 else { return self.ended(.parseError) }
    polling.payload = payload
    self.processPost()
  }

  /// Its content is none of polling's.
  func badPost(_ exchange: EngineIOExchange) {
    exchange.respond(.error(.badRequest))
    if self.polling != nil { self.ended(.transportError) }
  }

  /// Takes packets as long as the application keeps up; the answer to the POST waits, and with it the client.
  func processPost() {
    guard let polling = self.polling else { return }
    var share = TurnShare()
    while self.phase == .open, !self.isPaused, var payload = polling.payload, payload.readableBytes > 0 {
      guard !share.isUsedUp else { return self.endTurn() }
      do {
        let before = payload.readableBytes
        let packet = try EngineIOPayload.next(&payload)
        guard self.countPacket() else {
          self.loop.logger.debug("too many packets")
          return self.ended(.transportError)
        }
        share.use(before - payload.readableBytes)
        polling.payload = payload
        if packet.kind == .close { return self.leftByClient() }
        self.perform(try self.engine.receive(packet))
      } catch {
        self.loop.logger.debug("bad packet", metadata: ["error": "\(error)"])
        return self.ended(.parseError)
      }
    }
    guard self.holdInput() else { return self.ended(.transportError) }
    if polling.payload?.readableBytes == 0 { polling.answerPost(.accepted) }
  }

  /// The client leaves in good order: both of its requests are answered as if the session went on. A poll that it sent
  /// before may come in after this, by another connection; it is waited for, for a moment.
  private func leftByClient() {
    guard let polling = self.polling else { return }
    self.endSockets(.transportClose)
    polling.answerPost(.accepted)
    guard !polling.canSend else {
      polling.answer(ByteBuffer(string: "6"))
      return self.ended(.transportClose)
    }
    self.leaveOpen(.closing)
    polling.lastPacket = "6"
    self.outbox = Outbox()
    self.loop.eventLoop.assumeIsolated().scheduleTask(in: PollingTransport.crossing) { self.ended(.transportClose) }
  }
}
