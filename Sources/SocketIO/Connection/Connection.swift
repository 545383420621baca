import Bytes
import DequeModule
import Logging
import NIOCore
import NIOHTTP1
import NIOWebSocket
import TokenBuckets

/// One Engine.IO session on its transport: a WebSocket, whose channel's only handler it is after the upgrade from HTTP,
/// or polling, in no pipeline at all. It belongs to its event loop, and is not Sendable.
///
/// It is the shell around the pure parts: bytes → ``ClientFrameParser`` → ``MessageAssembler`` (or ``EngineIOPayload``) →
/// ``EngineIOSession`` → ``SocketIOSession`` → ``Work`` for the application; what goes back is
/// `Connection+Sending.swift`'s. A session that changes its transport goes on in another connection, on the loop of the
/// new channel: see `Connection+Upgrade.swift`.
final class Connection: ChannelDuplexHandler {
  typealias InboundIn = ByteBuffer
  typealias OutboundIn = Never
  typealias OutboundOut = ByteBuffer

  enum Phase {
    /// HTTP is leaving the pipeline. Bytes wait.
    case opening
    /// A WebSocket that is to take a polling session over, and has yet to prove that it works.
    case probing
    /// The session is on its way from polling to here. Bytes wait.
    case adopting
    case open
    /// The session is on its way from here. Nothing is taken from the client any more.
    case leaving
    /// The server goes away: what waits is being sent, then the connection ends without a word.
    case goingAway
    /// The last packet is sent; a WebSocket's client owes its closing frame, a polling one the request for the packet.
    case closing
    /// The closing handshake is done or pointless: what comes is thrown away.
    case discarding
    case closed
  }

  let loop: ConnectionLoop
  let headers: HTTPHeaders
  let remoteAddress: SocketAddress?

  var context: ChannelHandlerContext?
  var phase = Phase.opening
  /// Given at the opening.
  var slot: UInt32?
  /// Counted in the server's limits, until it is given back. A WebSocket that is to take a session over has none yet.
  var place: Places.Place?
  /// nil: a WebSocket.
  var polling: PollingTransport?
  /// The name under which requests of polling come, or came before the upgrade.
  var pollingSID: String?
  /// The polling session that this WebSocket is to take over.
  var upgrade: PendingUpgrade?

  // Reading
  var received = ByteBuffer()
  var isReadHeld = false
  /// Its share of this turn of the loop is used up: what is received waits for a later one.
  var isTurnOver = false
  var pace = UploadPace()
  /// What the client may send still.
  var packets = TokenBucket()
  /// What is counted of this connection in ``ServerRegistry/hold(_:limit:)``.
  var heldBytes = 0
  var assembler: MessageAssembler
  var engine = EngineIOSession()
  var session: SocketIOSession
  var sockets: [Socket] = []

  // Working
  var work: Deque<Work> = []
  var workBytes = 0
  /// Also while it must wait.
  var isWorking = false
  /// The next event waits for the client to take answers.
  var isStalled = false
  /// The bytes of the answers that the application has given, and that are not sent or queued yet.
  var answersUnderway = 0
  var isShuttingDown = false
  /// The session is about to move: nothing more is begun here.
  var isDeparting = false
  private var onIdle: [() -> Void] = []
  private var onRest: (() -> Void)?

  // Sending
  var outbox = Outbox()
  /// Whether the client has taken anything from there since the last look.
  var hasTaken = false
  /// What the channel held at the last look.
  private var bufferedBytes = 0
  var isUnflushed = false
  /// The channel's, which is asked for with each frame.
  var isWritable = true
  var directSocket: DirectSocket
  /// The first frames of this tick. As long as they are the only ones, the channel has not got them.
  var unsent: ByteBuffer?

  init(
    loop: ConnectionLoop, headers: HTTPHeaders, remoteAddress: SocketAddress?, place: Places.Place?,
    ownsChannel: Bool = false
  ) {
    self.loop = loop
    self.headers = headers
    self.remoteAddress = remoteAddress
    self.place = place
    self.directSocket = DirectSocket(isAllowed: ownsChannel)
    self.assembler = MessageAssembler(maxPayload: loop.configuration.maxPayload)
    self.session = SocketIOSession(maxAttachmentBytes: loop.configuration.maxAttachmentBytes)
  }

  /// Whether a part of a message has come whose rest has not.
  private var isInsideMessage: Bool { self.received.readableBytes > 0 || self.assembler.isInsideMessage }

  func socket(_ id: SocketID) -> Socket? { self.sockets.first { $0.id == id } }

  // MARK: - Opening

  func handlerAdded(context: ChannelHandlerContext) {
    self.context = context
  }

  func handlerRemoved(context: ChannelHandlerContext) {
    self.context = nil
    self.releasePlace()
  }

  func releasePlace() {
    guard let place = self.place.take() else { return }
    if place.isNewcomer { self.loop.newcomers[place.number] = nil }
    self.loop.registry.release(place)
  }

  /// Whether its client has yet to connect to a namespace for the first time: it gets little until then.
  var isNewcomer: Bool { self.place?.isNewcomer ?? true }

  /// Lets the loop find a newcomer whose place another connection needs.
  ///
  /// - Returns: false if that has happened already.
  func beginWaiting() -> Bool {
    guard let place = self.place, place.isNewcomer else { return true }
    self.loop.newcomers[place.number] = self
    return self.loop.registry.move(place, to: self.loop.index)
  }

  /// The client has connected to a namespace.
  ///
  /// - Returns: false if its place went to another connection before: then it is cut.
  func comeIn() -> Bool {
    guard var place = self.place, place.isNewcomer else { return true }
    self.loop.newcomers[place.number] = nil
    guard self.loop.registry.comeIn(&place) else {
      self.cut()
      return false
    }
    self.place = place
    if let sid = self.pollingSID { self.loop.registry.sessionCameIn(sid) }
    return true
  }

  /// The session begins: the client is told its name and the limits.
  func begin(sid: String, upgrades: [String]) {
    guard let slot = self.slot else { return }
    self.phase = .open
    self.send(
      ServerFrame.text("", EngineIOPacket.open(sid: sid, upgrades: upgrades, configuration: self.loop.configuration)))
    self.loop.arm(.ping, slot)
    if self.loop.configuration.engineMessage == nil { self.loop.arm(.connect, slot) }
  }

  // MARK: - Ending

  func channelInactive(context: ChannelHandlerContext) {
    self.ended(.transportClose)
    context.fireChannelInactive()
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    self.loop.logger.debug("connection failed", metadata: ["error": "\(error)"])
    self.endSockets(.transportError)
    context.close(promise: nil)
  }

  /// The transport is gone.
  func ended(_ reason: DisconnectReason) {
    guard self.phase != .closed else { return }
    self.abandonUpgrade()
    self.phase = .closed
    self.endSockets(reason)
    self.session.close()
    self.dropInput()
    self.outbox = Outbox()
    self.unsent = nil
    if let polling = self.polling {
      polling.end(reason)
      self.releasePlace()
    }
    self.forgetPolling()
    if let slot = self.slot.take() { self.loop.remove(slot: slot) }
    self.resumeWork()
  }

  func forgetPolling() {
    if let sid = self.pollingSID.take() { self.loop.registry.removeSession(sid) }
  }

  /// Closes the transport at once, whatever waits to be sent.
  func cut(_ reason: DisconnectReason = .transportClose) {
    self.endSockets(reason)
    if self.polling == nil { self.context?.close(promise: nil) } else { self.ended(reason) }
  }

  func endSockets(_ reason: DisconnectReason) {
    for socket in self.sockets { self.end(socket, reason) }
  }

  /// Ends a socket, or lets it wait for its client, and has the application told of it after what still waits for it.
  func end(_ socket: Socket, _ reason: DisconnectReason) {
    self.loop.deliverBatch()
    self.sockets.removeAll { $0 === socket }
    self.session.end(socket.id)
    if !reason.keepsQueuedEvents { self.dropEvents(of: socket.id) }
    switch socket.phase {
    case .connecting:
      // Told of when the decision comes: `decided`.
      self.lastReason = reason
      self.loop.remove(socket)
    case .connected where self.loop.canSuspend(socket, reason):
      self.enqueue(.suspended(socket.id, reason, socket.application))
      self.loop.suspend(socket, reason, from: self)
    case .connected:
      self.loop.remove(socket)
      self.enqueue(.disconnected(socket.id, reason, socket.application))
    case .suspended, .ended: break
    }
  }

  /// Why the last socket of this connection ended: told to an application that accepts it too late.
  var lastReason = DisconnectReason.transportClose

  // MARK: - Deadlines

  func deadlineCame(_ deadline: ConnectionLoop.Deadline, planned: NIODeadline) {
    switch deadline {
    case .ping: self.perform(self.engine.pingIsDue(), planned: planned)
    case .pong:
      // The pong may be behind a long message that is still coming in.
      let bytes = self.pace.look(partial: self.received.readableBytes)
      let keepsUp = self.isInsideMessage && bytes >= self.loop.configuration.leastBytesPerPingTimeout
      let mayLive = (self.isPaused && (!self.isStalled || self.takes())) || keepsUp
      self.perform(self.engine.pongIsDue(mayLive: mayLive))
    case .connect: self.close(.transportClose, code: .normalClosure)
    case .upgrade: self.abandon(code: .policyViolation)
    case .closing: self.cut()
    }
  }

  /// Whether the client has taken anything of what waits since this was asked last. One that makes the server wait by
  /// taking nothing can't say that it is for the server to read its pong.
  private func takes() -> Bool {
    let buffered = (try? self.context?.channel.syncOptions?.getOption(.bufferedWritableBytes)) ?? 0
    defer {
      self.hasTaken = false
      self.bufferedBytes = buffered
    }
    return self.hasTaken || buffered < self.bufferedBytes
  }

  /// Carries out what the Engine.IO session says.
  ///
  /// - Parameter planned: When it was to be carried out: a timer's delay is not added to the client's time.
  func perform(_ output: EngineIOSession.Output, planned: NIODeadline = .now()) {
    guard let slot = self.slot else { return }
    switch output {
    case .nothing: break
    case .message(let message): self.received(message, slot)
    case .ping:
      _ = self.takes()
      _ = self.pace.look(partial: self.received.readableBytes)
      self.send(ServerFrame.ping)
      self.loop.arm(.pong, slot, at: planned + self.loop.configuration.pingTimeout)
    case .alive:
      self.loop.cancel(.pong, slot)
      self.loop.arm(.ping, slot)
    case .waitAgain: self.loop.arm(.pong, slot)
    case .close(let reason): self.close(reason, code: .normalClosure)
    }
  }

  // MARK: - What the application may ask for

  func disconnect(_ socket: Socket, close: Bool) {
    guard self.phase == .open || self.phase == .leaving else { return }
    // While the application is still deciding: whatever it says, this comes later and counts.
    let closes = close || !socket.isConnected
    for socket in closes ? self.sockets : [socket] {
      let wasConnected = socket.isConnected
      self.end(socket, .serverNamespaceDisconnect)
      guard wasConnected else { continue }
      self.send(ServerFrame.packet(SocketIOPacket(kind: .disconnect, namespace: socket.namespace.name)))
    }
    if closes { self.close(.serverNamespaceDisconnect, code: .normalClosure) } else { self.awaitConnect() }
  }

  /// Without a socket, the client owes a CONNECT. To have been refused gives it no more time.
  func awaitConnect() {
    guard self.session.isEmpty, let slot = self.slot, self.loop.deadline(.connect, of: slot) == nil else { return }
    self.loop.arm(.connect, slot)
  }

  // MARK: - Idleness

  /// Calls when nothing that came from the client waits for the application: at once if that is so now.
  func whenIdle(_ body: @escaping () -> Void) {
    if self.isWorking { self.onIdle.append(body) } else { body() }
  }

  /// Calls when the application works on nothing that came from the client: what it was not given waits.
  func whenAtRest(_ body: @escaping () -> Void) {
    if self.isWorking, !self.isStalled { self.onRest = body } else { body() }
  }

  func becameIdle() {
    let bodies = self.onIdle
    self.onIdle = []
    for body in bodies { body() }
    self.cameToRest()
  }

  func cameToRest() {
    if !self.isWorking || self.isStalled { self.onRest.take()?() }
  }
}

extension String {
  /// 20 characters of base64url: 120 bits from the system's generator, so that nobody guesses another's.
  static func randomSessionID() -> String {
    var generator = SystemRandomNumberGenerator()
    return String(Base64URL.encode(words: [generator.next(), generator.next()]).prefix(20))
  }
}
