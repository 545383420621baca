import DequeModule
import Logging
import NIOCore
import NIOHTTP1
import NIOWebSocket

/// One WebSocket: the channel's only handler after the upgrade. It belongs to its event loop, and is not Sendable.
///
/// It is the shell around the pure parts: bytes → ``ClientFrameParser`` → ``MessageAssembler`` → ``EngineIOSession`` →
/// ``SocketIOSession`` → ``Work`` for the application; what goes back is `Connection+Sending.swift`'s.
///
/// What here is WebSocket's own is in `Connection+WebSocket.swift`; the sessions know no transport.
final class Connection: ChannelDuplexHandler {
  typealias InboundIn = ByteBuffer
  typealias OutboundIn = Never
  typealias OutboundOut = ByteBuffer

  enum Phase {
    /// HTTP is leaving the pipeline. Bytes wait.
    case opening
    case open
    /// Our closing frame is sent; the client owes its own.
    case closing
    /// The closing handshake is done or pointless: what comes is thrown away.
    case discarding
    case closed
  }

  let loop: ConnectionLoop
  let application: any SocketIOApplication
  let headers: HTTPHeaders
  let remoteAddress: SocketAddress?

  var context: ChannelHandlerContext?
  var phase = Phase.opening
  /// Given at the opening.
  var slot: UInt32?

  // Reading
  var received = ByteBuffer()
  var isReadHeld = false
  /// Whether anything has come since the last ping, or the last look.
  var hasHeard = false
  var assembler: MessageAssembler
  var engine = EngineIOSession()
  var session = SocketIOSession()
  /// What the application wanted before the socket was accepted.
  var earlyChanges: [RoomChange] = []
  /// Why the last socket of this connection ended: told to an application that accepts it too late.
  var lastReason = DisconnectReason.transportClose

  // Working
  var work: Deque<Work> = []
  var workBytes = 0
  var isWorking = false
  var isShuttingDown = false

  // Sending
  var outbox: Deque<ByteBuffer> = []
  var outboxBytes = 0
  var isUnflushed = false

  init(
    loop: ConnectionLoop, application: any SocketIOApplication, headers: HTTPHeaders, remoteAddress: SocketAddress?
  ) {
    self.loop = loop
    self.application = application
    self.headers = headers
    self.remoteAddress = remoteAddress
    self.assembler = MessageAssembler(maxPayload: loop.configuration.maxPayload)
  }

  /// The socket that the application knows, connecting or connected.
  var socket: SocketID? { self.session.socket }
  var isConnected: Bool { self.session.isConnected }

  // MARK: - Opening and ending

  func handlerAdded(context: ChannelHandlerContext) {
    self.context = context
  }

  func handlerRemoved(context: ChannelHandlerContext) {
    self.context = nil
    self.loop.release()
  }

  /// HTTP has left the pipeline.
  ///
  /// - Parameter response: The bytes of the 101 response.
  func open(response: ByteBuffer) {
    guard self.phase == .opening, let context = self.context, context.channel.isActive else { return }
    guard let slot = self.loop.add(self) else {
      self.cut()
      return
    }
    self.slot = slot
    self.phase = .open
    context.write(self.wrapOutboundOut(response), promise: nil)
    let handshake = EngineIOPacket.open(sid: .randomSessionID(), configuration: self.loop.configuration)
    self.send(ServerFrame.text("", handshake.encode()))
    self.loop.arm(.ping, slot)
    self.loop.arm(.connect, slot)
    self.processReceived()
    // The one that HTTP's pipelining handler may have held back for good.
    context.read()
  }

  func channelInactive(context: ChannelHandlerContext) {
    self.ended(.transportClose)
    context.fireChannelInactive()
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    self.loop.logger.debug("connection failed", metadata: ["error": "\(error)"])
    self.endSocket(.transportError)
    context.close(promise: nil)
  }

  /// The channel is closed.
  private func ended(_ reason: DisconnectReason) {
    guard self.phase != .closed else { return }
    self.phase = .closed
    self.endSocket(reason)
    self.session.close()
    self.received = ByteBuffer()
    self.outbox = []
    self.outboxBytes = 0
    if let slot = self.slot { self.loop.remove(slot: slot) }
  }

  /// Closes the channel at once, whatever waits to be sent.
  func cut(_ reason: DisconnectReason = .transportClose) {
    self.endSocket(reason)
    self.context?.close(promise: nil)
  }

  /// Ends the socket, if there is one, and has the application told of it after what still waits for it.
  func endSocket(_ reason: DisconnectReason) {
    guard let socket = self.socket else { return }
    let wasConnected = self.isConnected
    self.session.endSocket()
    self.lastReason = reason
    self.earlyChanges = []
    if let slot = self.slot { self.loop.rooms.leaveAll(slot) }
    if !reason.keepsQueuedEvents { self.dropEvents() }
    // One that is still being decided on is told of when the decision comes: `decided`.
    if wasConnected { self.enqueue(.disconnected(socket, reason)) }
  }

  // MARK: - Deadlines

  func deadlineCame(_ deadline: ConnectionLoop.Deadline) {
    switch deadline {
    case .ping: self.perform(self.engine.pingIsDue())
    case .pong:
      let mayLive = self.isPaused || self.hasHeard
      self.hasHeard = false
      self.perform(self.engine.pongIsDue(mayLive: mayLive))
    case .connect: self.close(.transportClose, code: .normalClosure)
    case .closing: self.cut()
    }
  }

  // MARK: - What the application may ask for

  enum RoomChange {
    case join(String), leave(String), leaveAll
  }

  func change(_ change: RoomChange) {
    guard self.isConnected, let slot = self.slot else {
      self.earlyChanges.append(change)
      return
    }
    switch change {
    case .join(let room): self.loop.rooms.join(slot, room)
    case .leave(let room): self.loop.rooms.leave(slot, room)
    case .leaveAll: self.loop.rooms.leaveAll(slot)
    }
  }

  func disconnect(close: Bool) {
    guard self.phase == .open else { return }
    guard self.isConnected else {
      // The application is still deciding; whatever it says, this comes later and counts.
      self.close(.serverNamespaceDisconnect, code: .normalClosure)
      return
    }
    self.endSocket(.serverNamespaceDisconnect)
    self.send(ServerFrame.packet(SocketIOPacket(kind: .disconnect)))
    if close {
      self.close(.serverNamespaceDisconnect, code: .normalClosure)
    } else if let slot = self.slot {
      self.loop.arm(.connect, slot)
    }
  }

  /// No more events are read; when the application has answered those that were, the connection closes.
  func shutDown() {
    self.isShuttingDown = true
    if !self.isWorking { self.close(.serverShuttingDown, code: .goingAway) }
  }
}

extension String {
  /// 20 characters of base64url: 120 bits from the system's generator, so that nobody guesses another's.
  static func randomSessionID() -> String {
    let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".utf8)
    var generator = SystemRandomNumberGenerator()
    var bits = (generator.next(), generator.next())
    return String(unsafeUninitializedCapacity: 20) { buffer in
      for index in 0..<20 {
        buffer.initializeElement(at: index, to: alphabet[Int(bits.0 & 63)])
        bits.0 >>= 6
        if index == 9 { bits.0 = bits.1 }
      }
      return 20
    }
  }
}
