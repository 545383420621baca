import Logging
import NIOCore
import NIOWebSocket

/// From bytes to packets, and the closing handshake.
extension Connection {
  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    guard self.phase != .discarding, self.phase != .closed else { return }
    self.hasHeard = true
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
    let parser = ClientFrameParser(maxPayload: self.loop.configuration.maxPayload)
    do {
      while self.isProcessing, let frame = try parser.next(&self.received) {
        if let message = try self.assembler.add(frame) { self.received(message) }
      }
    } catch {
      self.loop.logger.debug("WebSocket violation", metadata: ["violation": "\(error)"])
      self.fail(error)
    }
    if self.received.readableBytes == 0 { self.received = ByteBuffer() }
  }

  private var isProcessing: Bool {
    switch self.phase {
    case .open: !self.isPaused
    case .closing: true
    case .opening, .discarding, .closed: false
    }
  }

  private func received(_ message: WebSocketMessage) {
    switch (message, self.phase) {
    case (.text(let text), .open): self.received(text: text)
    case (.ping(let payload), .open): self.send(ServerFrame.pong(payload))
    case (.close(let code), .open): self.answerClose(code)
    case (.close, .closing): self.endOutput()
    case (.pong, _), (_, .opening), (_, .closing), (_, .discarding), (_, .closed): break
    }
  }

  private func received(text: ByteBuffer) {
    do {
      self.perform(try self.engine.receive(EngineIOPacket(decoding: text)))
    } catch {
      self.failed(error)
    }
  }

  /// Carries out what the Engine.IO session says.
  func perform(_ output: EngineIOSession.Output) {
    guard let slot = self.slot else { return }
    switch output {
    case .nothing: break
    case .message(let message):
      do {
        self.perform(
          try self.session.receive(SocketIOPacket(decoding: message)) { self.loop.makeSocketID(slot: slot) })
      } catch {
        self.failed(error)
      }
    case .ping:
      self.hasHeard = false
      self.send(ServerFrame.ping)
      self.loop.arm(.pong, slot)
    case .alive:
      self.loop.cancel(.pong, slot)
      self.loop.arm(.ping, slot)
    case .waitAgain: self.loop.arm(.pong, slot)
    case .close(let reason): self.close(reason, code: .normalClosure)
    }
  }

  /// As the reference does: a client that sends what is no packet, or not its turn, is cut off.
  private func failed(_ error: PacketError) {
    self.loop.logger.debug("bad packet", metadata: ["error": "\(error)"])
    self.close(.parseError, code: error.code == .unsupported ? .unacceptableData : .policyViolation)
  }

  // MARK: - Closing. RFC 6455 §7

  /// Starts the closing handshake, after what is already queued for the client.
  func close(_ reason: DisconnectReason, code: WebSocketErrorCode) {
    guard self.phase == .open else { return }
    self.endSocket(reason)
    self.send(ServerFrame.close(code))
    self.leaveOpen(.closing)
    // Also what the pause left unread: the client's closing frame is behind it.
    self.processReceived()
    self.resumeReading()
  }

  /// The client broke the protocol: it is told so, and what it sends from now on can't be understood. RFC 6455 §7.1.7
  private func fail(_ violation: WebSocketViolation) {
    self.endSocket(.transportError)
    self.finish(violation.code)
  }

  /// The client closes: it gets its own code back. RFC 6455 §5.5.1
  private func answerClose(_ code: WebSocketErrorCode?) {
    self.endSocket(.transportClose)
    self.finish(code)
  }

  /// Sends the last frame, before anything that still waits for a client that won't read it.
  private func finish(_ code: WebSocketErrorCode?) {
    self.outbox = []
    self.outboxBytes = 0
    if self.phase == .open { self.sendRegardless(ServerFrame.close(code)) }
    self.leaveOpen(.discarding)
    self.endOutput()
    self.resumeReading()
  }

  private func leaveOpen(_ phase: Phase) {
    self.phase = phase
    self.session.close()
    guard let slot = self.slot else { return }
    for deadline in [ConnectionLoop.Deadline.ping, .pong, .connect] { self.loop.cancel(deadline, slot) }
    self.loop.arm(.closing, slot)
  }

  /// RFC 6455 §7.1.1: the server closes TCP first. Only its own direction, and after the pending writes: closing with
  /// unread bytes would reset the connection, and the reset may overtake the closing frame.
  private func endOutput() {
    self.phase = .discarding
    self.received = ByteBuffer()
    self.flush()
    self.context?.close(mode: .output, promise: nil)
  }
}
