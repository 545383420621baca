import JSONSchema
import NIOCore

/// A Socket.IO connection, and all that has come over it.
actor SocketConnection {
  /// The refusal of a connection, as it came.
  struct Refused: Error {
    let data: [UInt8]
  }

  private let transport: EngineIOTransport
  private var session: SocketSession
  private var reading: Task<Void, Never>?
  private var isConnected = false
  private var refusal: [UInt8]?
  private(set) var end: String?
  /// The JSON arrays of all events, in the order of their coming.
  private(set) var events: [[UInt8]] = []
  private var acknowledgements: [Int: [UInt8]] = [:]
  private var waiting: [CheckedContinuation<Void, Never>] = []

  private init(transport: EngineIOTransport, session: SocketSession) {
    self.transport = transport
    self.session = session
  }

  /// - Throws: `Refused` for a connection that the server does not want, `ClientError` for one that does not come about.
  static func open(
    _ address: ServerAddress, over kind: EngineIOTransport.Kind, auth: JSONValue, group: any EventLoopGroup
  ) async throws -> SocketConnection {
    let (messages, continuation) = AsyncStream.makeStream(of: String.self)
    let transport =
      switch kind {
      case .websocket: try await WebSocketClient.connect(address, group: group, messages: continuation)
      case .polling: try await PollingClient.connect(address, group: group, messages: continuation)
      }
    let connection = SocketConnection(transport: transport, session: SocketSession(auth: auth))
    await connection.read(messages)
    let isSettled = await connection.until(seconds: 20) { $0.isConnected || $0.refusal != nil || $0.end != nil }
    if let data = await connection.refusal { throw Refused(data: data) }
    guard isSettled, await connection.isConnected else {
      await connection.close()
      throw ClientError("the socket did not connect: \(await connection.end ?? "no answer within 20 s")")
    }
    return connection
  }

  private func read(_ messages: AsyncStream<String>) {
    reading = Task {
      for await message in messages { take(message) }
      if end == nil { end = "the connection was closed" }
      wake()
    }
  }

  private func take(_ message: String) {
    for action in session.receive(message) {
      switch action {
      case .send(let text): send(text)
      case .connected: isConnected = true
      case .refused(let data): refusal = data
      case .event(let arguments): events.append(arguments)
      case .acknowledged(let id, let arguments): acknowledgements[id] = arguments
      case .ended(let why): end = end ?? why
      }
    }
    wake()
  }

  private func wake() {
    for each in waiting { each.resume() }
    waiting = []
  }

  private func send(_ text: String) { transport.send(text) }

  // MARK: - For who uses it

  /// Waits until something is so.
  ///
  /// - Returns: whether it is, in time and before the connection's end.
  func until(seconds: Int, _ condition: @Sendable (isolated SocketConnection) -> Bool) async -> Bool {
    let deadline = NIODeadline.now() + .seconds(Int64(seconds))
    while !condition(self) {
      if end != nil || NIODeadline.now() >= deadline { return false }
      let alarm = transport.eventLoop.scheduleTask(deadline: deadline) { Task { await self.wake() } }
      await withCheckedContinuation { waiting.append($0) }
      alarm.cancel()
    }
    return true
  }

  /// Sends an event, and waits for its acknowledgement.
  ///
  /// - Returns: its one argument, as JSON text.
  /// - Throws: where none comes within 20 s, or not one argument.
  func call(_ name: String, _ payload: JSONValue) async throws -> [UInt8] {
    let (message, id) = session.emit(name, payload, wantsAcknowledgement: true)
    send(message)
    guard let id, await until(seconds: 20, { $0.acknowledgements[id] != nil }),
      let arguments = acknowledgements.removeValue(forKey: id)
    else { throw ClientError("\(name) got no acknowledgement: \(end ?? "none within 20 s")") }
    guard let items = try? JSONValue(parsing: arguments).items, items.count == 1 else {
      throw ClientError("the acknowledgement of \(name) is not one value")
    }
    // Without the array's brackets: the text itself is judged.
    return Array(arguments.dropFirst().dropLast())
  }

  func emit(_ name: String, _ payload: JSONValue) {
    send(session.emit(name, payload, wantsAcknowledgement: false).message)
  }

  func close() async {
    await transport.close()
    await reading?.value
  }
}
