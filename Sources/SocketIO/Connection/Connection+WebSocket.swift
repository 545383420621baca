import Logging
import NIOCore
import NIOWebSocket

/// From a WebSocket's bytes to packets, and the closing handshake.
extension Connection {
  /// HTTP has left the pipeline.
  ///
  /// - Parameters:
  ///   - response: The bytes of the 101 response.
  ///   - sid: The name of the new session; for an upgrade it stays that of the old one.
  func open(response: ByteBuffer, sid: String) {
    guard self.phase == .opening, let context = self.context, context.channel.isActive else { return }
    guard let slot = self.loop.add(self) else {
      self.abandonUpgrade()
      return self.cut()
    }
    self.slot = slot
    guard self.beginWaiting() else { return self.cut() }
    self.isWritable = context.channel.isWritable
    context.write(self.wrapOutboundOut(response), promise: nil)
    if self.upgrade == nil {
      self.begin(sid: sid, upgrades: [])
    } else {
      context.flush()
      self.beginProbing(slot)
    }
    self.processReceived()
    // The one that HTTP's pipelining handler may have held back for good.
    context.read()
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    guard self.phase != .discarding, self.phase != .goingAway, self.phase != .closed else { return }
    var bytes = self.unwrapInboundIn(data)
    if self.received.readableBytes == 0 {
      self.received = bytes
    } else {
      self.received.discardReadBytes()
      self.received.writeBuffer(&bytes)
    }
    self.processReceived()
  }

  /// Backpressure: while too much waits for the application, the channel's wish to read is held back, so that the
  /// kernel's buffer fills and TCP slows the client down.
  func read(context: ChannelHandlerContext) {
    if self.isPaused {
      self.isReadHeld = true
    } else {
      context.read()
    }
  }

  /// Takes what can be taken now from the received bytes.
  func processReceived() {
    let configuration = self.loop.configuration
    // A newcomer's frame that announces more than a CONNECT packet can be ends it before its content comes.
    let limit = min(self.isNewcomer ? configuration.maxConnectBytes : .max, configuration.maxPayload)
    let parser = ClientFrameParser(maxPayload: limit)
    self.assembler.maxPayload = limit
    var share = TurnShare()
    do {
      while self.isProcessing {
        let before = self.received.readableBytes
        guard let frame = try parser.next(&self.received) else { break }
        try self.requirePacket()
        self.pace.took(frame)
        if let message = try self.assembler.add(frame) { self.received(message) }
        share.use(before - self.received.readableBytes)
        if share.isUsedUp, self.phase == .open {
          self.endTurn()
          break
        }
      }
    } catch {
      self.loop.logger.debug("WebSocket violation", metadata: ["violation": "\(error)"])
      self.fail(error)
    }
    if self.received.readableBytes == 0 { self.received = ByteBuffer() }
    if !self.holdInput() {
      self.loop.logger.debug("too much unfinished input on all connections")
      self.fail(.tooMuchUnfinished)
    }
  }

  private func requirePacket() throws(WebSocketViolation) {
    guard self.countPacket() else { throw .tooManyPackets }
  }

  private var isProcessing: Bool {
    switch self.phase {
    case .open: !self.isPaused
    case .probing, .closing: true
    case .opening, .adopting, .leaving, .goingAway, .discarding, .closed: false
    }
  }

  private func received(_ message: WebSocketMessage) {
    switch (message, self.phase) {
    case (.text(let text), .open): self.received(text: text)
    case (.binary(let data), .open): self.received(EngineIOPacket(binary: data))
    case (.text(let text), .probing): self.receivedProbe(text)
    case (.binary, .probing): self.abandon(code: .policyViolation)
    case (.ping(let payload), .open): self.send(ServerFrame.pong(payload))
    case (.ping(let payload), .probing): self.sendRegardless(ServerFrame.pong(payload))
    case (.close(let code), .open), (.close(let code), .probing): self.answerClose(code)
    case (.close, .closing): self.endOutput()
    default: break
    }
  }

  private func received(text: ByteBuffer) {
    do {
      self.received(try EngineIOPacket(decoding: text))
    } catch {
      self.failed(error)
    }
  }

  func received(_ packet: EngineIOPacket) {
    do {
      self.perform(try self.engine.receive(packet))
    } catch {
      self.failed(error)
    }
  }

  /// As the reference does: a client that sends what is no packet, or not its turn, is cut off.
  func failed(_ error: PacketError) {
    self.loop.logger.debug("bad packet", metadata: ["error": "\(error)"])
    self.close(.parseError, code: .policyViolation)
  }

  // MARK: - Closing. RFC 6455 §7

  /// Ends the session, after what is already queued for the client.
  func close(_ reason: DisconnectReason, code: WebSocketErrorCode) {
    guard self.phase == .open || self.phase == .leaving else { return }
    self.endSockets(reason)
    if let polling = self.polling {
      // A client that was turned away is to learn it by its next poll; others are gone, or must begin anew.
      let isTold = reason == .serverNamespaceDisconnect || reason == .parseError
      guard isTold, self.phase == .open else { return self.ended(reason) }
      self.leaveOpen(.closing)
      // The rest of a payload does not count any more.
      if polling.payload != nil { polling.answerPost(.accepted) }
      if polling.canSend { self.answerPoll() }
      return
    }
    self.send(ServerFrame.close(code))
    self.leaveOpen(.closing)
    // Also what the pause left unread: the client's closing frame is behind it.
    self.processReceived()
    self.resumeReading()
  }

  /// The client broke the protocol: it is told so, and what it sends from now on can't be understood. RFC 6455 §7.1.7
  private func fail(_ violation: WebSocketViolation) {
    self.endSockets(.transportError)
    self.finish(violation.code)
  }

  /// The client closes: it gets its own code back. RFC 6455 §5.5.1
  private func answerClose(_ code: WebSocketErrorCode?) {
    self.endSockets(.transportClose)
    self.finish(code)
  }

  /// Sends the last frame, before anything that still waits for a client that won't read it.
  func finish(_ code: WebSocketErrorCode?) {
    self.outbox = Outbox()
    if self.phase == .open || self.phase == .probing { self.sendRegardless(ServerFrame.close(code)) }
    self.leaveOpen(.discarding)
    self.endOutput()
    self.resumeReading()
  }

  func leaveOpen(_ phase: Phase) {
    self.abandonUpgrade()
    self.phase = phase
    self.session.close()
    guard let slot = self.slot else { return }
    for deadline in ConnectionLoop.Deadline.allCases { self.loop.cancel(deadline, slot) }
    self.loop.arm(.closing, slot)
    self.resumeWork()
  }

  /// RFC 6455 §7.1.1: the server closes TCP first. Only its own direction, and after the pending writes: closing with
  /// unread bytes would reset the connection, and the reset may overtake the closing frame.
  func endOutput() {
    self.phase = .discarding
    self.dropInput()
    self.flush()
    self.context?.close(mode: .output, promise: nil)
  }
}
