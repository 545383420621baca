import NIOCore

/// The HTTP side of a polling session: a GET that waits for packets, a POST whose packets are being taken.
final class PollingTransport {
  let sid: String
  private(set) var poll: EngineIOExchange?
  private var polledAt = NIODeadline.uptimeNanoseconds(0)
  /// A POST, from its first line to its answer.
  private(set) var post: EngineIOExchange?
  /// What of its payload has come and is not taken yet; nil while it comes.
  var payload: ByteBuffer?
  /// A WebSocket has shown that it works: polls are answered at once, so that the client can change over.
  var isProbed = false

  /// What the last poll is answered with: CLOSE, or NOOP if it is the client that closed. See ``end(_:)``.
  var lastPacket = "1"

  /// For how long two requests of a client may cross on their ways through different loops.
  static let crossing = TimeAmount.milliseconds(50)

  /// For how long a poll is held while the client changes over: as long as the reference's.
  static let upgradePause = TimeAmount.milliseconds(100)

  /// The reference's client takes any number; python-engineio's drops a response with more.
  static let maxPackets = 16

  init(sid: String) {
    self.sid = sid
  }

  /// Whether a packet would be on its way at once.
  var canSend: Bool { self.poll != nil }

  func open(_ exchange: EngineIOExchange) {
    self.poll = exchange
    self.polledAt = .now()
  }

  /// Refuses a poll that came so late that it was sent after the UPGRADE, by another connection.
  func refuseCrossingPoll() {
    guard self.isProbed, NIODeadline.now() - self.polledAt < Self.crossing else { return }
    self.poll.take()?.respond(.error(.badRequest))
  }

  func has(_ exchange: EngineIOExchange) -> Bool {
    self.poll?.id == exchange.id || self.post?.id == exchange.id
  }

  func begin(post exchange: EngineIOExchange) {
    self.post = exchange
    self.payload = nil
  }

  func answerPost(_ response: EngineIOResponse) {
    self.payload = nil
    self.post.take()?.respond(response)
  }

  func answer(_ payload: ByteBuffer) {
    self.poll.take()?.respond(.payload(payload))
  }

  /// The last answers: to a poll that the session is over, to a POST that it came too late.
  ///
  /// A client that is told CLOSE may take it for good (python-engineio does). So one that is welcome back, for it was
  /// away or the server goes, is told that the request failed.
  func end(_ reason: DisconnectReason) {
    let last: EngineIOResponse =
      switch reason {
      case .serverShuttingDown: .error(.unavailable)
      case .pingTimeout: .error(.unknownSession)
      default: .payload(ByteBuffer(string: self.lastPacket))
      }
    self.poll.take()?.respond(last)
    self.answerPost(.error(reason == .serverShuttingDown ? .unavailable : .badRequest))
  }
}
