import Generated
import Handlers
import Logging
import NIOCore
import ProtocolRuntime
import SocketIO
import Synchronization

/// The chat on Socket.IO: lets connections in by their access token, takes their events to the generated API, and
/// answers with its acknowledgements.
final class ChatSockets: SocketIOApplication {
  /// What is known of a connection while it lives.
  private struct Member {
    let caller: Caller
    let address: String
    let userAgent: String?
  }

  private let service: ChatService
  private let api: ChatAPI
  private let sockets: SocketIOServer
  private let trustedProxies: AddressRanges
  private let logger: Logger
  /// Nil where nobody looks at what is sent.
  private let check: ResponseCheck?
  private let members = Mutex<[SocketID: Member]>([:])
  private let randomness = Mutex(WeakRandomness(seed: .random(in: .min ... .max)))

  init(
    service: ChatService, api: ChatAPI, sockets: SocketIOServer, trustedProxies: AddressRanges, check: ResponseCheck?,
    logger: Logger
  ) {
    self.service = service
    self.api = api
    self.sockets = sockets
    self.trustedProxies = trustedProxies
    self.check = check
    self.logger = logger
  }

  // MARK: - Connecting

  func connect(_ request: ConnectRequest) async -> ConnectDecision {
    let context = RequestContext(
      requestID: RequestID.accept(request.headers.first(name: "x-request-id")) ?? makeRequestID(),
      address: trustedProxies.client(
        peer: request.remoteAddress?.ipAddress ?? "unix",
        forwardedFor: trustedProxies.isEmpty
          ? nil : request.headers["x-forwarded-for"].joined(separator: ",")),
      userAgent: request.headers.first(name: "user-agent"), connection: ConnectionID(request.socket))
    do {
      let handshake = try self.handshake(of: request)
      guard let token = try await service.accounts.connectionToken(handshake.token) else { throw Self.unauthorized }
      let caller = token.caller
      if let recovery = request.recovery, belongs(recovery.socket, to: caller),
        service.connectionReauthenticated(ConnectionID(recovery.socket), by: token)
      {
        // Its rooms are in step with its memberships all the time; of those that it has lost nothing is sent again.
        return .recover(rooms: Set(recovery.rooms))
      }
      members.withLock {
        $0[request.socket] = Member(caller: caller, address: context.address, userAgent: context.userAgent)
      }
      service.connectionAuthenticated(ConnectionID(request.socket), by: token)
      do {
        let opened = try await service.connectionOpened(ConnectionID(request.socket), caller: caller)
        let decision =
          await takeOver(request.handover, opened)
          ?? .accept(rooms: opened.rooms, recoverable: handshake.recover ?? false)
        // A session that ended, or was found to be lost, while the connection was not known yet would not have cut it.
        guard try await service.accounts.isLive(token) else { throw Self.unauthorized }
        return decision
      } catch {
        // A refused connection is not told of as disconnected.
        forget(request.socket)
        throw error
      }
    } catch {
      let problem = ProblemDetails(error)
      let entry = problemCatalog[problem.code]
      if entry.status == 500 {
        logger.error(
          "a connection failed", metadata: ["error": "\(error)", "request_id": "\(context.requestID)"])
      }
      var writer = JSONWriter(capacity: 512)
      problem.encode(into: &writer, requestID: context.requestID, catalog: problemCatalog)
      let data = writer.finish()
      check?.look(atRefusal: data)
      return .refuse(message: entry.title, data: data)
    }
  }

  private func makeRequestID() -> String {
    randomness.withLock { RequestID.make(using: &$0) }
  }

  private func handshake(of request: ConnectRequest) throws -> AuthHandshake {
    guard request.auth.readableBytes > 0 else {
      throw ProblemDetails("unauthorized", "Connect with `auth: {token}`, an access token.")
    }
    var violations: [Violation] = []
    let handshake = try AuthHandshake.decode(json: request.auth, violations: &violations)
    guard violations.isEmpty, let handshake else {
      throw ProblemDetails("validation_failed", "The handshake's auth breaks its schema.", errors: violations)
    }
    return handshake
  }

  /// Whether a socket that its client asks for again was that caller's, in the same session.
  private func belongs(_ socket: SocketID, to caller: Caller) -> Bool {
    members.withLock { $0[socket].map { $0.caller.userID == caller.userID && $0.caller.sessionID == caller.sessionID } }
      ?? false
  }

  /// Takes the client's connection from the node where it was.
  private func takeOver(_ handover: Handover?, _ opened: OpenedConnection) async -> ConnectDecision? {
    guard let contents = await handover?.take(),
      // Without PostgreSQL's word it begins anew.
      let goesOn = try? await service.takeOver(contents.state, rooms: contents.rooms, on: opened)
    else { return nil }
    return .recover(
      rooms: goesOn.rooms, known: goesOn.known.map { StreamPosition(stream: $0.room, number: UInt64(max(0, $0.rev))) })
  }

  func handOver(_ socket: SocketID) -> ByteBuffer {
    service.handOver(ConnectionID(socket))
  }

  private static let unauthorized = ProblemDetails(
    "unauthorized", "The access token is malformed, expired or revoked. Get a new one from /auth/refresh.")

  func disconnected(_ socket: SocketID, reason: DisconnectReason) {
    forget(socket)
    logger.debug("disconnected", metadata: ["socket": "\(socket.rawValue)", "reason": "\(reason.rawValue)"])
  }

  private func forget(_ socket: SocketID) {
    _ = members.withLock { $0.removeValue(forKey: socket) }
    service.connectionClosed(ConnectionID(socket))
  }

  // MARK: - Events

  func receive(_ event: IncomingEvent, from socket: SocketID) async -> Arguments? {
    guard let member = members.withLock({ $0[socket] }) else { return nil }
    let context = RequestContext(
      requestID: makeRequestID(), address: member.address, userAgent: member.userAgent,
      connection: ConnectionID(socket))
    let answer = await api.receive(
      event: event.name, payload: event.payload, caller: member.caller, context: context)
    if event.wantsAcknowledgement {
      check?.look(at: answer, of: event.name)
      var arguments = ByteBufferAllocator().buffer(capacity: answer.json.readableBytes + 2)
      arguments.writeStaticString("[")
      arguments.writeImmutableBuffer(answer.json)
      arguments.writeStaticString("]")
      return Arguments(arguments)
    }
    if !answer.isOK, !event.name.isEmpty {
      // As long as the spec has it.
      let name = String(String.UnicodeScalarView(event.name.unicodeScalars.prefix(64)))
      let notice = ProblemNotice(event: name, acknowledgement: answer)
      let problem = EncodedEvent(name: "problem", payload: notice)
      check?.look(at: problem, isBroadcast: false)
      sockets.emit(Arguments(problem.arguments), to: socket)
    }
    return nil
  }
}

/// The payload of `problem`, made of the acknowledgement that nobody asked for: `{"ok":false,"error":…}`.
private struct ProblemNotice: JSONEncodable {
  let event: String
  let acknowledgement: Acknowledgement

  func encode(into writer: inout JSONWriter) {
    writer.raw("{\"event\":")
    writer.string(event)
    // Its members but `ok`, and its closing brace.
    writer.raw(",")
    let members = ByteBuffer(string: "{\"ok\":false,").readableBytes
    if let rest = acknowledgement.json.getSlice(
      at: acknowledgement.json.readerIndex + members, length: acknowledgement.json.readableBytes - members)
    {
      writer.json(rest)
    }
  }
}
